//! Data URLs (RFC 2397).

use desk::file::Unfit;
use web::osticket::percent_decoded;

use web::osticket::encoding;

/// What a data URL holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DataUrl {
    /// Lower case.
    pub(crate) content_type: String,
    /// The charset it names, or UTF-8 (osTicket falls back to ISO-8859-1, Q-12).
    pub(crate) charset: String,
    pub(crate) bytes: Result<Vec<u8>, Unfit>,
}

impl DataUrl {
    /// Reads one. `None` for anything else: many a text begins with the word `data:`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let scheme = text.get(..5)?;
        let (head, data) = text.get(5..)?.split_once(',')?;
        let (kind, parameters) = head.split_once(';').unwrap_or((head, ""));
        let is_url = scheme.eq_ignore_ascii_case("data:") && is_type(kind);
        if !is_url || !parameters.split(';').all(is_parameter) {
            return None;
        }
        let has = |name: &str| {
            parameters
                .split(';')
                .any(|it| it.eq_ignore_ascii_case(name))
        };
        let bytes = percent_decoded(data.as_bytes());
        Some(Self {
            content_type: if kind.is_empty() { "text/plain" } else { kind }.to_ascii_lowercase(),
            charset: charset(parameters).unwrap_or_else(|| "utf-8".to_owned()),
            bytes: if has("base64") {
                encoding::from_base64(&bytes)
            } else {
                Ok(bytes)
            },
        })
    }
}

fn charset(parameters: &str) -> Option<String> {
    let pairs = parameters.split(';').filter_map(|it| it.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    named
        .next()
        .map(|(_, value)| value.trim_matches('"').to_ascii_lowercase())
}

/// Left out, or `type/subtype`.
fn is_type(text: &str) -> bool {
    let parts = text.split_once('/');
    text.is_empty() || parts.is_some_and(|(main, sub)| is_token(main) && is_token(sub))
}

fn is_parameter(text: &str) -> bool {
    match text.split_once('=') {
        Some((name, value)) => is_token(name) && is_token(value.trim_matches('"')),
        None => text.is_empty() || text.eq_ignore_ascii_case("base64"),
    }
}

fn is_token(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+%'*`~{}|".contains(c);
    !text.is_empty() && text.chars().all(is_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, Result<Vec<u8>, Unfit>)> {
        DataUrl::read(text).map(|url| (url.content_type, url.charset, url.bytes))
    }

    #[test]
    fn data_urls_are_read_in_all_their_forms() {
        let check = |text: &str, kind: &str, charset: &str, bytes: &[u8]| {
            let expected = (kind.to_owned(), charset.to_owned(), Ok(bytes.to_vec()));
            assert_eq!(read(text), Some(expected), "{text}");
        };
        let (plain, utf8) = ("text/plain", "utf-8");
        check("data:,hello%20there", plain, utf8, b"hello there");
        check(
            "data:text/html,<b>100%</b>",
            "text/html",
            utf8,
            b"<b>100%</b>",
        );
        check("DATA:Text/Plain;Charset=\"UTF-8\",x", plain, utf8, b"x");
        check("data:;charset=iso-8859-1,%fc", plain, "iso-8859-1", b"\xfc");
        check(
            "data:text/plain;charset=utf-8;base64,w7w=",
            plain,
            utf8,
            "ü".as_bytes(),
        );
        check(
            "data:image/png;base64,iVBOR\r\nw0K",
            "image/png",
            utf8,
            b"\x89PNG\r\n",
        );
        check("data:;base64,aGk", plain, utf8, b"hi");
        check("data:;base64,aGk%3D", plain, utf8, b"hi");
        check("data:,a,b", plain, utf8, b"a,b");
        check("data:,", plain, utf8, b"");
    }

    #[test]
    fn what_is_no_data_url_is_left_alone() {
        for text in [
            "",
            "data:",
            "data: we lost all of it, please help",
            "data:lost;help me,please",
            "dat\u{e4}:,x",
            "Hello, data:,x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn bad_base64_is_told() {
        let (_, _, bytes) = read("data:;base64,!!").unwrap();
        assert_eq!(bytes, Err(Unfit::BadBase64));
    }
}
