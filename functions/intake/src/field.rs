//! `/admin/forms/{form}/fields/{field}`: what one field asks for, and of whom.

mod options;

use axum::extract::{Path, Query};
use axum::response::Response;
use desk::deed::{self, Deed, Verb};
use desk::form::{self, Access, Condition, Kept, KeptField, NewField, Usage, day_and_time};
use desk::offer::Kind as OfferKind;
use pages::admin::{Crumb, Done, FieldPage, Place, Problem, Tab};
use pages::http::{Html, wants_json};
use serde_json::json;
use tenancy::Statement;
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted};
use web::{Answer, Failure, Visit};

use crate::field::options::value;
use crate::form::{Found, field_json, look_up, needs_list, of, shown_kind};
use crate::forms::problem;
use web::administering::{done, head, nav, refusal, status};
use web::ground::{Ground, Typed, Wanted, choices};

/// Longest hint, pattern and text.
const LONGEST: usize = 10_000;

/// A field, in its form.
struct Here<'a> {
    ground: &'a Ground,
    found: &'a Found,
    form: &'a Kept,
    kept: &'a KeptField,
}

impl<'a> Here<'a> {
    fn of(ground: &'a Ground, found: &'a Found, form: &str, id: &str) -> Result<Self, Failure> {
        let form = of(ground, found, form)?;
        let is = |kept: &&KeptField| kept.field.id.to_string() == id;
        let kept = found.1.iter().find(is).ok_or(Failure::NotFound)?;
        Ok(Self {
            ground,
            found,
            form,
            kept,
        })
    }

    fn lists(&self) -> Vec<(i64, &'a str)> {
        self.ground.offered(&self.found.2, OfferKind::List)
    }

    /// The fields that this one can wait for: those before it that take answers.
    fn others(&self) -> Vec<(i64, &'a str)> {
        let before = self.found.1.iter();
        let before = before.take_while(|kept| kept.field.id != self.kept.field.id);
        let asked = before.filter(|kept| kept.field.kind.takes_answers());
        asked
            .map(|kept| (kept.field.id, kept.field.label.as_str()))
            .collect()
    }
}

pub(crate) async fn show(
    visit: Visit,
    Path((form, field)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, (&form, &field), &wanted).await)
}

async fn shown(visit: Visit, (form, field): (&str, &str), wanted: &Wanted) -> Answer {
    let (ground, found) = Ground::enter(visit, &wanted.r#in, look_up(form)).await?;
    let here = Here::of(&ground, &found, form, field)?;
    page(&here, &as_it_is(here.kept), None, Done::named(&wanted.done))
}

/// What the form would post if nothing were changed.
fn as_it_is(kept: &KeptField) -> Typed {
    let (field, options) = (&kept.field, &kept.field.options);
    let flag = |is_on: bool| if is_on { "1" } else { "" }.to_owned();
    let number = |number: Option<i64>| number.map_or_else(String::new, |it| it.to_string());
    let count = |count: Option<usize>| count.map_or_else(String::new, |it| it.to_string());
    let day =
        |day: Option<i64>| day.map_or_else(String::new, |day| day_and_time(day, options.has_time));
    let choice = |(key, words): &(String, String)| format!("{key}: {words}");
    let choices: Vec<String> = options.choices.iter().map(choice).collect();
    let condition = field.condition.as_ref();
    let values = condition.map_or_else(String::new, |it| it.values.join("\n"));
    let fields = [
        ("label", field.label.clone()),
        ("hint", field.hint.clone()),
        ("user", field.user.name().to_owned()),
        ("agent", field.agent.name().to_owned()),
        ("active", flag(kept.usage.is_active)),
        ("closing", flag(kept.usage.is_needed_to_close)),
        ("longest", count(options.longest)),
        ("validator", options.validator.name().to_owned()),
        ("pattern", options.pattern.clone()),
        ("error", options.error.clone()),
        ("placeholder", options.placeholder.clone()),
        ("rows", count(options.rows.map(usize::from))),
        ("digits", count(options.fewest_digits)),
        ("extension", flag(options.has_extension)),
        ("choices", choices.join("\n")),
        ("default", options.default.clone()),
        ("prompt", options.prompt.clone()),
        ("multiple", flag(options.is_multiple)),
        ("typeahead", flag(options.has_typeahead)),
        ("time", flag(options.has_time)),
        ("past", flag(options.is_past)),
        ("earliest", day(options.earliest)),
        ("latest", day(options.latest)),
        ("text", options.text.clone()),
        ("most", count(options.rows.map(usize::from))),
        ("largest", count(options.longest)),
        ("types", options.pattern.replace(',', ", ")),
        ("list", number(kept.list)),
        ("when", number(condition.map(|it| it.field))),
        ("values", values),
    ];
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
        let mut body = field_json(here.kept);
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let field = &here.kept.field;
    let page = FieldPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Forms),
        head,
        form: Crumb {
            id: here.form.id,
            name: &here.form.title,
        },
        id: field.id,
        label: &field.label,
        name: &field.name,
        kind: shown_kind(field.kind),
        typed: typed.filled(),
        lists: choices(&here.lists(), typed.number("list").as_slice()),
        others: choices(&here.others(), typed.number("when").as_slice()),
        problem,
        done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

/// What the log says of a change.
fn deed<'h>(here: &Here<'h>, typed: &Typed) -> Deed<'h> {
    let field = &here.kept.field;
    let changed = here.ground.deed(Verb::Changed, deed::Kind::Field);
    let changed = changed.of(&field.id, &field.label);
    changed.changing(typed.since(&as_it_is(here.kept)))
}

pub(crate) async fn change(
    visit: Visit,
    Path((form, field)): Path<(String, String)>,
    Posted(typed): Posted<Vec<(String, String)>>,
) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(
        wants_json,
        changed(visit, (&form, &field), &Typed(typed)).await,
    )
}

async fn changed(visit: Visit, (form, field): (&str, &str), typed: &Typed) -> Answer {
    let (ground, found) = Ground::posted(visit, typed, look_up(form)).await?;
    let here = Here::of(&ground, &found, form, field)?;
    let refused = match saved(&here, typed)? {
        Err(problem) => problem,
        Ok(statement) => match ground.write(vec![statement], &deed(&here, typed)).await {
            Ok(_) => {
                let ids = (here.form.id, here.kept.field.id, ground.realm.id.0);
                let path = pages::url::field(&ids.0, &ids.1, &ids.2);
                return Ok(done(&ground.desk, Done::Saved, json!({}), &path));
            }
            Err(error) => problem(form::refused(error), "label")?,
        },
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, refused));
    }
    page(&here, typed, Some(refused), None)
}

fn saved(here: &Here<'_>, typed: &Typed) -> Result<Result<Statement, Problem>, Failure> {
    let field = match read(here, typed) {
        Ok(field) => field,
        Err(problem) => return Ok(Err(problem)),
    };
    let id = here.kept.field.id;
    let usage = Usage {
        is_active: typed.is_on("active"),
        is_needed_to_close: typed.is_on("closing"),
    };
    match form::change_field(&here.ground.realm, id, &field, usage) {
        Ok(statement) => Ok(Ok(statement)),
        Err(refused) => problem(refused, "label").map(Err),
    }
}

fn read<'t>(here: &Here<'t>, typed: &'t Typed) -> Result<NewField<'t>, Problem> {
    let field = &here.kept.field;
    for name in [
        "hint",
        "pattern",
        "text",
        "error",
        "placeholder",
        "default",
        "prompt",
    ] {
        let text = typed.get(name);
        if text.len() > LONGEST || text.contains('\0') {
            return Err(value(name));
        }
    }
    let access = |name: &'static str| Access::named(typed.get(name)).ok_or(value(name));
    let list = typed.chosen("list", &here.lists(), here.kept.list)?;
    let list = needs_list(field.kind, list)?;
    Ok(NewField {
        form: here.form.id,
        name: &field.name,
        label: typed.get("label"),
        hint: typed.get("hint").trim(),
        kind: field.kind,
        options: options::read(field.kind, typed)?,
        list,
        user: access("user")?,
        agent: access("agent")?,
        condition: condition(here, typed)?,
    })
}

fn condition(here: &Here<'_>, typed: &Typed) -> Result<Option<Condition>, Problem> {
    let now = here.kept.field.condition.as_ref().map(|it| it.field);
    let field = typed.chosen("when", &here.others(), now)?;
    let values = typed.get("values").lines().map(str::trim);
    let values: Vec<String> = values
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    if values.len() > 100 {
        return Err(value("values"));
    }
    Ok(field.map(|field| Condition { field, values }))
}
