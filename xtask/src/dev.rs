//! `cargo xtask dev`: the whole app on this machine, with demo data, until Ctrl-C.

use std::path::PathBuf;

use lexopt::ValueExt;

use crate::Outcome;
use crate::build::{self, Plan, Runtime};
use crate::launch::{self, App, Launch};
use crate::project::{Project, read};
use crate::report::Report;
use crate::server;
use crate::state::State;

struct Options {
    runtime: Runtime,
    port: u16,
    state: PathBuf,
    demo: bool,
    build: bool,
    /// The product, unless tests or the bench are the caller; then there is no sweep but theirs.
    app: App,
    probe: String,
}

pub(crate) fn command(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(project, args)?;
    let mut report = Report::new();
    if options.build {
        let plan = Plan {
            runtimes: vec![options.runtime],
            profile: "quick",
            conformance: options.app == App::Tests,
        };
        build::run(project, &mut report, &plan)?;
        launch::build_helpers(project, &mut report, &[options.runtime])?;
    }
    let launch = Launch {
        runtime: options.runtime,
        port: options.port,
        state: State::open(&options.state)?,
        demo: options.demo,
        app: options.app,
        probe: options.probe,
    };
    let server = server::start(project, &mut report, &launch)?;
    greet(&launch)?;
    println!("ready http://127.0.0.1:{}", launch.port);
    server.supervise(options.app == App::Product)
}

fn parse(project: &Project, mut args: lexopt::Parser) -> Outcome<Options> {
    let mut options = Options {
        runtime: Runtime::Cloudflare,
        port: 8787,
        state: project.path(".realmdesk"),
        demo: true,
        build: true,
        app: App::Product,
        probe: "/".to_owned(),
    };
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("runtime") => {
                options.runtime = args.value()?.to_string_lossy().parse()?;
            }
            lexopt::Arg::Long("port") => options.port = args.value()?.to_string_lossy().parse()?,
            lexopt::Arg::Long("state") => options.state = args.value()?.into(),
            lexopt::Arg::Long("no-demo") => options.demo = false,
            lexopt::Arg::Long("skip-build") => options.build = false,
            lexopt::Arg::Long("for-tests") => options.app = App::Tests,
            lexopt::Arg::Long("for-bench") => options.app = App::Bench,
            lexopt::Arg::Long("floor") => options.app = App::Floor,
            lexopt::Arg::Long("probe") => options.probe = args.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

/// Says where the demo tenants' portals are, and where to find who may sign in.
fn greet(launch: &Launch) -> Outcome {
    let file = launch.state.path("demo.json");
    let info: serde_json::Value = serde_json::from_str(&read(&file)?)?;
    for tenant in info["tenants"].as_array().into_iter().flatten() {
        println!(
            "  {:<12} {}",
            tenant["slug"].as_str().unwrap_or_default(),
            tenant["portal_url"].as_str().unwrap_or_default()
        );
    }
    println!("  people, keys and secrets: {}", file.display());
    Ok(())
}
