//! The SQL of looking after organizations and users.

use serde_json::json;
use tenancy::policy::{Found, Granted, act};
use tenancy::port::{DbError, Row, texts};
use tenancy::principal::Sharing;
use tenancy::realm::Realm;
use tenancy::{Id, Query, Scope, Sight, Statement, sql};

use super::organization::{Member, Organization, Wanted};
use super::store::person_from_row;
use super::{Behind, Person};
use crate::ticket::Named;
use crate::user::Counts;

/// Most organizations that a user can be put into.
const MOST: i64 = 200;

/// Looks up an organization, for whatever is to be done to it.
pub fn organization(scope: &Scope, id: Option<&Id>) -> Query<Found<Organization>> {
    scope
        .statement(sql!(
            "SELECT o.tenant_id, o.organization_id, o.name, o.sharing, o.taking_part,
                    o.assigns_manager, o.version, r.realm_id,
                    r.path, r.name AS realm, a.email AS manager, p.path AS manager_path,
                    (SELECT json_group_array(d.domain)
                       FROM organization_domain AS d INDEXED BY organization_domain_of
                      WHERE d.tenant_id = ?1 AND d.organization_id = o.organization_id)
                      AS domains
               FROM organization AS o
               JOIN realm AS r ON r.tenant_id = o.tenant_id AND r.realm_id = o.realm_id
               LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = o.manager_id
               LEFT JOIN realm AS p ON p.tenant_id = ?1 AND p.realm_id = a.realm_id
              WHERE o.tenant_id = ?1 AND o.organization_id = ?2"
        ))
        .bind(id)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<Organization, DbError> {
    let corrupt = |of: &str, text: &str| DbError::Corrupt(format!("organization.{of}: {text}"));
    let domains: String = row.get("domains")?;
    let sharing = |of: &'static str| {
        let name: String = row.get(of)?;
        Sharing::named(&name).ok_or_else(|| corrupt(of, &name))
    };
    let manager: Option<String> = row.get("manager")?;
    Ok(Organization {
        id: row.get("organization_id")?,
        name: row.get("name")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        sharing: sharing("sharing")?,
        taking_part: sharing("taking_part")?,
        assigns_manager: row.get("assigns_manager")?,
        domains: texts(&domains).ok_or_else(|| corrupt("domains", &domains))?,
        manager: manager.zip(row.get("manager_path")?),
        version: row.get("version")?,
        path: row.get("path")?,
        tenant: row.get("tenant_id")?,
    })
}

/// Some of the users of an organization, behind one of them.
pub fn members(
    scope: &Scope,
    organization: Option<&Id>,
    after: Option<&Id>,
    most: i64,
) -> Query<Member> {
    scope
        .statement(sql!(
            "SELECT u.user_id, u.name, u.email, u.is_primary_contact
               FROM user AS u INDEXED BY user_of_organization
              WHERE u.tenant_id = ?1 AND u.organization_id = ?2 AND u.user_id > ?3
              ORDER BY u.user_id
              LIMIT ?4"
        ))
        .bind(organization)
        .bind(after.map_or("", Id::as_str))
        .bind(most)
        .rows(|row| {
            Ok(Member {
                id: row.get("user_id")?,
                name: row.get("name")?,
                email: row.get("email")?,
                is_primary: row.get("is_primary_contact")?,
            })
        })
}

pub(super) fn insert(
    realm: &Granted<Realm, act::OrganizationCreate>,
    id: &Id,
    name: &str,
) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
             VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(id)
        .bind(realm.id)
        .bind(name)
}

pub(super) fn update(
    organization: &Granted<Organization, act::OrganizationEdit>,
    name: &str,
    wanted: &Wanted<'_>,
) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "UPDATE organization
                SET name = ?3, sharing = ?4, manager_id = iif(?5 = 1, ?6, manager_id),
                    taking_part = ?8, assigns_manager = ?9,
                    version = CASE WHEN version = ?7 THEN version + 1 END
              WHERE tenant_id = ?1 AND organization_id = ?2"
        ))
        .bind(&organization.id)
        .bind(name)
        .bind(wanted.sharing.name())
        .bind(wanted.manager.is_wished())
        .bind(wanted.manager.value())
        .bind(wanted.version)
        .bind(wanted.taking_part.name())
        .bind(wanted.assigns_manager)
}

pub(super) fn forget_domains(
    organization: &Granted<Organization, act::OrganizationEdit>,
) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "DELETE FROM organization_domain WHERE tenant_id = ?1 AND organization_id = ?2"
        ))
        .bind(&organization.id)
}

pub(super) fn add_domains(
    organization: &Granted<Organization, act::OrganizationEdit>,
    domains: &[String],
) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "INSERT INTO organization_domain (tenant_id, realm_id, domain, organization_id)
             SELECT o.tenant_id, o.realm_id, d.value, o.organization_id
               FROM organization AS o
              CROSS JOIN json_each(?3) AS d
              WHERE o.tenant_id = ?1 AND o.organization_id = ?2"
        ))
        .bind(&organization.id)
        .bind(json!(domains).to_string())
}

/// Looks up the user with this address in an organization's own realm.
pub fn candidate(scope: &Scope, organization: Option<&Id>, email: &str) -> Query<Found<Person>> {
    scope
        .statement(sql!(
            "SELECT u.tenant_id, u.user_id, u.email, u.name, u.created_at, u.version, r.realm_id,
                    r.path, r.name AS realm, c.organization_id, c.name AS organization
               FROM organization AS o
               JOIN user AS u
                 ON u.tenant_id = ?1 AND u.realm_id = o.realm_id AND u.email = ?3
               JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = u.realm_id
               LEFT JOIN organization AS c
                 ON c.tenant_id = ?1 AND c.organization_id = u.organization_id
              WHERE o.tenant_id = ?1 AND o.organization_id = ?2"
        ))
        .bind(organization)
        .bind(email)
        .rows(|row| Ok(Found::new(person_from_row(row)?)))
}

/// Puts a user into an organization of their own realm, unless they are in another one.
pub fn join(organization: &Granted<Organization, act::OrganizationEdit>, person: &Id) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "UPDATE user SET organization_id = ?2, version = version + 1
              WHERE tenant_id = ?1 AND user_id = ?3 AND organization_id IS NULL
                AND realm_id = (SELECT o.realm_id FROM organization AS o
                                 WHERE o.tenant_id = ?1 AND o.organization_id = ?2)"
        ))
        .bind(&organization.id)
        .bind(person)
}

/// Makes a member a primary contact, or one like all others.
pub fn appoint(
    organization: &Granted<Organization, act::OrganizationEdit>,
    member: &Id,
    is_primary: bool,
) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "UPDATE user SET is_primary_contact = ?4, version = version + 1
              WHERE tenant_id = ?1 AND organization_id = ?2 AND user_id = ?3"
        ))
        .bind(&organization.id)
        .bind(member)
        .bind(is_primary)
}

/// Takes a member out of an organization.
pub fn leave(
    organization: &Granted<Organization, act::OrganizationEdit>,
    member: &Id,
) -> Statement {
    organization
        .scope()
        .statement(sql!(
            "UPDATE user
                SET organization_id = NULL, is_primary_contact = 0, version = version + 1
              WHERE tenant_id = ?1 AND organization_id = ?2 AND user_id = ?3"
        ))
        .bind(&organization.id)
        .bind(member)
}

/// Some of the users in sight whose addresses or names begin so, by address, behind one of them. Of
/// those by name, so many are looked at as are sorted in no time.
pub fn people_beginning(
    scope: &Scope,
    sight: &Sight,
    beginning: &str,
    behind: &Behind<'_>,
    most: i64,
) -> Query<Person> {
    let address = beginning.to_lowercase();
    scope
        .sighted(
            sight,
            sql!(
                "SELECT u.tenant_id, u.user_id, u.email, u.name, u.created_at, u.version,
                        r.realm_id, r.path, r.name AS realm, o.organization_id,
                        o.name AS organization
                   FROM (SELECT e.user_id
                           FROM (SELECT m.user_id
                                   FROM user AS m INDEXED BY user_by_email
                                  CROSS JOIN realm AS p
                                  WHERE m.tenant_id = ?1
                                    AND m.email >= max(?3, ?6) AND m.email < ?4
                                    AND p.tenant_id = ?1 AND p.realm_id = m.realm_id
                                    AND (m.email > ?6 OR p.path > ?7)
                                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                                 WHERE p.path >= span.value ->> 0
                                                   AND p.path < span.value ->> 1)
                                  ORDER BY m.email, p.path
                                  LIMIT ?5) AS e
                          UNION
                         SELECT n.user_id
                           FROM (SELECT m.user_id
                                   FROM user AS m INDEXED BY user_by_name
                                  CROSS JOIN realm AS p
                                  WHERE m.tenant_id = ?1
                                    AND m.name >= ?8 COLLATE NOCASE
                                    AND m.name < ?9 COLLATE NOCASE
                                    AND p.tenant_id = ?1 AND p.realm_id = m.realm_id
                                    AND (m.email > ?6 OR (m.email = ?6 AND p.path > ?7))
                                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                                 WHERE p.path >= span.value ->> 0
                                                   AND p.path < span.value ->> 1)
                                  LIMIT 1000) AS n) AS found
                  CROSS JOIN user AS u
                   JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = u.realm_id
                   LEFT JOIN organization AS o
                     ON o.tenant_id = ?1 AND o.organization_id = u.organization_id
                  WHERE u.tenant_id = ?1 AND u.user_id = found.user_id
                  ORDER BY u.email, r.path
                  LIMIT ?5"
            ),
        )
        .bind(address.as_str())
        .bind(format!("{address}{}", char::MAX))
        .bind(most)
        .bind(behind.key())
        .bind(behind.path())
        .bind(beginning)
        .bind(format!("{beginning}{}", char::MAX))
        .rows(person_from_row)
}

/// The organizations that a user can be put into: those of their own realm.
pub fn organizations_of(scope: &Scope, person: Option<&Id>) -> Query<Named<Id>> {
    scope
        .statement(sql!(
            "SELECT o.organization_id, o.name
               FROM user AS u
              CROSS JOIN organization AS o
              WHERE u.tenant_id = ?1 AND u.user_id = ?2
                AND o.tenant_id = ?1 AND o.realm_id = u.realm_id
              ORDER BY o.name
              LIMIT ?3"
        ))
        .bind(person)
        .bind(MOST)
        .rows(|row| Named::from_row(row, "organization_id", "name"))
}

/// How many tickets a user has raised for realms in sight, from the maintained counters.
pub fn counts_of(scope: &Scope, sight: &Sight, person: Option<&Id>) -> Query<Counts> {
    scope
        .sighted(
            sight,
            sql!(
                "SELECT coalesce(sum(c.tickets) FILTER (WHERE c.state = 'open'), 0) AS open,
                        coalesce(sum(c.tickets) FILTER (WHERE c.state = 'closed'), 0) AS closed
                   FROM user_count AS c
                   JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = c.realm_id
                  WHERE c.tenant_id = ?1 AND c.user_id = ?3
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(person)
        .rows(|row| {
            Ok(Counts {
                open: row.get("open")?,
                closed: row.get("closed")?,
            })
        })
}

/// Changes what administrators say of a user: the name, and an organization of the user's own
/// realm. Who leaves one is no primary contact any more; stale where somebody else was first.
pub fn amend(
    person: &Granted<Person, act::UserEdit>,
    name: &str,
    organization: Option<&Id>,
    version: i64,
) -> Statement {
    person
        .scope()
        .statement(sql!(
            "UPDATE user
                SET name = ?3,
                    is_primary_contact = iif(coalesce(organization_id, '') = coalesce(?4, ''),
                                             is_primary_contact, 0),
                    organization_id = ?4,
                    version = CASE WHEN version = ?5 THEN version + 1 END
              WHERE tenant_id = ?1 AND user_id = ?2"
        ))
        .bind(&person.id)
        .bind(name)
        .bind(organization)
        .bind(version)
}
