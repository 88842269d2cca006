//! Syntax errors that explain themselves.
//!
//! The parser says where it stopped and what it would have taken; this says what the person
//! probably did. To explain another mistake: a function here that looks for it, and its line
//! in [`explain`].

use super::lex::{Kind, Token};
use crate::error::{Error, Place};
use crate::nearest::did_you_mean;
use crate::terms::Prefixes;

/// Turns a parser's message into an error with place and way out.
pub(super) fn explain(message: &str, text: &str, tokens: &[Token], name: &str, known: &Prefixes, suggest: &Prefixes) -> Error {
    unknown_prefix(text, tokens, name, known, suggest)
        .or_else(|| unclosed(text, tokens, name))
        .or_else(|| meaning(message, text, tokens, name))
        .unwrap_or_else(|| unexpected(message, text, tokens, name))
}

fn unknown_prefix(text: &str, tokens: &[Token], name: &str, known: &Prefixes, suggest: &Prefixes) -> Option<Error> {
    let mut declared: Vec<&str> = Vec::new();
    for pair in tokens.windows(2) {
        if pair[0].name == "PREFIX" && pair[1].kind == Kind::Prefixed {
            declared.push(&pair[1].name);
        }
    }
    let unknown = tokens.iter().find(|token| {
        token.kind == Kind::Prefixed && known.namespace(&token.name).is_none() && !declared.contains(&token.name.as_str())
    })?;
    let prefix = &unknown.name;
    let declare = |namespace: &str| format!("add a line: PREFIX {prefix}: <{namespace}>");
    let hint = match suggest.namespace(prefix) {
        Some(namespace) => declare(namespace),
        None => did_you_mean(prefix, declared.iter().copied().chain(suggest.iter().map(|(prefix, _)| prefix)))
            .map_or_else(|| declare("…"), |near| format!("{near} Or {}", declare("…"))),
    };
    Some(Error::Query {
        reason: format!("unknown prefix `{prefix}:`"),
        place: Some(Place::at_offset(name, text, unknown.range.start, prefix.chars().count() + 1)),
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
                    let matching = match close { "}" => "{", ")" => "(", _ => "[" };
                    match open.pop() {
                        Some(opened) if &text[opened.range.clone()] == matching => {}
                        Some(opened) => {
                            let place = Place::at_offset(name, text, opened.range.start, 1);
                            return Some(Error::Query {
                                reason: format!("`{close}` closes what `{}` opened at {}:{}", &text[opened.range.clone()], place.line, place.column),
                                place: Some(Place::at_offset(name, text, token.range.start, 1)),
                                hint: Some("brackets close in the order opposite to opening".to_owned()),
                            });
                        }
                        None => {
                            return Some(Error::Query {
                                reason: format!("`{close}` closes nothing"),
                                place: Some(Place::at_offset(name, text, token.range.start, 1)),
                                hint: Some(format!("take it out, or open a `{matching}` before it")),
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
        hint: Some(format!("add a `{}`", match bracket { "{" => "}", "(" => ")", _ => "]" })),
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

/// Mistakes of meaning, which the parser reports in words of its own.
fn meaning(message: &str, text: &str, tokens: &[Token], name: &str) -> Option<Error> {
    if message.contains("The SELECT contains a variable that is unbound") {
        let grouped = grouped_variables(tokens);
        let ungrouped = selected_plain_variables(text, tokens).into_iter().find(|token| !grouped.contains(&token.name.as_str()))?;
        return Some(Error::Query {
            reason: format!("?{} is neither grouped nor aggregated", ungrouped.name),
            place: Some(Place::at_offset(name, text, ungrouped.range.start, ungrouped.name.chars().count() + 1)),
            hint: Some(format!("add it to GROUP BY, or write (SAMPLE(?{0}) AS ?some_{0})", ungrouped.name)),
        });
    }
    None
}

fn grouped_variables(tokens: &[Token]) -> Vec<&str> {
    let Some(at) = tokens.windows(2).position(|pair| pair[0].name == "GROUP" && pair[1].name == "BY") else { return Vec::new() };
    tokens[at + 2..]
        .iter()
        .take_while(|token| !matches!(token.name.as_str(), "HAVING" | "ORDER" | "LIMIT" | "OFFSET" | "VALUES"))
        .filter(|token| token.kind == Kind::Variable)
        .map(|token| token.name.as_str())
        .collect()
}

/// Variables of the first SELECT that stand outside brackets.
fn selected_plain_variables<'a>(text: &str, tokens: &'a [Token]) -> Vec<&'a Token> {
    let mut depth = 0i32;
    let mut found = Vec::new();
    for token in tokens.iter().skip_while(|token| token.name != "SELECT").skip(1) {
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

const KEYWORDS: &[&str] = &[
    "SELECT", "CONSTRUCT", "ASK", "DESCRIBE", "WHERE", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "VALUES",
    "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "DISTINCT", "REDUCED", "PREFIX", "BASE", "FROM", "NAMED", "EXISTS",
    "NOT", "AS", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "INSERT", "DELETE", "DATA", "CLEAR", "WITH",
    "USING", "ASC", "DESC", "REGEX", "CONTAINS", "STRSTARTS", "STRENDS", "LANG", "LANGMATCHES", "DATATYPE", "BOUND", "COALESCE",
    "IF", "STR", "IRI", "LCASE", "UCASE", "CONCAT", "SEPARATOR", "UNDEF",
];

/// The general case: the word where the parser stopped.
fn unexpected(message: &str, text: &str, tokens: &[Token], name: &str) -> Error {
    let (line, column) = stopped_at(message).unwrap_or((1, 1));
    let offset = offset_of(text, line, column);
    let token = tokens.iter().find(|token| token.range.end > offset);
    let Some(token) = token else {
        return Error::Query {
            reason: format!("{name} ends too early"),
            place: Some(Place::at_offset(name, text, text.trim_end().len(), 1)),
            hint: Some("a query is SELECT, CONSTRUCT, ASK or DESCRIBE with a pattern in { … }".to_owned()),
        };
    };
    let word = &text[token.range.clone()];
    let update = matches!(token.name.as_str(), "INSERT" | "DELETE" | "LOAD" | "CLEAR" | "DROP" | "CREATE");
    let hint = if update {
        Some("a query only reads; `peermap update -o FILE` writes a changed copy".to_owned())
    } else if token.kind == Kind::Word && !KEYWORDS.contains(&token.name.as_str()) {
        did_you_mean(&token.name, KEYWORDS.iter().copied())
    } else {
        None
    };
    Error::Query {
        reason: format!("unexpected `{word}`"),
        place: Some(Place::at_offset(name, text, token.range.start, word.chars().count())),
        hint: Some(hint.unwrap_or_else(|| "look at what comes just before: a dot, a semicolon or a bracket may be missing".to_owned())),
    }
}

fn stopped_at(message: &str) -> Option<(usize, usize)> {
    let rest = message.strip_prefix("error at ")?;
    let mut numbers = rest.split(':');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The byte offset of a line and a column in characters, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    text[start..].char_indices().nth(column - 1).map_or(text.len(), |(at, _)| start + at)
}
