//! `/admin/users`: the users of a realm and of those below it.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::directory::{self, Behind as From, Person};
use pages::admin::{PeoplePage, PersonRow, Place, Tab};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::policy::act;
use tenancy::{Query as Asked, Scope, Sight};
use web::administering::{head, head_json, nav};
use web::failure::{data, negotiated};
use web::form::{FormToken, searched};
use web::ground::Ground;
use web::{Answer, Visit};

use crate::part::{Behind, Listed, Wanted, listed};

type Here = Ground<act::UserDirectory>;

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    let answer = async {
        let text = searched(&wanted.q);
        let (ground, people) = listed(visit, &wanted, beginning(text)).await?;
        page(&ground, &people, text)
    };
    negotiated(wants_json, answer.await)
}

/// All users, or those whose addresses or names begin so.
fn beginning(text: &str) -> impl Fn(&Scope, &Sight, Behind<'_>, i64) -> Asked<Person> + use<'_> {
    move |scope, sight, behind, most| {
        let behind = From::at(behind);
        if text.is_empty() {
            directory::people(scope, sight, &behind, most)
        } else {
            directory::people_beginning(scope, sight, text, &behind, most)
        }
    }
}

fn page(ground: &Here, people: &Listed<Person>, searched: &str) -> Answer {
    let Ground { desk, above, realm } = ground;
    let head = head(desk, above, Tab::Users)?;
    let next = people.next(pages::url::USERS, realm.id, searched, |last| {
        (last.realm.id, last.email.as_str())
    });
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["users"] = people.rows.iter().map(row_json).collect::<Vec<_>>().into();
        body["next"] = next.into();
        return Ok(desk.renewed(data(StatusCode::OK, &body)));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = PeoplePage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Users),
        head,
        rows: people.rows.iter().map(row).collect(),
        searched,
        next,
        is_continued: people.is_continued,
    };
    Ok(desk.renewed(token.with(Html(page))))
}

pub(crate) fn row(person: &Person) -> PersonRow<'_> {
    let organization = person.organization.as_ref();
    PersonRow {
        id: person.id.as_str(),
        name: &person.name,
        email: &person.email,
        realm: &person.realm.name,
        organization: organization.map(|it| it.name.as_str()),
    }
}

pub(crate) fn row_json(person: &Person) -> Value {
    let organization = person.organization.as_ref();
    json!({
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "realm": { "id": person.realm.id, "name": person.realm.name },
        "organization": organization.map(|it| json!({ "id": it.id, "name": it.name })),
        "created_at": person.created_at.0,
    })
}
