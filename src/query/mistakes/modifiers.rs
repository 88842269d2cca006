//! What stands behind the pattern: GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET.

use super::{Mistake, Reading};
use crate::query::lex::Kind;

const ORDER: &[&str] = &["GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"];

fn full(word: &str) -> &str {
    match word {
        "GROUP" => "GROUP BY",
        "ORDER" => "ORDER BY",
        other => other,
    }
}

/// GROUP or ORDER without BY.
pub(super) fn by(r: &Reading<'_>) -> Option<Mistake> {
    let at = r
        .words("ORDER")
        .chain(r.words("GROUP"))
        .find(|at| r.word(at + 1) != "BY" && at + 1 < r.tokens.len())?;
    let end = r.span(at).end;
    Some(
        Mistake::new(
            r.span(at),
            format!("{} needs BY", r.word(at)),
            format!("write {} BY", r.word(at)),
        )
        .mend(end..end, " BY"),
    )
}

/// `ORDER BY ?x DESC` and `ORDER BY DESC ?x`.
pub(super) fn direction(r: &Reading<'_>) -> Option<Mistake> {
    let at = r
        .words("DESC")
        .chain(r.words("ASC"))
        .find(|at| r.written(at + 1) != "(")?;
    let word = r.word(at);
    let before = at
        .checked_sub(1)
        .filter(|before| r.kind(*before) == Some(Kind::Variable));
    let after = (r.kind(at + 1) == Some(Kind::Variable)).then_some(at + 1);
    let (span, variable) = match (after, before) {
        (Some(after), _) => (r.between(at, after), r.written(after)),
        (None, Some(before)) => (r.between(before, at), r.written(before)),
        (None, None) => return None,
    };
    Some(
        Mistake::new(
            r.span(at),
            format!("{word} takes what it sorts in brackets"),
            format!("write {word}({variable})"),
        )
        .mend(span, format!("{word}({variable})")),
    )
}

/// LIMIT and OFFSET without a whole number, or `LIMIT 10, 20`.
pub(super) fn numbers(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("LIMIT").chain(r.words("OFFSET")) {
        let word = r.word(at);
        let value = r.written(at + 1);
        if r.kind(at + 1) == Some(Kind::Number) && value.bytes().all(|b| b.is_ascii_digit()) {
            if r.written(at + 2) == "," {
                let second = r.written(at + 3);
                return Some(
                    Mistake::new(
                        r.between(at + 1, at + 3),
                        "LIMIT takes one number",
                        format!("write LIMIT {second} OFFSET {value}"),
                    )
                    .mend(
                        r.between(at, at + 3),
                        format!("LIMIT {second} OFFSET {value}"),
                    ),
                );
            }
            continue;
        }
        let span = if at + 1 < r.tokens.len() {
            r.span(at + 1)
        } else {
            r.span(at)
        };
        return Some(Mistake::new(
            span,
            format!("{word} takes a whole number"),
            format!("write {word} 10"),
        ));
    }
    None
}

/// Clauses in the wrong order.
pub(super) fn order(r: &Reading<'_>) -> Option<Mistake> {
    let mut last: Option<(usize, usize)> = None;
    for at in 0..r.tokens.len() {
        if r.inside(at).is_some() {
            continue;
        }
        let Some(rank) = ORDER.iter().position(|word| *word == r.word(at)) else {
            continue;
        };
        if let Some((before, earlier)) = last
            && before > rank
            && !(ORDER[before] == "OFFSET" && ORDER[rank] == "LIMIT")
        {
            return Some(Mistake::new(
                r.span(at),
                format!(
                    "{} stands before {}",
                    full(ORDER[rank]),
                    full(r.word(earlier))
                ),
                "the order is GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET",
            ));
        }
        if let Some((before, _)) = last
            && before == rank
        {
            return Some(Mistake::new(
                r.span(at),
                format!("{} stands here a second time", full(ORDER[rank])),
                "put all of it into one, with spaces between",
            ));
        }
        last = Some((rank, at));
    }
    None
}
