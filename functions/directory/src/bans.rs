//! `/admin/bans`: who opens no tickets in a realm and in those below it.

use axum::extract::Query;
use axum::response::Response;
use desk::deed::{Kind, Verb};
use desk::email::EmailAddress;
use desk::filter::{self, Banned};
use pages::admin::{BanRow, BansPage, Done, Place, Problem, Tab, Why};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::policy::act;
use tenancy::{DbError, Query as Asked, Scope, Sight};
use web::administering::{done, head, head_json, nav, refusal, status};
use web::failure::{data, negotiated};
use web::form::{FormToken, Posted, searched};
use web::ground::{Ground, Typed};
use web::{Answer, Failure, Visit};

use crate::part::{Behind, Listed, Wanted, anew, listed};

type Here = Ground<act::BanlistManage>;

/// What a page tells beyond the list.
#[derive(Default)]
struct Told<'a> {
    searched: &'a str,
    address: &'a str,
    undo: Option<EmailAddress>,
    problem: Option<Problem>,
    done: Option<Done>,
}

/// The addresses that hold a text.
fn holding(text: &str) -> impl Fn(&Scope, &Sight, Behind<'_>, i64) -> Asked<Banned> + use<'_> {
    let text = text.to_lowercase();
    move |scope, sight, behind, most| filter::on_lists(scope, sight, &text, behind, most)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let text = searched(&wanted.q);
        let (ground, bans) = listed(visit, &wanted, holding(text)).await?;
        let done = Done::named(&wanted.done);
        let told = Told {
            searched: text,
            undo: EmailAddress::parse(&wanted.undo).filter(|_| done == Some(Done::Unbanned)),
            done,
            ..Told::default()
        };
        page(&ground, &bans, &told)
    };
    negotiated(wants_json, answer.await)
}

fn page(ground: &Here, bans: &Listed<Banned>, told: &Told<'_>) -> Answer {
    let Ground { desk, above, realm } = ground;
    let head = head(desk, above, Tab::Bans)?;
    let next = bans.next(pages::url::BANS, realm.id, told.searched, |last| {
        (last.realm, last.address.as_str())
    });
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let status = status(told.problem);
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["bans"] = bans.rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["next"] = next.into();
        body["csrf"] = csrf.into();
        return Ok(desk.renewed(token.with(data(status, &body))));
    }
    let typed = Typed(vec![("address".to_owned(), told.address.to_owned())]);
    let undo = told.undo.as_ref().map(|address| BanRow {
        address: address.as_str(),
        realm_id: realm.id.0,
        realm: head.name,
    });
    let page = BansPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Bans),
        head,
        rows: bans.rows.iter().map(row).collect(),
        searched: told.searched,
        next,
        is_continued: bans.is_continued,
        typed: typed.filled(),
        undo,
        problem: told.problem,
        done: told.done,
        csrf: &csrf,
    };
    Ok(desk.renewed(token.with((status, Html(page)))))
}

fn row(banned: &Banned) -> BanRow<'_> {
    BanRow {
        address: &banned.address,
        realm_id: banned.realm.0,
        realm: &banned.realm_name,
    }
}

fn row_json(banned: &Banned) -> Value {
    json!({
        "address": banned.address,
        "realm": { "id": banned.realm, "name": banned.realm_name },
    })
}

pub(crate) async fn change(visit: Visit, Posted(typed): Posted<Vec<(String, String)>>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, changed(visit, &Typed(typed)).await)
}

async fn changed(visit: Visit, typed: &Typed) -> Answer {
    let (mut ground, ()) = Here::posted(visit, typed, |_, _| ()).await?;
    let is_ban = match typed.get("change") {
        "ban" => true,
        "unban" => false,
        _ => return Err(Failure::BadRequest),
    };
    if let Some(address) = EmailAddress::parse(typed.get("address")) {
        write_down(&ground, &address, is_ban).await?;
        return Ok(answer(&ground, &address, is_ban));
    }
    let problem = Problem {
        why: Why::Address,
        field: "address",
    };
    if ground.desk.wants_json() {
        return Ok(refusal(&ground.desk, problem));
    }
    let bans = anew(&mut ground, holding("")).await?;
    let told = Told {
        address: typed.get("address"),
        problem: Some(problem),
        ..Told::default()
    };
    page(&ground, &bans, &told)
}

async fn write_down(ground: &Here, address: &EmailAddress, is_ban: bool) -> Result<(), DbError> {
    let realm = &ground.realm;
    let batch = if is_ban {
        filter::ban(realm, address).into()
    } else {
        vec![filter::unban(realm, address)]
    };
    let verb = if is_ban { Verb::Made } else { Verb::Removed };
    let deed = ground.deed(verb, Kind::Ban).of(address, address.as_str());
    ground.write(batch, &deed).await?;
    Ok(())
}

fn answer(ground: &Here, address: &EmailAddress, is_ban: bool) -> Response {
    let list = pages::url::bans_in(&ground.realm.id.0);
    if is_ban {
        return done(&ground.desk, Done::Banned, json!({}), &list);
    }
    let path = format!("{list}&undo={}", pages::url::encoded(address.as_str()));
    done(&ground.desk, Done::Unbanned, json!({}), &path)
}
