//! Syntax errors that explain themselves.
//!
//! The parser says where it stopped and what it would have taken; this says what the person
//! probably did. To explain another mistake: a function here that looks for it, and its line
//! in [`explain`].

use spargebra::SparqlParser;

use super::diagnostic::Diagnostic;
use super::lex::{Kind, Token};
use super::words::{AGGREGATES, KEYWORDS};
use crate::error::{Error, Place};
use crate::nearest::did_you_mean;
use crate::terms::Prefixes;

/// Turns a parser's message into an error with place and way out.
pub(super) fn explain(
    message: &str,
    text: &str,
    tokens: &[Token],
    name: &str,
    known: &Prefixes,
    suggest: &Prefixes,
) -> Error {
    not_a_query(text, tokens, name)
        .or_else(|| unknown_prefix(text, tokens, name, known, suggest))
        .or_else(|| unclosed(text, tokens, name))
        .or_else(|| unknown_word(text, tokens, name))
        .or_else(|| unnamed_aggregate(text, tokens, name))
        .or_else(|| dangling_comma(text, tokens, name))
        .or_else(|| bare_filter(text, tokens, name))
        .or_else(|| bound_twice(text, tokens, name))
        .or_else(|| ungrouped(message, text, tokens, name))
        .unwrap_or_else(|| unexpected(message, text, tokens, name))
}

/// What is wrong with a query, as data.
pub(super) fn check(
    text: &str,
    tokens: &[Token],
    name: &str,
    known: &Prefixes,
    suggest: &Prefixes,
) -> Vec<Diagnostic> {
    let mut parser = SparqlParser::new();
    for (prefix, namespace) in known.iter() {
        if let Ok(with) = parser.clone().with_prefix(prefix, namespace) {
            parser = with;
        }
    }
    match parser.parse_query(text) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let error = explain(&error.to_string(), text, tokens, name, known, suggest);
            vec![Diagnostic::of(&error, text)]
        }
    }
}

fn unknown_prefix(
    text: &str,
    tokens: &[Token],
    name: &str,
    known: &Prefixes,
    suggest: &Prefixes,
) -> Option<Error> {
    let mut declared: Vec<&str> = Vec::new();
    for pair in tokens.windows(2) {
        if pair[0].name == "PREFIX" && pair[1].kind == Kind::Prefixed {
            declared.push(&pair[1].name);
        }
    }
    let unknown = tokens.iter().find(|token| {
        token.kind == Kind::Prefixed
            && known.namespace(&token.name).is_none()
            && !declared.contains(&token.name.as_str())
    })?;
    let prefix = &unknown.name;
    let declare = |namespace: &str| format!("add a line: PREFIX {prefix}: <{namespace}>");
    let hint = match suggest.namespace(prefix) {
        Some(namespace) => declare(namespace),
        None => did_you_mean(
            prefix,
            declared
                .iter()
                .copied()
                .chain(suggest.iter().map(|(prefix, _)| prefix)),
        )
        .map_or_else(
            || declare("…"),
            |near| format!("{near} Or {}", declare("…")),
        ),
    };
    Some(Error::Query {
        reason: format!("unknown prefix `{prefix}:`"),
        place: Some(Place::at_offset(
            name,
            text,
            unknown.range.start,
            prefix.chars().count() + 1,
        )),
        hint: Some(hint),
    })
}

fn unclosed(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        if token.kind == Kind::Text && !is_closed(&text[token.range.clone()]) {
            return Some(Error::Query {
                reason: "a string is not closed".to_owned(),
                place: Some(Place::at_offset(name, text, token.range.start, 1)),
                hint: Some("end it with the quote it began with; a string over several lines takes three quotes".to_owned()),
            });
        }
        if token.kind == Kind::Other {
            match &text[token.range.clone()] {
                "{" | "(" | "[" => open.push(token),
                close @ ("}" | ")" | "]") => {
                    let matching = match close {
                        "}" => "{",
                        ")" => "(",
                        _ => "[",
                    };
                    match open.pop() {
                        Some(opened) if &text[opened.range.clone()] == matching => {}
                        Some(opened) => {
                            let place = Place::at_offset(name, text, opened.range.start, 1);
                            return Some(Error::Query {
                                reason: format!(
                                    "`{close}` closes what `{}` opened at {}:{}",
                                    &text[opened.range.clone()],
                                    place.line,
                                    place.column
                                ),
                                place: Some(Place::at_offset(name, text, token.range.start, 1)),
                                hint: Some(
                                    "brackets close in the order opposite to opening".to_owned(),
                                ),
                            });
                        }
                        None => {
                            return Some(Error::Query {
                                reason: format!("`{close}` closes nothing"),
                                place: Some(Place::at_offset(name, text, token.range.start, 1)),
                                hint: Some(format!(
                                    "take it out, or open a `{matching}` before it"
                                )),
                            });
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let opened = open.pop()?;
    let bracket = &text[opened.range.clone()];
    Some(Error::Query {
        reason: format!("`{bracket}` is never closed"),
        place: Some(Place::at_offset(name, text, opened.range.start, 1)),
        hint: Some(format!(
            "add a `{}`",
            match bracket {
                "{" => "}",
                "(" => ")",
                _ => "]",
            }
        )),
    })
}

fn is_closed(string: &str) -> bool {
    for quote in ["\"\"\"", "'''"] {
        if string.starts_with(quote) {
            return string.len() >= 6 && string.ends_with(quote);
        }
    }
    string.len() >= 2 && string.chars().next_back() == string.chars().next()
}

fn query_error(reason: String, place: Place, hint: impl Into<String>) -> Error {
    Error::Query {
        reason,
        place: Some(place),
        hint: Some(hint.into()),
    }
}

fn place_of(name: &str, text: &str, token: &Token) -> Place {
    Place::at_offset(
        name,
        text,
        token.range.start,
        text[token.range.clone()].chars().count(),
    )
}

/// Nothing at all, or an update where a query is expected.
fn not_a_query(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    if tokens.is_empty() {
        let hint = "a query is SELECT, CONSTRUCT, ASK or DESCRIBE with a pattern in { … }";
        return Some(Error::Query {
            reason: format!("{name} is empty"),
            place: None,
            hint: Some(hint.to_owned()),
        });
    }
    let first = tokens.iter().find(|token| {
        token.kind == Kind::Word && !matches!(token.name.as_str(), "PREFIX" | "BASE")
    })?;
    let update = matches!(
        first.name.as_str(),
        "INSERT"
            | "DELETE"
            | "LOAD"
            | "CLEAR"
            | "DROP"
            | "CREATE"
            | "ADD"
            | "MOVE"
            | "COPY"
            | "WITH"
    );
    let asks = tokens.iter().any(|token| {
        matches!(
            token.name.as_str(),
            "SELECT" | "CONSTRUCT" | "ASK" | "DESCRIBE"
        ) && token.range.start < first.range.start
    });
    (update && !asks && name != "update").then(|| {
        query_error(
            format!("{} changes data, and a query only reads", first.name),
            place_of(name, text, first),
            "`peermap update -o FILE` writes a changed copy",
        )
    })
}

/// A word that SPARQL does not have.
fn unknown_word(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    let odd = tokens.iter().find(|token| {
        let word = &text[token.range.clone()];
        token.kind == Kind::Word
            && word != "a"
            && !word.starts_with('_')
            && !KEYWORDS.contains(&token.name.as_str())
    })?;
    let word = &text[odd.range.clone()];
    let hint = did_you_mean(&odd.name, KEYWORDS.iter().copied()).unwrap_or_else(|| {
        format!("a name is written with a prefix (pm:{word}), a variable with a question mark (?{word}), a text in quotes")
    });
    Some(query_error(
        format!("SPARQL has no word `{word}`"),
        place_of(name, text, odd),
        hint,
    ))
}

/// `SELECT COUNT(*)` without brackets and a name.
fn unnamed_aggregate(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    let mut depth = 0;
    for token in tokens
        .iter()
        .skip_while(|token| token.name != "SELECT")
        .skip(1)
    {
        match &text[token.range.clone()] {
            "{" => return None,
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if token.name == "WHERE" => return None,
            word if depth == 0 && AGGREGATES.contains(&token.name.as_str()) => {
                let after = &text[token.range.end..];
                let call = after
                    .find(')')
                    .map_or(word.to_owned(), |end| format!("{word}{}", &after[..=end]));
                return Some(query_error(
                    "an aggregate needs brackets and a name".to_owned(),
                    place_of(name, text, token),
                    format!("write ({call} AS ?n)"),
                ));
            }
            _ => {}
        }
    }
    None
}

/// A comma with no object after it.
fn dangling_comma(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    let word = |token: &Token| text[token.range.clone()].to_owned();
    let pair = tokens.windows(2).find(|pair| {
        word(&pair[0]) == "," && matches!(word(&pair[1]).as_str(), "}" | "." | ";" | ",")
    })?;
    Some(query_error(
        "a comma has no further object after it".to_owned(),
        place_of(name, text, &pair[0]),
        "a comma goes on with another object, a semicolon with another predicate, a dot ends the statement",
    ))
}

/// `FILTER ?x > 3`.
fn bare_filter(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    let pair = tokens.windows(2).find(|pair| {
        pair[0].name == "FILTER" && matches!(pair[1].kind, Kind::Variable | Kind::Text | Kind::Iri)
    })?;
    let rest = &text[pair[1].range.start..];
    let end = rest.find(['}', '\n']).unwrap_or(rest.len());
    let condition = rest[..end].trim().trim_end_matches('.').trim();
    Some(query_error(
        "FILTER needs brackets around its condition".to_owned(),
        place_of(name, text, &pair[1]),
        format!("write FILTER({condition})"),
    ))
}

/// `BIND(… AS ?x)` where `?x` already has a value.
fn bound_twice(text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    for at in (0..tokens.len()).filter(|&at| tokens[at].name == "BIND") {
        let target = tokens[at..]
            .windows(2)
            .find(|pair| pair[0].name == "AS" && pair[1].kind == Kind::Variable)
            .map(|pair| &pair[1])?;
        let pattern = tokens[..at]
            .iter()
            .rposition(|token| &text[token.range.clone()] == "{")
            .unwrap_or(0);
        if let Some(earlier) = tokens[pattern..at]
            .iter()
            .find(|earlier| earlier.kind == Kind::Variable && earlier.name == target.name)
        {
            let set = Place::at_offset(name, text, earlier.range.start, 1);
            return Some(query_error(
                format!(
                    "?{} already has a value here, from {}:{}",
                    target.name, set.line, set.column
                ),
                place_of(name, text, target),
                "BIND to a new variable, or compare with FILTER",
            ));
        }
    }
    None
}

/// A selected variable that is neither grouped nor aggregated.
fn ungrouped(message: &str, text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    if !message.contains("The SELECT contains a variable that is unbound") {
        return None;
    }
    let grouped = grouped_variables(tokens);
    let found = selected_plain_variables(text, tokens)
        .into_iter()
        .find(|token| !grouped.contains(&token.name.as_str()))?;
    Some(query_error(
        format!("?{} is neither grouped nor aggregated", found.name),
        place_of(name, text, found),
        format!(
            "add it to GROUP BY, or write (SAMPLE(?{0}) AS ?some_{0})",
            found.name
        ),
    ))
}

fn grouped_variables(tokens: &[Token]) -> Vec<&str> {
    let Some(at) = tokens
        .windows(2)
        .position(|pair| pair[0].name == "GROUP" && pair[1].name == "BY")
    else {
        return Vec::new();
    };
    tokens[at + 2..]
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
}

/// Variables of the first SELECT that stand outside brackets.
fn selected_plain_variables<'a>(text: &str, tokens: &'a [Token]) -> Vec<&'a Token> {
    let mut depth = 0i32;
    let mut found = Vec::new();
    for token in tokens
        .iter()
        .skip_while(|token| token.name != "SELECT")
        .skip(1)
    {
        match &text[token.range.clone()] {
            "{" => break,
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if token.name == "WHERE" || token.name == "FROM" => break,
            _ if depth == 0 && token.kind == Kind::Variable => found.push(token),
            _ => {}
        }
    }
    found
}

/// The general case: the word where the parser stopped.
fn unexpected(message: &str, text: &str, tokens: &[Token], name: &str) -> Error {
    let (line, column) = stopped_at(message).unwrap_or((1, 1));
    let offset = offset_of(text, line, column);
    let token = tokens.iter().find(|token| token.range.end > offset);
    let Some(token) = token else {
        let hint = "a query is SELECT, CONSTRUCT, ASK or DESCRIBE with a pattern in { … }";
        if text.trim_end().ends_with('}') {
            return Error::Query {
                reason: format!("{name} cannot be read as SPARQL"),
                place: None,
                hint: Some(hint.to_owned()),
            };
        }
        return query_error(
            format!("{name} ends too early"),
            Place::at_offset(name, text, text.trim_end().len(), 1),
            hint,
        );
    };
    let word = &text[token.range.clone()];
    query_error(
        format!("unexpected `{word}`"),
        place_of(name, text, token),
        "look at what comes just before: a dot, a semicolon or a bracket may be missing",
    )
}

fn stopped_at(message: &str) -> Option<(usize, usize)> {
    let rest = message.strip_prefix("error at ")?;
    let mut numbers = rest.split(':');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The byte offset of a line and a column in characters, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    text[start..]
        .char_indices()
        .nth(column - 1)
        .map_or(text.len(), |(at, _)| start + at)
}
