//! Queries where updates are expected, the other way round, and parts of updates.

use super::{Mistake, Reading};
use crate::query::lex::Kind;

const QUERIES: &[&str] = &["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"];
const UPDATES: &[&str] = &[
    "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH",
];

/// An update where a query is expected, or a query where an update is.
pub(super) fn wrong_kind(r: &Reading<'_>) -> Option<Mistake> {
    let first = (0..r.tokens.len()).find(|at| {
        let word = r.word(*at);
        QUERIES.contains(&word) || UPDATES.contains(&word)
    })?;
    let word = r.word(first);
    if UPDATES.contains(&word) && !r.update {
        return Some(Mistake::new(
            r.span(first),
            format!("{word} changes data, and a query only reads"),
            "`peermap update -o FILE` writes a changed copy",
        ));
    }
    (r.update && QUERIES.contains(&word)).then(|| {
        Mistake::new(
            r.span(first),
            format!("{word} reads, and an update changes data"),
            "`peermap query` asks; an update is INSERT, DELETE or CLEAR",
        )
    })
}

/// Variables in INSERT DATA or DELETE DATA; blank nodes in DELETE.
pub(super) fn data(r: &Reading<'_>) -> Option<Mistake> {
    for at in (0..r.tokens.len()).filter(|at| matches!(r.word(*at), "INSERT" | "DELETE")) {
        let word = r.word(at);
        let fixed = r.word(at + 1) == "DATA";
        let open = at + 1 + usize::from(fixed);
        if r.written(open) != "{" {
            continue;
        }
        let end = r.closing(open);
        for inner in open..end {
            if fixed && r.kind(inner) == Some(Kind::Variable) {
                let variable = r.written(inner);
                return Some(Mistake::new(
                    r.span(inner),
                    format!("{word} DATA takes no variables, and {variable} is one"),
                    format!(
                        "write {word} {{ … }} WHERE {{ … }} with a pattern that gives {variable} its values"
                    ),
                ));
            }
            let blank = r.written(inner).starts_with("_:") || r.written(inner) == "[";
            if word == "DELETE" && blank {
                return Some(Mistake::new(
                    r.span(inner),
                    "DELETE cannot name a blank node",
                    "find it with a variable: DELETE { ?node ?p ?o } WHERE { … }",
                ));
            }
        }
    }
    None
}

/// `DELETE { … }` without WHERE.
pub(super) fn missing_where(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len())
        .find(|at| matches!(r.word(*at), "INSERT" | "DELETE") && r.written(at + 1) == "{")?;
    let mut end = r.closing(at + 1);
    if matches!(r.word(end + 1), "INSERT") && r.written(end + 2) == "{" {
        end = r.closing(end + 2);
    }
    while matches!(r.word(end + 1), "USING") {
        end += 2 + usize::from(r.word(end + 2) == "NAMED");
    }
    if r.word(end + 1) == "WHERE" {
        return None;
    }
    let word = r.word(at);
    let short = if word == "DELETE" {
        "; DELETE WHERE { … } deletes what it finds, DELETE DATA { … } what it names"
    } else {
        "; INSERT DATA { … } adds what it names"
    };
    Some(Mistake::new(
        r.span(at),
        format!("{word} {{ … }} needs WHERE and a pattern"),
        format!("write {word} {{ … }} WHERE {{ … }}{short}"),
    ))
}
