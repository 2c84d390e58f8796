//! The directory's SQL.
//!
//! Lists go realm by realm in the order of the tree, and in each by an index: so a page costs
//! realms in sight and not users.

use tenancy::policy::{Found, Granted, act};
use tenancy::port::{DbError, Row, Timestamp};
use tenancy::{Id, Query, RealmId, Scope, Sight, Statement, sql};

use super::{Behind, Company, Home, NewPerson, Person};
use crate::ticket::Named;
use crate::wish::Wish;

/// Looks up a user, for whatever is to be done to them.
pub fn person(scope: &Scope, id: &Id) -> Query<Found<Person>> {
    scope
        .statement(sql!(
            "SELECT u.tenant_id, u.user_id, u.email, u.name, u.created_at, u.version, r.realm_id,
                    r.path, r.name AS realm, o.organization_id, o.name AS organization
               FROM user AS u
               JOIN realm AS r ON r.tenant_id = u.tenant_id AND r.realm_id = u.realm_id
               LEFT JOIN organization AS o
                 ON o.tenant_id = u.tenant_id AND o.organization_id = u.organization_id
              WHERE u.tenant_id = ?1 AND u.user_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(person_from_row(row)?)))
}

/// Some of the users in sight.
pub fn people(scope: &Scope, sight: &Sight, behind: &Behind<'_>, most: i64) -> Query<Person> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT u.tenant_id, u.user_id, u.email, u.name, u.created_at, u.version,
                        r.realm_id, r.path, r.name AS realm, o.organization_id,
                        o.name AS organization
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN user AS u
                   LEFT JOIN organization AS o
                     ON o.tenant_id = ?1 AND o.organization_id = u.organization_id
                  WHERE r.tenant_id = ?1
                    AND r.path >= max(span.value ->> 0, ?3) AND r.path < span.value ->> 1
                    AND u.tenant_id = ?1 AND u.realm_id = r.realm_id
                    AND u.email > iif(r.path = ?3, ?4, '')
                  LIMIT ?5"
            ),
        )
        .bind(behind.path())
        .bind(behind.key())
        .bind(most)
        .rows(person_from_row)
}

/// The users in sight with this address, one for each realm that knows it.
pub fn people_of_email(scope: &Scope, sight: &Sight, email: &str, most: i64) -> Query<Person> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT u.tenant_id, u.user_id, u.email, u.name, u.created_at, u.version,
                        r.realm_id, r.path, r.name AS realm, o.organization_id,
                        o.name AS organization
                   FROM user AS u INDEXED BY user_by_email
                   JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = u.realm_id
                   LEFT JOIN organization AS o
                     ON o.tenant_id = ?1 AND o.organization_id = u.organization_id
                  WHERE u.tenant_id = ?1 AND u.email = ?3
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                  ORDER BY u.user_id
                  LIMIT ?4"
            ),
        )
        .bind(email)
        .bind(most)
        .rows(person_from_row)
}

pub(super) fn person_from_row(row: &Row) -> Result<Person, DbError> {
    Ok(Person {
        id: row.get("user_id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        organization: Named::maybe_from_row(row, "organization_id", "organization")?,
        created_at: row.get("created_at")?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
        version: row.get("version")?,
    })
}

/// Looks up an organization, for whatever is to be done to it.
pub fn company(scope: &Scope, id: &Id) -> Query<Found<Company>> {
    scope
        .statement(sql!(
            "SELECT o.tenant_id, o.organization_id, o.name, r.realm_id, r.path, r.name AS realm
               FROM organization AS o
               JOIN realm AS r ON r.tenant_id = o.tenant_id AND r.realm_id = o.realm_id
              WHERE o.tenant_id = ?1 AND o.organization_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(company_from_row(row)?)))
}

/// Some of the organizations in sight.
pub fn companies(scope: &Scope, sight: &Sight, behind: &Behind<'_>, most: i64) -> Query<Company> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT o.tenant_id, o.organization_id, o.name, r.realm_id, r.path,
                        r.name AS realm
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN organization AS o
                  WHERE r.tenant_id = ?1
                    AND r.path >= max(span.value ->> 0, ?3) AND r.path < span.value ->> 1
                    AND o.tenant_id = ?1 AND o.realm_id = r.realm_id
                    AND o.name > iif(r.path = ?3, ?4, '')
                  LIMIT ?5"
            ),
        )
        .bind(behind.path())
        .bind(behind.key())
        .bind(most)
        .rows(company_from_row)
}

fn company_from_row(row: &Row) -> Result<Company, DbError> {
    Ok(Company {
        id: row.get("organization_id")?,
        name: row.get("name")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
    })
}

/// Looks up the realm to add a user to: the site's own unless another is named.
pub fn find_home(scope: &Scope, named: Option<RealmId>) -> Query<Found<Home>> {
    scope
        .local(sql!(
            "SELECT r.tenant_id, r.realm_id, r.path, r.archived_at
               FROM realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = coalesce(?3, ?2)"
        ))
        .bind(named)
        .rows(|row| {
            Ok(Found::new(Home {
                id: row.get("realm_id")?,
                is_archived: row.get::<Option<Timestamp>>("archived_at")?.is_some(),
                tenant: row.get("tenant_id")?,
                path: row.get("path")?,
            }))
        })
}

/// Adds a user to a realm, and to an organization; where none is named, to the one that their
/// address's domain leads to.
pub fn add(
    home: &Granted<Home, act::UserCreate>,
    person: &NewPerson<'_>,
    organization: Option<&Granted<Company, act::UserCreate>>,
) -> Statement {
    home.scope()
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, organization_id,
                               created_at)
             VALUES (?1, ?2, ?3, ?4, ?5,
                     coalesce(?6,
                              (SELECT d.organization_id FROM organization_domain AS d
                                WHERE d.tenant_id = ?1 AND d.realm_id = ?3
                                  AND d.domain = substr(?4, instr(?4, '@') + 1)),
                              (SELECT d.organization_id FROM organization_domain AS d
                                WHERE d.tenant_id = ?1 AND d.realm_id = ?3
                                  AND d.domain >= '.' AND d.domain < '/'
                                  AND substr(?4, -length(d.domain)) = d.domain
                                ORDER BY length(d.domain) DESC
                                LIMIT 1)), ?7)"
        ))
        .bind(person.id)
        .bind(home.id)
        .bind(person.email.as_str())
        .bind(person.name)
        .bind(organization.map(|company| &company.id))
        .bind(person.now)
}

/// Changes what is known of a user, where it is given. A user whom somebody else changed first
/// refuses the whole batch as stale.
pub fn change(
    person: &Granted<Person, act::UserEdit>,
    name: Option<&str>,
    organization: &Wish<Granted<Company, act::UserEdit>>,
) -> Statement {
    person
        .scope()
        .statement(sql!(
            "UPDATE user
                SET name = coalesce(?3, name),
                    organization_id = iif(?4 = 1, ?5, organization_id),
                    version = CASE WHEN version = ?6 THEN version + 1 END
              WHERE tenant_id = ?1 AND user_id = ?2"
        ))
        .bind(&person.id)
        .bind(name)
        .bind(organization.is_wished())
        .bind(organization.value().map(|company| &company.id))
        .bind(person.version)
}
