//! Where in a query the cursor stands.

use std::ops::Range;

/// The word at the cursor: from its first byte to the cursor.
pub(super) fn word(text: &str, cursor: usize) -> Range<usize> {
    let before = &text[..cursor];
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '?' | '$'))
        .last()
        .map_or(cursor, |(at, _)| at);
    start..cursor
}
