//! `/tickets/{number}/files/{id}`: a user fetches a file from a ticket they may read.

use axum::extract::Path;
use desk::{file, ticket};
use pages::http::Download;
use tenancy::policy::{Asking, act};
use tenancy::scope::And;
use web::{Answer, Failure, Visit};

use crate::ticket::{held, link_needed};
use web::guest::Knock;

/// Looks first and reads the bytes after, so that whoever may not see the ticket is answered
/// alike and as fast, however large the file is (T-60).
pub(crate) async fn download(visit: Visit, Path((number, id)): Path<(String, String)>) -> Answer {
    let knock = Knock::of(&visit).await?;
    let scope = visit.scope();
    let about = (
        ticket::find_raised(&scope, &number),
        file::find(&scope, &number, &id),
    );
    let (who, (found, files)) = scope.read(And(knock.who(&scope), about)).await?;
    let guest = knock.enter(who)?;
    let Some(user) = guest.user(held(&visit, &number)) else {
        return Ok(link_needed(guest));
    };
    let asking = Asking::user(&visit.runtime, &user);
    let Ok(ticket) = asking.grant::<_, act::TicketView>(found) else {
        return Ok(link_needed(guest));
    };
    let file = files.into_iter().next().ok_or(Failure::NotFound)?;
    let bytes = file::read(ticket.scope(), &file).await?;
    Ok(guest.answer(Download {
        name: &file.name,
        content_type: &file.content_type,
        bytes,
    }))
}
