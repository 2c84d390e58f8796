//! Mailboxes: mail providers that post what arrived for one address.

use crate::port::{DbError, Row};
use crate::scope::{Door, Query, Scope};
use crate::{TenantId, sql, token};

/// An inbound mail address whose secret was right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mailbox {
    /// The tenant it takes mail in for.
    pub tenant: TenantId,
    /// The address, lower case.
    pub address: String,
    /// The department its tickets go to, if it names one.
    pub department: Option<i64>,
    /// The help topic its tickets get, if it names one.
    pub topic: Option<i64>,
    /// The priority its tickets get, by osTicket's number, if it names one.
    pub priority: Option<i64>,
    /// Whether nobody who writes to it is answered by itself.
    pub is_silent: bool,
    secret_hash: String,
}

impl Mailbox {
    /// The door that an address is.
    pub fn door(address: &str) -> Door {
        Door::MailAddress(address.trim().to_lowercase())
    }

    /// Looks the address up behind its own door.
    pub fn find(scope: &Scope, door: &Door) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT tenant_id, address, department_id, topic_id, priority, is_silent,
                        secret_hash
                   FROM mail_address
                  WHERE tenant_id = ?1 AND address = ?2"
            ))
            .bind(door.key())
            .rows(Self::from_row)
    }

    /// Lets the provider in, if it knows the address's secret.
    pub fn admit(found: Option<Self>, secret: &str) -> Option<Self> {
        let presented = token::digest(secret);
        found
            .filter(|mailbox| token::is_equal(mailbox.secret_hash.as_bytes(), presented.as_bytes()))
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            address: row.get("address")?,
            department: row.get("department_id")?,
            topic: row.get("topic_id")?,
            priority: row.get("priority")?,
            is_silent: row.get("is_silent")?,
            secret_hash: row.get("secret_hash")?,
        })
    }
}
