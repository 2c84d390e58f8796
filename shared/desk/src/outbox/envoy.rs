//! Whose mail about a ticket is, with its SQL: that of the ticket's own realm, whoever writes it.

use tenancy::port::{DbError, Row};
use tenancy::{Query, RealmId, Scope, sql};

use super::Correspondent;
use crate::setting::Settings;
use crate::template::{Code, Template};

/// What a letter about a ticket needs to know of the ticket's realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envoy {
    /// The realm.
    pub realm: RealmId,
    /// Its name.
    pub realm_name: String,
    /// The host name of its portal, or else of the tenant's first.
    pub host: String,
    /// Who its mail comes from, or else the tenant's.
    pub sender: Option<Correspondent>,
    /// The Message-ID of the mail that opened the ticket, which letters about it answer.
    pub opened_by: Option<String>,
    /// What it, or the nearest realm above it, has written for such letters.
    pub template: Option<Template>,
    /// What its letters go by: their language, their time zone, what they tell of the company.
    pub settings: Settings,
}

impl Envoy {
    /// The same, whose letters go by these settings.
    #[must_use]
    pub fn going_by(self, settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            ..self
        }
    }
}

/// Looks up whose letters of one kind about a ticket are.
pub fn envoy(scope: &Scope, number: &str, code: Code) -> Query<Envoy> {
    scope
        .statement(sql!(
            "SELECT t.realm_id, r.name AS realm_name,
                    coalesce((SELECT h.host FROM portal_host AS h
                               WHERE h.tenant_id = ?1 AND h.realm_id = t.realm_id
                               ORDER BY h.host LIMIT 1),
                             (SELECT h.host FROM portal_host AS h
                               WHERE h.tenant_id = ?1 AND h.is_primary = 1)) AS host,
                    s.name AS sender_name, s.address AS sender_address,
                    (SELECT i.message_id FROM inbound_mail AS i
                      WHERE i.tenant_id = ?1 AND i.ticket_id = t.ticket_id
                        AND i.result = 'created'
                      LIMIT 1) AS opened_by,
                    w.subject AS template_subject, w.text AS template_text
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
               LEFT JOIN mail_address AS s
                 ON s.tenant_id = ?1 AND s.address =
                    coalesce((SELECT c.address FROM mail_address AS c
                               WHERE c.tenant_id = ?1 AND c.realm_id = t.realm_id
                               ORDER BY c.address LIMIT 1),
                             (SELECT c.address FROM mail_address AS c
                               WHERE c.tenant_id = ?1 AND c.is_primary = 1))
               LEFT JOIN mail_template AS w
                 ON w.tenant_id = ?1 AND w.code = ?3 AND w.realm_id =
                    (SELECT n.realm_id FROM mail_template AS n
                       JOIN realm AS b ON b.tenant_id = ?1 AND b.realm_id = n.realm_id
                      WHERE n.tenant_id = ?1 AND n.code = ?3
                        AND r.path >= b.path AND r.path < b.path || '~'
                      ORDER BY length(b.path) DESC LIMIT 1)
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .bind(code.name())
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Envoy, DbError> {
    let (subject, text): (Option<_>, Option<_>) =
        (row.get("template_subject")?, row.get("template_text")?);
    let written = subject.zip(text);
    Ok(Envoy {
        realm: row.get("realm_id")?,
        realm_name: row.get("realm_name")?,
        host: row.get::<Option<String>>("host")?.unwrap_or_default(),
        sender: Correspondent::from_row(row, "sender_name", "sender_address")?,
        opened_by: row.get("opened_by")?,
        template: written.map(|(subject, text)| Template { subject, text }),
        settings: Settings::default(),
    })
}
