//! What the text of a statement may be.
//!
//! Each runtime refuses something that another lets through, or passes it over without a word:
//! Spin runs the first statement of a text and forgets the rest, Miniflare leaves an empty one
//! out of the answers. So the port looks first, and all hosts agree.

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
    let Some(Token::Word(verb)) = tokens(sql).next() else {
        return refused("a text that is no statement".to_owned());
    };
    if let Some(verb) = REFUSED
        .iter()
        .find(|refused| verb.eq_ignore_ascii_case(refused))
    {
        return refused(format!("{verb} inside a batch"));
    }
    if has_second_statement(sql) {
        return refused("two statements in one text".to_owned());
    }
    Ok(())
}

/// Whether the statement only reads, so that it needs no write lock.
pub(super) fn is_read(sql: &str) -> bool {
    matches!(tokens(sql).next(), Some(Token::Word(verb)) if verb.eq_ignore_ascii_case("SELECT"))
}

/// Whether anything follows the semicolon that ends the statement. A trigger's own statements end
/// with semicolons too; the trigger ends with the one after `; END` (as `sqlite3_complete` has it).
fn has_second_statement(sql: &str) -> bool {
    let is_trigger = is_trigger(sql);
    let mut before = [Token::Other; 2];
    let mut is_over = false;
    for token in tokens(sql) {
        if is_over {
            return true;
        }
        let ends_body = matches!(before, [Token::Semicolon, word] if word.is("END"));
        is_over = token == Token::Semicolon && (!is_trigger || ends_body);
        before = [before[1], token];
    }
    false
}

fn is_trigger(sql: &str) -> bool {
    let mut words = tokens(sql).filter(|token| !token.is("TEMP") && !token.is("TEMPORARY"));
    words.next().is_some_and(|first| first.is("CREATE"))
        && words.next().is_some_and(|second| second.is("TRIGGER"))
}

/// As much of SQL's tokens as tells statements apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Semicolon,
    /// A literal, a quoted name, an operator.
    Other,
}

impl Token<'_> {
    fn is(self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        rest = without_blanks(rest);
        let first = rest.chars().next()?;
        let (token, length) = match first {
            ';' => (Token::Semicolon, 1),
            '\'' | '"' | '`' => (Token::Other, quoted(rest, first)),
            '[' => (Token::Other, quoted(rest, ']')),
            _ => match rest.find(|c: char| !is_in_word(c)) {
                Some(0) => (Token::Other, first.len_utf8()),
                end => {
                    let length = end.unwrap_or(rest.len());
                    (Token::Word(&rest[..length]), length)
                }
            },
        };
        rest = &rest[length..];
        Some(token)
    })
}

fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

/// The rest of the text after white space and comments.
fn without_blanks(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let end = if rest.starts_with("--") {
            rest.find('\n')
        } else if let Some(comment) = rest.strip_prefix("/*") {
            // One that is never closed ends with the text.
            comment.find("*/").map(|end| end + 4)
        } else {
            return rest;
        };
        rest = end.map_or("", |end| &rest[end..]);
    }
}

/// The length of a quoted token. A doubled quote inside looks like two tokens in a row, which
/// tells nothing different here.
fn quoted(rest: &str, close: char) -> usize {
    rest[1..].find(close).map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_passes_whatever_it_quotes() {
        for sql in [
            "SELECT 1",
            "SELECT 1;",
            "SELECT 1; -- the end; really\n /* ; */ ",
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
    fn two_statements_are_refused() {
        for sql in [
            "SELECT 1; SELECT 2",
            "SELECT 1;;",
            "SELECT 'a;'; DELETE FROM t",
            "SELECT 1 /* ; */ ; /* and */ SELECT 2",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; DROP TABLE a",
            "CREATE TABLE trigger_of_doom (a TEXT); DROP TABLE b",
        ] {
            let told = DbError::Refused("two statements in one text".to_owned());
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
