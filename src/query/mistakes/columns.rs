//! The columns of SELECT.

use super::{Mistake, Reading};
use crate::error::Place;
use crate::query::functions::{AGGREGATES, function};
use crate::query::lex::Kind;

/// The tokens of the head of each SELECT: from behind the word to WHERE, FROM or `{`.
fn heads<'r>(r: &'r Reading<'_>) -> impl Iterator<Item = (usize, usize)> + 'r {
    r.words("SELECT").map(move |select| {
        let mut end = select + 1;
        let mut depth = 0usize;
        while end < r.tokens.len() {
            match r.written(end) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "{" if depth == 0 => break,
                _ if matches!(r.word(end), "WHERE" | "FROM") => break,
                _ => {}
            }
            end += 1;
        }
        (select, end)
    })
}

/// Tokens of a head that stand outside of parentheses.
fn outside<'r>(r: &'r Reading<'_>, from: usize, to: usize) -> impl Iterator<Item = usize> + 'r {
    let mut depth = 0usize;
    (from..to).filter(move |at| match r.written(*at) {
        "(" => {
            depth += 1;
            false
        }
        ")" => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    })
}

/// `SELECT TOP 10`.
pub(super) fn top(r: &Reading<'_>) -> Option<Mistake> {
    let at = r
        .words("TOP")
        .find(|at| r.kind(at + 1) == Some(Kind::Number))?;
    let number = r.written(at + 1);
    Some(Mistake::new(
        r.between(at, at + 1),
        "SPARQL has no TOP",
        format!("write LIMIT {number} at the end, behind ORDER BY"),
    ))
}

/// `SELECT ?a, ?b`.
pub(super) fn commas(r: &Reading<'_>) -> Option<Mistake> {
    let at = heads(r)
        .find_map(|(select, end)| outside(r, select + 1, end).find(|at| r.written(*at) == ","))?;
    Some(
        Mistake::new(
            r.span(at),
            "columns of SELECT stand without commas",
            "put a space in place of the comma",
        )
        .mend(r.span(at), " "),
    )
}

/// `SELECT COUNT(*)`, `SELECT (COUNT(?x))`, `SELECT (COUNT(?x) ?n)`, `SELECT ?x AS ?y`.
pub(super) fn unnamed(r: &Reading<'_>) -> Option<Mistake> {
    for (select, end) in heads(r) {
        for at in outside(r, select + 1, end) {
            let word = r.word(at);
            if r.written(at + 1) == "(" && function(word).is_some() {
                let close = r.closing(at + 1);
                let call = &r.text[r.between(at, close)];
                let named = r.word(close + 1) == "AS" && r.kind(close + 2) == Some(Kind::Variable);
                let new = if named { r.written(close + 2) } else { "?n" };
                let what = if AGGREGATES.iter().any(|known| known.name == word) {
                    "an aggregate"
                } else {
                    "a calculated column"
                };
                let whole = if named {
                    r.between(at, close + 2)
                } else {
                    r.between(at, close)
                };
                let needs = if named {
                    "brackets"
                } else {
                    "brackets and a name"
                };
                return Some(
                    Mistake::new(
                        r.span(at),
                        format!("{what} needs {needs}"),
                        format!("write ({call} AS {new})"),
                    )
                    .mend(whole, format!("({call} AS {new})")),
                );
            }
            if word == "AS" && at > select + 1 {
                let (before, after) = (r.written(at - 1), r.written(at + 1));
                return Some(
                    Mistake::new(
                        r.span(at),
                        "a new name with AS needs brackets",
                        format!("write ({before} AS {after})"),
                    )
                    .mend(r.between(at - 1, at + 1), format!("({before} AS {after})")),
                );
            }
        }
        let mut at = select + 1;
        while at < end {
            if r.written(at) != "(" {
                at += 1;
                continue;
            }
            let close = r.closing(at);
            let mut depth = 0usize;
            let named = (at + 1..close).any(|inner| {
                match r.written(inner) {
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0 && r.word(inner) == "AS"
            });
            if !named && close > at + 1 {
                let last = close - 1;
                let spaced = r.kind(last) == Some(Kind::Variable) && r.written(last - 1) == ")";
                let (value, new) = if spaced {
                    (&r.text[r.between(at + 1, last - 1)], r.written(last))
                } else {
                    (&r.text[r.between(at + 1, last)], "?n")
                };
                return Some(
                    Mistake::new(
                        r.between(at, close),
                        "a calculated column needs AS and a name",
                        format!("write ({value} AS {new})"),
                    )
                    .mend(r.between(at, close), format!("({value} AS {new})")),
                );
            }
            at = close + 1;
        }
    }
    None
}

/// DISTINCT anywhere but behind SELECT or inside an aggregate.
pub(super) fn distinct(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("DISTINCT").chain(r.words("REDUCED")) {
        let word = r.word(at);
        let Some(before) = at.checked_sub(1) else {
            continue;
        };
        if AGGREGATES.iter().any(|known| known.name == r.word(before)) {
            let call = r.word(before);
            return Some(Mistake::new(
                r.span(at),
                format!("{word} stands inside the brackets of {call}"),
                format!("write {call}({word} ?x)"),
            ));
        }
        if r.word(before) == "SELECT" || r.written(before) == "(" {
            continue;
        }
        return Some(Mistake::new(
            r.span(at),
            format!("{word} stands directly behind SELECT"),
            format!("write SELECT {word} …, which holds for whole rows"),
        ));
    }
    None
}

/// `SELECT WHERE { … }`.
pub(super) fn missing(r: &Reading<'_>) -> Option<Mistake> {
    let (select, _) = heads(r).find(|(select, end)| {
        let first = select + 1 + usize::from(matches!(r.word(select + 1), "DISTINCT" | "REDUCED"));
        first == *end && *end < r.tokens.len()
    })?;
    let end = r.span(select).end;
    Some(
        Mistake::new(
            r.span(select),
            "SELECT names no columns",
            "write SELECT * for all, or the variables that you want",
        )
        .mend(end..end, " *"),
    )
}

/// `BIND(… AS ?x)` or `(… AS ?x)` where `?x` already has a value.
pub(super) fn bound_twice(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("AS") {
        let Some(open) = r.inside(at) else { continue };
        let Some(target) = r
            .tokens
            .get(at + 1)
            .filter(|token| token.kind == Kind::Variable)
        else {
            continue;
        };
        let binds = open > 0 && r.word(open - 1) == "BIND";
        let (from, to) = if binds {
            let pattern = r.inside(open).unwrap_or(0);
            (pattern, open)
        } else {
            // A column: its name must be new in the whole query.
            let head = (0..open).rev().find(|before| r.word(*before) == "SELECT");
            let Some(head) = head else { continue };
            (head, r.tokens.len())
        };
        let earlier = (from..to).find(|other| {
            let token = &r.tokens[*other];
            let own = *other >= open && *other <= at + 1;
            let late = !binds && *other > at && {
                let place = (at..*other).rev().find(|before| {
                    matches!(r.word(*before), "GROUP" | "HAVING" | "ORDER")
                        && r.inside(*before).is_none()
                });
                place.is_some()
            };
            token.kind == Kind::Variable && token.name == target.name && !own && !late
        });
        if let Some(earlier) = earlier {
            let set = Place::at_offset(r.name, r.text, r.span(earlier).start, 1);
            let instead = if binds {
                "BIND to a new variable, or compare with FILTER"
            } else {
                "take a new name behind AS"
            };
            return Some(Mistake::new(
                target.range.clone(),
                format!(
                    "?{} already has a value here, from {}:{}",
                    target.name, set.line, set.column
                ),
                instead,
            ));
        }
    }
    None
}

/// `SELECT *` or a plain variable beside groups.
pub(super) fn grouping(r: &Reading<'_>) -> Option<Mistake> {
    let group = r.words("GROUP").find(|at| r.word(at + 1) == "BY");
    let (select, end) = heads(r).next()?;
    if let Some(star) = outside(r, select + 1, end).find(|at| r.written(*at) == "*")
        && group.is_some()
    {
        return Some(Mistake::new(
            r.span(star),
            "SELECT * cannot be grouped",
            "name the columns: those of GROUP BY, and aggregates such as (COUNT(*) AS ?n)",
        ));
    }
    if !r
        .message
        .contains("The SELECT contains a variable that is unbound")
    {
        return None;
    }
    let grouped: Vec<&str> = group.map_or_else(Vec::new, |at| {
        r.tokens[at + 2..]
            .iter()
            .take_while(|token| {
                !matches!(
                    token.name.as_str(),
                    "HAVING" | "ORDER" | "LIMIT" | "OFFSET" | "VALUES"
                )
            })
            .filter(|token| token.kind == Kind::Variable)
            .map(|token| token.name.as_str())
            .collect()
    });
    let found = outside(r, select + 1, end).find(|at| {
        let token = &r.tokens[*at];
        token.kind == Kind::Variable && !grouped.contains(&token.name.as_str())
    })?;
    let name = &r.tokens[found].name;
    let mistake = Mistake::new(
        r.span(found),
        format!("?{name} is neither grouped nor aggregated"),
        format!("add it to GROUP BY, or write (SAMPLE(?{name}) AS ?some_{name})"),
    );
    Some(match group {
        Some(at) => {
            let end = r.span(at + 1).end;
            mistake.mend(end..end, format!(" ?{name}"))
        }
        None => mistake,
    })
}
