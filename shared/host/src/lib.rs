//! The runtimes: what Cloudflare Workers, Spin and a native process lend the product.
//!
//! Nothing else names `worker`, `spin_sdk` or `rusqlite`.
//! A function meets this crate in one line, [`serve!`] (or [`schedule!`] beside it), which picks
//! the runtime by target and never by feature. Natively it expands to nothing: tests call the
//! function's router in process.

#[cfg(all(target_arch = "wasm32", not(target_os = "wasi")))]
pub mod cloudflare;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
#[cfg(target_os = "wasi")]
pub mod spin;

mod request;
#[cfg(any(test, all(target_arch = "wasm32", not(target_os = "wasi"))))]
mod told;

use tenancy::port::Random;

pub use axum::Router;
pub use request::{LARGEST_BODY, handle};

/// The runtime's own secure generator, reached the same way on every runtime.
pub struct SecureRandom;

impl Random for SecureRandom {
    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here is safe to do"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the runtime has a secure generator");
    }
}

/// Turns a function's `fn() -> axum::Router` into a Cloudflare event or a Spin service.
#[macro_export]
macro_rules! serve {
    ($router:path) => {
        #[cfg(all(target_arch = "wasm32", not(target_os = "wasi")))]
        #[::worker::event(fetch)]
        async fn fetch(
            request: ::worker::web_sys::Request,
            env: ::worker::Env,
            _context: ::worker::Context,
        ) -> ::worker::Result<::worker::web_sys::Response> {
            $crate::cloudflare::fetch($router(), request, env).await
        }

        #[cfg(target_os = "wasi")]
        #[::spin_sdk::http_service]
        async fn fetch(request: ::spin_sdk::http::Request) -> impl ::spin_sdk::http::IntoResponse {
            $crate::spin::fetch($router(), request).await
        }
    };
}

/// Runs a function's `async fn(&Runtime)` on Cloudflare's cron event.
///
/// Spin has no such event: there a scheduler calls the function's HTTP door.
#[macro_export]
macro_rules! schedule {
    ($run:path) => {
        #[cfg(all(target_arch = "wasm32", not(target_os = "wasi")))]
        #[::worker::event(scheduled)]
        async fn scheduled(
            _event: ::worker::ScheduledEvent,
            env: ::worker::Env,
            _context: ::worker::ScheduleContext,
        ) {
            $run(&$crate::cloudflare::runtime(env)).await;
        }
    };
}
