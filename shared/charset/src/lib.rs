//! Charsets: what bytes say, by the name of their charset.
//!
//! The tables of all of the world's charsets weigh 130 kB of a download. Workers bring them, so
//! there theirs are used; elsewhere `encoding_rs` has them. Both follow the WHATWG's Encoding
//! standard.

/// What bytes say in the charset of this name, in any case; what fits nothing becomes U+FFFD.
/// `None` for a name the standard does not know.
#[cfg(all(target_arch = "wasm32", not(target_os = "wasi")))]
pub fn decode(name: &str, bytes: &[u8]) -> Option<String> {
    let decoder = web_sys::TextDecoder::new_with_label(name).ok()?;
    decoder.decode_with_u8_array(bytes).ok()
}

/// What bytes say in the charset of this name, in any case; what fits nothing becomes U+FFFD.
/// `None` for a name the standard does not know.
#[cfg(not(all(target_arch = "wasm32", not(target_os = "wasi"))))]
pub fn decode(name: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())?;
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn charsets_of_one_byte_and_of_many_are_known() {
        for (name, bytes, text) in [
            ("Shift_JIS", &b"\x93\xfa\x96\x7b"[..], "日本"),
            ("iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本"),
            ("EUC-KR", b"\xc7\xd1\xb1\xdb", "한글"),
            ("gb2312", b"\xd6\xd0\xce\xc4", "中文"),
            ("big5", b"\xa4\xa4\xa4\xe5", "中文"),
            ("windows-1251", b"\xcf\xf0", "Пр"),
            ("iso-8859-1", b"Gr\xfc\xdfe", "Grüße"),
            ("utf-8", b"\xef\xbb\xbfa\xff", "a\u{fffd}"),
        ] {
            assert_eq!(decode(name, bytes).as_deref(), Some(text), "{name}");
        }
        assert_eq!(decode("klingon", b"x"), None);
        assert_eq!(decode("iso-2022-kr", b"x"), None);
    }
}
