//! `/admin/filters/{filter}`: when one filter is asked, its rules, and what it does.

mod actions;
mod typed;

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::filter::{self, Kept, Rule, Target};
use desk::offer::{self, Kind, Offer};
use desk::status::{self as statuses, Status};
use pages::admin::{Done, FilterPage, Offered, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::{Id, RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use self::typed::{mail_rows, read, rule_rows};
use crate::filters::{problem, shown_target};
use crate::given::{self, Assigned};
use web::administering::{done, head, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices, priorities};

type LookUp = (
    tenancy::Query<Kept>,
    tenancy::Query<Offer>,
    tenancy::Query<Offer>,
    tenancy::Query<Peer<Id>>,
    tenancy::Query<Status>,
);
type Found = (
    Vec<Kept>,
    Vec<Offer>,
    Vec<Offer>,
    Vec<Peer<Id>>,
    Vec<Status>,
);

/// What is looked up about a filter, and about the agent who is typed in.
fn look_up(agent: &str) -> impl Fn(&Scope, RealmId) -> LookUp {
    move |scope, realm| {
        (
            filter::kept(scope, realm),
            offer::offers(scope, realm),
            offer::asked(scope, realm),
            peer::agent(scope, agent),
            statuses::all(scope),
        )
    }
}

/// A filter, and what else there is in its realm.
struct Here<'a> {
    ground: &'a Ground,
    found: &'a Found,
    kept: &'a Kept,
}

impl<'a> Here<'a> {
    /// The filter, if it belongs to the realm that was asked about.
    fn of(ground: &'a Ground, found: &'a Found, id: &str) -> Result<Self, Failure> {
        let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.id.to_string() == id;
        let kept = found.0.iter().find(is).ok_or(Failure::NotFound)?;
        Ok(Self {
            ground,
            found,
            kept,
        })
    }

    fn offered(&self, kind: Kind) -> Vec<(i64, &'a str)> {
        let mut offered = self.ground.offered(&self.found.1, kind);
        offered.extend(self.ground.offered(&self.found.2, kind));
        offered
    }

    /// The agent it assigns.
    fn agent(&self) -> Assigned<'a> {
        Assigned {
            ground: self.ground,
            kept: self.kept.agent.as_ref(),
        }
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path(filter): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &filter, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up("")).await?;
    let here = Here::of(&ground, &found, id)?;
    page(&here, &as_it_is(&here), None, Done::named(&wanted.done))
}

/// What the form would post if nothing were changed.
fn as_it_is(here: &Here<'_>) -> Typed {
    let (kept, filter) = (here.kept, &here.kept.filter);
    let flag = |is_on: bool| if is_on { "1" } else { "" }.to_owned();
    let mailbox = match &filter.target {
        Target::Mailbox(address) => address.clone(),
        Target::Any | Target::Channel(_) => String::new(),
    };
    let mut fields = vec![
        ("name", filter.name.clone()),
        ("active", flag(kept.is_active)),
        ("position", kept.position.to_string()),
        ("target", shown_target(&filter.target).token().to_owned()),
        ("mailbox", mailbox),
        ("all", flag(filter.is_match_all)),
        ("last", flag(filter.is_last)),
        ("agent", here.agent().seen().unwrap_or_default().to_owned()),
        ("keep_agent", flag(here.agent().is_unseen())),
    ];
    for rule in &filter.rules {
        fields.push(("what", rule.what.key()));
        fields.push(("operator", rule.operator.name().to_owned()));
        fields.push(("value", rule.value.clone()));
    }
    fields.extend(filter.actions.iter().flat_map(actions::typed));
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    Typed(fields.into_iter().map(owned).collect())
}

fn page(here: &Here<'_>, typed: &Typed, problem: Option<Problem>, done: Option<Done>) -> Answer {
    let desk = &here.ground.desk;
    let head = head(desk, &here.ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = json(here);
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = FilterPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Filters),
        head,
        id: here.kept.id,
        name: &here.kept.filter.name,
        typed: typed.filled(),
        rules: rule_rows(typed),
        mails: mail_rows(typed),
        offered: offered(here, typed),
        is_dangling: here.kept.filter.is_dangling(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn offered<'a>(here: &Here<'a>, typed: &Typed) -> Offered<'a> {
    let picked = |field, kind| choices(&here.offered(kind), typed.number(field).as_slice());
    let looked_at = typed
        .all("what")
        .filter_map(|what| what.strip_prefix("field."));
    let mut looked_at: Vec<i64> = looked_at.filter_map(|id| id.parse().ok()).collect();
    looked_at.dedup();
    Offered {
        fields: choices(&here.offered(Kind::Field), &looked_at),
        departments: picked("dept", Kind::Department),
        priorities: choices(&priorities(), typed.number("pri").as_slice()),
        plans: picked("sla", Kind::Plan),
        topics: picked("topic", Kind::Topic),
        statuses: choices(
            &given::statuses(&here.found.4),
            typed.number("status").as_slice(),
        ),
        canned: picked("canned", Kind::Canned),
        teams: picked("team", Kind::Team),
        has_unseen_agent: here.agent().is_unseen(),
    }
}

/// The filter for programs; what it names is left out where it is not theirs to see.
fn json(here: &Here<'_>) -> Value {
    let (kept, filter) = (here.kept, &here.kept.filter);
    let rule = |rule: &Rule| {
        json!({
            "what": rule.what.key(), "operator": rule.operator.name(), "value": rule.value,
        })
    };
    let mailbox = match &filter.target {
        Target::Mailbox(address) => Some(address),
        Target::Any | Target::Channel(_) => None,
    };
    json!({
        "id": kept.id,
        "realm": kept.realm.0,
        "name": filter.name,
        "position": kept.position,
        "active": kept.is_active,
        "dangling": filter.is_dangling(),
        "target": shown_target(&filter.target).token(),
        "mailbox": mailbox,
        "all": filter.is_match_all,
        "last": filter.is_last,
        "rules": filter.rules.iter().map(rule).collect::<Vec<_>>(),
        "actions": actions::json(here),
    })
}

/// What the log says of a change.
fn deed<'h>(here: &Here<'h>, typed: &Typed) -> Deed<'h> {
    let changed = here.ground.deed(Verb::Changed, deed::Kind::Filter);
    let changed = changed.of(&here.kept.id, &here.kept.filter.name);
    changed.changing(without_blanks(typed).since(&as_it_is(here)))
}

/// What was typed, without the rules that look for nothing.
fn without_blanks(typed: &Typed) -> Typed {
    let of_rules = ["what", "operator", "value"];
    let columns = typed.all("what").zip(typed.all("operator"));
    let rules = columns.zip(typed.all("value"));
    let kept = rules.filter(|(_, value)| !value.trim().is_empty());
    let kept = kept.flat_map(|((what, operator), value)| {
        let columns = [what, operator, value];
        of_rules.into_iter().zip(columns)
    });
    let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let others = typed
        .0
        .iter()
        .filter(|(name, _)| !of_rules.contains(&&**name));
    Typed(others.cloned().chain(kept).collect())
}

pub(crate) async fn change(
    visit: Visit,
    Path(filter): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &filter, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up(&given::address(typed))).await?;
    let here = Here::of(&ground, &found, id)?;
    let refused = match read(&here, typed) {
        Err(problem) => problem,
        Ok(to) => match filter::change(&ground.realm, here.kept, &to, typed.is_on("active")) {
            Err(refused) => problem(refused)?,
            Ok(batch) => match ground.write(batch, &deed(&here, typed)).await {
                Ok(_) => {
                    let path = pages::url::filter(&here.kept.id, &ground.realm.id.0);
                    return Ok(done(&ground.desk, Done::Saved, json!({}), &path));
                }
                Err(error) => problem(filter::refused(error))?,
            },
        },
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, refused));
    }
    page(&here, typed, Some(refused), None)
}
