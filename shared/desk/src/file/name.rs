//! Names of files, made harmless.

use crate::ticket::number::without_placeholder;

/// Longest name that is kept, in characters.
const LONGEST: usize = 128;
/// Longest ending that is kept when a name is cut.
const LONGEST_ENDING: usize = 16;
/// What a file without a usable name is called.
const NAMELESS: &str = "file";

/// Makes a name that means the same file name to every system and no path to any: the last part
/// of what looks like a path, without what cannot be seen or what turns the writing direction.
pub(super) fn harmless(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = without_placeholder(last)
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let name = visible.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        NAMELESS.to_owned()
    } else {
        cut(name)
    }
}

/// Control characters, and those that only steer how text is shown.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || c == '\u{FEFF}'
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.chars().count() <= LONGEST_ENDING {
        ending
    } else {
        ""
    };
    let kept = LONGEST - ending.chars().count();
    name.chars().take(kept).collect::<String>() + ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        let check = |given: &str, expected: &str| assert_eq!(harmless(given), expected);
        check("report.pdf", "report.pdf");
        check("../../etc/passwd", "passwd");
        check("..\\..\\windows\\win.ini", "win.ini");
        check("C:\\Users\\Ana\\Bild 1.png", "Bild 1.png");
        check("C:evil.exe", "C_evil.exe");
        check("/", "file");
        check("..", "file");
        check("", "file");
        check(".htaccess", "htaccess");
        check("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt");
        check("nul\0byte.txt", "nulbyte.txt");
        check("invoice\u{202E}fdp.exe", "invoicefdp.exe");
        check("<script>.txt", "_script_.txt");
        check("Prüfung 🚪.txt", "Prüfung 🚪.txt");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = harmless(&format!("{}.docx", "ü".repeat(500)));
        assert_eq!(name.chars().count(), LONGEST);
        assert!(name.ends_with("ü.docx"));
        assert_eq!(harmless(&format!("a.{}", "x".repeat(500))).len(), LONGEST);
    }
}
