//! `/`: the portal's landing page.

use axum::response::IntoResponse;
use pages::http::Html;
use pages::portal::LandingPage;
use web::{Answer, Visit};

use web::guest::Guest;

pub(crate) async fn show(visit: Visit) -> Answer {
    let guest = Guest::at(&visit).await?;
    let page = Html(LandingPage {
        shell: guest.shell(),
    });
    let page = page.into_response();
    Ok(guest.answer(page))
}
