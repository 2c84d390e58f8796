//! Static files.

use crate::Outcome;
use crate::stage::Stage;

pub(crate) fn static_files_are_hashed_and_kept_for_ever(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    let page = client.get("/")?.expect(200).text();
    let mut paths: Vec<&str> = page
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    assert!(
        paths.len() >= 3,
        "a style sheet, a script, a picture: {paths:?}"
    );
    for path in paths {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
        let is_hash = hash.len() == 10 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_hash, "{path} is not named by its content");
        let file = client.get(path)?.expect(200);
        assert_eq!(
            file.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!file.body.is_empty(), "{path}");
        let wanted = match path.rsplit_once('.').map_or("", |(_, end)| end) {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            other => return Err(format!("what is a .{other}?").into()),
        };
        assert_eq!(file.header("content-type"), wanted, "{path}");
    }
    Ok(())
}

pub(crate) fn an_unknown_static_file_is_not_found(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    for path in [
        "/assets/app.css",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/",
    ] {
        client.get(path)?.expect(404);
    }
    Ok(())
}
