//! The templates' SQL.

use tenancy::policy::{Granted, act};
use tenancy::realm::Realm;
use tenancy::{Query, Scope, Statement, sql};

use super::{Code, Template};

/// Looks up what the site's realm, or the nearest realm above it, has written for a kind of mail.
/// Where nobody has, [`Code::default`] counts.
pub fn nearest(scope: &Scope, code: Code) -> Query<Template> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT m.subject, m.text
               FROM here
              CROSS JOIN mail_template AS m
              WHERE m.tenant_id = ?1 AND m.realm_id = here.realm_id AND m.code = ?3
              ORDER BY here.above
              LIMIT 1"
        ))
        .bind(code.name())
        .rows(|row| {
            Ok(Template {
                subject: row.get("subject")?,
                text: row.get("text")?,
            })
        })
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
