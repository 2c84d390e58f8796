//! `cargo xtask tenant`: the tenants of a running deployment, through its operator's endpoint.
//!
//! It speaks plain HTTP, for a deployment on this machine or behind a tunnel; any HTTP client can do the same
//! over TLS, with the secret as `Authorization: Bearer …`.

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Outcome;
use crate::project::{Project, read};

const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A request to the endpoint.
struct Call {
    method: &'static str,
    path: String,
    body: Value,
}

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let mut url = "http://127.0.0.1:8787".to_owned();
    let mut words = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("url") => url = args.value()?.to_string_lossy().into_owned(),
            lexopt::Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (status, answer) = send(&url, &secret(project)?, &call(&words)?)?;
    println!("{answer:#}");
    if status < 300 {
        Ok(())
    } else {
        Err(format!("the deployment answered {status}").into())
    }
}

fn call(words: &[&str]) -> Outcome<Call> {
    let post = |path: String, body| Call {
        method: "POST",
        path,
        body,
    };
    Ok(match words {
        ["list"] => Call {
            method: "GET",
            path: "/admin/tenants".to_owned(),
            body: Value::Null,
        },
        ["create", slug, name, host, email, agent] => {
            let admin = json!({ "email": email, "name": agent });
            let body = json!({ "slug": slug, "name": name, "host": host, "admin": admin });
            post("/admin/tenants".to_owned(), body)
        }
        [what @ ("suspend" | "resume" | "invite"), slug] => {
            post(format!("/admin/tenants/{slug}/{what}"), Value::Null)
        }
        ["rename", slug, name] => {
            let body = json!({ "name": name });
            post(format!("/admin/tenants/{slug}/rename"), body)
        }
        _ => return Err("tenant list | create SLUG NAME HOST EMAIL AGENT | suspend, resume or invite SLUG | rename SLUG NAME".into()),
    })
}

/// The operator's secret: the environment's, or that of the deployment `cargo xtask dev` keeps here.
fn secret(project: &Project) -> Outcome<String> {
    if let Ok(secret) = env::var("OPERATOR_SECRET") {
        return Ok(secret);
    }
    let kept = read(&project.path(".realmdesk/secrets.json"));
    let missing = "OPERATOR_SECRET is not set, and there is no deployment in .realmdesk";
    let kept: Value = serde_json::from_str(&kept.map_err(|_| missing)?)?;
    Ok(kept["operator_secret"].as_str().ok_or(missing)?.to_owned())
}

fn send(url: &str, secret: &str, call: &Call) -> Outcome<(u16, Value)> {
    let host = url
        .strip_prefix("http://")
        .ok_or("--url starts with http://")?;
    let host = host.trim_end_matches('/');
    let address = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let mut stream = TcpStream::connect(&address).map_err(|error| format!("{address}: {error}"))?;
    stream.set_read_timeout(Some(TIME_LIMIT))?;
    let Call { method, path, body } = call;
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    answer(stream)
}

/// Reads an answer by its length, because workerd keeps the connection open whatever it is asked.
fn answer(mut stream: TcpStream) -> Outcome<(u16, Value)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some((status, body)) = whole(&bytes) {
            let body = serde_json::from_slice(body).unwrap_or(Value::Null);
            return Ok((status, body));
        }
        match stream.read(&mut chunk)? {
            0 => return Err("the answer is not whole".into()),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// The status and body of an answer, once all of it is there.
fn whole(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok())?
    };
    let length: usize = head.lines().find_map(field)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, bytes.get(end + 4..end + 4 + length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_length_has_come() {
        let head = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(whole(head.as_bytes()), None);
        let full = format!("{head}{{}}");
        assert_eq!(whole(full.as_bytes()), Some((201, b"{}".as_slice())));
    }

    #[test]
    fn every_word_is_one_call() {
        let path = |words: &[&str]| call(words).map(|call| call.path).ok();
        assert_eq!(
            path(&["suspend", "acme"]).as_deref(),
            Some("/admin/tenants/acme/suspend")
        );
        assert_eq!(path(&["create", "acme"]), None);
        assert_eq!(path(&[]), None);
    }
}
