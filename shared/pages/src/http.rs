//! How pages travel: their headers, and telling a browser from a program.

use askama::Template;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::ErrorPage;

/// What a page may load and do: our own style sheet, scripts and pictures, and forms to ourselves,
/// which a script may send too. Nothing inline.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a captured mail may do: mails bring their styles inline, so it gets those and loses the rest.
pub const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox \
    allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page as the answer, with status 200; put another before it as `(status, Html(page))`.
///
/// It is written whole, so that the runtimes send it with its length.
/// No cache may keep it: any page can hold a person's name or a form token.
#[derive(Debug, Clone, Copy)]
pub struct Html<T>(pub T);

impl<T: Template> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => respond(html, PAGE_POLICY),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl IntoResponse for ErrorPage<'_> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status());
        (
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Html(self),
        )
            .into_response()
    }
}

/// What a file of a stranger's may do when a browser shows it all the same: nothing.
pub const FILE_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// A file that somebody sent, as the answer: to be saved and never shown as a page of ours.
#[derive(Debug, Clone)]
pub struct Download<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    pub bytes: Vec<u8>,
}

impl IntoResponse for Download<'_> {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, self.content_type.to_owned()),
            (CONTENT_DISPOSITION, disposition(self.name)),
            (CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
            (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (REFERRER_POLICY, "no-referrer".to_owned()),
            (CACHE_CONTROL, "no-store".to_owned()),
        ];
        (headers, self.bytes).into_response()
    }
}

/// The name twice (RFC 6266): plainly for old clients, and in UTF-8 with everything escaped that
/// could end the value.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " ._-()".contains(c);
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => char::from(byte).into(),
        _ => format!("%{byte:02X}"),
    };
    let escaped: String = name.bytes().map(escape).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{escaped}")
}

/// The HTML part of a captured mail as an answer.
#[derive(Debug, Clone)]
pub struct MailPreview(pub String);

impl IntoResponse for MailPreview {
    fn into_response(self) -> Response {
        respond(self.0, MAIL_POLICY)
    }
}

fn respond(html: String, policy: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (VARY, "accept"),
    ];
    (headers, html).into_response()
}

/// Whether the caller would rather have JSON than a page.
///
/// Only a caller that names JSON gets it, and HTML wins a tie; so browsers and plain `curl` get pages.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let ranges = || {
        let values = headers.get_all(ACCEPT).into_iter();
        values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
    };
    let best = |mime: &str| {
        ranges()
            .filter_map(|range| weight(range, mime))
            .max()
            .unwrap_or(0)
    };
    best("application/json") > best("text/html")
}

/// Returns the weight of a media range in thousandths, if it is for this very type.
fn weight(range: &str, mime: &str) -> Option<u16> {
    let mut parts = range.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case(mime) {
        return None;
    }
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some(quality.map_or(1000, thousandths))
}

/// Reads `0.75` as 750. Anything that is not such a number counts as nothing.
fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = fraction.bytes().chain(*b"000").take(3);
    let read = whole
        .bytes()
        .chain(digits)
        .try_fold(0_u16, |sum, byte| match byte {
            b'0'..=b'9' => sum.checked_mul(10)?.checked_add(u16::from(byte - b'0')),
            _ => None,
        });
    read.filter(|&value| value <= 1000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorKind, Recovery};
    use crate::layout::Shell;

    #[test]
    fn json_is_only_for_those_who_prefer_it() {
        let cases = [
            ("application/json", true),
            ("application/json, text/html;q=0.9", true),
            ("text/html;q=0.8, application/json;q=0.85", true),
            ("APPLICATION/JSON; q=1.0", true),
            ("application/json;q=0", false),
            ("application/json, text/html", false),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                false,
            ),
            ("*/*", false),
            ("application/json;q=rubbish", false),
            ("", false),
        ];
        for (accept, expected) in cases {
            let headers = HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
            assert_eq!(wants_json(&headers), expected, "Accept: {accept}");
        }
        assert!(!wants_json(&HeaderMap::new()), "no Accept at all");
    }

    #[test]
    fn a_files_name_cannot_break_out_of_its_header() {
        let name = disposition("Prüf\"; x=\"\r\n.txt");
        assert_eq!(
            name,
            "attachment; filename=\"Pr_f__ x____.txt\"; \
             filename*=UTF-8''Pr%C3%BCf%22%3B%20x%3D%22%0D%0A.txt"
        );
    }

    #[test]
    fn an_error_page_carries_its_status_and_the_headers_of_every_page() {
        for kind in ErrorKind::ALL {
            let page = ErrorPage {
                shell: Shell::house(),
                kind,
                recovery: Recovery::Nowhere,
            };
            let answer = page.into_response();
            assert_eq!(answer.status().as_u16(), kind.status());
            assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], PAGE_POLICY);
            assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
            assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }
}
