//! As much HTML as a browser needs to find and fill in our forms.

/// A form of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it posts to.
    pub action: String,
    /// Its hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// Finds the form that posts to a path.
pub fn form(html: &str, action: &str) -> Option<Form> {
    let of_here = |form: &&str| attribute(form, "action").as_deref() == Some(action);
    let form = html.split("<form ").skip(1).find(of_here)?;
    let form = form.split("</form>").next()?;
    let inputs = form.split("<input ").skip(1).map(tag);
    let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
    let pair = |input| Some((attribute(input, "name")?, attribute(input, "value")?));
    Some(Form {
        action: action.to_owned(),
        hidden: hidden.filter_map(pair).collect(),
    })
}

/// The text of the first element of which `start` is the beginning.
pub fn element(html: &str, start: &str) -> Option<String> {
    let (_, rest) = html.split_once(start)?;
    let (_, rest) = rest.split_once('>')?;
    Some(unescaped(rest.split('<').next()?))
}

/// What a form would post if nothing were changed in it, but for its buttons.
pub fn filled(html: &str, action: &str) -> Option<Vec<(String, String)>> {
    let of_here = |form: &&str| attribute(form, "action").as_deref() == Some(action);
    let form = html.split("<form ").skip(1).find(of_here)?;
    let form = form.split("</form>").next()?;
    let tags = form.match_indices('<');
    Some(
        tags.filter_map(|(at, _)| control(&form[at + 1..]))
            .collect(),
    )
}

/// The name and the value of a control, where the text begins with one that counts.
fn control(rest: &str) -> Option<(String, String)> {
    let tag = tag(rest);
    let name = attribute(tag, "name")?;
    let is_box = attribute(tag, "type").as_deref() == Some("checkbox");
    let value = match tag.split(' ').next()? {
        "input" if is_box && !tag.ends_with(" checked") => return None,
        "input" => attribute(tag, "value").unwrap_or_default(),
        "textarea" => unescaped(rest.split_once('>')?.1.split('<').next()?),
        "select" => {
            let options = rest.split("</select>").next()?.split("<option ").skip(1);
            let mut options = options.map(self::tag);
            let first = options.clone().next()?;
            let chosen = options.find(|option| option.ends_with(" selected"));
            attribute(chosen.unwrap_or(first), "value")?
        }
        _ => return None,
    };
    Some((name, value))
}

/// The value that a field of a page holds.
pub fn value(html: &str, name: &str) -> Option<String> {
    let of_name = |tag: &&str| attribute(tag, "name").as_deref() == Some(name);
    let input = html.split("<input ").skip(1).map(tag).find(of_name);
    if let Some(input) = input {
        return attribute(input, "value");
    }
    let area = format!("name=\"{name}\"");
    let rest = html
        .split("<textarea ")
        .skip(1)
        .find(|area_tag| tag(area_tag).contains(&area))?;
    let (_, text) = rest.split_once('>')?;
    let text = text.split("</textarea>").next()?;
    // A browser drops the first line break of a text area.
    Some(unescaped(text.strip_prefix('\n').unwrap_or(text)))
}

/// Joins fields as a browser posts them.
pub fn encoded(fields: &[(String, String)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&")
}

/// What stands between the parts of a form with files.
pub const BOUNDARY: &str = "----realmdesk-7e1b";

/// Joins fields and files, each of a field, a name and bytes, as a browser posts them where files
/// can be chosen.
pub fn multipart(fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend(format!("{head}\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, bytes) in files {
        let name = name.replace('"', "%22").replace('\r', "%0D");
        let name = name.replace('\n', "%0A");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; \
             filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

fn escaped(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
            char::from(byte).to_string()
        }
        b' ' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

fn tag(rest: &str) -> &str {
    rest.split('>').next().unwrap_or_default()
}

fn attribute(of: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let (_, rest) = tag(of).split_once(&start)?;
    Some(unescaped(rest.split('"').next()?))
}

/// Takes back what templates escape.
pub fn unescaped(html: &str) -> String {
    let named = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named
        .iter()
        .fold(html.to_owned(), |text, (entity, character)| {
            text.replace(entity, character)
        })
}
