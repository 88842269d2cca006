//! Answers that are there and still look wrong.

use super::Cause;
use super::causes::{Case, dead_inside};
use super::parts::{Part, Shape};
use crate::output::Body;
use crate::query::lex::Kind;

/// What looks like a slip although there is an answer.
pub(super) fn all(case: &Case<'_>) -> Vec<Cause> {
    let mut found = products(case);
    found.extend(empty_optionals(case));
    found
}

/// A pattern with an answer of which nothing is left behind it: HAVING, OFFSET, LIMIT 0.
pub(super) fn modifiers(case: &Case<'_>) -> Vec<Cause> {
    let words = ["HAVING", "OFFSET", "LIMIT"];
    let mut outside: Vec<&crate::query::lex::Token> = Vec::new();
    let mut depth = 0usize;
    for token in case.tokens {
        match &case.text[token.range.clone()] {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ if depth == 0 && token.kind == Kind::Word && words.contains(&token.name.as_str()) => {
                outside.push(token);
            }
            _ => {}
        }
    }
    if outside.is_empty() {
        return Vec::new();
    }
    match case.trial.body(case.text) {
        Some(Body::Table(table)) if table.rows.is_empty() => outside
            .first()
            .map(|token| {
                Cause::new(
                    case.text,
                    &token.range,
                    format!(
                        "the pattern has an answer, and {} leaves nothing of it",
                        token.name
                    ),
                )
            })
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Parts that share no variable: each answer of one is paired with each of the other.
fn products(case: &Case<'_>) -> Vec<Cause> {
    let parts: Vec<&Part> = case
        .taken
        .outer
        .iter()
        .filter(|part| !part.variables.is_empty())
        .collect();
    let mut group: Vec<usize> = (0..parts.len()).collect();
    for (at, part) in parts.iter().enumerate() {
        for (before, other) in parts[..at].iter().enumerate() {
            let shared = part
                .variables
                .iter()
                .any(|name| other.variables.contains(name));
            if shared && group[at] != group[before] {
                let (from, to) = (group[at].max(group[before]), group[at].min(group[before]));
                for one in &mut group {
                    if *one == from {
                        *one = to;
                    }
                }
            }
        }
    }
    let Some(first) = parts
        .iter()
        .position(|part| matches!(part.shape, Shape::Triple | Shape::Block))
    else {
        return Vec::new();
    };
    let other = (first + 1..parts.len()).find(|at| {
        group[*at] != group[first] && matches!(parts[*at].shape, Shape::Triple | Shape::Block)
    });
    let Some(other) = other else {
        return Vec::new();
    };
    let (one, two) = (&parts[first].variables[0], &parts[other].variables[0]);
    vec![Cause::new(
        case.text,
        &parts[other].span,
        format!("nothing links ?{two} with ?{one}: every one is paired with every other"),
    )]
}

/// OPTIONAL parts that never find anything.
fn empty_optionals(case: &Case<'_>) -> Vec<Cause> {
    let mut found = Vec::new();
    for part in case
        .taken
        .outer
        .iter()
        .filter(|part| part.shape == Shape::Optional)
    {
        let Some(inside) = part.text.get("OPTIONAL".len()..) else {
            continue;
        };
        let mut with = case.required();
        let mut inner = part.clone();
        inside.clone_into(&mut inner.text);
        with.push(&inner);
        if case.trial.holds(&with) != Some(false) {
            continue;
        }
        let dead = dead_inside(case, &part.span);
        if dead.is_empty() {
            found.push(Cause::new(
                case.text,
                &part.span,
                "this OPTIONAL never finds anything",
            ));
        }
        found.extend(dead.into_iter().map(|finding| finding.cause));
    }
    found
}
