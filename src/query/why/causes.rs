//! Why a part finds nothing, and what would.

use std::ops::Range;

use oxrdf::Term;

use super::near::Nearby;
use super::parts::{Part, Parts, Shape};
use super::trial::{Trial, joined};
use super::{Cause, Near, Subject};
use crate::nearest::nearest;
use crate::query::Edit;
use crate::query::lex::{self, Kind, Token};
use crate::query::names::{Names, TYPE};

/// How many causes are told of one block.
const INNER: usize = 2;

/// A cause with the changes that may mend it, best first.
pub(super) struct Finding {
    pub(super) cause: Cause,
    /// Says more than that parts do not fit together.
    pub(super) specific: bool,
    pub(super) edits: Vec<Edit>,
}

/// A query that is looked into.
pub(super) struct Case<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) names: &'a Names<'a>,
    pub(super) taken: &'a Parts,
    pub(super) nearby: &'a Nearby<'a>,
    pub(super) trial: &'a Trial<'a>,
}

impl<'a> Case<'a> {
    /// The parts that every answer must fit.
    pub(super) fn required(&self) -> Vec<&'a Part> {
        self.taken
            .outer
            .iter()
            .filter(|part| part.shape != Shape::Optional)
            .collect()
    }

    fn finding(&self, span: &Range<usize>, message: impl Into<String>) -> Finding {
        Finding {
            cause: Cause::new(self.text, span, message),
            specific: true,
            edits: Vec::new(),
        }
    }

    /// With candidates, each of which may take the place of the span.
    fn with(&self, span: &Range<usize>, message: impl Into<String>, near: Vec<Near>) -> Finding {
        let edits = near
            .iter()
            .map(|near| Edit {
                start: span.start,
                end: span.end,
                text: near.term.clone(),
            })
            .collect();
        let mut finding = self.finding(span, message);
        finding.cause.near = near;
        finding.edits = edits;
        finding
    }

    /// The tokens of a span.
    fn tokens_in(&self, span: &Range<usize>) -> Vec<&'a Token> {
        self.tokens
            .iter()
            .filter(|token| span.start <= token.range.start && token.range.end <= span.end)
            .collect()
    }

    /// The IRI of a span that is one name.
    fn iri(&self, span: &Range<usize>) -> Option<String> {
        match self.tokens_in(span).as_slice() {
            [one] if one.kind == Kind::Word && &self.text[one.range.clone()] == "a" => {
                Some(TYPE.to_owned())
            }
            [one] => self.names.iri(self.text, one),
            _ => None,
        }
    }

    /// The class or the IRI of the subject of a triple.
    fn subject(&self, span: &Range<usize>) -> Subject {
        if let Some(iri) = self.iri(span) {
            return Subject::Thing(iri);
        }
        let name = &self.text[span.clone()];
        let class = self.taken.outer.iter().find_map(|part| {
            let [subject, predicate, object] = part.terms.as_ref()?;
            (&self.text[subject.clone()] == name && self.iri(predicate)? == TYPE)
                .then(|| self.iri(object))?
        });
        class.map_or(Subject::Unknown, Subject::Class)
    }
}

/// Why a part leaves nothing; `kept` are the parts that have an answer without it.
pub(super) fn explain(case: &Case<'_>, part: &Part, kept: &[&Part]) -> Vec<Finding> {
    match part.shape {
        Shape::Triple => vec![triple(case, part, true)],
        Shape::Filter => vec![filter(case, part, kept)],
        Shape::Values => vec![case.finding(&part.span, "none of these values fits the rest")],
        Shape::Bind | Shape::Optional | Shape::Block => {
            let inner = dead_inside(case, &part.span);
            if inner.is_empty() {
                let message = if case.trial.holds(&[part]) == Some(false) {
                    "this part finds nothing, even by itself"
                } else {
                    "this part finds nothing together with the rest"
                };
                vec![case.finding(&part.span, message)]
            } else {
                inner
            }
        }
    }
}

/// The triples of a block that find nothing by themselves.
pub(super) fn dead_inside(case: &Case<'_>, span: &Range<usize>) -> Vec<Finding> {
    case.taken
        .inner
        .iter()
        .filter(|part| span.start <= part.span.start && part.span.end <= span.end)
        .filter(|part| case.trial.holds(&[part]) == Some(false))
        .take(INNER)
        .map(|part| triple(case, part, false))
        .collect()
}

fn triple(case: &Case<'_>, part: &Part, outermost: bool) -> Finding {
    let Some([subject, predicate, object]) = &part.terms else {
        return case.finding(&part.span, "this part finds nothing");
    };
    let verb = &case.text[predicate.clone()];
    if let Some(finding) = unused_predicate(case, predicate) {
        return finding;
    }
    let Some(iri) = case.iri(predicate) else {
        let message = if case.trial.holds(&[part]) == Some(false) {
            "nothing fits this, even by itself"
        } else {
            "nothing fits this together with the rest"
        };
        return case.finding(&part.span, message);
    };
    if let Some(finding) = object_of(case, &iri, verb, object) {
        return finding;
    }
    if let Subject::Thing(thing) = case.subject(subject) {
        let written = &case.text[subject.clone()];
        if case.trial.has(&format!("<{thing}> ?p ?o")) == Some(false) {
            return case.with(
                subject,
                format!("nothing is said about {written}"),
                case.nearby.things(&thing),
            );
        }
        let has = listed(&case.nearby.of_subject(&Subject::Thing(thing)));
        return case.finding(predicate, format!("{written} has no {verb}{has}"));
    }
    let known = case.subject(subject);
    if outermost && let Subject::Class(class) = &known {
        let pattern = format!("?s <{TYPE}> <{class}> . ?s <{iri}> ?o");
        if case.trial.has(&pattern) == Some(false) {
            let class = case.names.write(class).0;
            let has = listed(&case.nearby.of_subject(&known));
            return case.finding(predicate, format!("no {class} has {verb}{has}"));
        }
    }
    let object = &case.text[object.clone()];
    let mut finding = case.finding(
        &part.span,
        format!("nothing that fits the rest has {verb} {object}"),
    );
    finding.specific = false;
    finding
}

fn listed(near: &[Near]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let terms: Vec<&str> = near.iter().map(|near| near.term.as_str()).collect();
    format!("; it has {}", terms.join(", "))
}

/// A predicate, or a step of a path, that no statement has.
fn unused_predicate(case: &Case<'_>, span: &Range<usize>) -> Option<Finding> {
    case.tokens_in(span).into_iter().find_map(|token| {
        let iri = case.names.iri(case.text, token)?;
        if case.nearby.uses(&iri)? > 0 {
            return None;
        }
        let written = &case.text[token.range.clone()];
        Some(case.with(
            &token.range,
            format!("nothing uses the predicate {written}"),
            case.nearby.predicates(&iri),
        ))
    })
}

/// A class without members, or an object that never stands after the predicate.
fn object_of(case: &Case<'_>, predicate: &str, verb: &str, span: &Range<usize>) -> Option<Finding> {
    let tokens = case.tokens_in(span);
    let first = tokens.first()?;
    let written = &case.text[span.clone()];
    match first.kind {
        Kind::Prefixed | Kind::Iri if tokens.len() == 1 => {
            let iri = case.names.iri(case.text, first)?;
            if predicate == TYPE {
                return (case.nearby.has_members(&iri) == Some(false)).then(|| {
                    case.with(
                        span,
                        format!("nothing is a {written}"),
                        case.nearby.classes(&iri),
                    )
                });
            }
            if case.trial.has(&format!("?s <{predicate}> <{iri}>")) != Some(false) {
                return None;
            }
            let near = case.nearby.objects(predicate, &iri);
            let things = case
                .trial
                .has(&format!("?s <{predicate}> ?o FILTER(isIRI(?o))"));
            let message = if things == Some(false) {
                format!("texts or numbers stand after {verb}, never a name such as {written}")
            } else {
                format!(
                    "{verb} never leads to {written}{}{}",
                    elsewhere(case, &iri),
                    if near.is_empty() {
                        examples(case, predicate)
                    } else {
                        String::new()
                    }
                )
            };
            Some(case.with(span, message, near))
        }
        Kind::Text | Kind::Number => literal_of(case, predicate, verb, span, first),
        _ => None,
    }
}

/// Where a thing does stand as an object.
fn elsewhere(case: &Case<'_>, iri: &str) -> String {
    let query = format!(
        "SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p <{iri}> }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 2"
    );
    let found: Vec<String> = case
        .trial
        .rows(&query)
        .into_iter()
        .flat_map(|table| table.rows)
        .filter_map(|row| row.into_iter().next()?)
        .map(|term| case.nearby.term(&term))
        .collect();
    if found.is_empty() {
        String::new()
    } else {
        format!(", which stands after {}", found.join(" and "))
    }
}

fn examples(case: &Case<'_>, predicate: &str) -> String {
    let terms: Vec<String> = case
        .nearby
        .examples(predicate)
        .into_iter()
        .map(|near| near.term)
        .collect();
    if terms.is_empty() {
        String::new()
    } else {
        format!("; it leads to {}", terms.join(", "))
    }
}

fn literal_of(
    case: &Case<'_>,
    predicate: &str,
    verb: &str,
    span: &Range<usize>,
    token: &Token,
) -> Option<Finding> {
    let written = &case.text[span.clone()];
    if case.trial.has(&format!("?s <{predicate}> {written}")) != Some(false) {
        // With the prefixes of the text, so that a datatype may be short.
        return None;
    }
    let lexical = &case.text[token.range.clone()];
    let quoted = if token.kind == Kind::Text {
        lexical.to_owned()
    } else {
        format!("\"{lexical}\"")
    };
    let same = case.trial.rows_here(&format!(
        "SELECT ?o (COUNT(*) AS ?n) WHERE {{ ?s <{predicate}> ?o FILTER (isLiteral(?o) && LCASE(STR(?o)) = LCASE({quoted})) }} GROUP BY ?o ORDER BY DESC(?n) STR(?o) LANG(?o) LIMIT 3"
    ));
    let same: Vec<(Term, u64)> = same
        .into_iter()
        .flat_map(|table| table.rows)
        .filter_map(|row| {
            let mut cells = row.into_iter();
            let term = cells.next()??;
            let count = match cells.next()?? {
                Term::Literal(count) => count.value().parse().ok()?,
                _ => return None,
            };
            Some((term, count))
        })
        .collect();
    if let Some((Term::Literal(first), _)) = same.first() {
        let value = quoted.trim_matches(['"', '\'']);
        let reason = if first.value() != value {
            "it is written with other capitals"
        } else if first.language().is_some() && !written.contains('@') {
            "its language tag is missing"
        } else if first.language().is_some() {
            "it has another language"
        } else if written.contains('@') {
            "it has no language"
        } else {
            "it has another datatype"
        };
        let near = same
            .iter()
            .map(|(term, count)| Near {
                term: case.nearby.term(term),
                label: String::new(),
                count: *count,
            })
            .collect();
        return Some(case.with(span, format!("no {verb} is {written}: {reason}"), near));
    }
    let value = quoted.trim_matches(['"', '\'']);
    let near = case.nearby.objects(predicate, value);
    let literals = case
        .trial
        .has(&format!("?s <{predicate}> ?o FILTER(isLiteral(?o))"));
    let message = if literals == Some(false) {
        format!("names stand after {verb}, never a text or a number such as {written}")
    } else if near.is_empty() {
        format!("no {verb} is {written}{}", examples(case, predicate))
    } else {
        format!("no {verb} is {written}")
    };
    Some(case.with(span, message, near))
}

/// A condition that nothing passes, with an example of what was compared.
fn filter(case: &Case<'_>, part: &Part, kept: &[&Part]) -> Finding {
    let exists = part.text.to_uppercase().contains("EXISTS");
    if let Some(finding) = part.strange.first().filter(|_| !exists).and_then(|name| {
        let variables = lex::variables(case.tokens);
        let others = variables
            .iter()
            .map(String::as_str)
            .filter(|other| other != name);
        let near = nearest(name, others).into_iter().map(|near| Near {
            term: format!("?{near}"),
            label: String::new(),
            count: lex::occurrences(case.text, case.tokens, near) as u64,
        });
        let token = case
            .tokens_in(&part.span)
            .into_iter()
            .find(|token| token.kind == Kind::Variable && token.name == *name)?;
        let message = format!("nothing in the pattern gives ?{name} a value");
        Some(case.with(&token.range, message, near.collect()))
    }) {
        return finding;
    }
    let columns: Vec<String> = part
        .variables
        .iter()
        .filter(|name| kept.iter().any(|part| part.variables.contains(name)))
        .map(|name| format!("?{name}"))
        .collect();
    let row = (!columns.is_empty() && !exists)
        .then(|| {
            case.trial.rows_here(&format!(
                "SELECT {} WHERE {{ {} }} LIMIT 1",
                columns.join(" "),
                joined(kept)
            ))
        })
        .flatten()
        .and_then(|table| table.rows.into_iter().next());
    let Some(row) = row else {
        return case.finding(&part.span, "nothing passes this condition");
    };
    let shown: Vec<String> = columns
        .iter()
        .zip(&row)
        .filter_map(|(column, term)| {
            let term = case.nearby.term(term.as_ref()?);
            Some(format!("{column} is {term}"))
        })
        .collect();
    let mut finding = case.finding(
        &part.span,
        format!(
            "nothing passes this condition; without it, {} for example",
            shown.join(", ")
        ),
    );
    finding.edits = compared(case, part, &columns, &row);
    finding
}

/// `?label = "text"` where labels have a language: `STR(?label) = "text"`.
fn compared(case: &Case<'_>, part: &Part, columns: &[String], row: &[Option<Term>]) -> Vec<Edit> {
    let tokens = case.tokens_in(&part.span);
    let mut edits = Vec::new();
    for three in tokens.windows(3) {
        let sign = &case.text[three[1].range.clone()];
        let (variable, other) = match (three[0].kind, three[2].kind) {
            (Kind::Variable, Kind::Text) => (three[0], three[2]),
            (Kind::Text, Kind::Variable) => (three[2], three[0]),
            _ => continue,
        };
        if sign != "=" {
            continue;
        }
        let written = &case.text[variable.range.clone()];
        let value = columns
            .iter()
            .position(|column| column == written)
            .and_then(|at| row.get(at)?.as_ref());
        let tagged = matches!(value, Some(Term::Literal(literal)) if literal.language().is_some());
        let plain = !case.text[other.range.end..].starts_with(['@', '^']);
        if (tagged && plain) || matches!(value, Some(Term::NamedNode(_))) {
            edits.push(Edit {
                start: variable.range.start,
                end: variable.range.end,
                text: format!("STR({written})"),
            });
        }
    }
    edits
}
