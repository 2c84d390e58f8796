//! What the text of a statement may be.
//!
//! Each runtime refuses something that another lets through, or passes it over without a word:
//! Spin runs the first statement of a text and forgets the rest, D1 takes no comment behind the
//! last semicolon, Miniflare leaves an empty statement out of the answers. So the port looks first,
//! and all hosts agree.

use super::DbError;

/// D1's limit, in bytes.
const LONGEST: usize = 100_000;

/// Statements that would break the batch open, or that D1 does not have.
const REFUSED: [&str; 10] = [
    "BEGIN",
    "COMMIT",
    "END",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "ATTACH",
    "DETACH",
    "PRAGMA",
    "VACUUM",
];

/// Checks that the text is one statement, and one that the port carries.
pub(super) fn check(sql: &str) -> Result<(), DbError> {
    let refused = |what: String| Err(DbError::Refused(what));
    if sql.len() > LONGEST {
        return refused(format!("a statement of more than {LONGEST} bytes"));
    }
    if sql.contains('\0') {
        return refused("a statement with a NUL".to_owned());
    }
    let Some(Token::Word(verb)) = code(sql).next() else {
        return refused("a text that is no statement".to_owned());
    };
    if let Some(verb) = REFUSED
        .iter()
        .find(|refused| verb.eq_ignore_ascii_case(refused))
    {
        return refused(format!("{verb} inside a batch"));
    }
    if goes_on(sql) {
        return refused("a text that goes on behind its statement".to_owned());
    }
    Ok(())
}

/// Whether the statement only reads, so that it needs no write lock.
pub(super) fn is_read(sql: &str) -> bool {
    matches!(code(sql).next(), Some(Token::Word(verb)) if verb.eq_ignore_ascii_case("SELECT"))
}

/// Whether anything follows the semicolon that ends the statement, be it a comment. A trigger's own
/// statements end with semicolons too; the trigger ends with the one after `; END` (as
/// `sqlite3_complete` has it).
fn goes_on(sql: &str) -> bool {
    // Reading all of a text costs more than running most statements.
    if !sql.contains(';') {
        return false;
    }
    let is_trigger = is_trigger(sql);
    let mut before = [Token::Other; 2];
    let mut is_over = false;
    for token in tokens(sql) {
        if is_over {
            return true;
        }
        let ends_body = matches!(before, [Token::Semicolon, word] if word.is("END"));
        is_over = token == Token::Semicolon && (!is_trigger || ends_body);
        if token != Token::Comment {
            before = [before[1], token];
        }
    }
    false
}

fn is_trigger(sql: &str) -> bool {
    let mut words = code(sql).filter(|token| !token.is("TEMP") && !token.is("TEMPORARY"));
    words.next().is_some_and(|first| first.is("CREATE"))
        && words.next().is_some_and(|second| second.is("TRIGGER"))
}

/// As much of SQL's tokens as tells statements apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Semicolon,
    Comment,
    /// A literal, a quoted name, an operator.
    Other,
}

impl Token<'_> {
    fn is(self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// The tokens without the comments.
fn code(sql: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(sql).filter(|token| *token != Token::Comment)
}

fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (token, length) = first_token(rest)?;
        rest = &rest[length..];
        Some(token)
    })
}

/// The token that the text begins with, and its length.
fn first_token(text: &str) -> Option<(Token<'_>, usize)> {
    let first = text.chars().next()?;
    let until = |end: Option<usize>| end.unwrap_or(text.len());
    Some(match first {
        ';' => (Token::Semicolon, 1),
        // A doubled quote inside looks like two tokens in a row, which tells nothing different.
        '\'' | '"' | '`' => (Token::Other, until(after(text, 1, first))),
        '[' => (Token::Other, until(after(text, 1, ']'))),
        _ if text.starts_with("--") => (Token::Comment, until(after(text, 2, '\n'))),
        _ if text.starts_with("/*") => {
            let end = text[2..].find("*/").map(|end| end + 4);
            (Token::Comment, until(end))
        }
        _ => match until(text.find(|c: char| !is_in_word(c))) {
            0 => (Token::Other, first.len_utf8()),
            length => (Token::Word(&text[..length]), length),
        },
    })
}

/// Where the first `end` behind the first bytes of the text is over.
fn after(text: &str, bytes: usize, end: char) -> Option<usize> {
    text[bytes..].find(end).map(|found| bytes + found + 1)
}

fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_passes_whatever_it_quotes() {
        for sql in [
            "SELECT 1",
            "SELECT 1;",
            "SELECT 1 -- the end; really\n /* ; */ ; \n",
            "SELECT ';' || \"a;b\" || `;` || [;], 'it''s; fine'",
            "/* BEGIN; */ SELECT 'COMMIT'",
            "INSERT INTO t (a) VALUES ('x;y')",
            "CREATE TABLE t (a TEXT CHECK (a <> ';'))",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END",
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
            "SELECT 'never closed",
        ] {
            assert_eq!(check(sql), Ok(()), "{sql}");
        }
    }

    #[test]
    fn what_goes_on_behind_the_statement_is_refused() {
        for sql in [
            "SELECT 1; SELECT 2",
            "SELECT 1;;",
            "SELECT 1; -- the end",
            "SELECT 'a;'; DELETE FROM t",
            "SELECT 1 /* ; */ ; /* and */ SELECT 2",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; DROP TABLE a",
            "CREATE TABLE trigger_of_doom (a TEXT); DROP TABLE b",
        ] {
            let told = DbError::Refused("a text that goes on behind its statement".to_owned());
            assert_eq!(check(sql), Err(told), "{sql}");
        }
    }

    #[test]
    fn what_breaks_a_batch_open_is_refused_behind_any_comment() {
        for sql in [
            "BEGIN",
            " commit",
            "-- a\n/* b */ RollBack",
            "pragma foreign_keys = off",
            "ATTACH ?1 AS other",
        ] {
            let refused = matches!(check(sql), Err(DbError::Refused(what)) if what.contains("inside a batch"));
            assert!(refused, "{sql}");
        }
    }

    #[test]
    fn a_text_without_a_statement_is_refused() {
        for sql in [
            "",
            " \n",
            "-- nothing",
            ";",
            "; SELECT 1",
            "/* never closed SELECT 1",
        ] {
            let told = DbError::Refused("a text that is no statement".to_owned());
            assert_eq!(check(sql), Err(told), "{sql}");
        }
        assert!(check("SELECT 1\0; DROP TABLE a").is_err());
        assert!(check(&format!("SELECT '{}'", "x".repeat(LONGEST))).is_err());
    }

    #[test]
    fn only_a_select_is_known_to_read() {
        assert!(is_read("-- how many\n select count(*) FROM t"));
        assert!(!is_read("WITH gone AS (SELECT 1) DELETE FROM t"));
    }
}
