//! Forms with files in them (RFC 7578), read from a body that is whole.
//!
//! It reads what browsers and careful programs write and refuses the rest; nothing is guessed,
//! so that a body cannot mean one thing here and another to whoever looked at it before.

/// Longest boundary (RFC 2046, 5.1.1).
const LONGEST_BOUNDARY: usize = 70;
/// Most bytes that the headers of one part can have.
const LONGEST_HEAD: usize = 8_192;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    /// The field it was put into.
    pub(crate) name: String,
    /// What the file is called, where it is one; empty where none was chosen.
    pub(crate) file: Option<String>,
    pub(crate) bytes: &'b [u8],
}

/// The boundary that a `Content-Type` names, if it is that of a form with files.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut pairs = parameters.split(';').filter_map(|it| it.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let boundary = value.trim().trim_matches('"');
    let is_good = |c: char| c.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(c);
    let fits = (1..=LONGEST_BOUNDARY).contains(&boundary.len());
    (fits && boundary.chars().all(is_good)).then_some(boundary)
}

/// Reads a body, at most so many parts of it. One that is cut off, or not what it says, or has
/// more, is none.
pub(crate) fn parts<'b>(boundary: &str, body: &'b [u8], most: usize) -> Option<Vec<Part<'b>>> {
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let mut rest = body.strip_prefix(delimiter.get(2..)?)?;
    let mut parts = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(b"--") {
            return (after.is_empty() || after == b"\r\n").then_some(parts);
        }
        if parts.len() == most {
            return None;
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let head_end = find(part.get(..LONGEST_HEAD).unwrap_or(part), b"\r\n\r\n")?;
        let content = part.get(head_end + 4..)?;
        let end = find(content, &delimiter)?;
        let (name, file) = disposition(part.get(..head_end)?)?;
        let bytes = content.get(..end)?;
        parts.push(Part { name, file, bytes });
        rest = content.get(end + delimiter.len()..)?;
    }
}

/// Where a text stands first that begins with a carriage return. A delimiter has no other, so no
/// two places where it could begin overlap, and this takes one pass whatever the bytes are.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte == b'\r')?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The field and the file that a part's headers name.
fn disposition(head: &[u8]) -> Option<(String, Option<String>)> {
    let head = String::from_utf8_lossy(head);
    let mut headers = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))?;
    let (kind, parameters) = value.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file) = (None, None);
    let mut rest = parameters;
    while let Some((key, value, after)) = parameter(rest) {
        match key.to_ascii_lowercase().as_str() {
            "name" => name = Some(value),
            "filename" => file = Some(value),
            _ => {}
        }
        rest = after;
    }
    Some((name?, file))
}

/// The next parameter, and what stands behind it. Browsers write a quotation mark as `%22`, some
/// programs as `\"`; any other backslash is one of a path.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = text.trim_start_matches([' ', ';']).split_once('=')?;
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(';').unwrap_or(rest.len());
        let (value, after) = rest.split_at(end);
        return Some((key.trim(), value.trim().to_owned(), after));
    };
    let mut from = 0;
    let end = loop {
        let at = from + quoted.get(from..)?.find('"')?;
        if !quoted.get(..at)?.ends_with('\\') {
            break at;
        }
        from = at + 1;
    };
    let value = quoted.get(..end)?.replace("\\\"", "\"");
    let value = value.replace("%22", "\"");
    let value = value.replace("%0D", "\r").replace("%0A", "\n");
    Some((key.trim(), value, quoted.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        b"--x\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nT\xc3\xbcr\
        \r\n--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a%22b;.txt\"\r\n\
        Content-Type: text/html\r\n\r\n\r\n--not it\r\n--x--\r\n";

    fn read(body: &[u8]) -> Option<Vec<Part<'_>>> {
        parts("x", body, 10)
    }

    #[test]
    fn fields_and_files_are_read() {
        let found = read(BODY).unwrap();
        let subject = Part {
            name: "subject".to_owned(),
            file: None,
            bytes: "Tür".as_bytes(),
        };
        let file = Part {
            name: "files".to_owned(),
            file: Some("a\"b;.txt".to_owned()),
            bytes: b"\r\n--not it",
        };
        assert_eq!(found, [subject, file]);
        assert_eq!(read(b"--x--"), Some(Vec::new()));
    }

    #[test]
    fn every_cut_of_a_body_is_none() {
        let whole = BODY.len() - 2;
        for end in 0..whole {
            assert_eq!(read(&BODY[..end]), None, "{end}");
        }
        assert!(read(&BODY[..whole]).is_some());
    }

    #[test]
    fn what_is_no_form_is_none() {
        for body in [
            &b""[..],
            b"x",
            b"--y\r\n\r\n--y--",
            b"--x\r\n\r\nno headers\r\n--x--",
            b"--x\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\na\r\n--x--",
            b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
            b"--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\na\r\n--x--",
            b"--x--and more",
        ] {
            assert_eq!(read(body), None, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(parts("x", BODY, 1), None, "more than were asked for");
        let long = [b"--x\r\n".to_vec(), vec![b'a'; 10_000], BODY[3..].to_vec()].concat();
        assert_eq!(read(&long), None);
    }

    #[test]
    fn a_name_is_read_as_browsers_and_programs_write_it() {
        let check = |text: &str, expected: &str| {
            let line = format!("Content-Disposition: form-data; name=files; filename={text}");
            let (name, file) = disposition(line.as_bytes()).unwrap();
            assert_eq!(
                (name.as_str(), file.as_deref()),
                ("files", Some(expected)),
                "{text}"
            );
        };
        check("\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt");
        check("\"a\\\"b.txt\"; filename*=UTF-8''x", "a\"b.txt");
        check("plain.txt", "plain.txt");
        check("\"\"", "");
    }

    #[test]
    fn a_boundary_is_one_that_can_be_looked_for() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(boundary(text), expected);
        check("multipart/form-data; boundary=abc", Some("abc"));
        check(
            "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"",
            Some("a b"),
        );
        check("multipart/form-data", None);
        check("multipart/form-data; boundary=", None);
        check("multipart/form-data; boundary=a\u{fc}", None);
        check(
            &format!("multipart/form-data; boundary={}", "a".repeat(71)),
            None,
        );
        check("multipart/mixed; boundary=abc", None);
        check("application/x-www-form-urlencoded", None);
    }
}
