//! Slips in queries that run: legal SPARQL that says something else than was meant.

use super::{Mistake, Reading, conditions};
use crate::nearest::nearest;
use crate::query::functions::AGGREGATES;
use crate::query::lex::{self, Kind, Token};

/// What looks like a slip, in the order of the text.
pub(super) fn warnings(r: &Reading<'_>) -> Vec<Mistake> {
    let (text, tokens) = (r.text, r.tokens);
    let mut found: Vec<Mistake> = Vec::new();
    found.extend(once(text, tokens));
    found.extend(having(tokens));
    found.extend(conditions::aggregates(r));
    found.extend(literal_subjects(text, tokens));
    found.sort_by_key(|mistake| mistake.span.start);
    found
}

/// A variable that is written once and where nothing gives it a value: in SELECT, in a condition,
/// in a calculation, in GROUP BY or ORDER BY.
fn once(text: &str, tokens: &[Token]) -> Vec<Mistake> {
    let all = lex::variables(tokens);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Variable
            || lex::occurrences(text, tokens, &token.name) != 1
            || (at > 0 && tokens[at - 1].name == "AS")
        {
            continue;
        }
        let Some(place) = place_of(text, tokens, at) else {
            continue;
        };
        let others = all
            .iter()
            .map(String::as_str)
            .filter(|name| *name != token.name);
        let near = nearest(&token.name, others).first().copied();
        let mistake = Mistake::new(
            token.range.clone(),
            format!(
                "?{} is {place} but nothing in the pattern gives it a value",
                token.name
            ),
            near.map_or_else(
                || "give it a value in the pattern, or take it out".to_owned(),
                |near| format!("did you mean ?{near}?"),
            ),
        );
        found.push(match near {
            Some(near) => mistake.mend(token.range.clone(), format!("?{near}")),
            None => mistake,
        });
    }
    found
}

/// Where a variable stands if that place gives it no value.
fn place_of(text: &str, tokens: &[Token], at: usize) -> Option<&'static str> {
    let mut depth = 0usize;
    for before in tokens[..at].iter().rev() {
        let written = &text[before.range.clone()];
        match written {
            "}" | ")" => depth += 1,
            "{" if depth == 0 => return None,
            "{" | "(" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if before.kind != Kind::Word {
            continue;
        }
        match before.name.as_str() {
            "VALUES" | "AS" => return None,
            "FILTER" | "HAVING" if depth == 0 => return Some("compared"),
            "BIND" if depth == 0 => return Some("used"),
            "SELECT" if depth == 0 => return Some("selected"),
            "GROUP" if depth == 0 => return Some("grouped"),
            "ORDER" if depth == 0 => return Some("sorted by"),
            "OPTIONAL" | "UNION" | "MINUS" | "WHERE" if depth == 0 => return None,
            _ => {}
        }
        // A condition is over where its brackets are closed again.
        if depth == 0 && matches!(written, "." | ";") {
            return None;
        }
    }
    None
}

/// HAVING where nothing is grouped.
fn having(tokens: &[Token]) -> Option<Mistake> {
    let at = tokens
        .iter()
        .position(|token| token.name == "HAVING" && token.kind == Kind::Word)?;
    let grouped = tokens
        .iter()
        .any(|token| token.name == "GROUP" && token.kind == Kind::Word);
    let counts = tokens.iter().any(|token| {
        token.kind == Kind::Word && AGGREGATES.iter().any(|known| known.name == token.name)
    });
    (!grouped && !counts).then(|| {
        Mistake::new(
            tokens[at].range.clone(),
            "HAVING compares groups, and nothing is grouped or counted",
            "write FILTER inside the pattern, or add GROUP BY",
        )
    })
}

/// A literal as the subject of a statement: no data can have that.
fn literal_subjects(text: &str, tokens: &[Token]) -> Option<Mistake> {
    let at = (1..tokens.len()).find(|at| {
        let token = &tokens[*at];
        let before = &text[tokens[at - 1].range.clone()];
        let next = tokens.get(at + 1);
        matches!(token.kind, Kind::Text | Kind::Number)
            && matches!(before, "{" | ".")
            && next.is_some_and(|next| {
                matches!(
                    next.kind,
                    Kind::Prefixed | Kind::Iri | Kind::Variable | Kind::Tag
                )
            })
            && !tokens[..*at]
                .iter()
                .rev()
                .take(4)
                .any(|token| token.name == "VALUES")
    })?;
    Some(Mistake::new(
        tokens[at].range.clone(),
        "a literal cannot be a subject: statements are about things, not about texts",
        "turn the statement round: ?x predicate \"text\"",
    ))
}
