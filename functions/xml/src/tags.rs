//! How many attributes the tags of a document have, told before it is parsed: parsing compares
//! each attribute of a tag with all others, which a hundred thousand of them would make last.

/// Whether a tag has more attributes than `most`.
pub(crate) fn has_more_attributes(text: &str, most: usize) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let skipped = [("![CDATA[", "]]>"), ("!--", "-->"), ("?", "?>")]
            .iter()
            .find_map(|(begin, end)| after.strip_prefix(begin).map(|inside| (inside, end)));
        let (quotes, next) = match skipped {
            Some((inside, end)) => (0, inside.split_once(*end).map_or("", |(_, next)| next)),
            None => quotes(after),
        };
        if quotes > most {
            return true;
        }
        rest = next;
    }
    false
}

/// The quoted values up to the end of a tag, and what follows it.
fn quotes(tag: &str) -> (usize, &str) {
    let mut count = 0;
    let mut rest = tag;
    loop {
        let Some(at) = rest.find(['"', '\'', '>']) else {
            return (count, "");
        };
        let quote = rest.get(at..=at).unwrap_or_default();
        let after = rest.get(at + 1..).unwrap_or_default();
        if quote == ">" {
            return (count, after);
        }
        count += 1;
        rest = after.split_once(quote).map_or("", |(_, next)| next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_tag_by_tag() {
        let check = |text: &str, has_more: bool| {
            assert_eq!(has_more_attributes(text, 2), has_more, "{text}");
        };
        check("<a b='1' c='2'/>", false);
        check("<a b='1' c='2' d='3'/>", true);
        check("<a b='>' c='>' d='>'/>", true);
        check("<a b='1' c=\"'''''\"><b/></a>", false);
        check("<a/>'''' \"quoted\" text ''''<b/>", false);
        check("<a><![CDATA[<b '1' '2' '3'>]]></a>", false);
        check("<!-- <b '1' '2' '3'> --><a/>", false);
        check("<?xml a='1' b='2' c='3'?><a/>", false);
        check("<a><b x='1' y='2' z='3'", true);
        check("<a 'never closed", false);
    }
}
