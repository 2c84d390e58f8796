//! `/admin/templates/{code}`: what one kind of mail says in a realm.

use axum::extract::{self, Path};
use axum::response::Response;
use desk::deed::{self, Verb};
use desk::form;
use desk::template::{self, Audience, Code, Facts, Kept, Reader, Refused, Template};
use pages::admin::{Done, Place, Preview, Problem, Tab, TemplatePage, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::token::content_address;
use tenancy::{Query, RealmId, Scope};
use web::administering::{done, head, nav, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::ground::{Ground, Typed, Wanted};
use web::{Answer, Failure, Visit};

use crate::list::{add_origin, audience, counts, origin};

/// One kind of mail in a realm.
struct Here {
    ground: Ground,
    code: Code,
    counts: Option<Kept>,
    facts: Facts,
}

type LookUp = (Query<Option<Kept>>, Query<(String, String)>);
type Found = (Vec<Option<Kept>>, Vec<(String, String)>);

fn look_up(scope: &Scope, realm: RealmId) -> LookUp {
    (template::kept(scope, realm), form::names(scope, realm))
}

impl Here {
    fn of(ground: Ground, code: Code, (kept, fields): &Found) -> Self {
        let counts = counts(kept, code).cloned();
        Self {
            ground,
            code,
            counts,
            facts: code.sample_with(fields),
        }
    }

    /// What the realm has written itself.
    fn own(&self) -> Option<&Template> {
        let own = |kept: &&Kept| kept.realm == self.ground.realm.id;
        Some(&self.counts.as_ref().filter(own)?.template)
    }

    /// Tells what the realm has written from whatever it writes later.
    fn reading(&self) -> String {
        let own = self.own();
        own.map_or_else(String::new, |own| content_address(own.whole().as_bytes()))
    }

    /// What stands in the form before anything is typed.
    fn counting(&self) -> Template {
        let counts = self.counts.as_ref().map(|kept| kept.template.clone());
        counts.unwrap_or_else(|| self.code.default())
    }
}

/// What a page tells beyond what counts.
#[derive(Default)]
struct Told {
    problem: Option<Problem>,
    unknown: Vec<String>,
    done: Option<Done>,
}

fn named(code: &str) -> Result<Code, Failure> {
    Code::named(code).ok_or(Failure::NotFound)
}

pub(crate) async fn show(
    visit: Visit,
    Path(code): Path<String>,
    extract::Query(wanted): extract::Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &code, &wanted).await)
}

async fn shown(visit: Visit, code: &str, wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let here = Here::of(ground, named(code)?, &found);
    let told = Told {
        done: Done::named(&wanted.done),
        ..Told::default()
    };
    page(&here, &here.counting(), &here.reading(), &told)
}

fn page(here: &Here, typed: &Template, reading: &str, told: &Told) -> Answer {
    let desk = &here.ground.desk;
    let head = head(desk, &here.ground.above, Tab::Behind)?;
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(told.problem);
    let facts = &here.facts;
    let previews = previews(here, typed);
    let is_stale = told
        .problem
        .is_some_and(|problem| problem.why == Why::Stale);
    let standing = is_stale.then(|| here.counting());
    if desk.wants_json() {
        let mut body = json(here, typed, &facts.names(), &previews);
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let page = TemplatePage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Templates),
        head,
        code: here.code.name(),
        audience: audience(here.code),
        origin: origin(&here.ground, here.counts.as_ref()),
        subject: &typed.subject,
        text: &typed.text,
        reading,
        variables: facts.names(),
        unknown: told.unknown.iter().map(String::as_str).collect(),
        previews,
        standing: standing.as_ref().map(|it| (&*it.subject, &*it.text)),
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// What the mail says about the sample ticket: to everybody, and, where it goes to users, to
/// those whose address nobody has proved.
fn previews(here: &Here, typed: &Template) -> Vec<Preview> {
    let preview = |reader: Reader| {
        let Template { subject, text } = typed.filled(&here.facts, reader);
        Preview {
            is_to_strangers: reader == Reader::Stranger,
            subject,
            text,
        }
    };
    match here.code.audience() {
        Audience::User => vec![preview(Reader::Known), preview(Reader::Stranger)],
        Audience::Agent | Audience::Task => vec![preview(Reader::Known)],
    }
}

fn json(here: &Here, typed: &Template, variables: &[&str], previews: &[Preview]) -> Value {
    let preview = |preview: &Preview| {
        json!({
            "to_strangers": preview.is_to_strangers,
            "subject": preview.subject,
            "text": preview.text,
        })
    };
    let mut body = json!({
        "code": here.code.name(),
        "audience": audience(here.code).token(),
        "subject": typed.subject,
        "text": typed.text,
        "reading": here.reading(),
        "variables": variables,
        "previews": previews.iter().map(preview).collect::<Vec<_>>(),
    });
    add_origin(&mut body, origin(&here.ground, here.counts.as_ref()));
    body
}

pub(crate) async fn change(
    visit: Visit,
    Path(code): Path<String>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &code, &Typed(typed)).await)
}

async fn changed(visit: Visit, code: &str, typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up).await?;
    let here = Here::of(ground, named(code)?, &found);
    let outcome = match typed.get("change") {
        "save" => save(&here, typed).await?,
        "reset" => reset(&here, typed).await?,
        "preview" => read(&here, typed).map(|_| false),
        _ => return Err(Failure::BadRequest),
    };
    match outcome {
        Ok(true) => Ok(saved(&here)),
        Ok(false) => answer(&here, typed, &Told::default()),
        Err(refused) => refusal(&here, typed, refused),
    }
}

fn saved(here: &Here) -> Response {
    let path = pages::url::template(here.code.name(), &here.ground.realm.id.0);
    done(&here.ground.desk, Done::Saved, json!({}), &path)
}

/// Why nothing was written.
enum Refusal {
    Template(template::Problem),
    Stale,
}

async fn save(here: &Here, typed: &Typed) -> Result<Result<bool, Refusal>, Failure> {
    let template = match read(here, typed) {
        Ok(template) => template,
        Err(refused) => return Ok(Err(refused)),
    };
    let realm = &here.ground.realm;
    let statement = template::write(realm, here.code, &template, here.own());
    let deed = here.ground.deed(Verb::Changed, deed::Kind::Template);
    let deed = deed.of(here.code.name(), here.code.name());
    let deed = deed.changing(typed.since(&Typed::default()));
    match here.ground.write(vec![statement], &deed).await {
        Ok(_) => Ok(Ok(true)),
        Err(error) => match template::refused(error) {
            Refused::Stale => Ok(Err(Refusal::Stale)),
            Refused::Failed(error) => Err(error.into()),
        },
    }
}

async fn reset(here: &Here, typed: &Typed) -> Result<Result<bool, Refusal>, Failure> {
    let realm = &here.ground.realm;
    let Some(own) = here.own().filter(|_| is_current(here, typed)) else {
        return Ok(Err(Refusal::Stale));
    };
    let statement = template::reset(realm, here.code, own);
    let deed = here.ground.deed(Verb::Removed, deed::Kind::Template);
    let deed = deed.of(here.code.name(), here.code.name());
    let rows = here.ground.write(vec![statement], &deed).await?;
    Ok(if template::was_there(&rows) {
        Ok(true)
    } else {
        Err(Refusal::Stale)
    })
}

/// Whether the form was filled in about what the realm has written now.
fn is_current(here: &Here, typed: &Typed) -> bool {
    typed.get("reading") == here.reading()
}

fn read(here: &Here, typed: &Typed) -> Result<Template, Refusal> {
    if !is_current(here, typed) {
        return Err(Refusal::Stale);
    }
    let template = Template::checked(typed.get("subject"), typed.get("text"));
    let known = template.and_then(|template| template.known_to(&here.facts));
    known.map_err(Refusal::Template)
}

fn refusal(here: &Here, typed: &Typed, refused: Refusal) -> Answer {
    let told = told(refused);
    let desk = &here.ground.desk;
    let Some(problem) = told.problem.filter(|_| desk.wants_json()) else {
        return answer(here, typed, &told);
    };
    let body = json!({
        "error": problem.why.token(), "field": problem.field, "unknown": told.unknown,
    });
    Ok(desk.renewed(data(status(told.problem), &body)))
}

fn told(refused: Refusal) -> Told {
    let (why, field, unknown) = match refused {
        Refusal::Stale => (Why::Stale, "", Vec::new()),
        Refusal::Template(template::Problem::Subject) => (Why::Subject, "subject", Vec::new()),
        Refusal::Template(template::Problem::Text) => (Why::Text, "text", Vec::new()),
        Refusal::Template(template::Problem::Unknown(names)) => (Why::Variables, "text", names),
    };
    Told {
        problem: Some(Problem { why, field }),
        unknown,
        done: None,
    }
}

/// The page with what was typed. Who saves it again has seen what stands there now.
fn answer(here: &Here, typed: &Typed, told: &Told) -> Answer {
    let typed = Template {
        subject: typed.get("subject").to_owned(),
        text: typed.get("text").replace("\r\n", "\n"),
    };
    page(here, &typed, &here.reading(), told)
}
