//! API keys: programs that call in. Stored hashed, bound to addresses, naming their tenant.

use std::net::IpAddr;

use crate::policy::{CallKey, Keys};
use crate::port::{ClientAddress, DbError, Row, texts};
use crate::scope::{Door, Query, Scope};
use crate::{RealmId, TenantId, sql, token};

/// An API key whose secret and source address were right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box that an administrator ticks"
)]
pub struct ApiKey {
    /// The tenant it calls for.
    pub tenant: TenantId,
    /// The realm it files into.
    pub realm: RealmId,
    /// What people call it.
    pub name: String,
    /// Whether it may create tickets.
    pub can_create_tickets: bool,
    /// Whether it may start the scheduled work of its tenant.
    pub can_run_cron: bool,
    /// Whether it may choose department and SLA plan itself.
    pub can_route: bool,
    /// In which dialect it is answered.
    pub dialect: Dialect,
    /// How many calls of the REST API it may make a minute.
    pub calls_a_minute: i64,
    /// The hash it is found by, and told apart by in the audit.
    pub hash: String,
    permissions: Keys<CallKey>,
    sources: Vec<Source>,
    is_active: bool,
}

/// The dialects of osTicket's API that differ in how they refuse a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Until 1.16: 400, and the problems line by line.
    Old,
    /// Since 1.17: 500.
    #[default]
    New,
}

impl Dialect {
    /// The name it is stored under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Old => "1.16",
            Self::New => "1.18",
        }
    }

    /// The dialect with this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "1.16" => Some(Self::Old),
            "1.18" => Some(Self::New),
            _ => None,
        }
    }
}

/// Why a key that was presented does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such key, or not from this address. Which one is not told.
    Unknown,
    /// The address is right, but the key is switched off.
    Inactive,
}

impl ApiKey {
    /// The door that a presented key is.
    pub fn door(presented: &str) -> Door {
        Door::ApiKey(token::digest(presented))
    }

    /// Whether a text is an address or a range that a key can be bound to.
    pub fn is_source(text: &str) -> bool {
        Source::parse(text).is_some()
    }

    /// Looks the key up behind its own door.
    pub fn find(scope: &Scope, door: &Door) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT tenant_id, key_hash, realm_id, name, sources, can_create_tickets,
                        can_run_cron, can_route, dialect, permissions, calls_a_minute, is_active
                   FROM api_key
                  WHERE tenant_id = ?1 AND key_hash = ?2"
            ))
            .bind(door.key())
            .rows(Self::from_row)
    }

    /// Lets the key in, if it may be used from this address.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(found: Option<Self>, client: ClientAddress) -> Result<Self, Refusal> {
        let key = found.ok_or(Refusal::Unknown)?;
        if !key.is_open_to(client) {
            return Err(Refusal::Unknown);
        }
        if key.is_active {
            Ok(key)
        } else {
            Err(Refusal::Inactive)
        }
    }

    /// Whether its callers may do this over the REST API. Creating tickets is one box for every
    /// API.
    pub fn may(&self, permission: CallKey) -> bool {
        match permission {
            CallKey::TicketsCreate => self.can_create_tickets,
            CallKey::TicketsRead
            | CallKey::TicketsWrite
            | CallKey::TicketsDelete
            | CallKey::UsersRead
            | CallKey::UsersWrite
            | CallKey::TopicsRead => self.permissions.holds(permission),
        }
    }

    fn is_open_to(&self, client: ClientAddress) -> bool {
        let holds = |source: &Source| client.0.is_some_and(|address| source.holds(address));
        self.sources.is_empty() || self.sources.iter().any(holds)
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        let sources: String = row.get("sources")?;
        let dialect: String = row.get("dialect")?;
        let unknown = || DbError::Corrupt(format!("api_key.dialect: {dialect}"));
        Ok(Self {
            tenant: row.get("tenant_id")?,
            realm: row.get("realm_id")?,
            name: row.get("name")?,
            can_create_tickets: row.get("can_create_tickets")?,
            can_run_cron: row.get("can_run_cron")?,
            can_route: row.get("can_route")?,
            dialect: Dialect::named(&dialect).ok_or_else(unknown)?,
            calls_a_minute: row.get("calls_a_minute")?,
            hash: row.get("key_hash")?,
            permissions: row.get("permissions")?,
            sources: Source::list(&sources)?,
            is_active: row.get("is_active")?,
        })
    }
}

/// An address, or a range of them in CIDR form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Source {
    address: IpAddr,
    prefix: u32,
}

impl Source {
    fn list(json: &str) -> Result<Vec<Self>, DbError> {
        let corrupt = |reason: String| DbError::Corrupt(format!("api_key.sources: {reason}"));
        let texts = texts(json).ok_or_else(|| corrupt(json.to_owned()))?;
        let parse = |text: &String| Self::parse(text).ok_or_else(|| corrupt(text.clone()));
        texts.iter().map(parse).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// Whether the address lies in the range. An IPv4 address written as IPv6 counts as IPv4.
    fn holds(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(range), IpAddr::V4(address)) => {
                let shift = 32u32.saturating_sub(self.prefix);
                let cut = |bits: u32| bits.checked_shr(shift).unwrap_or(0);
                cut(range.to_bits()) == cut(address.to_bits())
            }
            (IpAddr::V6(range), IpAddr::V6(address)) => {
                let shift = 128u32.saturating_sub(self.prefix);
                let cut = |bits: u128| bits.checked_shr(shift).unwrap_or(0);
                cut(range.to_bits()) == cut(address.to_bits())
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(sources: &str, client: &str) -> Result<(), Refusal> {
        let key = ApiKey {
            tenant: TenantId(1),
            realm: RealmId(1),
            name: "test".to_owned(),
            can_create_tickets: true,
            can_run_cron: false,
            can_route: false,
            dialect: Dialect::New,
            calls_a_minute: 300,
            hash: String::new(),
            permissions: Keys::of(&[]),
            sources: Source::list(sources).unwrap(),
            is_active: true,
        };
        ApiKey::admit(Some(key), ClientAddress(client.parse().ok())).map(|_| ())
    }

    #[test]
    fn a_key_works_from_its_addresses_only() {
        assert!(admitted(r#"["192.0.2.7"]"#, "192.0.2.7").is_ok());
        assert_eq!(
            admitted(r#"["192.0.2.7"]"#, "192.0.2.8"),
            Err(Refusal::Unknown)
        );
        assert!(admitted(r#"["198.51.100.0/24","2001:db8::/32"]"#, "198.51.100.99").is_ok());
        assert!(admitted(r#"["198.51.100.0/24","2001:db8::/32"]"#, "2001:db8:1::1").is_ok());
        assert!(admitted(r#"["198.51.100.0/24","2001:db8::/32"]"#, "2001:db9::1").is_err());
        assert!(admitted(r#"["192.0.2.7"]"#, "::ffff:192.0.2.7").is_ok());
        assert!(admitted(r#"["0.0.0.0/0"]"#, "203.0.113.1").is_ok());
    }

    #[test]
    fn an_empty_list_means_any_address_even_an_unknown_one() {
        assert!(admitted("[]", "not an address").is_ok());
        assert!(admitted(r#"["192.0.2.7"]"#, "not an address").is_err());
    }

    #[test]
    fn a_malformed_source_is_an_error_and_never_any_address() {
        assert!(Source::list(r#"["192.0.2.0/33"]"#).is_err());
        assert!(Source::list(r#"["*"]"#).is_err());
    }
}
