//! Triples and the parts of a pattern.

use super::{Mistake, Reading};
use crate::query::lex::Kind;
use crate::query::outline::{Problem, outline};

/// WHERE, OPTIONAL, UNION, MINUS, EXISTS without braces.
pub(super) fn braces(r: &Reading<'_>) -> Option<Mistake> {
    for at in 0..r.tokens.len() {
        let word = r.word(at);
        if !matches!(word, "WHERE" | "OPTIONAL" | "UNION" | "MINUS" | "EXISTS") {
            continue;
        }
        let next = r.written(at + 1);
        if next == "{" || at + 1 >= r.tokens.len() {
            if word == "UNION" && at > 0 && r.written(at - 1) != "}" {
                return Some(Mistake::new(
                    r.span(at),
                    "UNION joins two patterns in braces",
                    "write { … } UNION { … }",
                ));
            }
            continue;
        }
        let start = r.span(at + 1).start;
        let rest = &r.text[start..];
        let end = rest.find(['}', '\n']).unwrap_or(rest.len());
        let inner = rest[..end].trim_end().trim_end_matches('.').trim_end();
        let shown = if inner.chars().count() > 40 {
            "…"
        } else {
            inner
        };
        return Some(
            Mistake::new(
                r.span(at),
                format!("{word} needs braces around its pattern"),
                format!("write {word} {{ {shown} }}"),
            )
            .mend(start..start + inner.len(), format!("{{ {inner} }}")),
        );
    }
    let select = r.words("SELECT").next()?;
    let bare = !(select..r.tokens.len()).any(|at| r.written(at) == "{" || r.word(at) == "WHERE");
    bare.then(|| {
        Mistake::new(
            r.span(select),
            "SELECT has no pattern",
            "write SELECT … WHERE { … }",
        )
    })
}

/// UNDEF outside of VALUES, rows of VALUES that are too long or too short.
pub(super) fn values(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("UNDEF") {
        let mut open = r.inside(at);
        let mut data = false;
        while let Some(bracket) = open {
            let before = (0..bracket)
                .rev()
                .find(|before| !r.word(*before).is_empty());
            data |= before.is_some_and(|before| r.word(before) == "VALUES");
            open = r.inside(bracket);
        }
        if !data {
            return Some(Mistake::new(
                r.span(at),
                "UNDEF stands only in the data of VALUES",
                "leave the place open with a new variable",
            ));
        }
    }
    for at in r.words("VALUES") {
        let (columns, open) = if r.kind(at + 1) == Some(Kind::Variable) {
            if r.kind(at + 2) == Some(Kind::Variable) {
                return Some(Mistake::new(
                    r.span(at + 2),
                    "VALUES takes several variables in brackets",
                    format!(
                        "write VALUES ({} {}) {{ (… …) }}",
                        r.written(at + 1),
                        r.written(at + 2)
                    ),
                ));
            }
            (None, at + 2)
        } else if r.written(at + 1) == "(" {
            let close = r.closing(at + 1);
            (Some(close - at - 2), close + 1)
        } else {
            continue;
        };
        if r.written(open) != "{" {
            continue;
        }
        let end = r.closing(open);
        let mut row = open + 1;
        while row < end {
            if r.written(row) == "," {
                return Some(
                    Mistake::new(
                        r.span(row),
                        "the data of VALUES stands without commas",
                        "put a space in place of the comma",
                    )
                    .mend(r.span(row), " "),
                );
            }
            if r.kind(row) == Some(Kind::Variable) {
                return Some(Mistake::new(
                    r.span(row),
                    "the data of VALUES has no variables",
                    "write terms there, or UNDEF for any",
                ));
            }
            let bracket = r.written(row) == "(";
            match columns {
                None if bracket => {
                    return Some(Mistake::new(
                        r.span(row),
                        "a row in brackets needs variables in brackets",
                        format!(
                            "write VALUES ({}) {{ (…) }}, or take the brackets out",
                            r.written(at + 1)
                        ),
                    ));
                }
                Some(_) if !bracket => {
                    return Some(Mistake::new(
                        r.span(row),
                        "each row of VALUES stands in brackets here",
                        format!("write ({})", r.written(row)),
                    ));
                }
                Some(wanted) => {
                    let close = r.closing(row);
                    let given = terms(r, row + 1, close);
                    if given != wanted {
                        return Some(Mistake::new(
                            r.between(row, close),
                            format!(
                                "this row has {given} value{} for {wanted} variable{}",
                                if given == 1 { "" } else { "s" },
                                if wanted == 1 { "" } else { "s" }
                            ),
                            "give each variable one value, UNDEF for any",
                        ));
                    }
                    row = close + 1;
                }
                None => row += 1,
            }
        }
    }
    None
}

/// How many terms stand between two tokens: a string with its tag or datatype is one.
fn terms(r: &Reading<'_>, from: usize, to: usize) -> usize {
    (from..to)
        .filter(|at| {
            let datatype = r.written(at.wrapping_sub(1)) == "^";
            matches!(
                r.kind(*at),
                Some(Kind::Text | Kind::Iri | Kind::Prefixed | Kind::Number | Kind::Word)
            ) && !datatype
        })
        .count()
}

/// A comma with no object after it.
pub(super) fn dangling_comma(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len())
        .find(|at| r.written(*at) == "," && matches!(r.written(at + 1), "}" | "." | ";" | ","))?;
    Some(
        Mistake::new(
            r.span(at),
            "a comma has no further object after it",
            "a comma goes on with another object, a semicolon with another predicate, a dot ends the statement",
        )
        .mend(r.span(at), ""),
    )
}

/// EXISTS in a pattern without FILTER.
pub(super) fn exists(r: &Reading<'_>) -> Option<Mistake> {
    for at in r.words("EXISTS") {
        let not = at > 0 && r.word(at - 1) == "NOT";
        let start = at - usize::from(not);
        let in_group = r.inside(start).is_some_and(|open| r.written(open) == "{");
        if in_group && (start == 0 || r.word(start - 1) != "FILTER") {
            let span = r.between(start, at);
            let written = &r.text[span.clone()];
            return Some(
                Mistake::new(
                    span.clone(),
                    format!("{} is a condition and needs FILTER", written.to_uppercase()),
                    format!("write FILTER {} {{ … }}", written.to_uppercase()),
                )
                .mend(span.start..span.start, "FILTER "),
            );
        }
    }
    None
}

/// Triples that are not whole, or run into each other.
pub(super) fn triples(r: &Reading<'_>) -> Option<Mistake> {
    let (at, problem) = *outline(r.text, r.tokens).problems.first()?;
    let written = r.written(at);
    let last = at.checked_sub(1)?;
    let before = r.written(last);
    Some(match problem {
        Problem::Extra if last >= 1 && r.written(last - 1) == "," && is_name(r, last) => {
            Mistake::new(
                r.span(last - 1),
                "a comma goes on with another object, and here comes a predicate",
                format!("write ; before {before}"),
            )
            .mend(r.span(last - 1), ";")
        }
        Problem::Extra => {
            let end = r.span(last).end;
            Mistake::new(
                r.span(at),
                format!("a dot is missing before {written}"),
                "a dot ends a statement, a semicolon goes on with another predicate",
            )
            .mend(end..end, " .")
        }
        Problem::NoPredicate => Mistake::new(
            r.span(last),
            "a statement has three parts, and this one has no predicate and no object",
            format!("write {before} predicate object"),
        ),
        Problem::NoObject => Mistake::new(
            r.span(last),
            format!("no object stands after {before}"),
            format!("write {before} ?value for any"),
        ),
        Problem::Nothing => Mistake::new(
            r.span(at),
            format!("`{written}` goes on with a statement, and none has begun"),
            "take it out",
        )
        .mend(r.span(at), ""),
        Problem::LiteralPredicate => Mistake::new(
            r.span(at),
            "a literal cannot be a predicate",
            "a predicate is a name such as rdfs:label, a variable, or a path",
        ),
    })
}

/// `a` where a subject belongs.
pub(super) fn type_as_subject(r: &Reading<'_>) -> Option<Mistake> {
    let at = (1..r.tokens.len()).find(|at| {
        r.written(*at) == "a" && matches!(r.written(at - 1), "{" | ".") && is_name(r, at + 1)
    })?;
    Some(Mistake::new(
        r.span(at),
        "`a` stands for rdf:type and cannot be a subject",
        "write ?x a pm:Programme",
    ))
}

fn is_name(r: &Reading<'_>, at: usize) -> bool {
    matches!(r.kind(at), Some(Kind::Prefixed | Kind::Iri))
}
