//! `/account`, `/status`, `/tickets`: what users see of the tickets they have, and how they show
//! who they are.

mod file;
mod list;
mod message;
mod sign_in;
mod sign_in_link;
mod sign_out;
mod status;
mod ticket;
mod ticket_page;

use axum::Router;
use axum::routing::{get, post};
use web::failure::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/status", get(status::show).post(status::submit))
        .route("/status/sent", get(status::sent))
        .route("/tickets", get(list::list))
        .route("/tickets/{number}", get(ticket::show))
        .route("/tickets/{number}/files/{id}", get(file::download))
        .route("/tickets/{number}/message", post(message::submit))
        .route("/account/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/account/sent", get(sign_in::sent))
        .route(
            "/account/link",
            get(sign_in_link::show).post(sign_in_link::submit),
        )
        .route("/account/sign-out", post(sign_out::submit))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
