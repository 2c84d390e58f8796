//! Cookies: all of them host-only, secure, invisible to scripts and same-site.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// Finds a cookie the visitor sent.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| (key.trim(), value.trim()))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// Makes the header that sets a cookie for some seconds. The `__Host-` prefix keeps other hosts
/// from setting it (RFC 6265bis, 4.1.3.2). Values are ours: tokens of URL-safe characters.
///
/// # Errors
/// `None` when the value has characters no header may have.
pub fn set(name: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(text).ok()
}

/// Makes the header that removes a cookie.
pub fn clear(name: &str) -> Option<HeaderValue> {
    set(name, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let headers = HeaderMap::from_iter([
            (
                COOKIE,
                HeaderValue::from_static("x__Host-a=1; __Host-a=2; __Host-ab=3"),
            ),
            (COOKIE, HeaderValue::from_static("b=4")),
        ]);
        assert_eq!(find(&headers, "__Host-a"), Some("2"));
        assert_eq!(find(&headers, "b"), Some("4"));
        assert_eq!(find(&headers, "__Host-"), None);
    }

    #[test]
    fn a_value_cannot_break_out_of_its_header() {
        assert!(set("__Host-a", "x\r\nSet-Cookie: b=1", 60).is_none());
    }
}
