//! What the cases are played on: a server, and what is known of its data.

use std::env;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Outcome;
use crate::client::{Browser, Client};
use crate::demo::Demo;

/// A running server.
pub(crate) struct Stage {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// `cloudflare` or `spin`.
    pub(crate) runtime: String,
    /// The program that starts servers.
    pub(crate) xtask: Option<PathBuf>,
    pub(crate) demo: Demo,
}

impl Stage {
    /// The server that the environment names.
    pub(crate) fn find() -> Outcome<Self> {
        let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
        let state = PathBuf::from(variable("REALMDESK_STATE")?);
        Ok(Self {
            url: variable("REALMDESK_URL")?,
            runtime: variable("REALMDESK_RUNTIME")?,
            xtask: env::var_os("REALMDESK_XTASK").map(PathBuf::from),
            demo: Demo::read(&state.join("demo.json"))?,
        })
    }

    /// A caller without a memory.
    pub(crate) fn client(&self, host: &str) -> Client {
        Client::new(&self.url, host)
    }

    /// A visitor with a fresh browser.
    pub(crate) fn browser(&self, host: &str) -> Browser {
        Browser::new(self.client(host))
    }

    /// A visitor of acme's portal.
    pub(crate) fn acme(&self) -> Browser {
        self.browser(&self.demo.acme.host)
    }
}

/// A word that no other case and no earlier run has used.
pub(crate) fn unique(word: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let place = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{word}-{:x}-{place}", now.as_millis())
}
