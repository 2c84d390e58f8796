//! Runs a component, one instance per request.
//!
//! Spin keeps WASIp3 instances for up to 128 requests, 16 at a time, so that statics outlive a request there.
//! Here every request has a fresh instance: a test then never depends on what ran before it, and a trap or a runaway allocation ends with its request.
//! What relies on statics being fresh is still wrong; only real Spin shows it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use wasmtime::component::GuestTaskId;
use wasmtime::{Result, Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::instance::{Grant, State};

/// A component that is ready to be instantiated.
pub(crate) struct Worker {
    pub(crate) grant: Arc<Grant>,
    pub(crate) service: ServicePre<State>,
}

impl HandlerState for Worker {
    type StoreData = State;
    type WorkerExpiration = Never;
    type WorkerState = Single;

    async fn instantiate(&self) -> Result<Instance<State, Never, Single>> {
        let mut store = Store::new(self.service.engine(), State::new(Arc::clone(&self.grant)));
        let service = self.service.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: State::http,
            expiration: Never,
            state: Single {
                component: Arc::clone(&self.grant.component),
            },
        })
    }
}

/// An instance that serves a single request.
pub(crate) struct Single {
    component: Arc<str>,
}

impl WorkerState for Single {
    type StoreData = State;
    type RequestData = ();

    fn should_accept_request(&self, _: usize, served: usize) -> ShouldAccept {
        if served == 0 {
            ShouldAccept::Yes
        } else {
            ShouldAccept::Never
        }
    }

    fn on_request_start(
        &self,
        mut store: StoreContextMut<'_, State>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        store.data_mut().request_has_arrived();
        Box::pin(std::future::pending())
    }

    fn drop(&self, _: Store<State>, result: Result<()>) {
        if let Err(error) = result {
            eprintln!("[{}] trapped: {}", self.component, error.root_cause());
        }
    }
}

/// An instance lives as long as its guest has something to do, as in Spin without a request time-out.
pub(crate) struct Never;

impl WorkerExpiration for Never {
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>, _: WorkerStatus, _: Instant) -> Poll<()> {
        Poll::Pending
    }
}
