//! Words that SPARQL does not have, words in the wrong place, and what is left.

use super::{Mistake, Reading};
use crate::nearest::{did_you_mean, nearest};
use crate::query::lex::Kind;
use crate::query::words::KEYWORDS;

const FORM: &str = "a query is SELECT, CONSTRUCT, ASK or DESCRIBE with a pattern in { … }";

/// No text at all.
pub(super) fn nothing(r: &Reading<'_>) -> Option<Mistake> {
    let form = if r.update {
        "an update is INSERT, DELETE or CLEAR"
    } else {
        FORM
    };
    r.tokens
        .is_empty()
        .then(|| Mistake::new(0..0, format!("{} is empty", r.name), form))
}

/// A word that SPARQL does not have.
pub(super) fn unknown(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| {
        let written = r.written(*at);
        r.kind(*at) == Some(Kind::Word)
            && written != "a"
            && !written.starts_with('_')
            && !KEYWORDS.contains(&r.word(*at))
    })?;
    let written = r.written(at);
    let message = format!("SPARQL has no word `{written}`");
    // `pm Programme`: the colon is missing.
    if r.known.namespace(written).is_some() && r.kind(at + 1) == Some(Kind::Word) {
        let next = r.written(at + 1);
        return Some(
            Mistake::new(
                r.between(at, at + 1),
                format!("`{written} {next}` has no colon"),
                format!("write {written}:{next}"),
            )
            .mend(r.between(at, at + 1), format!("{written}:{next}")),
        );
    }
    let Some(question) = did_you_mean(r.word(at), KEYWORDS.iter().copied()) else {
        return Some(Mistake::new(
            r.span(at),
            message,
            format!(
                "a name is written with a prefix (pm:{written}), a variable with a question mark (?{written}), a text in quotes"
            ),
        ));
    };
    let mistake = Mistake::new(r.span(at), message, question);
    Some(
        match nearest(r.word(at), KEYWORDS.iter().copied()).first() {
            Some(near) => mistake.mend(r.span(at), *near),
            None => mistake,
        },
    )
}

/// A prefix line, a form or a semicolon where the query has ended or has begun already.
pub(super) fn leftover(r: &Reading<'_>) -> Option<Mistake> {
    let mut depth = 0usize;
    for at in 0..r.tokens.len() {
        match r.written(at) {
            "{" | "(" | "[" if r.kind(at) == Some(Kind::Other) => depth += 1,
            "}" | ")" | "]" if r.kind(at) == Some(Kind::Other) => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                if let Some(mistake) = left_at(r, at) {
                    return Some(mistake);
                }
            }
            _ => {}
        }
    }
    None
}

fn left_at(r: &Reading<'_>, at: usize) -> Option<Mistake> {
    let word = r.word(at);
    let begun =
        (0..at).any(|before| matches!(r.word(before), "SELECT" | "CONSTRUCT" | "ASK" | "DESCRIBE"));
    if !begun || r.update {
        return None;
    }
    let closed = (0..at).any(|before| r.written(before) == "}");
    let (message, hint) = match word {
        "PREFIX" | "BASE" => (
            format!("{word} stands before the query"),
            "move the line to the beginning",
        ),
        "SELECT" | "CONSTRUCT" | "ASK" | "DESCRIBE" => (
            format!("a second query begins with {word}"),
            "run them one after the other, or put a SELECT into { … } inside the pattern of the first",
        ),
        "FILTER" | "OPTIONAL" | "BIND" | "MINUS" | "UNION" | "GRAPH" if closed => (
            format!("{word} stands inside the braces of the pattern"),
            "move the last } behind it",
        ),
        "FROM" if closed && r.words("CONSTRUCT").next().is_none() => (
            "FROM stands before the pattern".to_owned(),
            "write SELECT … FROM <graph> WHERE { … }",
        ),
        _ if r.written(at) == ";" => {
            return Some(
                Mistake::new(
                    r.span(at),
                    "a query does not end with a semicolon",
                    "take it out",
                )
                .mend(r.span(at), ""),
            );
        }
        _ => return None,
    };
    Some(Mistake::new(r.span(at), message, hint))
}

/// The general case: the word where the parser stopped.
pub(super) fn unexpected(r: &Reading<'_>) -> Mistake {
    let at = r.stop;
    if at >= r.tokens.len() {
        let end = r.text.trim_end().len();
        let form = if r.update {
            "an update is INSERT, DELETE or CLEAR with { … }"
        } else {
            FORM
        };
        return if r.text.trim_end().ends_with('}') {
            Mistake::new(0..0, format!("{} cannot be read as SPARQL", r.name), form)
        } else {
            Mistake::new(end..end, format!("{} ends too early", r.name), form)
        };
    }
    Mistake::new(
        r.span(at),
        format!("unexpected `{}`", r.written(at)),
        "look at what comes just before: a dot, a semicolon or a bracket may be missing",
    )
}
