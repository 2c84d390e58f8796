//! wrk, which makes the load: `wrk.lua` says what it sends and what it tells.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::Outcome;
use crate::client::Ask;
use crate::table::folder;

const SCRIPT: &str = include_str!("wrk.lua");

/// What some seconds of load came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    /// Good answers per second.
    pub(crate) throughput: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Answers of status 400 and above, and requests that got no answer.
    pub(crate) errors: i64,
    /// Milliseconds of the server's processor time for each good answer, where they are known.
    pub(crate) processor: Option<f64>,
}

impl Round {
    pub(crate) fn good(&self, seconds: u32) -> f64 {
        (self.throughput * f64::from(seconds)).max(1.0)
    }
}

/// Whether load can be made on this machine.
pub(crate) fn check() -> Outcome {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join("wrk").is_file());
    if is_there {
        Ok(())
    } else {
        Err("the load is made by wrk, which is not on the PATH (Debian: apt install wrk)".into())
    }
}

/// Sends a request from so many clients at once, each waiting for its answer before the next.
///
/// `run` makes what is unique in each request unlike that of every other run.
pub(crate) fn run(
    url: &str,
    host: &str,
    ask: &Ask,
    clients: usize,
    seconds: u32,
    run: usize,
) -> Outcome<Round> {
    let folder = folder().join("wrk");
    fs::create_dir_all(&folder)?;
    let (script, request) = (folder.join("wrk.lua"), folder.join("request.lua"));
    fs::write(&script, SCRIPT)?;
    fs::write(&request, lua(host, ask, run))?;
    let output = Command::new("wrk")
        .args(["--threads", if clients == 1 { "1" } else { "2" }])
        .args(["--connections", &clients.to_string()])
        .args(["--duration", &format!("{seconds}s"), "--timeout", "10s"])
        .arg("--script")
        .arg(&script)
        .arg(url)
        .env("REALMDESK_REQUEST", &request)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let told = text.lines().find_map(|line| line.strip_prefix("told "));
    let told = told.ok_or_else(|| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        format!("wrk told nothing: {text}{complaint}")
    })?;
    Ok(round(&serde_json::from_str(told)?))
}

fn round(told: &Value) -> Round {
    let number = |name: &str| told[name].as_f64().unwrap_or_default();
    let errors = ["connect", "read", "write", "timeout", "status"];
    let seconds = number("microseconds") / 1e6;
    Round {
        throughput: (number("requests") - number("status")) / seconds.max(1e-6),
        p50: number("p50") / 1000.0,
        p99: number("p99") / 1000.0,
        errors: errors.iter().filter_map(|name| told[name].as_i64()).sum(),
        processor: None,
    }
}

/// The request as a Lua table. A JSON string is a Lua string too, as long as it is ASCII.
fn lua(host: &str, ask: &Ask, run: usize) -> String {
    let text = |text: &str| json!(text).to_string();
    // Written so, or wrk would add a second one.
    let headers = [("Host".to_owned(), host.to_owned())];
    let headers = headers
        .iter()
        .chain(&ask.headers)
        .map(|(name, value)| format!("[{}] = {}", text(name), text(value)));
    format!(
        "return {{ method = {}, path = {}, body = {}, run = {run}, headers = {{ {} }} }}\n",
        text(ask.method),
        text(&ask.path),
        text(&ask.body),
        headers.collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_all_counted_and_good_answers_only_are_throughput() {
        let told = json!({
            "requests": 1000, "microseconds": 2_000_000, "p50": 1500, "p99": 9000,
            "connect": 1, "read": 2, "write": 0, "timeout": 3, "status": 100,
        });
        let round = round(&told);
        assert!((round.throughput - 450.0).abs() < 1e-9);
        assert!((round.p50 - 1.5).abs() < 1e-9);
        assert_eq!(round.errors, 106);
    }

    #[test]
    fn a_request_is_a_lua_table() {
        let ask = Ask::post("/mail", "a\r\n\"b\"").header("x-key", "k");
        let expected = "return { method = \"POST\", path = \"/mail\", body = \"a\\r\\n\\\"b\\\"\", run = 3, \
                        headers = { [\"Host\"] = \"h\", [\"x-key\"] = \"k\" } }\n";
        assert_eq!(lua("h", &ask, 3), expected);
    }
}
