//! Inbound mail's SQL.

use tenancy::port::{BatchStatement, DbError, Row, Rows};
use tenancy::scope::{And, Queries};
use tenancy::token::content_address;
use tenancy::{Id, Query, RealmId, Scope, Statement, Timestamp, sql};

use super::{Arrived, Known};
use crate::alert::{self, Asked, Party};
use crate::file;
use crate::ticket::{self, FilledIn, News, Priority};

/// A ticket that a mail may belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The ticket.
    pub ticket: Id,
    /// What whoever hears of the mail is told.
    pub news: News,
    /// Its SLA plan.
    pub plan: Option<i64>,
    /// Whether the reference to it is one of our own Message-IDs.
    pub is_ours: bool,
    /// The sender, where they take part in it.
    pub collaborator: Option<Id>,
}

impl Candidate {
    /// Its owner's address.
    pub fn owner(&self) -> &str {
        &self.news.requester.address
    }
}

/// The agent who sent a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSender {
    /// The agent.
    pub id: Id,
    /// The agent's name.
    pub name: String,
}

type Five = (
    Query<Option<String>>,
    Query<()>,
    Query<AgentSender>,
    Query<Candidate>,
    Query<Candidate>,
);
type About = (Query<Party>, Query<(Id, FilledIn)>);
type All = And<Five, Option<About>>;

/// The queries for all that decides what becomes of a mail; see [`look_up`].
pub struct Lookup(All);

/// Looks up all that decides what becomes of a mail, inside the mailbox's realm (T-68). Who has to
/// do with a ticket is asked only where the mail names one.
pub fn look_up(scope: &Scope, mail: &Arrived) -> Lookup {
    let sender = mail.sender.as_ref().map_or("", |sender| sender.as_str());
    let asked = Asked {
        references: &mail.references,
        numbers: &mail.numbers,
        department: None,
    };
    let is_answer = !(mail.references.is_empty() && mail.numbers.is_empty());
    let five = (
        duplicate(scope, &mail.message_id),
        own_address(scope, sender),
        agent(scope, sender),
        referred(scope, &mail.references, sender),
        numbered(scope, &mail.numbers, sender),
    );
    let parties = is_answer.then(|| {
        (
            alert::parties(scope, asked),
            ticket::tellable(scope, asked, &[]),
        )
    });
    Lookup(And(five, parties))
}

impl Queries for Lookup {
    type Readers = <All as Queries>::Readers;
    type Answers = Known;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        self.0.split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Known, DbError> {
        let ((duplicates, own, agents, mut referred, mut numbered), (parties, told)) =
            All::answers(readers, rows)?;
        for found in referred.iter_mut().chain(&mut numbered) {
            found.news.filled = ticket::tellable_of(&found.ticket, &told);
        }
        Ok(Known {
            duplicate_of: duplicates.into_iter().next(),
            is_from_us: !own.is_empty(),
            agent: agents.into_iter().next(),
            referred,
            numbered,
            parties,
        })
    }
}

/// The mail itself, or one of ours that comes back under its own Message-ID (TH-10).
fn duplicate(scope: &Scope, message_id: &str) -> Query<Option<String>> {
    scope
        .local(sql!(
            "SELECT t.number
               FROM inbound_mail AS i
               LEFT JOIN ticket AS t ON t.tenant_id = ?1 AND t.ticket_id = i.ticket_id
              WHERE i.tenant_id = ?1 AND i.realm_id = ?2 AND i.message_id = ?3
              UNION ALL
             SELECT t.number
               FROM message_reference AS m
               JOIN ticket AS t ON t.tenant_id = ?1 AND t.ticket_id = m.ticket_id
              WHERE m.tenant_id = ?1 AND m.message_id = ?3 AND m.is_ours = 1
              LIMIT 1"
        ))
        .bind(message_id)
        .rows(|row| row.get("number"))
}

fn own_address(scope: &Scope, sender: &str) -> Query<()> {
    scope
        .statement(sql!(
            "SELECT m.address FROM mail_address AS m WHERE m.tenant_id = ?1 AND m.address = ?2"
        ))
        .bind(sender)
        .rows(|_| Ok(()))
}

fn agent(scope: &Scope, sender: &str) -> Query<AgentSender> {
    scope
        .statement(sql!(
            "SELECT a.agent_id, a.name FROM agent AS a
              WHERE a.tenant_id = ?1 AND a.email = ?2 AND a.is_active = 1"
        ))
        .bind(sender)
        .rows(|row| {
            Ok(AgentSender {
                id: row.get("agent_id")?,
                name: row.get("name")?,
            })
        })
}

/// Tickets by Message-ID. A foreign id counts only inside the mailbox's realm; one of ours also
/// after the ticket was moved to another realm (T-70).
fn referred(scope: &Scope, references: &[String], sender: &str) -> Query<Candidate> {
    scope
        .local(sql!(
            "SELECT t.ticket_id, t.number, t.subject, t.sla_plan_id, u.name AS requester, u.email AS owner,
                    m.is_ours, d.name AS department, d.answers_messages,
                    (SELECT c.user_id FROM user AS v CROSS JOIN collaborator AS c
                      WHERE v.tenant_id = ?1 AND v.email = ?4
                        AND c.tenant_id = ?1 AND c.ticket_id = t.ticket_id
                        AND c.user_id = v.user_id AND c.is_active = 1
                      LIMIT 1) AS collaborator
               FROM json_each(?3) AS wanted
              CROSS JOIN message_reference AS m
               JOIN ticket AS t ON t.tenant_id = ?1 AND t.ticket_id = m.ticket_id
               JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
               JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
              WHERE m.tenant_id = ?1 AND m.message_id = wanted.value
                AND (m.is_ours = 1 OR m.realm_id = ?2) AND coalesce(t.shelf, '') <> 'deleted'
              ORDER BY wanted.key"
        ))
        .bind(serde_json::to_string(references).unwrap_or_default())
        .bind(sender)
        .rows(candidate_from_row)
}

fn numbered(scope: &Scope, numbers: &[String], sender: &str) -> Query<Candidate> {
    scope
        .local(sql!(
            "SELECT t.ticket_id, t.number, t.subject, t.sla_plan_id, u.name AS requester, u.email AS owner,
                    0 AS is_ours, d.name AS department, d.answers_messages,
                    (SELECT c.user_id FROM user AS v CROSS JOIN collaborator AS c
                      WHERE v.tenant_id = ?1 AND v.email = ?4
                        AND c.tenant_id = ?1 AND c.ticket_id = t.ticket_id
                        AND c.user_id = v.user_id AND c.is_active = 1
                      LIMIT 1) AS collaborator
               FROM json_each(?3) AS wanted
              CROSS JOIN ticket AS t
               JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
               JOIN department AS d ON d.tenant_id = ?1 AND d.department_id = t.department_id
              WHERE t.tenant_id = ?1 AND t.number = wanted.value AND t.realm_id = ?2
                AND coalesce(t.shelf, '') <> 'deleted'
              ORDER BY wanted.key"
        ))
        .bind(serde_json::to_string(numbers).unwrap_or_default())
        .bind(sender)
        .rows(candidate_from_row)
}

fn candidate_from_row(row: &Row) -> Result<Candidate, DbError> {
    Ok(Candidate {
        ticket: row.get("ticket_id")?,
        news: News::from_row(row)?,
        plan: row.get("sla_plan_id")?,
        is_ours: row.get("is_ours")?,
        collaborator: row.get("collaborator")?,
    })
}

/// An address of ours that a mail is to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// The address.
    pub address: String,
    /// The department its tickets go to.
    pub department: Option<i64>,
    /// The help topic its tickets get.
    pub topic: Option<i64>,
    /// The priority it names.
    pub priority: Option<Priority>,
    /// Whether nobody who writes to it is answered by itself.
    pub is_silent: bool,
}

/// The first address of the site's realm that a mail is to.
pub fn addressed(scope: &Scope, mail: &Arrived) -> Query<Addressed> {
    scope
        .local(sql!(
            "SELECT m.address, m.department_id, m.topic_id, m.priority, m.is_silent
               FROM json_each(?3) AS wanted
              CROSS JOIN mail_address AS m
              WHERE m.tenant_id = ?1 AND m.realm_id = ?2 AND m.address = wanted.value
              ORDER BY wanted.key
              LIMIT 1"
        ))
        .bind(serde_json::to_string(&mail.recipients).unwrap_or_default())
        .rows(|row| {
            let priority: Option<i64> = row.get("priority")?;
            Ok(Addressed {
                address: row.get("address")?,
                department: row.get("department_id")?,
                topic: row.get("topic_id")?,
                priority: priority.and_then(Priority::of_id),
                is_silent: row.get("is_silent")?,
            })
        })
}

/// Stores a mail's source.
pub(super) fn keep_source(scope: &Scope, raw: &[u8], now: Timestamp) -> Vec<Statement> {
    file::keep(scope, &content_address(raw), raw, now)
}

/// What is noted about a mail that was taken in.
pub(super) struct Receipt<'a> {
    pub(super) realm: RealmId,
    pub(super) message_id: &'a str,
    pub(super) address: &'a str,
    pub(super) raw: &'a [u8],
    pub(super) result: &'static str,
    pub(super) ticket: Option<&'a Id>,
    pub(super) now: Timestamp,
}

/// Marks a mail as taken in; a second time refuses the whole batch.
pub(super) fn take_in(scope: &Scope, receipt: &Receipt<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO inbound_mail (tenant_id, realm_id, message_id, address, sha256, result,
                                       ticket_id, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        ))
        .bind(receipt.realm)
        .bind(receipt.message_id)
        .bind(receipt.address)
        .bind(content_address(receipt.raw))
        .bind(receipt.result)
        .bind(receipt.ticket)
        .bind(receipt.now)
}
