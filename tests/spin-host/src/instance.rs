//! The state of one component instance, and what it is linked with.
//!
//! An instance sees no files, no sockets, no environment but the manifest's, and no network but what the manifest allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::uri::{Authority, Scheme};
use http::{HeaderName, HeaderValue, Request, Response, Uri};
use http_body_util::BodyExt;
use wasmtime::component::{Accessor, HasData, Linker, ResourceTable};
use wasmtime::{Engine, Result};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error as HttpError, ForbiddenHeaderFilter, RequestOptions, WasiBody,
    WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::bindings::spin::sqlite::sqlite;
use crate::bindings::spin::variables::variables;
use crate::log::Log;
use crate::manifest::VariableName;
use crate::outbound::{AllowedHosts, is_to_self};
use crate::sqlite::{Databases, Sqlite, View};

/// What every instance of a component is given.
#[derive(Debug)]
pub struct Grant {
    pub component: Arc<str>,
    pub environment: BTreeMap<String, String>,
    pub variables: BTreeMap<VariableName, String>,
    pub databases: Databases,
    pub allowed_hosts: AllowedHosts,
    /// Where the application itself answers.
    pub origin: Authority,
}

/// The state of one instance.
pub struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    outbound: Outbound,
    open_connections: usize,
}

/// Sends the instance's own requests, where they may go.
struct Outbound {
    grant: Arc<Grant>,
    /// Whether the request that the instance was made for is still being handed over.
    arriving: bool,
}

impl State {
    pub(crate) fn new(grant: Arc<Grant>) -> Self {
        let environment: Vec<_> = grant.environment.clone().into_iter().collect();
        let wasi = WasiCtxBuilder::new()
            .envs(&environment)
            .stdout(Log::of(Arc::clone(&grant.component)))
            .stderr(Log::of(Arc::clone(&grant.component)))
            .build();
        Self {
            wasi,
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            outbound: Outbound {
                grant,
                arriving: true,
            },
            open_connections: 0,
        }
    }

    /// From here on the guest runs, and may not make every header it likes.
    pub(crate) fn request_has_arrived(&mut self) {
        self.outbound.arriving = false;
    }

    fn sqlite(&mut self) -> View<'_> {
        View {
            databases: &self.outbound.grant.databases,
            open: &mut self.open_connections,
            table: &mut self.table,
        }
    }
}

/// A linker with everything a component of `spin-sdk` 7 may import here.
pub fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    sqlite::add_to_linker::<_, Sqlite>(&mut linker, State::sqlite)?;
    variables::add_to_linker::<_, Variables>(&mut linker, |state| Lookup(&state.outbound.grant))?;
    Ok(linker)
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.outbound,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// Names `spin:variables` to the linker.
struct Variables;

struct Lookup<'a>(&'a Arc<Grant>);

impl HasData for Variables {
    type Data<'a> = Lookup<'a>;
}

impl variables::Host for Lookup<'_> {}

impl<T: Send> variables::HostWithStore<T> for Variables {
    async fn get(
        store: &Accessor<T, Self>,
        name: String,
    ) -> Result<Result<String, variables::Error>> {
        let grant = store.with(|mut store| Arc::clone(store.get().0));
        let name = match VariableName::try_from(name) {
            Ok(name) => name,
            Err(reason) => return Ok(Err(variables::Error::InvalidName(reason))),
        };
        let undefined = || {
            let text = format!("no variable for {:?}.{:?}", grant.component, name.as_str());
            variables::Error::Undefined(text)
        };
        Ok(grant.variables.get(&name).cloned().ok_or_else(undefined))
    }
}

type Exchange = (
    Response<WasiBody>,
    Box<dyn Future<Output = Result<(), HttpError>> + Send>,
);

impl WasiHttpHooks for Outbound {
    /// Spin hands every header of the client on, `Host` among them; the guest itself may not set those that belong to the connection.
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        let arriving = self.arriving;
        Arc::new(move |name: &HeaderName| !arriving && DEFAULT_FORBIDDEN_HEADERS.contains(name))
    }

    fn send_request(
        &mut self,
        mut request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), HttpError>> + Send>,
    ) -> Box<dyn Future<Output = Result<Exchange, HttpError>> + Send> {
        let permission = self.grant.direct(&mut request);
        Box::new(async move {
            permission?;
            let (response, rest) =
                wasmtime_wasi_http::default_send_request(request, options).await?;
            Ok((response.map(BodyExt::boxed_unsync), Box::new(rest) as _))
        })
    }
}

impl Grant {
    /// Refuses a request that may not leave, and gives one to the application itself its address.
    fn direct(&self, request: &mut Request<WasiBody>) -> Result<(), HttpError> {
        let to_self = is_to_self(request.uri());
        let allowed = if to_self {
            self.allowed_hosts.allow_self()
        } else {
            self.allowed_hosts.allow(request.uri())
        };
        if !allowed {
            eprintln!(
                "[{}] denied a request to {:?}: it is not in allowed_outbound_hosts",
                self.component,
                request.uri().authority().map_or("self", Authority::as_str)
            );
            return Err(HttpError::HttpRequestDenied);
        }
        if to_self {
            self.point_to_self(request)
                .map_err(|_| HttpError::HttpRequestUriInvalid)?;
        }
        Ok(())
    }

    fn point_to_self(&self, request: &mut Request<WasiBody>) -> Result<(), http::Error> {
        let mut parts = request.uri().clone().into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.origin.clone());
        let host = HeaderValue::from_str(self.origin.as_str())?;
        request.headers_mut().insert(http::header::HOST, host);
        *request.uri_mut() = Uri::from_parts(parts)?;
        Ok(())
    }
}
