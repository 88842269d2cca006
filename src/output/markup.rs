//! Text inside XML.

/// Text fit for an XML attribute or element.
///
/// Line breaks and tabs become references, since parsers change them otherwise; characters that XML
/// 1.0 cannot hold become U+FFFD.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_is_escaped_and_what_xml_cannot_hold_is_marked() {
        assert_eq!(
            super::escaped("<a b=\"'&\u{0}\n"),
            "&lt;a b=&quot;&#39;&amp;\u{FFFD}&#10;"
        );
    }
}
