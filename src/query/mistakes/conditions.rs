//! Conditions and calculations: operators and functions of other languages, missing brackets.

use super::{Mistake, Reading};
use crate::nearest::{did_you_mean, nearest};
use crate::query::functions::{AGGREGATES, FOREIGN, FUNCTIONS, function};
use crate::query::lex::Kind;

/// `BIND(?x = …)` and `BIND(…)` without a name.
pub(super) fn bind(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("BIND").filter(|at| r.written(at + 1) == "(") {
        let close = r.closing(at + 1);
        let named = (at..close).any(|inner| r.word(inner) == "AS");
        if named || close <= at + 2 {
            continue;
        }
        let whole = r.between(at, close);
        if r.kind(at + 2) == Some(Kind::Variable) && r.written(at + 3) == "=" && close > at + 4 {
            let value = &r.text[r.between(at + 4, close - 1)];
            let mended = format!("BIND({value} AS {})", r.written(at + 2));
            return Some(
                Mistake::new(
                    r.span(at + 3),
                    "BIND gives a value with AS, not with =",
                    format!("write {mended}"),
                )
                .mend(whole, mended),
            );
        }
        let value = &r.text[r.between(at + 2, close - 1)];
        return Some(Mistake::new(
            r.span(at),
            "BIND needs a variable for its value",
            format!("write BIND({value} AS ?new)"),
        ));
    }
    None
}

/// Operators and words of SQL and other languages.
pub(super) fn alien(r: &Reading<'_>) -> Option<Mistake> {
    for at in 0..r.tokens.len() {
        let span = r.span(at);
        let mistake = match r.word(at) {
            word @ ("AND" | "OR") => {
                let (sign, hint) = if word == "AND" {
                    ("&&", "write &&, or a second FILTER")
                } else {
                    ("||", "write ||")
                };
                Mistake::new(
                    span.clone(),
                    format!("`{}` is written {sign} in SPARQL", r.written(at)),
                    hint,
                )
                .mend(span, sign)
            }
            "NOT" if !matches!(r.word(at + 1), "IN" | "EXISTS") => Mistake::new(
                span.clone(),
                "`NOT` stands only before IN and EXISTS",
                "write ! before a condition, as in !BOUND(?x)",
            )
            .mend(span.start..r.span(at + 1).start, "!"),
            "LIKE" | "ILIKE" => {
                let text = r.written(at + 1).trim_matches(['"', '\'']).replace('%', "");
                let variable = r.written(at.wrapping_sub(1));
                Mistake::new(
                    span,
                    "SPARQL has no LIKE",
                    format!(
                        "write CONTAINS(LCASE(STR({variable})), \"{}\") or REGEX",
                        text.to_lowercase()
                    ),
                )
            }
            "NULL" => Mistake::new(
                span,
                "SPARQL has no NULL: a variable has a value or has none",
                "write !BOUND(?x) for no value, BOUND(?x) for any",
            ),
            "IS" => Mistake::new(
                span,
                "SPARQL has no IS",
                "write BOUND(?x), isIRI(?x), or ?x = value",
            ),
            "BETWEEN" => {
                let variable = r.written(at.wrapping_sub(1));
                Mistake::new(
                    span,
                    "SPARQL has no BETWEEN",
                    format!("write {variable} >= … && {variable} <= …"),
                )
            }
            "CASE" | "WHEN" => Mistake::new(
                span,
                "SPARQL has no CASE",
                "write IF(condition, value, otherwise)",
            ),
            "JOIN" => Mistake::new(
                span,
                "SPARQL has no JOIN: patterns join by the variables that they share",
                "write both patterns into the same { … }; OPTIONAL { … } is the outer join",
            ),
            _ => continue,
        };
        return Some(mistake);
    }
    None
}

/// Functions that SPARQL does not have, and wrong numbers of arguments.
pub(super) fn functions(r: &Reading<'_>) -> Option<Mistake> {
    for at in 0..r.tokens.len() {
        let word = r.word(at);
        if word.is_empty() || r.written(at + 1) != "(" {
            continue;
        }
        let written = r.written(at);
        if let Some(known) = function(word) {
            let close = r.closing(at + 1);
            let given = arguments(r, at + 1, close);
            let (least, most) = known.arity;
            let aggregate = AGGREGATES.iter().any(|other| other.name == known.name);
            if aggregate || (least..=most).contains(&given) {
                continue;
            }
            let counted = |n: usize| match n {
                0 => "nothing".to_owned(),
                1 => "one argument".to_owned(),
                n => format!("{n} arguments"),
            };
            let wanted = match (least, most) {
                (a, b) if a == b => counted(a),
                (a, b) => format!("{a} to {b} arguments"),
            };
            return Some(Mistake::new(
                r.between(at, close),
                format!("{} takes {wanted}, not {given}", known.name),
                format!("write {}({})", known.name, known.arguments),
            ));
        }
        if !called(r, at) {
            continue;
        }
        if let Some((_, instead)) = FOREIGN.iter().find(|(foreign, _)| *foreign == word) {
            return Some(Mistake::new(
                r.span(at),
                format!("SPARQL has no function `{written}`"),
                format!("write {instead}"),
            ));
        }
        let names = || {
            FUNCTIONS
                .iter()
                .chain(AGGREGATES)
                .map(|function| function.name)
        };
        let hint = did_you_mean(written, names());
        let mistake = Mistake::new(
            r.span(at),
            format!("SPARQL has no function `{written}`"),
            hint.unwrap_or_else(|| {
                "functions of others are called by their IRI; `.help functions` lists what there is"
                    .to_owned()
            }),
        );
        return Some(match nearest(written, names()).first() {
            Some(near) => mistake.mend(r.span(at), *near),
            None => mistake,
        });
    }
    None
}

/// Whether a word before a parenthesis is a call and no keyword of a pattern.
fn called(r: &Reading<'_>, at: usize) -> bool {
    let joined = r.joined(at);
    let keyword = crate::query::words::KEYWORDS.contains(&r.word(at)) || r.written(at) == "a";
    joined
        && !keyword
        && r.inside(at)
            .is_some_and(|open| r.written(open) == "(" || r.word(at.wrapping_sub(1)) == "FILTER")
}

/// How many arguments stand between two parentheses.
fn arguments(r: &Reading<'_>, open: usize, close: usize) -> usize {
    if close <= open + 1 {
        return 0;
    }
    let mut depth = 0usize;
    let mut count = 1;
    for at in open + 1..close {
        match r.written(at) {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}

/// FILTER without brackets around a comparison.
pub(super) fn bare_filter(r: &Reading<'_>) -> Option<Mistake> {
    let at = r.words("FILTER").chain(r.words("HAVING")).find(|at| {
        matches!(
            r.kind(at + 1),
            Some(Kind::Variable | Kind::Text | Kind::Number)
        ) || r.written(at + 1) == "!"
    })?;
    let word = r.word(at);
    let start = r.span(at + 1).start;
    let rest = &r.text[start..];
    let end = rest.find(['}', '\n']).unwrap_or(rest.len());
    let condition = rest[..end].trim_end().trim_end_matches('.').trim_end();
    Some(
        Mistake::new(
            r.span(at + 1),
            format!("{word} needs brackets around its condition"),
            format!("write {word}({condition})"),
        )
        .mend(start..start + condition.len(), format!("({condition})")),
    )
}

/// An aggregate in a FILTER, or inside another one.
pub(super) fn aggregates(r: &Reading<'_>) -> Option<Mistake> {
    for at in 0..r.tokens.len() {
        let is = |at: usize| AGGREGATES.iter().any(|known| known.name == r.word(at));
        if !is(at) || r.written(at + 1) != "(" {
            continue;
        }
        let mut here = at;
        while let Some(open) = r.inside(here) {
            let Some(before) = open.checked_sub(1) else {
                break;
            };
            if r.written(open) != "(" {
                break;
            }
            if is(before) {
                return Some(Mistake::new(
                    r.span(at),
                    format!("{} stands inside {}", r.word(at), r.word(before)),
                    "count in an inner SELECT, { SELECT … GROUP BY … }, and aggregate that outside",
                ));
            }
            if matches!(r.word(before), "FILTER" | "BIND") {
                return Some(Mistake::new(
                    r.span(at),
                    format!(
                        "{} has no place in {}: the groups are made after it",
                        r.word(at),
                        r.word(before)
                    ),
                    "write GROUP BY … HAVING(…) behind the pattern",
                ));
            }
            here = open;
        }
    }
    None
}

/// `?x IN ?y` and `?x IN value`.
pub(super) fn lists(r: &Reading<'_>) -> Option<Mistake> {
    let at = r
        .words("IN")
        .find(|at| r.written(at + 1) != "(" && at + 1 < r.tokens.len())?;
    let value = r.written(at + 1);
    Some(
        Mistake::new(
            r.span(at + 1),
            "IN takes a list in brackets",
            format!("write IN ({value})"),
        )
        .mend(r.span(at + 1), format!("({value})")),
    )
}
