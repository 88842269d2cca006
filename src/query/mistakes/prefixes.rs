//! Prefixes and IRIs.

use super::{Mistake, Reading};
use crate::nearest::{did_you_mean, nearest};
use crate::query::lex::Kind;
use crate::query::words::KEYWORDS;

/// `PREFIX pm <…>`.
pub(super) fn without_colon(r: &Reading<'_>) -> Option<Mistake> {
    let at = r.words("PREFIX").find(|at| {
        r.kind(at + 1) == Some(Kind::Word) && matches!(r.kind(at + 2), Some(Kind::Iri))
    })?;
    let name = r.written(at + 1);
    Some(
        Mistake::new(
            r.span(at + 1),
            "a prefix is declared with a colon behind its name",
            format!("write PREFIX {name}: {}", r.written(at + 2)),
        )
        .mend(r.span(at + 1), format!("{name}:")),
    )
}

/// An IRI without its brackets: `https://…`, which looks like a prefix.
pub(super) fn bare_iri(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| {
        let token = &r.tokens[*at];
        token.kind == Kind::Prefixed
            && matches!(token.name.as_str(), "http" | "https" | "urn" | "mailto")
            && (token.name == "urn" || r.text[token.range.end..].starts_with("//"))
    })?;
    let start = r.span(at).start;
    let rest = &r.text[start..];
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '}' | ')' | ']' | ';' | ',' | '"'))
        .unwrap_or(rest.len());
    let iri = rest[..length].trim_end_matches('.');
    let span = start..start + iri.len();
    let shown = if iri.chars().count() > 60 {
        "https://…"
    } else {
        iri
    };
    Some(
        Mistake::new(
            span.clone(),
            "an IRI stands in angle brackets",
            format!("write <{shown}>"),
        )
        .mend(span, format!("<{iri}>")),
    )
}

/// A prefix that nobody declared.
pub(super) fn unknown(r: &Reading<'_>) -> Option<Mistake> {
    let mut declared: Vec<&str> = Vec::new();
    for pair in r.tokens.windows(2) {
        if pair[0].name == "PREFIX" && pair[1].kind == Kind::Prefixed {
            declared.push(&pair[1].name);
        }
    }
    let at = (0..r.tokens.len()).find(|at| {
        let token = &r.tokens[*at];
        token.kind == Kind::Prefixed
            && token.name != "_"
            && r.known.namespace(&token.name).is_none()
            && !declared.contains(&token.name.as_str())
    })?;
    let token = &r.tokens[at];
    let prefix = token.name.as_str();
    let start = token.range.start;
    let span = start..start + prefix.len() + 1;
    let declare = |namespace: &str| format!("add a line: PREFIX {prefix}: <{namespace}>");
    let message = format!("unknown prefix `{prefix}:`");
    if let Some(namespace) = r.suggest.namespace(prefix) {
        let line = format!("PREFIX {prefix}: <{namespace}>\n");
        return Some(Mistake::new(span, message, declare(namespace)).mend(0..0, line));
    }
    let all = || {
        declared
            .iter()
            .copied()
            .chain(r.suggest.iter().map(|(prefix, _)| prefix))
    };
    let Some(question) = did_you_mean(prefix, all()) else {
        return Some(Mistake::new(span, message, declare("…")));
    };
    let hint = format!("{question} Or {}", declare("…"));
    let mistake = Mistake::new(span.clone(), message, hint);
    Some(match nearest(prefix, all()).first() {
        Some(near) => mistake.mend(span, format!("{near}:")),
        None => mistake,
    })
}

/// `pm: Programme`: a space behind the colon.
pub(super) fn parted(r: &Reading<'_>) -> Option<Mistake> {
    let at = (0..r.tokens.len()).find(|at| {
        r.kind(*at) == Some(Kind::Prefixed)
            && r.written(*at).ends_with(':')
            && r.kind(at + 1) == Some(Kind::Word)
            && !r.joined(*at)
            && !KEYWORDS.contains(&r.word(at + 1))
            && (*at == 0 || r.word(at - 1) != "PREFIX")
    })?;
    let (name, rest) = (r.written(at), r.written(at + 1));
    Some(
        Mistake::new(
            r.between(at, at + 1),
            format!("a space parts {name} from its name"),
            format!("write {name}{rest}"),
        )
        .mend(r.between(at, at + 1), format!("{name}{rest}")),
    )
}
