//! `/queues/…`: the lists agents work from, and the tickets in them, as pages and as JSON.

mod ban;
mod choose;
mod collaborator;
mod delete;
mod list;
mod refer;
mod show;
mod ticket;
mod ticket_page;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use web::failure::{method_not_allowed, not_found, see_other};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/queues", get(first))
        .route("/queues/realm", get(choose::show).post(choose::choose))
        .route("/queues/{queue}", get(list::list))
        .route(
            "/queues/tickets/{number}",
            get(ticket::show).post(refer::change),
        )
        .route("/queues/tickets/{number}/files/{id}", get(ticket::download))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

async fn first() -> Response {
    see_other(&pages::url::queue(desk::queue::Queue::Open.name()))
}
