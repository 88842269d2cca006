//! Literals: escapes, datatypes, language tags.

use super::{Mistake, Reading};
use crate::query::lex::Kind;

/// A backslash in a string that escapes nothing.
pub(super) fn escapes(r: &Reading<'_>) -> Option<Mistake> {
    for at in (0..r.tokens.len()).filter(|at| r.kind(*at) == Some(Kind::Text)) {
        let text = r.written(at);
        let mut chars = text.char_indices();
        while let Some((place, c)) = chars.next() {
            if c != '\\' {
                continue;
            }
            let Some((_, next)) = chars.next() else { break };
            if !matches!(
                next,
                't' | 'b' | 'n' | 'r' | 'f' | '\\' | '"' | '\'' | 'u' | 'U'
            ) {
                let start = r.span(at).start + place;
                let span = start..start + 1 + next.len_utf8();
                return Some(
                    Mistake::new(
                        span.clone(),
                        format!("`\\{next}` is no escape of a string"),
                        format!("write \\\\{next}: in a string a backslash is written twice"),
                    )
                    .mend(span, format!("\\\\{next}")),
                );
            }
        }
    }
    None
}

/// `"5"^xsd:integer`, `"5"^^integer`, `5^^xsd:integer`.
pub(super) fn datatypes(r: &Reading<'_>) -> Option<Mistake> {
    for at in (0..r.tokens.len()).filter(|at| r.written(*at) == "^") {
        let Some(before) = at.checked_sub(1) else {
            continue;
        };
        let doubled = r.written(at + 1) == "^";
        match r.kind(before) {
            Some(Kind::Text) if !doubled => {
                return Some(
                    Mistake::new(
                        r.span(at),
                        "a datatype stands behind two carets",
                        format!("write {}^^{}", r.written(before), r.written(at + 1)),
                    )
                    .mend(r.span(at), "^^"),
                );
            }
            Some(Kind::Text) if r.kind(at + 2) == Some(Kind::Word) => {
                let name = r.written(at + 2);
                return Some(
                    Mistake::new(
                        r.span(at + 2),
                        format!("the datatype `{name}` has no prefix"),
                        format!("write {}^^xsd:{name}", r.written(before)),
                    )
                    .mend(r.span(at + 2), format!("xsd:{name}")),
                );
            }
            Some(Kind::Number) if doubled => {
                let number = r.written(before);
                return Some(
                    Mistake::new(
                        r.span(before),
                        "a value with a datatype stands in quotes",
                        format!(
                            "write \"{number}\"^^{}, or {number} alone",
                            r.written(at + 2)
                        ),
                    )
                    .mend(r.span(before), format!("\"{number}\"")),
                );
            }
            _ => {}
        }
    }
    None
}

/// A language tag behind something that is no string.
pub(super) fn tags(r: &Reading<'_>) -> Option<Mistake> {
    let at = (1..r.tokens.len())
        .find(|at| r.kind(*at) == Some(Kind::Tag) && r.kind(at - 1) != Some(Kind::Text))?;
    let before = r.written(at - 1);
    let tag = r.written(at);
    if matches!(r.kind(at - 1), Some(Kind::Word)) {
        return Some(
            Mistake::new(
                r.span(at - 1),
                format!("the text before {tag} has no quotes"),
                format!("write \"{before}\"{tag}"),
            )
            .mend(r.span(at - 1), format!("\"{before}\"")),
        );
    }
    Some(
        Mistake::new(
            r.span(at),
            format!("{tag} tells the language of a string, and {before} is none"),
            format!(
                "take {tag} out, or ask with FILTER(LANG(?text) = \"{}\")",
                &tag[1..]
            ),
        )
        .mend(r.span(at), ""),
    )
}
