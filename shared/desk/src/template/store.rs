//! The templates' SQL.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Rows};
use tenancy::realm::Realm;
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Code, Kept, Template, Templates};

/// Looks up what is written for the site's realm: of each kind of mail what the realm itself, or
/// the nearest realm above it, has written.
pub fn written(scope: &Scope) -> Query<Written> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT m.code, m.subject, m.text, min(here.above) AS above
               FROM here
              CROSS JOIN mail_template AS m
              WHERE m.tenant_id = ?1 AND m.realm_id = here.realm_id
              GROUP BY m.code"
        ))
        .rows(|row| {
            let code: String = row.get("code")?;
            let template = Template {
                subject: row.get("subject")?,
                text: row.get("text")?,
            };
            Ok(Written { code, template })
        })
}

/// A template that a realm has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    code: String,
    template: Template,
}

impl FromIterator<Written> for Templates {
    /// A code that this version does not know belongs to one that is still to come.
    fn from_iter<I: IntoIterator<Item = Written>>(written: I) -> Self {
        let known = |it: Written| Some((Code::named(&it.code)?, it.template));
        Self(written.into_iter().filter_map(known).collect())
    }
}

/// Looks up what counts in a realm, with the realm that has written it; nothing of a code that
/// this version does not know.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Option<Kept>> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT m.code, m.realm_id, m.subject, m.text, min(here.above) AS above
               FROM here
              CROSS JOIN mail_template AS m
              WHERE m.tenant_id = ?1 AND m.realm_id = here.realm_id
              GROUP BY m.code"
        ))
        .bind(realm)
        .rows(|row| {
            let code: String = row.get("code")?;
            let (realm, subject, text) =
                (row.get("realm_id")?, row.get("subject")?, row.get("text")?);
            Ok(Code::named(&code).map(|code| Kept {
                code,
                realm,
                template: Template { subject, text },
            }))
        })
}

/// Writes a realm's own template in the place of the one that was there, if there was one.
/// Another one in its place refuses the whole batch; see [`refused`].
pub fn write(
    realm: &Granted<Realm, act::DeskManage>,
    code: Code,
    template: &Template,
    was: Option<&Template>,
) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
             VALUES (?1, ?2, ?3,
                     CASE coalesce((SELECT m.subject || char(10) || m.text
                                      FROM mail_template AS m
                                     WHERE m.tenant_id = ?1 AND m.realm_id = ?2
                                       AND m.code = ?3), '')
                     WHEN ?6 THEN ?4 END,
                     ?5)
             ON CONFLICT (tenant_id, realm_id, code)
             DO UPDATE SET subject = excluded.subject, text = excluded.text"
        ))
        .bind(realm.id)
        .bind(code.name())
        .bind(template.subject.as_str())
        .bind(template.text.as_str())
        .bind(was.map(Template::whole).unwrap_or_default())
}

/// Goes back to what is inherited, if what was written is still there; see [`was_there`].
pub fn reset(realm: &Granted<Realm, act::DeskManage>, code: Code, was: &Template) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "DELETE FROM mail_template
              WHERE tenant_id = ?1 AND realm_id = ?2 AND code = ?3
                AND subject || char(10) || text = ?4
             RETURNING code"
        ))
        .bind(realm.id)
        .bind(code.name())
        .bind(was.whole())
}

/// Whether [`reset`] found what it was to take away.
pub fn was_there(rows: &[Rows]) -> bool {
    rows.first().is_some_and(|rows| !rows.is_empty())
}

/// Why a template was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Somebody else wrote it first.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that writes a template was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Missing(column) if column == "mail_template.subject" => Refused::Stale,
        error @ (DbError::Stale
        | DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}
