//! Whose work a ticket is.

use serde::Deserialize;

use crate::Id;
use crate::port::{DbError, Row};

/// Whose work a ticket is: its department, whom it is assigned and whom it was referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its department.
    pub department: i64,
    /// The agent it is assigned to.
    pub agent: Option<Id>,
    /// The team it is assigned to.
    pub team: Option<i64>,
    /// Whether it is open.
    pub is_open: bool,
    /// Whom it was referred to.
    pub referrals: Vec<Referee>,
}

/// Somebody that a ticket was referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Referee {
    /// An agent.
    Agent(Id),
    /// A team.
    Team(i64),
    /// A department.
    Department(i64),
}

#[derive(Deserialize)]
struct Stored(Option<String>, Option<i64>, Option<i64>);

impl Work {
    /// Reads the columns `department_id`, `agent_id`, `team_id` and `state` of a ticket, and
    /// `referrals`: a JSON list of its referrals' agents, teams and departments.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] for what is none.
    pub fn from_row(row: &Row) -> Result<Self, DbError> {
        let corrupt = |error| DbError::Corrupt(format!("referrals: {error}"));
        let stored: String = row.get("referrals")?;
        let stored: Vec<Stored> = serde_json::from_str(&stored).map_err(corrupt)?;
        Ok(Self {
            department: row.get("department_id")?,
            agent: row.get("agent_id")?,
            team: row.get("team_id")?,
            is_open: row.get::<String>("state")? == "open",
            referrals: stored.into_iter().filter_map(Referee::of).collect(),
        })
    }
}

impl Referee {
    fn of(Stored(agent, team, department): Stored) -> Option<Self> {
        let agent = agent.and_then(|agent| Id::parse(&agent));
        agent
            .map(Self::Agent)
            .or(team.map(Self::Team))
            .or(department.map(Self::Department))
    }
}
