//! Where the app ends.

use crate::Outcome;
use crate::raw;
use crate::stage::Stage;

/// The largest body that is taken, in bytes.
const LARGEST_BODY: usize = 12 << 20;

pub(crate) fn an_unknown_host_is_not_found(stage: &Stage) -> Outcome {
    let mut told = Vec::new();
    for host in [
        "nobody.localhost",
        "127.0.0.1",
        "acme.localhost.evil.example",
    ] {
        for path in [
            "/",
            "/open",
            "/tickets/123456",
            "/auth/sign-in",
            "/mail/captured",
        ] {
            let answer = stage.client(host).get(path)?;
            assert_eq!(answer.status, 404, "{host}{path}");
            told.push(answer.text());
        }
        // Whoever has no session is sent to sign in, on any host; there it ends.
        stage.client(host).get("/queues/open")?.expect(303);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "the pages differ: {told:?}");
    Ok(())
}

pub(crate) fn a_wrong_method_is_told_so(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    for (method, path) in [
        ("POST", "/"),
        ("DELETE", "/open"),
        ("PUT", "/tickets/123456"),
        ("POST", "/queues/open"),
        ("PATCH", "/auth/sign-in"),
        ("DELETE", "/mail/raw"),
        ("POST", "/mail/captured"),
        ("PUT", "/sweep"),
    ] {
        let answer = client.send(client.request(method, path), "x=1")?;
        assert_eq!(answer.status, 405, "{method} {path}");
    }
    client.get("/sweep")?.expect(405);
    let head = client.send(client.request("HEAD", "/"), "")?.expect(200);
    assert!(head.body.is_empty());
    Ok(())
}

pub(crate) fn an_unknown_path_is_not_found(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    for path in [
        "/nonsense",
        "/open/",
        "/tickets/",
        "/tickets/1/2",
        "/auth",
        "/mail",
        "/sweep/x",
        "/queuesx",
        "/.env",
    ] {
        let answer = client.get(path)?;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("There is no such page"), "{path}");
    }
    Ok(())
}

/// Told by its length, or counted as it comes.
pub(crate) fn a_body_beyond_12_mb_is_refused(stage: &Stage) -> Outcome {
    let host = &stage.demo.acme.host;
    for path in [
        "/open",
        "/api/tickets.json",
        "/mail/raw?to=help@acme.example",
    ] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        let size = 13_000_000;
        let mut told = format!("{head}Content-Length: {size}\r\n\r\n").into_bytes();
        told.resize(told.len() + size, b'x');
        assert_eq!(raw::status(stage, told)?, Some(413), "{path}, told");
        let mut counted = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..13 {
            counted.extend_from_slice(b"f4240\r\n");
            counted.resize(counted.len() + 1_000_000, b'x');
            counted.extend_from_slice(b"\r\n");
        }
        counted.extend_from_slice(b"0\r\n\r\n");
        assert_eq!(raw::status(stage, counted)?, Some(413), "{path}, counted");
    }
    let client = stage.client(host);
    let request = client.request("POST", "/api/tickets.json");
    client.send(request, vec![b'x'; LARGEST_BODY])?.expect(401);
    client.get("/")?.expect(200);
    Ok(())
}

pub(crate) fn an_answer_carries_its_length(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    for path in ["/", "/open", "/nonsense", "/mail/captured", "/auth/sign-in"] {
        let answer = client.get(path)?;
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string(),
            "{path}"
        );
    }
    Ok(())
}

pub(crate) fn the_sweep_wants_its_secret(stage: &Stage) -> Outcome {
    let client = stage.client("any.example");
    for secret in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        stage.demo.sweep_secret.as_str(),
    ] {
        let request = client
            .request("POST", "/sweep")
            .header("authorization", secret);
        client.send(request, "")?.expect(401);
    }
    client
        .send(client.request("POST", "/sweep"), "")?
        .expect(401);
    crate::outbox::sweep(stage)?;
    let again = crate::outbox::sweep_once(&client, &stage.demo.sweep_secret)?;
    assert_eq!(
        (&again["overdue"], &again["delivered"]),
        (&0.into(), &0.into()),
        "done twice"
    );
    Ok(())
}
