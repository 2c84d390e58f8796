//! Putting values where a template names them: `%{ticket.number}`.
//!
//! As in osTicket, a value may hold variables itself, so that a signature can name its
//! department. Only text of the tenant's own counts again, and only so deep: what somebody typed
//! is put in as it is, and a stranger's mail does not hold it at all (U-32).

/// How often variables may lead to variables.
const DEEPEST: usize = 4;
/// How many variables one mail part looks up, those inside of values counted. The rest stays as it
/// stands: values that lead to values could go on for ever.
const MOST_VARIABLES: usize = 1000;
/// No mail part grows beyond this many bytes, whatever its variables lead to.
const LONGEST: usize = 64 * 1024;

/// osTicket's formats of people's names.
const FORMATS: [&str; 8] = [
    "first",
    "last",
    "full",
    "legal",
    "lastfirst",
    "formal",
    "short",
    "shortformal",
];

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Text of the tenant's own, in which variables count again.
    Ours(String),
    /// Text that is put in as it is.
    Plain(String),
    /// Text that somebody typed; only for readers who are known to own their address.
    Typed(String),
}

/// Who reads the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Whoever has this address has proved it, or is an agent.
    Known,
    /// Anybody's address can have been typed.
    Stranger,
}

/// The variables of one mail, by their names without the braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(String, Fact)>);

impl Facts {
    /// Whether there is a variable of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.of(name).is_some()
    }

    /// The names of all variables, without the formats of people's names.
    pub fn names(&self) -> Vec<&str> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        let is_format = |name: &str| {
            let parts = name.rsplit_once('.');
            parts.is_some_and(|(whole, last)| FORMATS.contains(&last) && self.knows(whole))
        };
        names.filter(|name| !is_format(name)).collect()
    }

    /// A variable; of two with one name, the one that was added later.
    fn of(&self, name: &str) -> Option<&Fact> {
        let mut known = self.0.iter().rev();
        known.find(|(known, _)| known == name).map(|(_, fact)| fact)
    }

    /// What was filled into a ticket's fields, by the fields' names; of one field all values.
    pub fn filled(fields: Vec<(&str, String)>) -> Self {
        let mut facts = Self::default();
        for (name, text) in fields {
            let name = format!("ticket.{name}");
            match facts.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, Fact::Typed(whole))) => {
                    whole.push_str(", ");
                    whole.push_str(&text);
                }
                _ => facts = facts.typed(&name, text),
            }
        }
        facts
    }

    /// Adds a variable.
    #[must_use]
    pub fn with(mut self, name: &str, fact: Fact) -> Self {
        self.0.push((name.to_owned(), fact));
        self
    }

    /// Adds all variables of others.
    #[must_use]
    pub fn and(mut self, mut others: Self) -> Self {
        self.0.append(&mut others.0);
        self
    }

    /// Adds text of ours that holds no variables.
    #[must_use]
    pub fn plain(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Fact::Plain(text.into()))
    }

    /// Adds text that somebody typed.
    #[must_use]
    pub fn typed(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Fact::Typed(text.into()))
    }

    /// Adds a person's name that they typed, whole and in osTicket's formats.
    #[must_use]
    pub fn name(self, name: &str, whole: &str) -> Self {
        let words: Vec<&str> = whole.split_whitespace().collect();
        let first = words.first().copied().unwrap_or_default();
        let last = words.last().filter(|_| words.len() > 1).copied();
        let last = last.unwrap_or_default();
        let initial = |word: &str| word.chars().next().map(|letter| format!("{letter}."));
        let short = |word: &str| initial(word).unwrap_or_default();
        let texts = [
            first.to_owned(),
            last.to_owned(),
            words.join(" "),
            words.join(" "),
            joined(", ", last, first),
            joined(" ", &short(first), last),
            joined(" ", first, &short(last)),
            joined(" ", &short(first), last),
        ];
        let named = self.typed(name, whole);
        FORMATS
            .into_iter()
            .zip(texts)
            .fold(named, |facts, (format, text)| {
                facts.typed(&format!("{name}.{format}"), text)
            })
    }
}

fn joined(between: &str, one: &str, other: &str) -> String {
    let parts = [one, other].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}

/// Fills a template. What nobody knows stays as it stands, as in osTicket; but a field that the
/// ticket does not have is empty.
pub fn fill(template: &str, facts: &Facts, reader: Reader) -> String {
    let mut filling = Filling {
        facts,
        reader,
        filled: String::with_capacity(template.len()),
        variables: MOST_VARIABLES,
    };
    filling.put(template, DEEPEST);
    filling.filled
}

/// A template that is being filled.
struct Filling<'a> {
    facts: &'a Facts,
    reader: Reader,
    filled: String,
    /// How many more variables are looked up.
    variables: usize,
}

impl Filling<'_> {
    fn put(&mut self, template: &str, deep: usize) {
        let mut rest = template;
        while let Some((before, name, after)) = next_variable(rest) {
            let Some(left) = self.variables.checked_sub(1) else {
                break;
            };
            self.variables = left;
            self.append(before);
            let variable = &rest[before.len()..rest.len() - after.len()];
            match self.facts.of(name) {
                Some(Fact::Ours(text)) if deep > 0 => self.put(text, deep - 1),
                Some(Fact::Ours(text) | Fact::Plain(text)) => self.append(text),
                Some(Fact::Typed(text)) if self.reader == Reader::Known => self.append(text),
                Some(Fact::Typed(_)) => {}
                None if self.is_empty_field(name) => {}
                None => self.append(variable),
            }
            rest = after;
        }
        self.append(rest);
    }

    /// Whether this can be the name of a field, in a mail that knows its ticket.
    fn is_empty_field(&self, name: &str) -> bool {
        name.starts_with("ticket.") && self.facts.knows("ticket.number")
    }

    /// Appends as many whole characters as there is room for.
    fn append(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.filled.len());
        self.filled
            .push_str(&text[..text.floor_char_boundary(room)]);
    }
}

/// The names of the variables that a template has, each time one stands there.
pub(super) fn variables(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, name, after) = next_variable(rest)?;
        rest = after;
        Some(name)
    })
}

/// The text before the next variable, its name, and the text after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('%')?;
        if let Some((name, after)) = variable(&text[start + 1..]) {
            return Some((&text[..start], name, after));
        }
        from = start + 1;
    }
}

/// A variable behind its `%`: braces may be URL-encoded, as editors make them inside links.
fn variable(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{').or_else(|| encoded(text, "%7b"))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let end = inner.find(|c| !is_name(c)).filter(|end| *end > 0)?;
    let (name, after) = inner.split_at(end);
    let after = after.strip_prefix('}').or_else(|| encoded(after, "%7d"))?;
    Some((name, after))
}

fn encoded<'t>(text: &'t str, brace: &str) -> Option<&'t str> {
    let head = text.get(..brace.len())?;
    head.eq_ignore_ascii_case(brace)
        .then(|| &text[brace.len()..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> Facts {
        Facts::default()
            .plain("ticket.number", "123456")
            .typed("ticket.subject", "Printer %{ticket.number} on fire")
            .name("ticket.name", "Ana Maria Lima")
            .with(
                "signature",
                Fact::Ours("%{dept.name}, %{signature}".to_owned()),
            )
            .plain("dept.name", "Support")
    }

    fn known(template: &str) -> String {
        fill(template, &facts(), Reader::Known)
    }

    #[test]
    fn values_stand_where_they_are_named() {
        assert_eq!(
            known("[#%{ticket.number}] %{dept.name}!"),
            "[#123456] Support!"
        );
        assert_eq!(known("/t/%%7Bticket.number%7D"), "/t/123456");
        assert_eq!(known("/t/%%7bticket.number%7d?"), "/t/123456?");
    }

    #[test]
    fn what_nobody_knows_stays_as_it_stands() {
        for template in [
            "%{}",
            "100 % {ticket.number}",
            "%{auth_token}",
            "%{a b}",
            "%",
            "%{x",
        ] {
            assert_eq!(known(template), template);
        }
    }

    #[test]
    fn what_somebody_typed_is_never_a_template() {
        assert_eq!(
            known("%{ticket.subject}"),
            "Printer %{ticket.number} on fire"
        );
    }

    #[test]
    fn a_stranger_is_not_sent_what_somebody_typed() {
        let template = "Hello %{ticket.name.first}: %{ticket.number}";
        assert_eq!(fill(template, &facts(), Reader::Stranger), "Hello : 123456");
    }

    #[test]
    fn a_field_is_known_by_its_name_with_all_its_values() {
        let filled = [
            ("asset", "%{ticket.number}"),
            ("asset", "<b>"),
            ("number", "7"),
        ];
        let filled = filled.map(|(name, text)| (name, text.to_owned()));
        let facts = Facts::filled(filled.to_vec()).and(facts());
        let template = "%{ticket.asset}; %{ticket.nothing}%{ticket.number}";
        assert_eq!(
            fill(template, &facts, Reader::Known),
            "%{ticket.number}, <b>; 123456"
        );
        assert_eq!(fill(template, &facts, Reader::Stranger), "; 123456");
        assert_eq!(
            fill("%{ticket.asset}", &Facts::default(), Reader::Known),
            "%{ticket.asset}"
        );
    }

    #[test]
    fn a_circle_ends() {
        let filled = known("%{signature}");
        assert!(
            filled.starts_with("Support, Support, ") && filled.len() < 200,
            "{filled}"
        );
    }

    #[test]
    fn names_have_osticket_s_formats() {
        for (format, text) in [
            ("first", "Ana"),
            ("last", "Lima"),
            ("full", "Ana Maria Lima"),
            ("lastfirst", "Lima, Ana"),
            ("formal", "A. Lima"),
            ("short", "Ana L."),
        ] {
            assert_eq!(known(&format!("%{{ticket.name.{format}}}")), text);
        }
        let one = Facts::default().name("n", "Cher");
        assert_eq!(
            fill("%{n.lastfirst}|%{n.short}", &one, Reader::Known),
            "Cher|Cher"
        );
    }

    #[test]
    fn a_mail_never_grows_without_end() {
        let ours = |text: &str| Fact::Ours(text.repeat(5_000));
        let facts = Facts::default().with("a", ours("%{a}ä"));
        assert!(fill("%{a}%{a}", &facts, Reader::Known).len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn any_template_is_filled(template in ".{0,200}", value in "\\PC{0,40}") {
            let facts = Facts::default().typed("a", value.clone());
            let filled = fill(&format!("{template}%{{a}}"), &facts, Reader::Known);
            prop_assert!(filled.ends_with(&value));
        }
    }
}
