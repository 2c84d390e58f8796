//! The XML form of a ticket.
//!
//! Documents with a type declaration are refused: no entity is ever defined, so none can grow.

use desk::file::Sent;
use roxmltree::{Document, Error, Node, ParsingOptions, TextPos};
use serde_json::{Map, Value};
use web::osticket::{Fields, Why, encoding};

use crate::tags::has_more_attributes;

/// The most elements and texts of a document.
const MOST_NODES: u32 = 2_000;
/// The most attributes of an element.
const MOST_ATTRIBUTES: usize = 32;

/// Reads a body.
pub(crate) fn ticket(body: &[u8]) -> Result<Fields, Why> {
    let text = text_of(body)?;
    if has_more_attributes(&text, MOST_ATTRIBUTES) {
        return Err(Why::Unreadable(told("Too many attributes", 1, 1)));
    }
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(&text, options).map_err(|error| refused(&error, &text))?;
    let root = document.root_element();
    let ticket = children(root).find(|child| child.tag_name().name() == "ticket");
    fields(ticket.unwrap_or(root))
}

/// A body in the encoding that its declaration names.
fn text_of(body: &[u8]) -> Result<String, Why> {
    let unfit = |reason: &str| Why::Unreadable(told(reason, 1, 1));
    let declared = declared_encoding(body);
    let text = match &declared {
        Some(name) => encoding::decoded(body, name).ok_or_else(|| unfit("Unsupported encoding")),
        None => encoding::decoded(body, "utf-8").ok_or_else(|| unfit("Invalid character")),
    };
    text.map(|text| text.trim_start().to_owned())
}

/// What `<?xml … encoding="…"?>` or the first two bytes say.
fn declared_encoding(body: &[u8]) -> Option<String> {
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return Some("utf-16".to_owned());
    }
    let head = String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned();
    let declaration = head.trim_start_matches('\u{FEFF}').trim_start();
    let (declaration, _) = declaration.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, named) = declaration.split_once("encoding")?;
    let named = named.trim_start().strip_prefix('=')?.trim_start();
    let quote = named.chars().next().filter(|c| "\"'".contains(*c))?;
    named.get(1..)?.split(quote).next().map(str::to_owned)
}

fn children<'a, 'b>(node: Node<'a, 'b>) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(Node::is_element)
}

fn fields(ticket: Node<'_, '_>) -> Result<Fields, Why> {
    let mut plain = Map::new();
    for attribute in ticket.attributes() {
        add(&mut plain, attribute.name(), attribute.value().trim());
    }
    let mut fields = Fields {
        plain,
        message: String::new(),
        files: Vec::new(),
    };
    for field in children(ticket) {
        match field.tag_name().name() {
            "message" => fields.message = message(field)?,
            "attachments" => fields.files.extend(children(field).map(file)),
            "phone" => add(&mut fields.plain, "phone", &phone(field)),
            name => add(&mut fields.plain, name, text(field).trim()),
        }
    }
    if let Some(Value::String(message)) = fields.plain.remove("message") {
        fields.message = message;
    }
    let is_empty = fields.plain.is_empty() && fields.message.is_empty();
    if is_empty && fields.files.is_empty() {
        return Err(Why::Unreadable(told("No error", 1, 1)));
    }
    Ok(fields)
}

/// Adds a field; a repeated one becomes a list.
fn add(plain: &mut Map<String, Value>, name: &str, text: &str) {
    let value = Value::String(text.to_owned());
    match plain.get_mut(name) {
        None => {
            plain.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(single) => *single = Value::Array(vec![single.take(), value]),
    }
}

fn text(node: Node<'_, '_>) -> String {
    let texts = node.children().filter(Node::is_text);
    texts.filter_map(|node| node.text()).collect()
}

fn phone(node: Node<'_, '_>) -> String {
    let number = text(node).trim().to_owned();
    match node.attribute("ext") {
        Some(extension) => format!("{number}X{extension}"),
        None => number,
    }
}

/// A message; what it names as its encoding is undone already, unless it is base64.
fn message(node: Node<'_, '_>) -> Result<String, Why> {
    let written = text(node);
    let malformed = || Why::Unreadable(encoding::MALFORMED.to_owned());
    let text = if is_base64(node) {
        let bytes = encoding::from_base64(written.as_bytes()).map_err(|_| malformed())?;
        encoding::decoded(&bytes, "utf-8").ok_or_else(malformed)?
    } else {
        written
    };
    let kind = node.attribute("type").unwrap_or_default();
    Ok(encoding::plain(text, kind).trim().to_owned())
}

fn is_base64(node: Node<'_, '_>) -> bool {
    let encoding = node.attribute("encoding");
    encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"))
}

fn file(node: Node<'_, '_>) -> Sent {
    let written = text(node);
    let bytes = if is_base64(node) {
        encoding::from_base64(written.as_bytes())
    } else {
        Ok(written.trim().as_bytes().to_vec())
    };
    Sent {
        name: node.attribute("name").unwrap_or_default().to_owned(),
        bytes: bytes.map(Into::into),
    }
}

fn refused(error: &Error, text: &str) -> Why {
    let at = match error {
        // The parser does not say how far it came: to the end.
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => end(text),
        _ => error.pos(),
    };
    Why::Unreadable(told(reason(error), at.row, at.col))
}

fn end(text: &str) -> TextPos {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let lines = before.lines().count() + 1;
    let place = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    TextPos::new(place(lines), place(last.chars().count() + 1))
}

fn told(reason: &str, line: u32, column: u32) -> String {
    format!("XML error: {reason} at line {line}:{column}")
}

/// PHP's words for it, where it has some.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::DtdDetected => "Document type declarations are not taken",
        Error::NodesLimitReached
        | Error::AttributesLimitReached
        | Error::NamespacesLimitReached => "Too many elements",
        Error::UnexpectedCloseTag(..) => "Mismatched tag",
        Error::DuplicatedAttribute(..) => "Attribute redefined",
        Error::UnknownEntityReference(..) => "Undeclared entity error",
        Error::NonXmlChar(..) => "Invalid character",
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => "Invalid document end",
        _ => "Not well-formed (invalid token)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(body: &[u8]) -> String {
        match ticket(body).err() {
            Some(Why::Unreadable(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn attributes_and_elements_are_fields_alike() {
        let fields = ticket(
            b"<?xml version='1.0' encoding='UTF-8'?>\n\
              <call><ticket alert='false' source=' API '>\n\
              <name>Angry\n User</name><topicId>1</topicId><tag>a</tag><tag>b</tag>\n\
              <phone ext='12'>318-555-8634</phone>\n\
              <message encoding='utf-8' type='text/html'><![CDATA[<p>a &amp; b</p>]]></message>\n\
              <attachments><file name='a.txt' type='text/plain'> x </file>\n\
              <file name='b' encoding='base64'>\n eHg=\n</file></attachments>\n\
              </ticket></call>",
        )
        .unwrap();
        let value = |name: &str| fields.plain[name].to_string();
        assert_eq!(value("alert"), "\"false\"");
        assert_eq!(value("source"), "\"API\"");
        assert_eq!(value("topicId"), "\"1\"");
        assert_eq!(value("tag"), "[\"a\",\"b\"]");
        assert_eq!(value("phone"), "\"318-555-8634X12\"");
        assert_eq!(fields.message, "a & b");
        let bytes = |index: usize| fields.files[index].bytes.clone().unwrap();
        assert_eq!((&*bytes(0), &*bytes(1)), (&b"x"[..], &b"xx"[..]));
    }

    #[test]
    fn the_declared_encoding_counts() {
        let latin =
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><t><name>Gr\xfc\xdfe</name></t>";
        assert_eq!(ticket(latin).unwrap().plain["name"], "Grüße");
        let wide: Vec<u8> = "\u{FEFF}<t><name>ü</name></t>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(ticket(&wide).unwrap().plain["name"], "ü");
        let unknown = b"<?xml version='1.0' encoding='x-nothing'?><t><name>\xfc</name></t>";
        assert_eq!(why(unknown), "XML error: Unsupported encoding at line 1:1");
        assert_eq!(
            why(b"<t>\xfc</t>"),
            "XML error: Invalid character at line 1:1"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |body: &str, told: &str| {
            assert_eq!(why(body.as_bytes()), format!("XML error: {told}"), "{body}");
        };
        check("", "Not well-formed (invalid token) at line 1:1");
        check("<a/>", "No error at line 1:1");
        check("<a>\n <b></c></a>", "Mismatched tag at line 2:5");
        check("<a><b>", "Invalid document end at line 1:7");
        check("<a>\n<b>ü</b>\n", "Invalid document end at line 3:1");
        check("<a>&nbsp;</a>", "Undeclared entity error at line 1:4");
        check("<a b='1' b='2'/>", "Attribute redefined at line 1:10");
        check(
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "Document type declarations are not taken at line 1:1",
        );
        let many = format!("<a>{}</a>", "<b/>".repeat(20_000));
        check(&many, "Too many elements at line 1:1");
        let deep = "<a>".repeat(1_900);
        check(&deep, "Invalid document end at line 1:5701");
    }
}
