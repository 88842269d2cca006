//! The word at the cursor.

use std::ops::Range;

use super::super::lex::{self, Kind, Token};

/// The word at the cursor and the tokens before it.
pub(super) struct Word {
    /// From its first byte to its last, beyond the cursor too.
    pub(super) range: Range<usize>,
    /// What was typed of it: up to the cursor.
    pub(super) typed: String,
    /// The tokens before it.
    pub(super) before: Vec<Token>,
}

fn of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | ':')
}

/// The word at the cursor; nothing inside a string or a comment.
pub(super) fn word(text: &str, cursor: usize) -> Option<Word> {
    let head = &text[..cursor];
    let tokens = lex::tokens(head);
    let end = tokens.last().map_or(0, |token| token.range.end);
    if head[end..].contains('#') {
        return None;
    }
    if let Some(last) = tokens.last()
        && last.kind == Kind::Text
        && (last.range.end == cursor || !is_closed(&head[last.range.clone()]))
    {
        return None;
    }
    let start = start_of_iri(head).unwrap_or_else(|| {
        let mut start = head
            .char_indices()
            .rev()
            .take_while(|(_, c)| of_name(*c))
            .last()
            .map_or(cursor, |(at, _)| at);
        if head[..start].ends_with(['?', '$']) {
            start -= 1;
        }
        start
    });
    let rest = &text[cursor..];
    let tail = if start == cursor {
        0
    } else {
        rest.find(|c| !of_name(c)).unwrap_or(rest.len())
    };
    let before = lex::tokens(&text[..start]);
    Some(Word {
        range: start..cursor + tail,
        typed: head[start..].to_owned(),
        before,
    })
}

/// Where an IRI begins that is not closed yet: `<` and then a letter, without blanks.
fn start_of_iri(head: &str) -> Option<usize> {
    let start = head.rfind('<')?;
    let inside = &head[start + 1..];
    let open = inside
        .chars()
        .all(|c| !c.is_whitespace() && !matches!(c, '>' | '"' | '{' | '}' | '|' | '^' | '`' | '?'));
    (open && (inside.is_empty() || inside.starts_with(|c: char| c.is_ascii_alphabetic())))
        .then_some(start)
}

fn is_closed(written: &str) -> bool {
    for quote in ["\"\"\"", "'''"] {
        if written.starts_with(quote) {
            return written.len() >= 6 && written.ends_with(quote);
        }
    }
    written.len() >= 2 && written.chars().next() == written.chars().next_back()
}
