//! The filters' SQL.

use serde_json::{Value, json};
use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Id, Query, Scope, Statement, sql};

use super::{
    Action, BAN_LIST, Canned, Channel, Filter, Given, LONGEST_MAIL, LONGEST_VALUE, MOST_FILTERS,
    MOST_RULES, Mailing, Match, Operator, Rule, Target, What,
};
use crate::email::EmailAddress;
use crate::ticket::Priority;

/// Looks up the active filters of the site's realm and of those above it, in their order.
///
/// Rules and actions come as JSON beside their filter, so that it is one statement.
pub(crate) fn inherited(scope: &Scope) -> Query<Filter> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT f.name, f.target, f.mailbox, f.is_match_all, f.is_last,
                    (SELECT json_group_array(json_array(w.what, w.field_id, w.operator, w.value))
                       FROM filter_rule AS w
                      WHERE w.tenant_id = ?1 AND w.filter_id = f.filter_id) AS rules,
                    (SELECT json_group_array(json_array(
                              a.position, a.kind, a.department_id, a.sla_plan_id, a.team_id,
                              a.agent_id, a.topic_id, a.priority, a.state, a.recipients,
                              a.subject, a.text, a.canned_reply_id,
                              (SELECT c.text FROM canned_reply AS c
                                WHERE c.tenant_id = ?1 AND c.is_active = 1
                                  AND c.canned_reply_id = a.canned_reply_id),
                              a.status_id))
                       FROM filter_action AS a
                      WHERE a.tenant_id = ?1 AND a.filter_id = f.filter_id) AS actions
               FROM here
              CROSS JOIN filter AS f
              WHERE f.tenant_id = ?1 AND f.realm_id = here.realm_id AND f.is_ban_list = 0
                AND f.is_active = 1
              ORDER BY f.position, f.filter_id
              LIMIT ?3"
        ))
        .bind(MOST_FILTERS)
        .rows(filter)
}

pub(super) fn filter(row: &Row) -> Result<Filter, DbError> {
    // The plan reads them by their key, and so in their order.
    let actions = array(row, "actions")?;
    let rules = array(row, "rules")?;
    Ok(Filter {
        name: row.get("name")?,
        target: target(row)?,
        is_match_all: row.get("is_match_all")?,
        is_last: row.get("is_last")?,
        rules: rules.iter().map(rule).collect::<Result<_, _>>()?,
        actions: actions.iter().map(action).collect::<Result<_, _>>()?,
    })
}

fn array(row: &Row, column: &str) -> Result<Vec<Value>, DbError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| DbError::Corrupt(format!("filter.{column}")))
}

fn target(row: &Row) -> Result<Target, DbError> {
    Ok(match row.get::<String>("target")?.as_str() {
        "any" => Target::Any,
        "web" => Target::Channel(Channel::Web),
        "email" => Target::Channel(Channel::Email),
        "api" => Target::Channel(Channel::Api),
        "mailbox" => Target::Mailbox(row.get("mailbox")?),
        other => return Err(DbError::Corrupt(format!("filter.target: {other}"))),
    })
}

/// A rule, as `what`, `field_id`, `operator` and `value`.
fn rule(columns: &Value) -> Result<Rule, DbError> {
    let read = || {
        Some(Rule {
            what: what(columns)?,
            operator: Operator::named(columns[2].as_str()?)?,
            value: columns[3].as_str()?.to_owned(),
        })
    };
    read().ok_or_else(|| DbError::Corrupt(format!("filter_rule: {columns}")))
}

fn what(columns: &Value) -> Option<What> {
    match columns[1].as_i64() {
        Some(field) => Some(What::Field(field)),
        None => What::of_key(columns[0].as_str()?),
    }
}

/// An action, as the columns that [`inherited`] reads of it.
fn action(columns: &Value) -> Result<Action, DbError> {
    let text = |at: usize| columns[at].as_str().map(str::to_owned);
    let id = |at: usize| columns[at].as_i64();
    let read = || {
        Some(match columns[1].as_str()? {
            "reject" => Action::Reject,
            "replyto" => Action::UseReplyTo,
            "noresp" => Action::Silence,
            "dept" => Action::Department(id(2)?),
            "sla" => Action::Plan(id(3)?),
            "team" => Action::Team(id(4)?),
            "agent" => Action::Agent(Id::parse(columns[5].as_str()?)?),
            "topic" => Action::Topic(id(6)?),
            "pri" => Action::Priority(Priority::of_id(id(7)?)?),
            "status" => Action::Status(Given {
                is_closed: columns[8] == "closed",
                status: id(14),
            }),
            "email" => Action::Mail(Mailing {
                recipients: text(9)?,
                subject: text(10)?,
                text: text(11)?,
            }),
            "canned" => Action::Answer(Canned {
                id: id(12),
                text: text(13),
            }),
            _ => return None,
        })
    };
    read().ok_or_else(|| DbError::Corrupt(format!("filter_action: {columns}")))
}

/// Writes down which filters a ticket met, and what they did (FI-5). It takes the ticket's realm
/// from the ticket (T-19).
pub(crate) fn remember(scope: &Scope, ticket: &Id, matches: &[Match]) -> Option<Statement> {
    let rows: Vec<_> = matches
        .iter()
        .map(|it| json!([it.filter, json!(it.actions).to_string()]))
        .collect();
    let statement = scope
        .statement(sql!(
            "INSERT INTO filter_match (tenant_id, ticket_id, position, realm_id, filter_name,
                                       actions)
             SELECT t.tenant_id, t.ticket_id, m.key, t.realm_id, m.value ->> 0, m.value ->> 1
               FROM ticket AS t
              CROSS JOIN json_each(?3) AS m
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(ticket)
        .bind(json!(rows).to_string());
    (!rows.is_empty()).then_some(statement)
}

/// A filter about to be added, or as it is to be.
#[derive(Clone, Debug)]
pub struct NewFilter<'a> {
    /// Its name, 1 to 32 characters.
    pub name: &'a str,
    /// Its place in the order; lower ones are asked first.
    pub position: i64,
    /// What it is asked about.
    pub target: Target,
    /// Whether all of its rules must hold.
    pub is_match_all: bool,
    /// Whether no filter behind it is asked where it matches.
    pub is_last: bool,
    /// Its rules.
    pub rules: Vec<NewRule>,
    /// What it does.
    pub actions: Vec<NewAction>,
}

/// A rule about to be added.
pub type NewRule = Rule;
/// Something about to be done by a filter.
pub type NewAction = Action;

/// Why a filter was not added or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// There is a filter of this name.
    Taken,
    /// It has no rules, or more than [`MOST_RULES`].
    RuleCount,
    /// A rule cannot look for this; which, counted from 0.
    Rule(usize),
    /// It has more actions than [`MOST_RULES`].
    ActionCount,
    /// A mail goes to nobody, or has a text that is too long.
    Mail,
    /// The tenant has [`MOST_FILTERS`] already.
    TooMany,
    /// Something it names does not exist.
    Dangling,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch that adds a filter was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(columns) if columns.contains("filter.name") => Refused::Taken,
        DbError::Missing(column) if column == "filter.filter_id" => Refused::TooMany,
        DbError::Dangling => Refused::Dangling,
        error @ (DbError::Stale
        | DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

impl NewFilter<'_> {
    pub(super) fn check(&self) -> Result<(), Refused> {
        let unfit = |rule: &NewRule| {
            rule.value.chars().count() > LONGEST_VALUE || !rule.operator.takes(&rule.value)
        };
        if !(1..=32).contains(&self.name.trim().chars().count()) {
            Err(Refused::Name)
        } else if !(1..=MOST_RULES).contains(&self.rules.len()) {
            Err(Refused::RuleCount)
        } else if self.actions.len() > MOST_RULES {
            Err(Refused::ActionCount)
        } else if let Some(index) = self.rules.iter().position(unfit) {
            Err(Refused::Rule(index))
        } else if self.actions.iter().all(is_written) {
            Ok(())
        } else {
            Err(Refused::Mail)
        }
    }

    /// The name of the target, and its one address.
    pub(super) fn target(&self) -> (&'static str, Option<&str>) {
        match &self.target {
            Target::Any => ("any", None),
            Target::Channel(Channel::Web) => ("web", None),
            Target::Channel(Channel::Email) => ("email", None),
            Target::Channel(Channel::Api) => ("api", None),
            Target::Mailbox(address) => ("mailbox", Some(address.as_str())),
        }
    }

    /// The statements that add its rules and actions to the filter with this id; without one, to
    /// that which was added last, by the same batch.
    pub(super) fn contents(&self, scope: &Scope, id: Option<i64>) -> Vec<Statement> {
        let rules = (0..).zip(&self.rules);
        let rules = rules.map(|(at, rule)| insert_rule(scope, id, at, rule));
        let actions = (0..).zip(&self.actions);
        let actions = actions.map(|(at, action)| insert_action(scope, id, at, action));
        rules.chain(actions).collect()
    }
}

/// Whether a mail, where the action is one, goes to somebody and is not too long.
fn is_written(action: &NewAction) -> bool {
    let Action::Mail(mail) = action else {
        return true;
    };
    let is_short = |text: &str, most: usize| text.chars().count() <= most;
    is_short(&mail.recipients, LONGEST_VALUE)
        && is_short(&mail.subject, LONGEST_VALUE)
        && is_short(&mail.text, LONGEST_MAIL)
        && !mail.recipients.trim().is_empty()
}

/// Adds a filter to a realm, with its rules and actions; it is asked about what comes in there
/// and below.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    new: &NewFilter<'_>,
) -> Result<Vec<Statement>, Refused> {
    new.check()?;
    let mut batch = vec![insert(realm, new)];
    batch.extend(new.contents(realm.scope(), None));
    Ok(batch)
}

fn insert(realm: &Granted<Realm, act::DeskManage>, new: &NewFilter<'_>) -> Statement {
    let (target, mailbox) = new.target();
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO filter (tenant_id, filter_id, realm_id, name, position, target, mailbox,
                                 is_match_all, is_last)
             VALUES (?1,
                     (SELECT coalesce(max(f.filter_id), 0) + 1 FROM filter AS f
                       WHERE f.tenant_id = ?1
                      HAVING count(*) < ?9),
                     ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             RETURNING filter_id"
        ))
        .bind(realm.id)
        .bind(new.name.trim())
        .bind(new.position)
        .bind(target)
        .bind(mailbox)
        .bind(new.is_match_all)
        .bind(new.is_last)
        .bind(MOST_FILTERS)
}

fn insert_rule(scope: &Scope, filter: Option<i64>, id: i64, rule: &NewRule) -> Statement {
    let (what, field) = match rule.what {
        What::Field(id) => ("field".to_owned(), Some(id)),
        what => (what.key(), None),
    };
    scope
        .statement(sql!(
            "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, field_id, operator,
                                      value)
             VALUES (?1,
                     (SELECT coalesce(?2, max(f.filter_id)) FROM filter AS f
                       WHERE f.tenant_id = ?1),
                     ?3, ?4, ?5, ?6, ?7)"
        ))
        .bind(filter)
        .bind(id)
        .bind(what)
        .bind(field)
        .bind(rule.operator.name())
        .bind(rule.value.as_str())
}

fn insert_action(
    scope: &Scope,
    filter: Option<i64>,
    position: i64,
    action: &NewAction,
) -> Statement {
    let named = named(action);
    scope
        .statement(sql!(
            "INSERT INTO filter_action (tenant_id, filter_id, position, kind, department_id,
                                        sla_plan_id, team_id, agent_id, topic_id, priority, state,
                                        recipients, subject, text, canned_reply_id,
                                        status_id)
             VALUES (?1,
                     (SELECT coalesce(?2, max(f.filter_id)) FROM filter AS f
                       WHERE f.tenant_id = ?1),
                     ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
        ))
        .bind(filter)
        .bind(position)
        .bind(action.key())
        .bind(named.department)
        .bind(named.plan)
        .bind(named.team)
        .bind(named.agent.as_ref())
        .bind(named.topic)
        .bind(named.priority.map(Priority::id))
        .bind(match action {
            Action::Status(given) => Some(given.state()),
            _ => None,
        })
        .bind(named.mails.first().map(|mail| mail.recipients.as_str()))
        .bind(named.mails.first().map(|mail| mail.subject.as_str()))
        .bind(named.mails.first().map(|mail| mail.text.as_str()))
        .bind(match action {
            Action::Answer(canned) => canned.id,
            _ => None,
        })
        .bind(named.given.and_then(|given| given.status))
}

/// The effects of one action alone: what it names.
fn named(action: &Action) -> super::Effects {
    let mut effects = super::Effects::default();
    effects.take(action);
    effects
}

/// Puts an address onto the realm's ban list, which is made where there is none.
pub fn ban(realm: &Granted<Realm, act::BanlistManage>, address: &EmailAddress) -> [Statement; 2] {
    let scope = realm.scope();
    let listed = scope
        .statement(sql!(
            "INSERT INTO filter (tenant_id, filter_id, realm_id, name, is_ban_list)
             VALUES (?1,
                     (SELECT coalesce(max(f.filter_id), 0) + 1 FROM filter AS f
                       WHERE f.tenant_id = ?1), ?2, ?3, 1)
             ON CONFLICT (tenant_id, realm_id, name) DO NOTHING"
        ))
        .bind(realm.id)
        .bind(BAN_LIST);
    let banned = scope
        .statement(sql!(
            "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
             SELECT f.tenant_id, f.filter_id,
                    (SELECT coalesce(max(w.rule_id), 0) + 1 FROM filter_rule AS w
                      WHERE w.tenant_id = ?1 AND w.filter_id = f.filter_id),
                    'email', 'equal', ?3
               FROM filter AS f
              WHERE f.tenant_id = ?1 AND f.realm_id = ?2 AND f.is_ban_list = 1
                AND NOT EXISTS (SELECT 1 FROM filter_rule AS w
                                 WHERE w.tenant_id = ?1 AND w.filter_id = f.filter_id
                                   AND w.value = ?3)"
        ))
        .bind(realm.id)
        .bind(address.as_str());
    [listed, banned]
}

/// Takes an address off the realm's ban list.
pub fn unban(realm: &Granted<Realm, act::BanlistManage>, address: &EmailAddress) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "DELETE FROM filter_rule
              WHERE tenant_id = ?1 AND value = ?3
                AND filter_id IN (SELECT f.filter_id FROM filter AS f
                                   WHERE f.tenant_id = ?1 AND f.realm_id = ?2
                                     AND f.is_ban_list = 1)"
        ))
        .bind(realm.id)
        .bind(address.as_str())
}
