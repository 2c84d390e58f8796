//! `/tickets/{number}/files/{id}`: a user fetches a file from their ticket.

use axum::extract::Path;
use axum::response::IntoResponse;
use desk::{file, setting, ticket};
use pages::http::Download;
use tenancy::Scope;
use web::visit::{Frame, open_site};
use web::{Answer, Failure, Visit};

use crate::ticket::{is_open_to, link_needed};

/// Looks first and reads the bytes after, so that whoever may not see the ticket is answered
/// alike and as fast, however large the file is (T-60).
pub(crate) async fn download(visit: Visit, Path((number, id)): Path<(String, String)>) -> Answer {
    let scope = visit.scope();
    let (sites, settings, tickets, files) = scope
        .read((
            visit.site(&scope),
            setting::inherited(&scope),
            ticket::find_by_number(&scope, &number),
            file::find(&scope, &number, &id),
        ))
        .await?;
    let site = open_site(sites)?;
    let signer = visit.signer().await?;
    let ticket = tickets.into_iter().next();
    if !ticket.is_some_and(|ticket| is_open_to(&visit, &signer, &site, &ticket)) {
        return Ok(link_needed(&Frame::new(&site, &settings)));
    }
    let found = files.into_iter().next().ok_or(Failure::NotFound)?;
    let bytes = file::read(&Scope::of(&visit.runtime, &site), &found).await?;
    Ok(Download {
        name: &found.name,
        content_type: &found.content_type,
        bytes,
    }
    .into_response())
}
