//! Names each static file by a hash of its bytes, and writes the table that `src/assets.rs` includes; turns
//! `languages/*.po` into the macro that `src/locale.rs` includes.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script runs where the files are, and not on a runtime"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

/// Source, name in the code, content type.
const FILES: [(&str, &str, &str); 5] = [
    ("app.css", "CSS", "text/css; charset=utf-8"),
    ("desk.css", "DESK_CSS", "text/css; charset=utf-8"),
    ("app.js", "JS", "text/javascript; charset=utf-8"),
    ("upload.js", "UPLOAD_JS", "text/javascript; charset=utf-8"),
    ("favicon.svg", "FAVICON", "image/svg+xml"),
];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let (mut names, mut entries) = (Vec::new(), Vec::new());

    for (source, constant, content_type) in FILES {
        let path = Path::new("assets").join(source);
        println!("cargo::rerun-if-changed={}", path.display());
        let text = squeeze(&fs::read_to_string(&path)?);
        fs::write(out.join(source), &text)?;

        let hashed = source.replacen('.', &format!("-{}.", hash(text.as_bytes())), 1);
        let public = format!("/assets/{hashed}");
        let bytes = format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{source}\"))");
        names.push(format!(
            "/// Where `{source}` is served.\npub const {constant}: &str = {public:?};\n"
        ));
        entries.push(format!(
            "Asset {{ path: {constant}, content_type: {content_type:?}, bytes: {bytes} }},\n"
        ));
    }

    let (names, entries) = (names.concat(), entries.concat());
    let table = format!("/// Every static file.\npub const ASSETS: &[Asset] = &[\n{entries}];\n");
    fs::write(out.join("assets.rs"), names + &table)?;
    fs::write(out.join("translate.rs"), translate()?)
}

/// Writes the macro that knows each text in every language. What a file leaves untranslated stays English.
fn translate() -> io::Result<String> {
    let (german, arabic) = (catalog("de")?, catalog("ar")?);
    let texts: BTreeSet<&String> = german.keys().chain(arabic.keys()).collect();
    let rules = texts.into_iter().map(|english| {
        let german = german.get(english).unwrap_or(english);
        let arabic = arabic.get(english).unwrap_or(english);
        let text = format!("english: {english:?}, german: {german:?}, arabic: {arabic:?}");
        format!("({english:?}) => {{ $crate::locale::Text {{ {text} }} }};\n")
    });
    let rules: String = rules.collect();
    Ok(format!("macro_rules! translate {{\n{rules}}}\n"))
}

/// The texts of a language by the English ones.
fn catalog(language: &str) -> io::Result<BTreeMap<String, String>> {
    let path = Path::new("languages").join(language).with_extension("po");
    println!("cargo::rerun-if-changed={}", path.display());
    let catalog = polib::po_file::parse(&path).map_err(io::Error::other)?;
    let texts = catalog.messages().filter_map(|message| {
        let text = message.msgstr().ok().filter(|text| !text.is_empty())?;
        Some((message.msgid().to_owned(), text.to_owned()))
    });
    Ok(texts.collect())
}

/// Drops whole-line comments, indentation and empty lines.
///
/// It needs no parser, because the sources keep every comment on lines of its own.
fn squeeze(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    kept
}

/// Returns the first ten hexadecimal digits of the SHA-256, enough to tell builds apart.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let number = digest
        .iter()
        .take(5)
        .fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    format!("{number:010x}")
}
