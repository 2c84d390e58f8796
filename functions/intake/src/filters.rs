//! `/admin/filters`: a realm's filters in their order, and a new one.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::filter::{self, Channel, Kept, NewFilter, Operator, Refused, Rule, Target, What};
use desk::offer::{self, Kind, Offer};
use pages::admin::{Done, FilterRow, FilterTarget, FiltersPage, Place, Problem, RuleRow, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::scope::returned;
use tenancy::{RealmId, Scope};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use web::administering::{done, head, head_json, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices};

type LookUp = (tenancy::Query<Kept>, tenancy::Query<Offer>);
type Found = (Vec<Kept>, Vec<Offer>);

/// Where a new filter stands in the order, as osTicket has it.
const POSITION: i64 = 99;

fn look_up(scope: &Scope, realm: RealmId) -> LookUp {
    (filter::kept(scope, realm), offer::asked(scope, realm))
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let done = Done::named(&wanted.done);
    page(&ground, &found, &Typed::default(), None, done)
}

fn page(
    ground: &Ground,
    (kept, asked): &Found,
    typed: &Typed,
    problem: Option<Problem>,
    done: Option<Done>,
) -> Answer {
    let Ground { desk, above, .. } = ground;
    let head = head(desk, above, Tab::Filters)?;
    let seen = kept.iter().filter(|kept| ground.holds(&kept.path));
    let rows: Vec<FilterRow<'_>> = seen.map(|kept| row(ground, kept)).collect();
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["filters"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = FiltersPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Filters),
        head,
        rows,
        typed: typed.filled(),
        rule: RuleRow {
            what: typed.get("what"),
            operator: typed.get("operator"),
            value: typed.get("value"),
        },
        fields: choices(&ground.offered(asked, Kind::Field), &[]),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row<'a>(ground: &'a Ground, kept: &'a Kept) -> FilterRow<'a> {
    FilterRow {
        id: kept.id,
        realm: kept.realm.0,
        from: ground.named_above(kept.realm),
        name: &kept.filter.name,
        position: kept.position,
        target: shown_target(&kept.filter.target),
        is_active: kept.is_active,
        is_dangling: kept.filter.is_dangling(),
    }
}

pub(crate) fn shown_target(target: &Target) -> FilterTarget {
    match target {
        Target::Any => FilterTarget::Any,
        Target::Channel(Channel::Web) => FilterTarget::Web,
        Target::Channel(Channel::Email) => FilterTarget::Email,
        Target::Channel(Channel::Api) => FilterTarget::Api,
        Target::Mailbox(_) => FilterTarget::Mailbox,
    }
}

fn row_json(row: &FilterRow<'_>) -> Value {
    json!({
        "id": row.id,
        "realm": row.realm,
        "name": row.name,
        "position": row.position,
        "target": row.target.token(),
        "active": row.is_active,
        "dangling": row.is_dangling,
    })
}

pub(crate) async fn make(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, made(visit, &Typed(typed)).await)
}

async fn made(visit: Visit, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up).await?;
    match add(&ground, &found, typed).await? {
        Ok(id) => {
            let path = pages::url::filter(&id, &ground.realm.id.0);
            Ok(done(&ground.desk, Done::Saved, json!({ "id": id }), &path))
        }
        Err(problem) if ground.desk.wants_json() => Ok(refusal(&ground.desk, problem)),
        Err(problem) => page(&ground, &found, typed, Some(problem), None),
    }
}

async fn add(
    ground: &Ground,
    (_, asked): &Found,
    typed: &Typed,
) -> Result<Result<i64, Problem>, Failure> {
    let rules = match rules(typed, &ground.offered(asked, Kind::Field), &[]) {
        Ok(rules) => rules,
        Err(problem) => return Ok(Err(problem)),
    };
    let new = NewFilter {
        name: typed.get("name"),
        position: POSITION,
        target: Target::Any,
        is_match_all: false,
        is_last: false,
        rules,
        actions: Vec::new(),
    };
    let deed = ground.deed(Verb::Made, deed::Kind::Filter).named(new.name);
    let deed = deed.changing(typed.since(&Typed::default()));
    let refused = match filter::add(&ground.realm, &new) {
        Ok(batch) => match ground.write(batch, &deed).await {
            Ok(rows) => return Ok(Ok(returned(&rows, 0, "filter_id")?)),
            Err(error) => filter::refused(error),
        },
        Err(refused) => refused,
    };
    problem(refused).map(Err)
}

/// The rules that were typed; one that looks for nothing is left out. A rule may look at fields
/// that are offered, and at those that `now` looks at.
pub(crate) fn rules(
    typed: &Typed,
    fields: &[(i64, &str)],
    now: &[Rule],
) -> Result<Vec<Rule>, Problem> {
    let is_had = |what: &What| match what {
        What::Field(id) => {
            let is_offered = fields.iter().any(|(known, _)| known == id);
            is_offered || now.iter().any(|rule| rule.what == *what)
        }
        _ => true,
    };
    let columns = typed.all("what").zip(typed.all("operator"));
    let columns = columns.zip(typed.all("value"));
    let typed = columns.filter(|(_, value)| !value.trim().is_empty());
    let read = |((what, operator), value): ((&str, &str), &str)| {
        Some(Rule {
            what: What::of_key(what).filter(is_had)?,
            operator: Operator::named(operator)?,
            value: value.trim().to_owned(),
        })
    };
    let (why, field) = (Why::Rules, "rules");
    typed
        .map(read)
        .collect::<Option<_>>()
        .ok_or(Problem { why, field })
}

/// Why a filter was not written, and the field it is about.
pub(crate) fn problem(refused: Refused) -> Result<Problem, Failure> {
    let (why, field) = match refused {
        Refused::Name => (Why::FilterName, "name"),
        Refused::Taken => (Why::Taken, "name"),
        Refused::RuleCount | Refused::Rule(_) => (Why::Rules, "rules"),
        Refused::Mail => (Why::Mail, "mails"),
        Refused::ActionCount | Refused::TooMany => (Why::Full, ""),
        Refused::Dangling => (Why::Stale, ""),
        Refused::Failed(error) => return Err(error.into()),
    };
    Ok(Problem { why, field })
}
