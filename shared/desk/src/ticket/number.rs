//! Ticket numbers: osTicket's formats, filled at random or from a sequence, unique per tenant.
//!
//! The number is chosen inside the write batch. Of random numbers SQL takes the first candidate
//! that is still free; a sequence is moved on to its next free number by the same batch. So
//! concurrent creates never share one, and no round trip is spent on asking.

use serde_json::json;
use tenancy::port::Random;

use crate::alert::NAME;

/// Stands for the number in texts that are written before it is known. A private-use character
/// (U+E000), which is cut from everything people type.
pub const PLACEHOLDER: &str = "\u{E000}";

/// Longest format, in characters.
pub const LONGEST_FORMAT: usize = 32;
/// Most digits that a format can ask for.
const MOST_DIGITS: usize = 15;
/// Fewest digits of a random number, so that numbers cannot be walked through.
const FEWEST_RANDOM: usize = 6;

/// How much longer than the format each candidate is: longer ones are only reached when a tenant
/// has used up nearly all shorter ones.
const LONGER: [usize; 8] = [0, 0, 0, 0, 0, 1, 2, 6];

/// What a number looks like: `#` is a digit, `\#` a `#`, anything else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    groups: Vec<Group>,
    tail: String,
}

/// Some digits, and the text before them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    before: String,
    digits: usize,
}

impl Default for Format {
    /// osTicket's: six digits and nothing else.
    fn default() -> Self {
        let before = String::new();
        Self {
            groups: vec![Group { before, digits: 6 }],
            tail: String::new(),
        }
    }
}

impl Format {
    /// Reads a format. `None` for one that holds no digit, or too many, or a character that a
    /// number cannot have in an address or in a mail's subject.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut groups, mut tail) = (Vec::<Group>::new(), String::new());
        let mut rest = text.chars().peekable();
        while let Some(next) = rest.next() {
            match (next, rest.peek(), groups.last_mut()) {
                ('\\', Some('#'), _) => tail.extend(rest.next()),
                ('#', _, Some(group)) if tail.is_empty() => group.digits += 1,
                ('#', _, _) => groups.push(Group {
                    before: std::mem::take(&mut tail),
                    digits: 1,
                }),
                (plain, _, _) if is_plain(plain) => tail.push(plain),
                (_, _, _) => return None,
            }
        }
        let format = Self { groups, tail };
        let is_fit = (1..=MOST_DIGITS).contains(&format.digits());
        (is_fit && text.len() <= LONGEST_FORMAT).then_some(format)
    }

    fn digits(&self) -> usize {
        self.groups.iter().map(|group| group.digits).sum()
    }

    /// Puts a number into the format. Digits that have no place of their own stand behind the
    /// last that have; who wants leading digits, pads first.
    fn fill(&self, number: &str) -> String {
        let (mut filled, mut rest) = (String::new(), number);
        for (index, group) in self.groups.iter().enumerate() {
            let is_last = index + 1 == self.groups.len();
            let end = if is_last { rest.len() } else { group.digits };
            let (digits, others) = rest.split_at(end.min(rest.len()));
            filled.push_str(&group.before);
            filled.push_str(digits);
            rest = others;
        }
        filled + &self.tail
    }

    /// Draws random numbers, preferred first, as the JSON list the insert takes.
    pub(crate) fn candidates(&self, random: &dyn Random) -> String {
        let fewest = self.digits().max(FEWEST_RANDOM);
        let draw = |longer: usize| self.fill(&digits(random, fewest + longer));
        let drawn: Vec<String> = LONGER.into_iter().map(draw).collect();
        json!(drawn).to_string()
    }

    /// The format as the statements take it that fill it from a sequence: each group's text, the
    /// place of its first digit, and how many it takes; the last takes all that are left.
    pub(crate) fn groups(&self) -> String {
        let mut start = 1;
        let mut groups = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let is_last = index + 1 == self.groups.len();
            let taken = if is_last { 32 } else { group.digits };
            groups.push(json!([group.before, start, taken]));
            start += group.digits;
        }
        groups.push(json!([self.tail, 1, 0]));
        json!(groups).to_string()
    }

    /// What a sequence's number is padded to.
    pub(crate) fn width(&self) -> i64 {
        i64::try_from(self.digits()).unwrap_or_default()
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.".contains(c)
}

fn digits(random: &dyn Random, count: usize) -> String {
    let lowest = 10u64.pow(u32::try_from(count.min(18)).unwrap_or(18) - 1);
    (lowest + random.below(9 * lowest)).to_string()
}

/// Where a sequence is looked for a free number: how many steps on, from where it stands. The
/// last are far away, for one that was set back into a range that is used up.
pub(crate) fn steps() -> String {
    let near = 0..16;
    let far = (5..=20).map(|power| 1i64 << power);
    json!(near.chain(far).collect::<Vec<i64>>()).to_string()
}

/// How a ticket gets its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// What it looks like.
    pub format: Format,
    /// The sequence it comes from; without one, or where there is none of that id, it is random.
    pub sequence: Option<i64>,
}

/// Cuts the placeholder, and that of a recipient's name, from what people typed.
pub(crate) fn without_placeholder(typed: &str) -> String {
    typed.replace(PLACEHOLDER, "").replace(NAME, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Rising(std::sync::atomic::AtomicU8);

    impl Random for Rising {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(83, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    fn drawn(format: &str) -> Vec<String> {
        let random = Rising(std::sync::atomic::AtomicU8::new(5));
        let format = Format::parse(format).unwrap();
        serde_json::from_str(&format.candidates(&random)).unwrap()
    }

    #[test]
    fn in_22_a_random_number_has_at_least_six_digits_whatever_the_format() {
        for (format, before) in [("######", ""), ("#", ""), ("T-##", "T-")] {
            for (number, longer) in drawn(format).iter().zip(LONGER) {
                let digits = number.strip_prefix(before).unwrap();
                assert_eq!(digits.len(), 6 + longer, "{number}");
                assert!(digits.chars().all(|c| c.is_ascii_digit()), "{number}");
            }
        }
        assert_eq!(drawn("########")[0].len(), 8);
    }

    #[test]
    fn a_format_keeps_its_text_and_an_escaped_hash() {
        let filled = |format: &str| Format::parse(format).unwrap().fill("1234567");
        assert_eq!(filled("######"), "1234567");
        assert_eq!(filled("INC-###.###-x"), "INC-123.4567-x");
        assert_eq!(filled(r"\#A####"), "#A1234567");
        assert_eq!(filled(r"##\###"), "12#34567");
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for format in [
            "", "abc", r"\#", "###/###", "## ##", "#?", "#\n", "é#", r"\n#",
        ] {
            assert_eq!(Format::parse(format), None, "{format:?}");
        }
        assert_eq!(Format::parse(&"#".repeat(16)), None);
        assert_eq!(Format::parse(&format!("{}#", "x".repeat(32))), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_format_and_none_loses_a_digit(text in ".{0,40}", number in "[0-9]{1,20}") {
            if let Some(format) = Format::parse(&text) {
                let plain: String = text.replace(r"\#", "").replace('#', "");
                let others = plain.chars().filter(char::is_ascii_digit).count();
                let digits = format.fill(&number).chars().filter(char::is_ascii_digit).count();
                prop_assert_eq!(digits, others + number.len());
            }
        }
    }
}
