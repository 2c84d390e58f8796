//! The JSON form of a ticket.

use desk::file::Sent;
use serde_json::{Map, Value};
use web::osticket::{Fields, Why, encoding};

use crate::data_url::DataUrl;

/// Reads a body.
pub(crate) fn read(body: &[u8]) -> Result<Fields, Why> {
    let mut plain = object(body)?;
    let files = plain.remove("attachments").map(attachments);
    let message = plain.remove("message").unwrap_or_default();
    Ok(Fields {
        message: match message {
            Value::String(text) => message_text(text)?,
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
        },
        files: files.unwrap_or_default(),
        plain,
    })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Why> {
    let refused = |reason: &str| Why::Unreadable(reason.to_owned());
    let text = std::str::from_utf8(body).map_err(|_| refused(encoding::MALFORMED))?;
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) if !fields.is_empty() => Ok(fields),
        // osTicket's own words for JSON that holds no fields.
        Ok(_) => Err(refused("No errors")),
        Err(error) => Err(refused(reason(&error.to_string()))),
    }
}

/// PHP's words for why JSON cannot be read.
fn reason(error: &str) -> &'static str {
    if error.starts_with("recursion limit") {
        "Maximum stack depth exceeded"
    } else if error.starts_with("control character") {
        "Unexpected control character found"
    } else {
        "Syntax error, malformed JSON"
    }
}

/// A message may be a data URL; HTML in it becomes text.
fn message_text(written: String) -> Result<String, Why> {
    let Some(url) = DataUrl::read(&written) else {
        return Ok(written);
    };
    let malformed = || Why::Unreadable(encoding::MALFORMED.to_owned());
    let bytes = url.bytes.map_err(|_| malformed())?;
    let text = encoding::decoded(&bytes, &url.charset).ok_or_else(malformed)?;
    Ok(encoding::plain(text, &url.content_type))
}

/// A list of objects, each a name with a data URL or bare text.
fn attachments(listed: Value) -> Vec<Sent> {
    let objects = match listed {
        Value::Array(items) => items,
        object @ Value::Object(_) => vec![object],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let pairs = objects.into_iter().flat_map(|item| match item {
        Value::Object(pairs) => pairs,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    });
    pairs.filter_map(attachment).collect()
}

fn attachment((name, content): (String, Value)) -> Option<Sent> {
    let Value::String(content) = content else {
        return None;
    };
    let bytes = match DataUrl::read(&content) {
        Some(url) => url.bytes.map(Into::into),
        None => Ok(content.into_bytes().into()),
    };
    Some(Sent { name, bytes })
}
