//! Making forms and fields, with its SQL.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::DbError;
use tenancy::realm::Realm;
use tenancy::{Statement, sql};

use super::{Access, Condition, Kind, MOST_FIELDS, Options, Purpose, Validator};
use crate::filter::pattern;

/// A form about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewForm<'a> {
    /// What people read above it.
    pub title: &'a str,
    /// What it is filled in with, of the realm and those below.
    pub purpose: Purpose,
}

/// Adds a form to a realm, and returns its id as `form_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    form: &NewForm<'_>,
) -> Result<Statement, Refused> {
    if !is_title(form.title) {
        return Err(Refused::Title);
    }
    let statement = realm.scope().statement(sql!(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (?1, (SELECT coalesce(max(f.form_id), 0) + 1 FROM form AS f
                       WHERE f.tenant_id = ?1), ?2, ?3, ?4)
         RETURNING form_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(form.purpose.name())
        .bind(form.title.trim()))
}

/// Adds the form that says which properties the items of a list of the realm have, and returns its
/// id as `form_id`. The database refuses a second one as [`Refused::Taken`].
///
/// # Errors
/// What is wrong with its title.
pub fn add_properties(
    realm: &Granted<Realm, act::DeskManage>,
    list: i64,
    title: &str,
) -> Result<Statement, Refused> {
    if !is_title(title) {
        return Err(Refused::Title);
    }
    let statement = realm.scope().statement(sql!(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title, list_id)
         SELECT l.tenant_id,
                (SELECT coalesce(max(f.form_id), 0) + 1 FROM form AS f WHERE f.tenant_id = ?1),
                l.realm_id, 'list', ?4, l.list_id
           FROM list AS l
          WHERE l.tenant_id = ?1 AND l.realm_id = ?2 AND l.list_id = ?3
         RETURNING form_id"
    ));
    Ok(statement.bind(realm.id).bind(list).bind(title))
}

pub(super) fn is_title(title: &str) -> bool {
    (1..=128).contains(&title.trim().chars().count())
}

/// A field about to be added, or as it is to be.
#[derive(Clone, Debug)]
pub struct NewField<'a> {
    /// The form, of the same realm.
    pub form: i64,
    /// What programs call it: lower-case letters, digits and `_`.
    pub name: &'a str,
    /// What people read.
    pub label: &'a str,
    /// What helps them to fill it in.
    pub hint: &'a str,
    /// What it takes.
    pub kind: Kind,
    /// What its kind leaves open.
    pub options: Options,
    /// What a field of the kind list offers.
    pub list: Option<i64>,
    /// What users may do with it.
    pub user: Access,
    /// What agents may do with it.
    pub agent: Access,
    /// When it is asked for at all.
    pub condition: Option<Condition>,
}

/// Why a form or a field was not added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The title is empty or too long.
    Title,
    /// The name is none that programs can use, or one that already means something to them.
    Name,
    /// The label is empty or too long.
    Label,
    /// There is one of this name.
    Taken,
    /// The pattern cannot be read.
    Pattern,
    /// It offers no choices, or a list that is not there.
    Choices,
    /// The form is not one of the realm, or has [`MOST_FIELDS`] already.
    Form,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that changes forms was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(_) => Refused::Taken,
        DbError::Missing(column) if column == "field.form_id" => Refused::Form,
        DbError::Dangling => Refused::Choices,
        error @ (DbError::Stale
        | DbError::Missing(_)
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

/// What the API's calls mean by these names already.
const RESERVED: [&str; 12] = [
    "name",
    "email",
    "subject",
    "message",
    "alert",
    "autorespond",
    "source",
    "ip",
    "phone",
    "notes",
    "attachments",
    "duedate",
];

impl NewField<'_> {
    pub(super) fn check(&self) -> Result<(), Refused> {
        let options = &self.options;
        let has_pattern = options.validator == Validator::Regex;
        if !(1..=255).contains(&self.label.trim().chars().count()) {
            Err(Refused::Label)
        } else if has_pattern && pattern(&options.pattern).is_none() {
            Err(Refused::Pattern)
        } else if (self.kind == Kind::Choice) == options.choices.is_empty()
            || (self.kind == Kind::List) != self.list.is_some()
        {
            Err(Refused::Choices)
        } else {
            Ok(())
        }
    }

    fn check_name(&self) -> Result<(), Refused> {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_named = self.name.starts_with(|c: char| c.is_ascii_lowercase())
            && self.name.len() <= 64
            && self.name.chars().all(is_letter);
        let is_free = is_named && !RESERVED.contains(&self.name);
        is_free.then_some(()).ok_or(Refused::Name)
    }
}

/// Adds a field to a form of the realm, behind the others, and returns its id as `field_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add_field(
    realm: &Granted<Realm, act::DeskManage>,
    field: &NewField<'_>,
) -> Result<Statement, Refused> {
    field.check_name()?;
    field.check()?;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO field (tenant_id, field_id, form_id, name, label, hint, kind, options,
                            list_id, user_access, agent_access, when_field_id, when_values,
                            position)
         VALUES (?1,
                 (SELECT coalesce(max(f.field_id), 0) + 1 FROM field AS f WHERE f.tenant_id = ?1),
                 (SELECT o.form_id FROM form AS o
                   WHERE o.tenant_id = ?1 AND o.form_id = ?3 AND o.realm_id = ?2
                     AND (SELECT count(*) FROM field AS f
                           WHERE f.tenant_id = ?1 AND f.form_id = ?3) < ?14),
                 ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
                 (SELECT coalesce(max(f.position), 0) + 1 FROM field AS f
                   WHERE f.tenant_id = ?1 AND f.form_id = ?3))
         RETURNING field_id"
    ));
    let condition = field.condition.as_ref();
    let values = condition.map_or(&[][..], |it| &it.values);
    Ok(statement
        .bind(realm.id)
        .bind(field.form)
        .bind(field.name)
        .bind(field.label.trim())
        .bind(field.hint)
        .bind(field.kind.name())
        .bind(json!(field.options).to_string())
        .bind(field.list)
        .bind(field.user.name())
        .bind(field.agent.name())
        .bind(condition.map(|it| it.field))
        .bind(json!(values).to_string())
        .bind(MOST_FIELDS))
}

/// Limits a field of the realm to agents of a role; of several roles, any will do (T-47).
pub fn limit_to_role(realm: &Granted<Realm, act::DeskManage>, field: i64, role: i64) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO field_role (tenant_id, field_id, role_id)
             SELECT f.tenant_id, f.field_id, ?4
               FROM field AS f
               JOIN form AS o ON o.tenant_id = f.tenant_id AND o.form_id = f.form_id
              WHERE f.tenant_id = ?1 AND f.field_id = ?3 AND o.realm_id = ?2
             ON CONFLICT DO NOTHING"
        ))
        .bind(realm.id)
        .bind(field)
        .bind(role)
}
