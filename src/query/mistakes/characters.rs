//! Characters of other languages and of word processors.

use super::{Mistake, Reading};
use crate::query::lex::Kind;

/// Quotes that word processors make.
const QUOTES: &[(&str, char)] = &[
    ("\u{201c}", '"'),
    ("\u{201d}", '"'),
    ("\u{201e}", '"'),
    ("\u{ab}", '"'),
    ("\u{bb}", '"'),
    ("\u{2018}", '\''),
    ("\u{2019}", '\''),
    ("\u{201a}", '\''),
    ("`", '"'),
];

fn plain(sign: &str) -> Option<char> {
    QUOTES
        .iter()
        .find(|(odd, _)| *odd == sign)
        .map(|(_, plain)| *plain)
}

/// Typographic quotes and backticks around a text.
pub(super) fn odd_quotes(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| plain(r.written(*at)).is_some())?;
    let quote = plain(r.written(at))?;
    let close = (at + 1..r.tokens.len()).find(|next| plain(r.written(*next)).is_some());
    let span = close.map_or(r.span(at), |close| r.between(at, close));
    let inner = &r.text[r.span(at).end..close.map_or(r.span(at).end, |close| r.span(close).start)];
    // French puts a blank inside its quotes.
    let french = r.written(at) == "\u{ab}";
    let inner = if french { inner.trim() } else { inner };
    let shown = if close.is_some() && !inner.contains('\n') {
        format!("write {quote}{inner}{quote}")
    } else {
        format!("write {quote} in its place")
    };
    let mistake = Mistake::new(
        r.span(at),
        match r.written(at) {
            "`" => "a backtick is no quote of SPARQL".to_owned(),
            other => format!("`{other}` is no quote of SPARQL"),
        },
        shown,
    );
    Some(match close {
        Some(_) => mistake.mend(span, format!("{quote}{inner}{quote}")),
        None => mistake.mend(span, quote),
    })
}

/// Dashes that are no hyphen and no minus.
pub(super) fn odd_dashes(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| {
        matches!(
            r.written(*at),
            "\u{2013}" | "\u{2014}" | "\u{2212}" | "\u{2010}" | "\u{2011}"
        )
    })?;
    Some(
        Mistake::new(
            r.span(at),
            format!("`{}` is a dash, not a minus or a hyphen", r.written(at)),
            "write - in its place",
        )
        .mend(r.span(at), "-"),
    )
}

/// Blanks that look like spaces: no-break spaces and their kin.
pub(super) fn odd_blanks(r: &Reading<'_>) -> Option<Mistake> {
    let mut end = 0;
    for token in r
        .tokens
        .iter()
        .map(|token| token.range.clone())
        .chain(std::iter::once(r.text.len()..r.text.len()))
    {
        let gap = &r.text[end..token.start];
        let code = gap.split('#').next().unwrap_or("");
        let odd = code
            .char_indices()
            .find(|(_, c)| c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
        if let Some((at, c)) = odd {
            let span = end + at..end + at + c.len_utf8();
            return Some(
                Mistake::new(
                    span.clone(),
                    format!(
                        "a blank here is not a plain space but U+{:04X}",
                        u32::from(c)
                    ),
                    "type the space again; it came with a copied text",
                )
                .mend(span, " "),
            );
        }
        end = token.end;
    }
    None
}

/// Comments of other languages.
pub(super) fn other_comments(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| {
        r.joined(*at)
            && match (r.written(*at), r.written(at + 1)) {
                ("/", "/" | "*") => true,
                ("-", "-") => r.kind(at + 2) != Some(Kind::Number),
                _ => false,
            }
    })?;
    let sign = &r.text[r.between(at, at + 1)];
    Some(
        Mistake::new(
            r.between(at, at + 1),
            format!("`{sign}` begins no comment in SPARQL"),
            "a comment goes from # to the end of the line",
        )
        .mend(r.between(at, at + 1), "#"),
    )
}

/// `==`, `<>`, `&` and `|` in conditions.
pub(super) fn other_signs(r: &Reading<'_>) -> Option<Mistake> {
    for at in 0..r.tokens.len() {
        let condition = r.inside(at).is_some_and(|open| r.written(open) == "(");
        if !condition {
            continue;
        }
        let (sign, instead, span) = match (r.written(at), r.written(at + 1)) {
            ("=", "=") if r.joined(at) => ("==", "=", r.between(at, at + 1)),
            ("<>", _) if matches!(r.kind(at.checked_sub(1)?), Some(Kind::Variable)) => {
                ("<>", "!=", r.span(at))
            }
            ("=", "<") if r.joined(at) => ("=<", "<=", r.between(at, at + 1)),
            ("=", ">") if r.joined(at) => ("=>", ">=", r.between(at, at + 1)),
            ("&", next) if next != "&" && r.written(at.wrapping_sub(1)) != "&" => {
                ("&", "&&", r.span(at))
            }
            ("|", next)
                if next != "|" && r.written(at.wrapping_sub(1)) != "|" && is_filter(r, at) =>
            {
                ("|", "||", r.span(at))
            }
            _ => continue,
        };
        return Some(
            Mistake::new(
                span.clone(),
                format!("`{sign}` is no operator of SPARQL"),
                format!("write {instead}"),
            )
            .mend(span, instead),
        );
    }
    None
}

/// Whether the outermost open parenthesis belongs to FILTER, HAVING or BIND, not to a path.
fn is_filter(r: &Reading<'_>, at: usize) -> bool {
    let mut here = at;
    while let Some(open) = r.inside(here) {
        if r.written(open) != "(" {
            return false;
        }
        if open > 0 && matches!(r.word(open - 1), "FILTER" | "HAVING" | "BIND") {
            return true;
        }
        here = open;
    }
    false
}
