//! `/admin/templates`: every kind of mail, and whose words it goes out in.

use axum::extract::Query;
use axum::response::Response;
use desk::template::{self, Audience, Code, Kept};
use pages::admin::{MailAudience, MailOrigin, Place, Tab, TemplateRow, TemplatesPage};
use pages::http::{Html, wants_json};
use serde_json::{Value, json};
use tenancy::{RealmId, Scope};
use web::administering::{head, head_json, nav, status};
use web::failure::{data, negotiated};
use web::form::FormToken;
use web::ground::{Ground, Wanted};
use web::{Answer, Visit};

type LookUp = (tenancy::Query<Option<Kept>>,);

fn look_up(scope: &Scope, realm: RealmId) -> LookUp {
    (template::kept(scope, realm),)
}

pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let wants_json = wants_json(&visit.headers);
    negotiated(wants_json, shown(visit, &wanted).await)
}

async fn shown(visit: Visit, wanted: &Wanted) -> Answer {
    let (ground, (kept,)) = Ground::enter(visit, &wanted.r#in, look_up).await?;
    let Ground { desk, above, .. } = &ground;
    let head = head(desk, above, Tab::Templates)?;
    let rows: Vec<TemplateRow<'_>> = Code::ALL.map(|code| row(&ground, &kept, code)).into();
    if desk.wants_json() {
        let mut body = head_json(&head);
        body["templates"] = rows.iter().map(row_json).collect::<Vec<_>>().into();
        return Ok(desk.renewed(data(status(None), &body)));
    }
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    let page = TemplatesPage {
        shell: desk.shell(Some(&desk.agent.realm_name), &csrf),
        nav: nav(desk, Place::Templates),
        head,
        rows,
    };
    Ok(desk.renewed(token.with(Html(page))))
}

fn row<'a>(ground: &'a Ground, kept: &'a [Option<Kept>], code: Code) -> TemplateRow<'a> {
    TemplateRow {
        code: code.name(),
        audience: audience(code),
        origin: origin(ground, counts(kept, code)),
    }
}

pub(crate) fn audience(code: Code) -> MailAudience {
    match code.audience() {
        Audience::User => MailAudience::User,
        Audience::Agent => MailAudience::Agent,
        Audience::Task => MailAudience::Task,
    }
}

/// What counts in the realm, where somebody has written it.
pub(crate) fn counts(kept: &[Option<Kept>], code: Code) -> Option<&Kept> {
    kept.iter().flatten().find(|kept| kept.code == code)
}

/// Where the words come from. A realm above is named to those who administer it, and only told of
/// to others.
pub(crate) fn origin<'a>(ground: &'a Ground, counts: Option<&'a Kept>) -> MailOrigin<'a> {
    let Some(kept) = counts else {
        return MailOrigin::Ours;
    };
    if kept.realm == ground.realm.id {
        return MailOrigin::Own;
    }
    let found = ground.above.iter().find(|above| above.id == kept.realm);
    let held = found.filter(|above| ground.holds(&above.path));
    MailOrigin::Above(held.map(|above| above.name.as_str()))
}

fn row_json(row: &TemplateRow<'_>) -> Value {
    let mut row_json = json!({ "code": row.code, "audience": row.audience.token() });
    add_origin(&mut row_json, row.origin);
    row_json
}

pub(crate) fn add_origin(body: &mut Value, origin: MailOrigin<'_>) {
    let (origin, realm) = match origin {
        MailOrigin::Own => ("own", None),
        MailOrigin::Above(realm) => ("above", realm),
        MailOrigin::Ours => ("platform", None),
    };
    body["origin"] = origin.into();
    body["realm"] = realm.into();
}
