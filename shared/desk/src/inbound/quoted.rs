//! What a mail says anew, without the mail of ours that it quotes (osTicket's IN-15).

use std::borrow::Cow;

/// How many lines of the head of a quoted mail make it one.
const FEWEST_HEADERS: usize = 3;
/// Longest name of such a line, as in `Betreff: …`.
const LONGEST_HEADER: usize = 16;

/// A text without what it quotes of a mail that begins with this line: all that stands below the
/// line, and above it what mail programs put before a quote. Where quoted lines are marked with
/// `>`, others among them are answers and stay.
///
/// A text that holds no such line stays as it is, and so does one that would have nothing left.
pub fn without_quote<'t>(text: &'t str, separator: &str) -> Cow<'t, str> {
    let mut lines = text.lines();
    let is_separator = |line: &str| !separator.is_empty() && line.contains(separator);
    let Some(at) = lines.position(is_separator) else {
        return text.into();
    };
    let mut said: Vec<&str> = text.lines().take(at).collect();
    let behind = text.lines().skip(at);
    let is_marked = behind.clone().next().is_some_and(is_quoted);
    drop_introduction(&mut said);
    if is_marked {
        said.extend(behind.filter(|line| !is_quoted(line)));
    }
    let said = said.join("\n");
    match said.trim() {
        "" => text.into(),
        said => said.to_owned().into(),
    }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Drops what mail programs put before a quote: `On Monday, Support <help@…> wrote:`, or the head
/// of the quoted mail.
fn drop_introduction(said: &mut Vec<&str>) {
    drop_while(said, |line| line.trim().is_empty() || is_quoted(line));
    let headers = said.iter().rev().take_while(|line| is_header(line)).count();
    let start = said.len() - headers;
    let names_somebody = said[start..].iter().any(|line| line.contains('@'));
    if headers >= FEWEST_HEADERS && names_somebody {
        said.truncate(start);
        drop_while(said, is_rule);
    } else if said.last().is_some_and(|line| is_attribution(line)) {
        said.pop();
    } else if let [.., first, second] = said[..]
        && is_attribution(&format!("{first} {second}"))
        && has_digit(first)
        && !has_digit(second)
    {
        said.truncate(said.len() - 2);
    }
}

fn drop_while(said: &mut Vec<&str>, is_dropped: impl Fn(&str) -> bool) {
    while said.last().is_some_and(|line| is_dropped(line)) {
        said.pop();
    }
}

/// Whether a line says who wrote what is quoted below it: it has a date and ends with a colon.
fn is_attribution(line: &str) -> bool {
    line.trim_end().ends_with(':') && has_digit(line) && (line.contains('@') || line.contains(','))
}

fn has_digit(line: &str) -> bool {
    line.contains(|c: char| c.is_ascii_digit())
}

fn is_header(line: &str) -> bool {
    let name = line
        .split_once(':')
        .map(|(name, _)| name.trim_matches(['*', ' ']));
    name.is_some_and(|name| {
        (1..=LONGEST_HEADER).contains(&name.chars().count()) && !name.contains(char::is_whitespace)
    })
}

/// Whether a line parts what is new from what is quoted.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("-----") || line.starts_with("_____")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "-- reply above this line --";

    fn said(text: &str) -> String {
        without_quote(&text.replace('|', "\n"), LINE).replace('\n', "|")
    }

    #[test]
    fn in_15_what_stands_below_the_line_is_left_out_with_what_introduces_it() {
        for text in [
            "It works.||On Mon, 1 Jan 2026 at 10:00, Support <help@acme.example> wrote:||> -- reply above this line --|>|> Did you turn it on?",
            "It works.|On Mon, 1 Jan 2026 at 10:00 Support|<help@acme.example> wrote:|> -- reply above this line --|> Did you?",
            "It works.||Am 01.01.2026 um 10:00 schrieb Support <help@acme.example>:|> -- reply above this line --",
            "It works.||-----Original Message-----|From: Support <help@acme.example>|Sent: Monday|To: Ana|Subject: Re: Fire||-- reply above this line --|Did you?",
            "It works.||________________________________|*Von:* Support <help@acme.example>|*Gesendet:* Montag|*An:* Ana||-- reply above this line --||Did you?",
        ] {
            assert_eq!(said(text), "It works.", "{text}");
        }
    }

    #[test]
    fn answers_among_the_quoted_lines_stay() {
        let text = "Hello,||> -- reply above this line --|> Is it on?|Yes.|> And now?|It burns.";
        assert_eq!(said(text), "Hello,|Yes.|It burns.");
        let below = "> -- reply above this line --|> Is it on?||Yes.";
        assert_eq!(said(below), "Yes.");
    }

    #[test]
    fn what_people_say_stays() {
        for text in [
            "Nothing is quoted here.",
            "> -- reply above this line --|> nothing but a quote",
            "-- reply above this line --",
            "",
        ] {
            assert_eq!(said(text), text);
        }
        let question = "I have three questions:||-- reply above this line --";
        assert_eq!(said(question), "I have three questions:");
        let notes = "Name: Ana|Room: 12||-- reply above this line --";
        assert_eq!(said(notes), "Name: Ana|Room: 12");
        assert_eq!(without_quote("a\n-- x", ""), "a\n-- x");
    }
}
