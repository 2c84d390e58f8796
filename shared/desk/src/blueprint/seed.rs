//! The SQL of what every tenant starts with.

use tenancy::policy::{Keys, RoleKey};
use tenancy::{Scope, Statement, sql};

use super::ROOT;
use crate::filter::BAN_LIST;

pub(super) fn insert_role(
    scope: &Scope,
    id: i64,
    name: &str,
    permissions: &Keys<RoleKey>,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO role (tenant_id, role_id, name, permissions) VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(id)
        .bind(name)
        .bind(permissions.to_json())
}

pub(super) fn insert_plan(scope: &Scope, id: i64, name: &str, grace_hours: i64) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO sla_plan (tenant_id, sla_plan_id, name, grace_hours)
             VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(id)
        .bind(name)
        .bind(grace_hours)
}

pub(super) fn insert_department(
    scope: &Scope,
    id: i64,
    name: &str,
    is_public: bool,
    plan: Option<i64>,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO department (tenant_id, department_id, realm_id, name, is_public,
                                     sla_plan_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))
        .bind(id)
        .bind(ROOT)
        .bind(name)
        .bind(is_public)
        .bind(plan)
}

pub(super) fn insert_team(scope: &Scope, id: i64, name: &str) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (?1, ?2, ?3, ?4)"
        ))
        .bind(id)
        .bind(ROOT)
        .bind(name)
}

pub(super) fn insert_topic(
    scope: &Scope,
    id: i64,
    name: &str,
    department: Option<i64>,
    priority: Option<i64>,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO help_topic (tenant_id, topic_id, realm_id, name, department_id, priority,
                                     position)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?2)"
        ))
        .bind(id)
        .bind(ROOT)
        .bind(name)
        .bind(department)
        .bind(priority)
}

/// osTicket's one nested topic.
pub(super) fn insert_access_issue(scope: &Scope) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO help_topic (tenant_id, topic_id, realm_id, parent_id, name, department_id,
                                     sla_plan_id, priority, position)
             VALUES (?1, 11, ?2, 10, 'Report a Problem / Access Issue', 3, 1, 3, 11)"
        ))
        .bind(ROOT)
}

/// osTicket's form for every ticket, under its own number. Subject and message are no fields
/// here; the priority is, and users do not see it.
pub(super) fn insert_ticket_form(scope: &Scope) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
             VALUES (?1, 2, ?2, 'ticket', 'Ticket Details')"
        ))
        .bind(ROOT)
}

pub(super) fn insert_priority_field(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, user_access, position)
         VALUES (?1, 22, 2, 'priority', 'Priority Level', 'priority', 'hidden', 3)"
    ))
}

/// osTicket's forms of users and of organizations. Name and address of
/// a user, and an organization's name, are no fields here.
pub(super) fn insert_profile_forms(scope: &Scope) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
             VALUES (?1, 1, ?2, 'user', 'Contact Information'),
                    (?1, 3, ?2, 'organization', 'Organization Information')"
        ))
        .bind(ROOT)
}

pub(super) fn insert_profile_fields(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access,
                            position)
         VALUES (?1, 3, 1, 'phone', 'Phone Number', 'phone', '{\"has_extension\":true}',
                 'optional', 1),
                (?1, 4, 1, 'notes', 'Internal Notes', 'memo', '{}', 'hidden', 2),
                (?1, 5, 3, 'address', 'Address', 'memo', '{}', 'hidden', 1),
                (?1, 6, 3, 'phone', 'Phone', 'phone', '{\"has_extension\":true}', 'hidden', 2),
                (?1, 7, 3, 'website', 'Website', 'text', '{}', 'hidden', 3),
                (?1, 8, 3, 'notes', 'Internal Notes', 'memo', '{}', 'hidden', 4)"
    ))
}

/// osTicket's ban list, with the address it comes with.
pub(super) fn insert_ban_list(scope: &Scope) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO filter (tenant_id, filter_id, realm_id, name, is_ban_list)
             VALUES (?1, 1, ?2, ?3, 1)"
        ))
        .bind(ROOT)
        .bind(BAN_LIST)
}

pub(super) fn insert_banned_example(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (?1, 1, 1, 'email', 'equal', 'test@example.com')"
    ))
}

pub(super) fn insert_sequence(scope: &Scope, id: i64, name: &str) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO sequence (tenant_id, sequence_id, name) VALUES (?1, ?2, ?3)"
        ))
        .bind(id)
        .bind(name)
}
