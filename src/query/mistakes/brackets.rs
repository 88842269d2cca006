//! Brackets and quotes that are not closed.

use super::{Mistake, Reading};
use crate::error::Place;
use crate::query::lex::Kind;

/// A string without its closing quote.
pub(super) fn unclosed_string(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len())
        .find(|at| r.kind(*at) == Some(Kind::Text) && !is_closed(r.written(*at)))?;
    let start = r.span(at).start;
    Some(Mistake::new(
        start..start + 1,
        "a string is not closed",
        "end it with the quote it began with; a string over several lines takes three quotes",
    ))
}

fn is_closed(string: &str) -> bool {
    for quote in ["\"\"\"", "'''"] {
        if string.starts_with(quote) {
            return string.len() >= 6 && string.ends_with(quote);
        }
    }
    string.len() >= 2 && string.chars().next_back() == string.chars().next()
}

fn partner(bracket: &str) -> &'static str {
    match bracket {
        "{" => "}",
        "(" => ")",
        "[" => "]",
        "}" => "{",
        ")" => "(",
        _ => "[",
    }
}

/// Brackets that close nothing, another one, or are never closed.
pub(super) fn unbalanced(r: &Reading<'_>) -> Option<Mistake> {
    let mut open: Vec<usize> = Vec::new();
    for at in (0..r.tokens.len()).filter(|at| r.kind(*at) == Some(Kind::Other)) {
        let sign = r.written(at);
        match sign {
            "{" | "(" | "[" => open.push(at),
            "}" | ")" | "]" => match open.pop() {
                Some(opened) if r.written(opened) == partner(sign) => {}
                Some(opened) => {
                    let place = Place::at_offset(r.name, r.text, r.span(opened).start, 1);
                    let wanted = partner(r.written(opened));
                    return Some(
                        Mistake::new(
                            r.span(at),
                            format!(
                                "`{sign}` closes what `{}` opened at {}:{}",
                                r.written(opened),
                                place.line,
                                place.column
                            ),
                            format!("a `{wanted}` is missing before it"),
                        )
                        .mend(r.span(at).start..r.span(at).start, format!("{wanted} ")),
                    );
                }
                None => {
                    return Some(
                        Mistake::new(
                            r.span(at),
                            format!("`{sign}` closes nothing"),
                            format!("take it out, or open a `{}` before it", partner(sign)),
                        )
                        .mend(r.span(at), ""),
                    );
                }
            },
            _ => {}
        }
    }
    let opened = open.pop()?;
    let wanted = partner(r.written(opened));
    let end = r.text.trim_end().len();
    Some(
        Mistake::new(
            r.span(opened),
            format!("`{}` is never closed", r.written(opened)),
            format!("add a `{wanted}`"),
        )
        .mend(end..end, format!(" {wanted}")),
    )
}
