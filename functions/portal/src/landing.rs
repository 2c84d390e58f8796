//! `/`: the portal's landing page.

use axum::response::IntoResponse;
use desk::setting;
use pages::http::Html;
use pages::portal::LandingPage;
use web::visit::{Frame, open_site};
use web::{Answer, Visit};

pub(crate) async fn show(visit: Visit) -> Answer {
    let scope = visit.scope();
    let (sites, settings) = scope
        .read((visit.site(&scope), setting::inherited(&scope)))
        .await?;
    let frame = Frame::new(&open_site(sites)?, &settings);
    Ok(Html(LandingPage {
        shell: frame.shell(),
    })
    .into_response())
}
