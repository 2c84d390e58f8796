//! `/admin/topics/{topic}`: one help topic, what it does, and whether it is offered.

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::filter::Given;
use desk::offer::{self, Kind, Offer};
use desk::status::{self as statuses, Status};
use desk::ticket::Priority;
use desk::topic::{self, Attached, Change, Kept, NewTopic, Topic};
use pages::admin::{
    Asked, Done, Place, Problem, Switches, Tab, Topic as Shown, TopicForm, TopicPage, Why,
};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::{Id, RealmId, Scope, Statement};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use crate::given::{self, Assigned};
use crate::topics::{parents, problem};
use web::administering::{done, head, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices, priorities};

/// Most that a topic's place among the others can be.
const LAST_POSITION: i64 = 9_999;
/// Longest thank-you text, in characters.
const LONGEST_THANKS: usize = 2_000;

type LookUp = (
    tenancy::Query<Kept>,
    tenancy::Query<Offer>,
    tenancy::Query<Attached>,
    tenancy::Query<Peer<Id>>,
    tenancy::Query<Status>,
);
type Found = (
    Vec<Kept>,
    Vec<Offer>,
    Vec<Attached>,
    Vec<Peer<Id>>,
    Vec<Status>,
);

/// What is looked up about a topic, and about the agent who is typed in.
fn look_up(topic: &str, agent: &str) -> impl Fn(&Scope, RealmId) -> LookUp {
    let topic = topic.parse().unwrap_or(0);
    move |scope, realm| {
        let attached = topic::attached(scope, topic);
        (
            topic::kept(scope, realm),
            offer::offers(scope, realm),
            attached,
            peer::agent(scope, agent),
            statuses::all(scope),
        )
    }
}

/// A topic, and what else there is in its realm.
struct Here<'a> {
    ground: &'a Ground,
    found: &'a Found,
    kept: &'a Kept,
}

impl<'a> Here<'a> {
    /// The topic, if it belongs to the realm that was asked about.
    fn of(ground: &'a Ground, found: &'a Found, id: &str) -> Result<Self, Failure> {
        let is = |kept: &&Kept| kept.realm == ground.realm.id && kept.topic.id.to_string() == id;
        let kept = found.0.iter().find(is).ok_or(Failure::NotFound)?;
        Ok(Self {
            ground,
            found,
            kept,
        })
    }

    /// The agent who gets its tickets.
    fn agent(&self) -> Assigned<'a> {
        Assigned {
            ground: self.ground,
            kept: self.kept.agent.as_ref(),
        }
    }

    fn offered(&self, kind: Kind) -> Vec<(i64, &'a str)> {
        self.ground.offered(&self.found.1, kind)
    }

    /// The fields of attached forms, as far as the administrator sees those.
    fn attached(&self) -> impl Iterator<Item = &'a Attached> {
        let seen = self.offered(Kind::Form);
        let is_seen = move |it: &&Attached| seen.iter().any(|(form, _)| *form == it.form);
        self.found.2.iter().filter(is_seen)
    }

    /// What the form would post if nothing were changed.
    fn as_it_is(&self) -> Typed {
        let mut typed = as_it_is(self);
        for field in self.attached() {
            let id = field.id.to_string();
            if !self.kept.off.contains(&field.id) {
                typed.0.push(("field".to_owned(), id.clone()));
            }
            typed.0.push(("listed".to_owned(), id));
        }
        typed
    }

    fn parents(&self) -> Vec<(i64, &'a str)> {
        parents(self.ground, &self.found.0, Some(self.kept.topic.id))
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path(topic): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &topic, &wanted).await)
}

async fn shown(visit: Visit, id: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up(id, "")).await?;
    let here = Here::of(&ground, &found, id)?;
    page(&here, &here.as_it_is(), None, Done::named(&wanted.done))
}

fn as_it_is(here: &Here<'_>) -> Typed {
    let kept = here.kept;
    let (topic, flag) = (&kept.topic, |is_on| if is_on { "1" } else { "" });
    let number = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
    let mut fields = vec![
        ("name", kept.own_name().to_owned()),
        ("parent", number(topic.parent)),
        ("public", flag(topic.is_public).to_owned()),
        ("active", flag(kept.is_active).to_owned()),
        ("silent", flag(topic.is_silent).to_owned()),
        ("department", number(topic.department)),
        ("priority", number(topic.priority.map(Priority::id))),
        ("plan", number(topic.plan)),
        ("agent", here.agent().seen().unwrap_or_default().to_owned()),
        ("keep_agent", flag(here.agent().is_unseen()).to_owned()),
        ("team", number(topic.team)),
        ("status", number(topic.given.map(Given::id))),
        ("position", kept.position.to_string()),
        ("inherits", flag(kept.has_parents_forms).to_owned()),
        ("format", kept.format.clone().unwrap_or_default()),
        ("sequence", number(topic.sequence.filter(|id| *id > 0))),
        ("thanks", topic.thanks.clone()),
    ];
    fields.extend(kept.forms.iter().map(|id| ("form", id.to_string())));
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
    let page = TopicPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Topics),
        head,
        id: here.kept.topic.id,
        name: &here.kept.topic.name,
        is_archived: here.kept.is_archived,
        topic: fields(here, typed),
        typed: typed.filled(),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn fields<'a>(here: &Here<'a>, typed: &'a Typed) -> Shown<'a> {
    let picked = |field: &'static str, offered: &[(i64, &'a str)]| {
        let chosen: Vec<i64> = typed.all(field).filter_map(|id| id.parse().ok()).collect();
        choices(offered, &chosen)
    };
    Shown {
        name: typed.get("name"),
        parents: picked("parent", &here.parents()),
        switches: Switches {
            is_public: typed.is_on("public"),
            is_active: typed.is_on("active"),
            is_silent: typed.is_on("silent"),
        },
        departments: picked("department", &here.offered(Kind::Department)),
        priorities: picked("priority", &priorities()),
        plans: picked("plan", &here.offered(Kind::Plan)),
        teams: picked("team", &here.offered(Kind::Team)),
        statuses: picked("status", &given::statuses(&here.found.4)),
        has_unseen_agent: here.agent().is_unseen(),
        forms: forms_shown(here, typed),
        has_parents_forms: typed.is_on("inherits"),
        format: typed.get("format"),
        sequences: picked("sequence", &here.offered(Kind::Sequence)),
        thanks: typed.get("thanks"),
    }
}

/// The forms, those that are attached with their fields.
fn forms_shown<'a>(here: &Here<'a>, typed: &Typed) -> Vec<TopicForm<'a>> {
    let chosen: Vec<i64> = typed.all("form").filter_map(|id| id.parse().ok()).collect();
    let is_on = |id: i64| typed.all("field").any(|on| on == id.to_string());
    let asked = |it: &'a Attached| Asked {
        id: it.id,
        label: &it.label,
        is_on: is_on(it.id),
    };
    let fields = |form: i64| here.attached().filter(move |it| it.form == form);
    let shown = choices(&here.offered(Kind::Form), &chosen).into_iter();
    shown
        .map(|form| TopicForm {
            fields: fields(form.id).map(asked).collect(),
            form,
        })
        .collect()
}

fn json(here: &Here<'_>) -> Value {
    let Kept { topic, .. } = here.kept;
    let is_seen = |id: &i64, offered: Vec<(i64, &str)>| offered.iter().any(|(seen, _)| seen == id);
    let department = topic
        .department
        .filter(|id| is_seen(id, here.offered(Kind::Department)));
    let parent = topic.parent.filter(|id| is_seen(id, here.parents()));
    let team = topic.team;
    let team = team.filter(|id| is_seen(id, here.offered(Kind::Team)));
    let forms = here.kept.forms.iter();
    let forms = forms.filter(|id| is_seen(id, here.offered(Kind::Form)));
    let off = here.attached().map(|it| it.id);
    let off = off.filter(|id| here.kept.off.contains(id));
    json!({
        "id": topic.id,
        "realm": here.kept.realm.0,
        "name": topic.name,
        "parent": parent,
        "public": topic.is_public,
        "active": here.kept.is_active,
        "archived": here.kept.is_archived,
        "silent": topic.is_silent,
        "department": department,
        "priority": topic.priority.map(Priority::id),
        "plan": topic.plan,
        "agent": here.agent().seen(),
        "team": team,
        "status": topic.given.map(Given::id),
        "position": here.kept.position,
        "forms": forms.collect::<Vec<_>>(),
        "off": off.collect::<Vec<_>>(),
        "inherits": here.kept.has_parents_forms,
        "format": here.kept.format,
        "sequence": topic.sequence,
        "thanks": topic.thanks,
    })
}

pub(crate) async fn change(
    visit: Visit,
    Path(topic): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &topic, &Typed(typed)).await)
}

async fn changed(visit: Visit, id: &str, typed: &Typed) -> Answer {
    let agent = given::address(typed);
    let (ground, found) = Ground::posted(visit, typed, look_up(id, &agent)).await?;
    let here = Here::of(&ground, &found, id)?;
    let realm = &ground.realm;
    let batch = match typed.get("change") {
        "save" => saved(&here, typed)?,
        "archive" => Ok(vec![topic::archive(
            realm,
            here.kept.topic.id,
            ground.desk.visit.now(),
        )]),
        "restore" => Ok(vec![topic::restore(realm, here.kept.topic.id)]),
        _ => return Err(Failure::BadRequest),
    };
    let refused = match batch {
        Err(refused) => refused,
        Ok(batch) => match ground.write(batch, &deed(&here, typed)).await {
            Ok(_) => {
                let path = pages::url::topic(&here.kept.topic.id, &realm.id.0);
                return Ok(done(&ground.desk, Done::Saved, json!({}), &path));
            }
            Err(error) => problem(topic::change_refused(error))?,
        },
    };
    match ground.desk.wants_json() {
        true => Ok(refusal(&ground.desk, refused)),
        false if typed.get("change") == "save" => page(&here, typed, Some(refused), None),
        false => page(&here, &here.as_it_is(), Some(refused), None),
    }
}

/// What the log says of a change.
fn deed<'h>(here: &Here<'h>, typed: &Typed) -> Deed<'h> {
    let (verb, changed) = match typed.get("change") {
        "archive" => (Verb::Archived, Value::Null),
        "restore" => (Verb::Restored, Value::Null),
        _ => (Verb::Changed, typed.since(&here.as_it_is())),
    };
    let topic = &here.kept.topic;
    let deed = here.ground.deed(verb, deed::Kind::Topic);
    deed.of(&topic.id, &topic.name).changing(changed)
}

/// The statements that make the topic what was typed.
fn saved(here: &Here<'_>, typed: &Typed) -> Result<Result<Vec<Statement>, Problem>, Failure> {
    let now = &here.kept.topic;
    let read = || {
        let topic = Topic {
            thanks: thanks(typed)?,
            is_public: typed.is_on("public"),
            is_silent: typed.is_on("silent"),
            department: typed.chosen(
                "department",
                &here.offered(Kind::Department),
                now.department,
            )?,
            plan: typed.chosen("plan", &here.offered(Kind::Plan), now.plan)?,
            agent: here
                .agent()
                .read(typed, here.found.3.first(), now.agent.clone())?,
            team: typed.chosen("team", &here.offered(Kind::Team), now.team)?,
            given: given::status(typed, &here.found.4)?,
            priority: typed
                .chosen("priority", &priorities(), None)?
                .and_then(Priority::of_id),
            sequence: typed.chosen("sequence", &here.offered(Kind::Sequence), now.sequence)?,
            ..Topic::default()
        };
        let parent = typed.chosen("parent", &here.parents(), now.parent)?;
        Ok((topic, parent, forms(here, typed)?, position(here, typed)?))
    };
    let (topic, parent, forms, position) = match read() {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let all = &here.found.0;
    let change = Change {
        to: NewTopic {
            name: typed.get("name"),
            parent,
            topic,
            format: Some(typed.get("format").trim()).filter(|format| !format.is_empty()),
            has_parents_forms: typed.is_on("inherits"),
        },
        parent: all.iter().find(|kept| Some(kept.topic.id) == parent),
        is_active: typed.is_on("active"),
        position,
        forms: &forms,
        off: &off(here, typed),
    };
    match topic::change(&here.ground.realm, here.kept, &change) {
        Ok(batch) => Ok(Ok(batch)),
        Err(refused) => problem(refused).map(Err),
    }
}

/// Where it is to stand; where nothing was typed, where it stands.
fn position(here: &Here<'_>, typed: &Typed) -> Result<i64, Problem> {
    let position = match typed.get("position") {
        "" => Some(here.kept.position),
        _ => typed.number("position"),
    };
    let (why, field) = (Why::Value, "position");
    position
        .filter(|it| (0..=LAST_POSITION).contains(it))
        .ok_or(Problem { why, field })
}

fn thanks(typed: &Typed) -> Result<String, Problem> {
    let thanks = typed.get("thanks").trim().replace("\r\n", "\n");
    if thanks.chars().count() > LONGEST_THANKS || thanks.contains('\0') {
        return Err(Problem {
            why: Why::Unfit,
            field: "thanks",
        });
    }
    Ok(thanks)
}

fn forms(here: &Here<'_>, typed: &Typed) -> Result<Vec<i64>, Problem> {
    let offered = here.offered(Kind::Form);
    let is_had = |id: &i64| {
        let is_offered = offered.iter().any(|(known, _)| known == id);
        is_offered || here.kept.forms.contains(id)
    };
    let read = |id: &str| id.parse().ok().filter(is_had);
    let read = typed.all("form").map(read).collect::<Option<Vec<_>>>();
    read.ok_or(Problem {
        why: Why::Unknown,
        field: "form",
    })
}

/// The fields that are switched off: those that were offered and not chosen, and of the others
/// those that are off now.
fn off(here: &Here<'_>, typed: &Typed) -> Vec<i64> {
    let has = |name: &str, id: i64| typed.all(name).any(|it| it == id.to_string());
    let kept = here.kept.off.iter().copied();
    let kept = kept.filter(|id| !has("listed", *id));
    let listed = here.attached().map(|it| it.id);
    let cleared = listed.filter(|id| has("listed", *id) && !has("field", *id));
    kept.chain(cleared).collect()
}
