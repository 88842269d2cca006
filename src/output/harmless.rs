//! Texts that a spreadsheet must not take for formulas.
//!
//! A cell that begins with `=`, `+`, `-` or `@` is run by spreadsheet programs, and data of other
//! people can carry one. [`harmless`] puts an apostrophe before such a text and [`plain`] takes it
//! away again, so that what we write and read back stays the same. Results of SPARQL queries are
//! left alone: their CSV is read by programs, and its standard says that a value stands there as
//! it is.

use std::borrow::Cow;

/// Whether a spreadsheet would run it, or whether it only looks as if [`harmless`] had made it.
fn is_marked(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as a cell that no spreadsheet runs. Plain numbers stay as they are.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_marked(text) && text.parse::<f64>().is_err() {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`harmless`] was given.
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_marked(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_marked_and_numbers_are_not() {
        for (text, cell) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1 people", "'+1 people"),
            ("-1.5", "-1.5"),
            ("@name", "'@name"),
            ("'=1", "''=1"),
            ("it's", "it's"),
        ] {
            assert_eq!(harmless(text), cell);
        }
    }

    proptest! {
        #[test]
        fn what_is_made_harmless_comes_back(text in "['=+@a-]{0,4}.{0,6}") {
            let cell = harmless(&text);
            prop_assert_eq!(plain(&cell), text.as_str());
            let runs = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
            prop_assert!(!runs, "{}", cell);
        }
    }
}
