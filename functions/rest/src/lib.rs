//! `/api/v1/…`: the REST API. A program with an API key reads and works the tickets of the key's
//! realm and those below it.
//!
//! Start at [`call`], which every call begins with; what it answers with is in [`shape`], and how
//! it refuses in [`problem`].

mod alerting;
mod call;
mod change;
mod closing;
mod collaborators;
mod delete;
mod directory;
mod document;
mod entity;
mod fields;
mod once;
mod open;
mod people;
mod problem;
mod program;
mod shape;
mod tickets;
mod wanted;
mod write;

use axum::Router;
use axum::routing::{get, patch, post};
pub use document::document;
use problem::{method_not_allowed, not_found};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/api/v1/tickets", get(tickets::list).post(open::open))
        .route(
            "/api/v1/tickets/{number}",
            get(tickets::show)
                .patch(change::change)
                .delete(delete::delete),
        )
        .route("/api/v1/tickets/{number}/entries", get(tickets::entries))
        .route("/api/v1/tickets/{number}/replies", post(write::reply))
        .route("/api/v1/tickets/{number}/notes", post(write::note))
        .route("/api/v1/tickets/{number}/files/{id}", get(tickets::file))
        .route(
            "/api/v1/tickets/{number}/collaborators",
            get(collaborators::list).post(collaborators::add),
        )
        .route(
            "/api/v1/tickets/{number}/collaborators/{id}",
            patch(collaborators::change).delete(collaborators::remove),
        )
        .route("/api/v1/users", get(directory::users).post(people::add))
        .route(
            "/api/v1/users/{id}",
            get(directory::user).patch(people::change),
        )
        .route("/api/v1/organizations", get(directory::organizations))
        .route("/api/v1/organizations/{id}", get(directory::organization))
        .route("/api/v1/topics", get(directory::topics))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}
