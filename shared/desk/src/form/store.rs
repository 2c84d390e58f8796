//! The forms' SQL.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::{BatchStatement, DbError, Row, Rows};
use tenancy::principal::Agent;
use tenancy::realm::Realm;
use tenancy::scope::Queries;
use tenancy::{Id, Query, RealmId, Scope, Statement, Table, sql};

use super::candidate::candidates;
use super::{Access, Answer, Condition, Field, Kind, MOST_FIELDS, Options, Purpose, Validator};
use crate::filter::pattern;
use crate::setting::Key;

/// Most names of fields that one realm has, its own and those of the realms above.
const MOST_NAMES: i64 = 1000;
/// How many values one statement writes: their texts must fit into one that D1 takes.
pub(super) const VALUES_AT_ONCE: usize = 10;

/// The query for the fields that a ticket is asked for; see [`asked`].
pub struct Asked(Query<Field>);

/// Looks up the fields that tickets of a topic are asked for, in the order they are shown: of the
/// forms for all tickets, then of the topic's own, without those that are switched off where the
/// form is attached. Where none is named that is the realm's default.
///
/// Whether tickets may have that topic is not looked at: whoever asks knows the topics, and
/// leaves out its fields with [`crate::intake::Setup::asks`] where they may not.
pub fn asked(scope: &Scope, topic: Option<i64>) -> Asked {
    Asked(fields(scope, topic))
}

impl Queries for Asked {
    type Readers = <(Query<Field>,) as Queries>::Readers;
    type Answers = Vec<Field>;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        (self.0,).split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Vec<Field>, DbError> {
        let (found,) = <(Query<Field>,)>::answers(readers, rows)?;
        let mut fields: Vec<Field> = Vec::new();
        for field in found {
            // A form may be attached to a topic and to the one above it.
            if fields.iter().all(|known| known.id != field.id) {
                fields.push(field);
            }
        }
        Ok(fields)
    }
}

fn fields(scope: &Scope, topic: Option<i64>) -> Query<Field> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             topic (topic_id, above) AS (
               SELECT coalesce(?3, (
                 SELECT cast(d.value AS INTEGER)
                   FROM (SELECT s.value, s.is_locked, here.above
                           FROM here
                          CROSS JOIN setting AS s
                          WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id AND s.key = ?5
                         UNION ALL
                         SELECT s.value, s.is_locked, 1000000
                           FROM tenant_setting AS s
                          WHERE s.tenant_id = ?1 AND s.key = ?5) AS d
                  ORDER BY d.is_locked DESC, iif(d.is_locked, -d.above, d.above)
                  LIMIT 1)), 0
               UNION ALL
               SELECT p.parent_id, topic.above + 1
                 FROM topic
                 JOIN help_topic AS p ON p.tenant_id = ?1 AND p.topic_id = topic.topic_id
                WHERE p.has_parents_forms = 1 AND topic.above < 16),
             asked (form_id, topic_id, purpose, above, position) AS (
               SELECT o.form_id, NULL, o.kind, iif(o.kind = 'user', 100, 99), o.form_id
                 FROM here
                CROSS JOIN form AS o
                WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id
                  AND o.kind IN ('ticket', 'user') AND o.is_active = 1
               UNION ALL
               SELECT a.form_id, a.topic_id, o.kind, topic.above, a.position
                 FROM topic
                CROSS JOIN topic_form AS a
                CROSS JOIN form AS o
                WHERE a.tenant_id = ?1 AND a.topic_id = topic.topic_id
                  AND o.tenant_id = ?1 AND o.form_id = a.form_id AND o.is_active = 1)
             SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    asked.purpose,
                    CASE f.kind
                    WHEN 'list' THEN
                      (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                         FROM list_item AS i
                        WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                    WHEN 'department' THEN
                      (SELECT json_group_array(json_array(
                                cast(g.department_id AS TEXT), g.name, r.realm_id, r.path,
                                g.is_public))
                         FROM here
                        CROSS JOIN realm AS r
                        CROSS JOIN department AS g
                        WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                          AND g.tenant_id = ?1 AND g.realm_id = here.realm_id)
                    WHEN 'agent' THEN
                      (SELECT json_group_array(json_array(a.email, a.name, r.realm_id, r.path, 0))
                         FROM here
                        CROSS JOIN realm AS r
                        CROSS JOIN agent AS a
                        WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                          AND a.tenant_id = ?1 AND a.realm_id = here.realm_id AND a.is_active = 1)
                    END AS items,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM asked
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE f.tenant_id = ?1 AND f.form_id = asked.form_id AND f.is_active = 1
                AND (asked.topic_id IS NULL
                     OR NOT EXISTS (SELECT 1 FROM topic_field_off AS x
                                     WHERE x.tenant_id = ?1 AND x.topic_id = asked.topic_id
                                       AND x.form_id = f.form_id AND x.field_id = f.field_id))
              ORDER BY asked.above DESC, asked.position, f.position, f.field_id
              LIMIT ?4"
        ))
        .bind(topic)
        .bind(MOST_FIELDS)
        .bind(Key::DefaultTopic.name())
        .rows(field_from_row)
}

pub(super) fn field_from_row(row: &Row) -> Result<Field, DbError> {
    let when: Option<i64> = row.get("when_field_id")?;
    let condition = |field| {
        let values = json_of(row, "when_values")?;
        let values = values.as_array().into_iter().flatten();
        let values = values.filter_map(|value| value.as_str().map(str::to_owned));
        Ok(Condition {
            field,
            values: values.collect(),
        })
    };
    let kind = named(row, "kind", Kind::named)?;
    let mut field = Field {
        id: row.get("field_id")?,
        form: row.get("form_id")?,
        purpose: purpose(row)?,
        name: row.get("name")?,
        label: row.get("label")?,
        hint: row.get("hint")?,
        kind,
        options: options(row, kind)?,
        user: named(row, "user_access", Access::named)?,
        agent: named(row, "agent_access", Access::named)?,
        condition: when.map(condition).transpose()?,
        is_limited: row.get("is_limited")?,
        candidates: match kind {
            Kind::Department | Kind::Agent => candidates(row)?,
            Kind::Text
            | Kind::Memo
            | Kind::Email
            | Kind::Phone
            | Kind::Checkbox
            | Kind::Choice
            | Kind::List
            | Kind::Date
            | Kind::Priority
            | Kind::Files
            | Kind::Section
            | Kind::Information
            | Kind::Zone
            | Kind::State
            | Kind::Flag => Vec::new(),
        },
    };
    field.reveal(|_| false);
    Ok(field)
}

/// Looks up what mails call the fields that tickets of a realm may be asked for, and those of
/// their users (`user.phone`) and of these users' organizations (`user.organization.phone`), each
/// with what people read before it.
pub fn names(scope: &Scope, realm: RealmId) -> Query<(String, String)> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT whose.value || f.name AS name, min(f.label) AS label
               FROM here
              CROSS JOIN form AS o
              CROSS JOIN field AS f
              CROSS JOIN json_each(CASE o.kind WHEN 'user' THEN '[\"\", \"user.\"]'
                                               WHEN 'organization' THEN '[\"user.organization.\"]'
                                               ELSE '[\"\"]' END) AS whose
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.is_active = 1
                AND o.kind <> 'list'
                AND f.tenant_id = ?1 AND f.form_id = o.form_id AND f.is_active = 1
                AND f.kind NOT IN ('section', 'information')
              GROUP BY 1
              ORDER BY 1
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_NAMES)
        .rows(|row| Ok((row.get("name")?, row.get("label")?)))
}

pub(super) fn purpose(row: &Row) -> Result<Purpose, DbError> {
    named(row, "purpose", Purpose::named)
}

fn named<T>(row: &Row, column: &str, named: fn(&str) -> Option<T>) -> Result<T, DbError> {
    let name: String = row.get(column)?;
    named(&name).ok_or_else(|| DbError::Corrupt(format!("field.{column}: {name}")))
}

pub(super) fn json_of(row: &Row, column: &str) -> Result<serde_json::Value, DbError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| DbError::Corrupt(format!("field.{column}: {text}")))
}

/// What a field offers: its own choices, or in their order the items of its list.
fn options(row: &Row, kind: Kind) -> Result<Options, DbError> {
    let mut options = Options::of_stored(&json_of(row, "options")?);
    if kind == Kind::List {
        options.choices = items(row)?;
    }
    Ok(options)
}

fn items(row: &Row) -> Result<Vec<(String, String)>, DbError> {
    let listed = json_of(row, "items")?;
    let listed = listed.as_array().into_iter().flatten();
    let ordering: Option<String> = row.get("ordering")?;
    let is_by_name = matches!(ordering.as_deref(), Some("alpha" | "-alpha"));
    let mut items = Vec::new();
    for item in listed {
        let value = item[2].as_str().unwrap_or_default().to_owned();
        let (position, id) = (item[0].as_i64(), item[1].as_i64().unwrap_or_default());
        let place = (is_by_name.then(|| value.to_lowercase()), position, id);
        // Put in one by one: a list has few items, and the library's sort weighs 3 kB.
        let at = items.partition_point(|(before, _)| *before < place);
        items.insert(at, (place, value));
    }
    if ordering.as_deref() == Some("-alpha") {
        items.reverse();
    }
    let choices = items
        .into_iter()
        .map(|((_, _, id), value)| (id.to_string(), value));
    Ok(choices.collect())
}

/// Writes what was filled in with a ticket. It takes the ticket's realm from the ticket (T-19).
/// The priority is the ticket's own and is not written a second time.
pub(crate) fn fill_in(scope: &Scope, ticket: &Id, answers: &[Answer]) -> Vec<Statement> {
    rows(answers, |rows| {
        scope
            .statement(sql!(
                "INSERT INTO field_value (tenant_id, ticket_id, field_id, position, realm_id,
                                          text, number)
                 SELECT t.tenant_id, t.ticket_id, v.value ->> 0, v.value ->> 1, t.realm_id,
                        v.value ->> 2, v.value ->> 3
                   FROM ticket AS t
                  CROSS JOIN json_each(?3) AS v
                  WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
            ))
            .bind(ticket)
            .bind(rows)
    })
}

/// The statements for some values, each with as many as it takes: as JSON, `[field, position,
/// text, number]`.
pub(super) fn rows(answers: &[Answer], write: impl Fn(String) -> Statement) -> Vec<Statement> {
    let row = |answer: &Answer| {
        let values = answer.values.iter().enumerate();
        let rows = values.map(|(at, value)| json!([answer.field, at, value.text, value.number]));
        rows.collect::<Vec<_>>()
    };
    let kept = answers
        .iter()
        .filter(|answer| answer.kind != Kind::Priority);
    let rows: Vec<_> = kept.flat_map(row).collect();
    let some = rows.chunks(VALUES_AT_ONCE);
    some.map(|some| write(json!(some).to_string())).collect()
}

/// A value that was filled in, as it is shown. Of some choices each is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The field.
    pub field: i64,
    /// What people read before it.
    pub label: String,
    /// What the field takes.
    pub kind: Kind,
    /// The value in words.
    pub text: String,
    /// The value as it is compared, where it is a number, a day or a moment.
    pub number: Option<i64>,
    /// All files of the field, where it takes files.
    pub files: Vec<ShownFile>,
}

/// A file of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFile {
    /// Its id, by which it is fetched.
    pub id: String,
    /// Its name, which is no path.
    pub name: String,
    /// How many bytes it has.
    pub size: i64,
}

fn files(row: &Row) -> Result<Vec<ShownFile>, DbError> {
    let listed = json_of(row, "files")?;
    let file = |file: &serde_json::Value| {
        Some(ShownFile {
            id: file[0].as_str()?.to_owned(),
            name: file[1].as_str()?.to_owned(),
            size: file[2].as_i64()?,
        })
    };
    Ok(listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(file)
        .collect())
}

fn shown_from_row(row: &Row) -> Result<Shown, DbError> {
    let kind = named(row, "kind", Kind::named)?;
    let text: String = row.get("text")?;
    let text = if kind == Kind::Choice {
        let options = Options::of_stored(&json_of(row, "options")?);
        let choice = options.choices.into_iter().find(|(key, _)| *key == text);
        choice.map_or(text, |(_, label)| label)
    } else {
        text
    };
    Ok(Shown {
        field: row.get("field_id")?,
        label: row.get("label")?,
        kind,
        text,
        number: row.get("number")?,
        files: files(row)?,
    })
}

/// What was filled in with a ticket, as far as its requester may see it.
pub fn shown_to_user(scope: &Scope, number: &str) -> Query<Shown> {
    scope
        .statement(sql!(
            "SELECT f.field_id, f.label, f.kind, f.options, v.text, v.number,
                    CASE f.kind WHEN 'files' THEN
                      (SELECT json_group_array(json_array(a.attachment_id, a.name, s.size))
                         FROM attachment AS a
                         JOIN file AS s ON s.tenant_id = ?1 AND s.sha256 = a.sha256
                        WHERE a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
                          AND a.field_id = f.field_id)
                    ELSE '[]' END AS files
               FROM ticket AS t
               JOIN field_value AS v ON v.tenant_id = t.tenant_id AND v.ticket_id = t.ticket_id
               JOIN field AS f ON f.tenant_id = v.tenant_id AND f.field_id = v.field_id
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND f.user_access <> 'hidden'
              ORDER BY f.form_id, f.position, f.field_id, v.position"
        ))
        .bind(number)
        .rows(shown_from_row)
}

/// The fields that are limited to roles which the agent does not have (T-47).
pub fn closed_to(scope: &Scope, agent: &Id) -> Query<i64> {
    scope
        .statement(sql!(
            "SELECT DISTINCT l.field_id
               FROM field_role AS l
              WHERE l.tenant_id = ?1
                AND NOT EXISTS (SELECT 1 FROM agent AS a
                                 CROSS JOIN field_role AS own
                                 WHERE a.tenant_id = ?1 AND a.agent_id = ?2
                                   AND own.tenant_id = ?1 AND own.field_id = l.field_id
                                   AND own.role_id = a.role_id)"
        ))
        .bind(agent)
        .rows(|row| row.get("field_id"))
}

/// What was filled in with a ticket, as far as an agent may see it: the ticket is in sight, and
/// the field is not limited to roles that the agent does not have (T-47).
pub fn shown_to_agent(scope: &Scope, agent: &Agent, number: &str) -> Query<Shown> {
    scope
        .sighted(
            &agent.sight(Table::Ticket),
            sql!(
                "SELECT f.field_id, f.label, f.kind, f.options, v.text, v.number,
                        CASE f.kind WHEN 'files' THEN
                          (SELECT json_group_array(json_array(a.attachment_id, a.name, s.size))
                             FROM attachment AS a
                             JOIN file AS s ON s.tenant_id = ?1 AND s.sha256 = a.sha256
                            WHERE a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
                              AND a.field_id = f.field_id)
                        ELSE '[]' END AS files
                   FROM ticket AS t
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                   JOIN field_value AS v
                     ON v.tenant_id = t.tenant_id AND v.ticket_id = t.ticket_id
                   JOIN field AS f ON f.tenant_id = v.tenant_id AND f.field_id = v.field_id
                  WHERE t.tenant_id = ?1 AND t.number = ?3 AND f.agent_access <> 'hidden'
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                    AND (NOT EXISTS (SELECT 1 FROM field_role AS l
                                      WHERE l.tenant_id = ?1 AND l.field_id = f.field_id)
                         OR EXISTS (SELECT 1 FROM field_role AS l
                                      JOIN agent AS a
                                        ON a.tenant_id = l.tenant_id AND a.role_id = l.role_id
                                     WHERE l.tenant_id = ?1 AND l.field_id = f.field_id
                                       AND a.agent_id = ?4))
                  ORDER BY f.form_id, f.position, f.field_id, v.position"
            ),
        )
        .bind(number)
        .bind(&agent.id)
        .rows(shown_from_row)
}

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
