//! Text of what was written as HTML, by programs and in mails: entries hold plain text.
//!
//! The mail parser reads HTML too, with a name for each of two thousand characters; they weigh
//! as much as everything else about messages here.

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 20] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "hr",
];

/// The names of characters that people and programs write.
const NAMED: [(&str, &str); 30] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("ntilde", "ñ"),
    ("euro", "€"),
    ("pound", "£"),
    ("copy", "©"),
    ("reg", "®"),
    ("deg", "°"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
];

/// Reads the text: no tags, no scripts, one line per block.
pub fn text(html: &str) -> String {
    let mut written = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        push(&mut written, before);
        rest = after_tag(&mut written, tag);
    }
    push(&mut written, rest);
    written.trim().to_owned()
}

/// Adds text, its white space made one blank.
fn push(written: &mut String, text: &str) {
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        written.push_str(&unescaped(word));
        if word.len() < part.len() && !written.ends_with(char::is_whitespace) {
            written.push(' ');
        }
    }
}

/// Follows a tag, and returns what stands behind it; what is no tag is text.
fn after_tag<'h>(written: &mut String, tag: &'h str) -> &'h str {
    if let Some(comment) = tag.strip_prefix("!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
        written.push('<');
        return tag;
    }
    let (tag, rest) = tag.split_once('>').unwrap_or((tag, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric();
    let name = tag.trim_start_matches('/');
    let name = name.split(|c| !is_name(c)).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if name == "br" || BLOCKS.contains(&&*name) && !written.ends_with('\n') {
        written.truncate(written.trim_end_matches(' ').len());
        written.push('\n');
    }
    match name.as_str() {
        "script" | "style" | "template" | "title" if !tag.starts_with('/') => {
            after_end(rest, &name)
        }
        _ => rest,
    }
}

/// What stands behind the end of an element that holds no text.
fn after_end<'h>(inside: &'h str, name: &str) -> &'h str {
    let mut ends = inside.match_indices("</").filter(|(at, _)| {
        let found = inside.get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    });
    let end = ends.next().and_then(|(at, _)| inside.get(at..));
    end.and_then(|end| end.split_once('>'))
        .map_or("", |(_, rest)| rest)
}

fn unescaped(word: &str) -> String {
    let mut parts = word.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part.split_once(';');
        match named.and_then(|(name, rest)| Some((character(name)?, rest))) {
            Some((character, rest)) => text.extend([character.as_str(), rest]),
            None => text.extend(["&", part]),
        }
    }
    text
}

fn character(name: &str) -> Option<String> {
    let Some(code) = name.strip_prefix('#') else {
        let known = NAMED.iter().find(|(known, _)| *known == name);
        return known.map(|(_, text)| (*text).to_owned());
    };
    let code = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    char::from_u32(code.ok()?).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_the_text_it_shows() {
        let check = |html: &str, expected: &str| assert_eq!(text(html), expected, "{html}");
        check("MESSAGE <b>HERE</b>", "MESSAGE HERE");
        check("<p>One</p>\n <p>Two<br>Three</p>", "One\nTwo\nThree");
        check("<ul><li>a</li><li>b</li></ul>", "a\nb");
        check(
            "a &amp; b &lt;c&gt; &#252; &#xFC; &uuml; &unheard; & &#0;x;",
            "a & b <c> ü ü ü &unheard; & \0x;",
        );
        check("<SCRIPT>alert('<b>')</SCRIPT >x<style>p{}</style>y", "xy");
        check("<script>never closed", "");
        check("x<!-- <p>hidden</p> -->y", "xy");
        check("1 < 2 and <3", "1 < 2 and <3");
        check("<img src=x onerror='alert(1)'>", "");
        check("<p", "");
        check("", "");
    }
}
