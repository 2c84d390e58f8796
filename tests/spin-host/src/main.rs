//! `spin-host`: serves a Spin application until SIGTERM or SIGINT.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use spin_host::app::{App, Options};
use spin_host::request::Spoofed;
use spin_host::serve::serve;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use wasmtime::Result;
use wasmtime::error::Context as _;

const HELP: &str = "\
Serves a Spin application for tests and development.

usage: spin-host [--from spin.toml] [--listen 127.0.0.1:3000] [--state DIR]
                 [--sqlite-file FILE] [--variable NAME=VALUE]… [--keep-spoofed-headers]

  --from FILE              the manifest (default: spin.toml)
  --listen ADDRESS         where to answer; port 0 takes a free one (default: 127.0.0.1:3000)
  --state DIR              where compiled components are kept (default: .spin beside the manifest)
  --sqlite-file FILE       the database \"default\" (default: sqlite_db.db in the state folder)
  --variable NAME=VALUE    an application variable; beats SPIN_VARIABLE_NAME
  --keep-spoofed-headers   hand on the spin-… headers a client sends, as Spin 4.1 does

Prints `ready http://ADDRESS` when it can be asked.
";

struct Arguments {
    options: Options,
    listen: SocketAddr,
}

fn main() -> ExitCode {
    match read_arguments().map(|arguments| arguments.as_ref().map_or(Ok(()), run)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => fail(&error),
        Err(error) => fail(&error.into()),
    }
}

fn fail(error: &wasmtime::Error) -> ExitCode {
    eprintln!("spin-host: {error:#}");
    ExitCode::FAILURE
}

/// `None` if only help was asked for.
fn read_arguments() -> Result<Option<Arguments>, lexopt::Error> {
    use lexopt::prelude::*;

    let mut manifest = PathBuf::from("spin.toml");
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 3000));
    let (mut state, mut sqlite_file) = (None, None);
    let mut variables = BTreeMap::new();
    let mut spoofed = Spoofed::Removed;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('f') | Long("from") => manifest = parser.value()?.into(),
            Long("listen") => listen = parser.value()?.parse()?,
            Long("state") => state = Some(parser.value()?.into()),
            Long("sqlite-file") => sqlite_file = Some(parser.value()?.into()),
            Long("variable") => {
                let pair = parser.value()?.string()?;
                let (name, value) = pair.split_once('=').ok_or("--variable wants NAME=VALUE")?;
                variables.insert(name.to_owned(), value.to_owned());
            }
            Long("keep-spoofed-headers") => spoofed = Spoofed::Kept,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected()),
        }
    }
    let state = state.unwrap_or_else(|| manifest.with_file_name(".spin"));
    let options = Options {
        manifest,
        state,
        sqlite_file,
        variables,
        spoofed,
    };
    Ok(Some(Arguments { options, listen }))
}

fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(load_and_serve(arguments));
    // A guest that never ends must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn load_and_serve(Arguments { options, listen }: &Arguments) -> Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    };
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let app = App::load(options, &address.to_string().parse()?)?;
    for (route, component) in app.routes() {
        eprintln!("spin-host: {route} -> {component}");
    }
    println!("ready http://{address}");
    serve(Arc::new(app), listener, stop).await;
    Ok(())
}
