//! The templates' SQL.

use tenancy::policy::{Granted, act};
use tenancy::realm::Realm;
use tenancy::{Query, Scope, Statement, sql};

use super::{Code, Template, Templates};

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

/// Writes a realm's own template.
pub fn write(
    realm: &Granted<Realm, act::DeskManage>,
    code: Code,
    template: &Template,
) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (tenant_id, realm_id, code)
             DO UPDATE SET subject = excluded.subject, text = excluded.text"
        ))
        .bind(realm.id)
        .bind(code.name())
        .bind(template.subject.as_str())
        .bind(template.text.as_str())
}

/// Goes back to what is inherited.
pub fn reset(realm: &Granted<Realm, act::DeskManage>, code: Code) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "DELETE FROM mail_template WHERE tenant_id = ?1 AND realm_id = ?2 AND code = ?3"
        ))
        .bind(realm.id)
        .bind(code.name())
}
