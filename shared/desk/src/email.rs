//! E-mail addresses.

use std::fmt;

/// An address that mail can be sent to, lower case, as accounts are found by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// RFC 5321, 4.5.3.1.3: the longest path, less its angle brackets.
const LONGEST: usize = 254;

impl EmailAddress {
    /// Reads an address as people type it.
    ///
    /// `None` unless it has one `@` with something sensible on both sides: quoted local parts
    /// and address literals are legal mail, but nobody asks for help from them.
    pub fn parse(typed: &str) -> Option<Self> {
        let address = typed.trim().to_lowercase();
        let (local, domain) = address.split_once('@')?;
        let is_whole = !local.is_empty() && is_domain(domain) && address.len() <= LONGEST;
        let is_plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\\\"[]@".contains(c);
        (is_whole && address.replacen('@', "", 1).chars().all(is_plain)).then_some(Self(address))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was typed as an address, as accounts are looked up by it; nothing, where it is longer than
/// any: databases refuse to look for what is very long.
pub fn looked_up(typed: &str) -> String {
    let typed = typed.trim();
    if typed.len() <= LONGEST {
        typed.to_lowercase()
    } else {
        String::new()
    }
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_people_have_are_read_and_others_are_not() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(
                EmailAddress::parse(typed)
                    .as_ref()
                    .map(EmailAddress::as_str),
                expected
            );
        };
        check(
            "  Ana.Lima+help@Example.COM ",
            Some("ana.lima+help@example.com"),
        );
        check("jörg@bücher.example", Some("jörg@bücher.example"));
        check("ana", None);
        check("ana@", None);
        check("@example.com", None);
        check("ana@localhost", None);
        check("ana@example..com", None);
        check("ana@-example.com", None);
        check("ana@example.com, bo@example.com", None);
        check("ana@example.com\nBcc: all@example.com", None);
        check("<ana@example.com>", None);
        check("a@b@example.com", None);
        check(&format!("{}@example.com", "a".repeat(250)), None);
    }
}
