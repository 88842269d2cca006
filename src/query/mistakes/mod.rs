//! Mistakes that explain themselves.
//!
//! The parser says where it stopped and what it would have taken; this says what the person
//! probably did, where, and what to write instead. To explain another mistake: a function that
//! looks for it, its line in [`SEARCHES`], and its text in `tests/mistakes/table.txt`.

mod brackets;
mod characters;
mod columns;
mod conditions;
mod modifiers;
mod pattern;
mod prefixes;
mod terms;
mod updates;
mod warnings;
mod words;

use std::ops::Range;

use spargebra::SparqlParser;

use super::diagnostic::{Diagnostic, Edit, Severity};
use super::lex::{Kind, Token};
use crate::error::{Error, Place};
use crate::terms::Prefixes;

use warnings::warnings;

/// What somebody did, where, and the way out.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    span: Range<usize>,
    message: String,
    hint: String,
    edit: Option<Edit>,
}

impl Mistake {
    fn new(span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            hint: hint.into(),
            edit: None,
        }
    }

    /// With a change of the text that mends it.
    fn mend(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.edit = Some(Edit {
            start: span.start,
            end: span.end,
            text: text.into(),
        });
        self
    }
}

/// A text that does not parse, and what is known about it.
struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// What to call the text.
    name: &'a str,
    /// Prefixes that need no line.
    known: &'a Prefixes,
    /// Prefixes that may be suggested.
    suggest: &'a Prefixes,
    /// What the parser said.
    message: &'a str,
    /// Whether an update was expected.
    update: bool,
    /// The token where the parser stopped; the number of tokens at the end.
    stop: usize,
}

impl<'a> Reading<'a> {
    /// A token as it is written; nothing past the end.
    fn written(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.range.clone()])
    }

    /// A word in upper case; empty for anything else.
    fn word(&self, at: usize) -> &'a str {
        match self.tokens.get(at) {
            Some(token) if token.kind == Kind::Word => &token.name,
            _ => "",
        }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The bytes of a token; the end of the text past the last one.
    fn span(&self, at: usize) -> Range<usize> {
        self.tokens
            .get(at)
            .map_or(self.text.len()..self.text.len(), |token| {
                token.range.clone()
            })
    }

    /// The bytes from one token to another.
    fn between(&self, from: usize, to: usize) -> Range<usize> {
        self.span(from).start..self.span(to).end
    }

    /// Whether two signs follow each other without a gap.
    fn joined(&self, at: usize) -> bool {
        at + 1 < self.tokens.len() && self.span(at).end == self.span(at + 1).start
    }

    /// The bracket that closes the one at `at`; the last token if none does.
    fn closing(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for next in at..self.tokens.len() {
            if self.kind(next) != Some(Kind::Other) {
                continue;
            }
            match self.written(next) {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return next;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len().saturating_sub(1)
    }

    /// The innermost bracket that is open before a token.
    fn inside(&self, at: usize) -> Option<usize> {
        let mut open = Vec::new();
        for next in (0..at).filter(|next| self.kind(*next) == Some(Kind::Other)) {
            match self.written(next) {
                "(" | "{" | "[" => open.push(next),
                ")" | "}" | "]" => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// Positions of a word.
    fn words(&self, word: &'static str) -> impl Iterator<Item = usize> {
        (0..self.tokens.len()).filter(move |at| self.word(*at) == word)
    }
}

/// The searches, in order: the first that finds something speaks.
const SEARCHES: &[fn(&Reading<'_>) -> Option<Mistake>] = &[
    words::nothing,
    characters::odd_quotes,
    characters::odd_dashes,
    characters::odd_blanks,
    prefixes::bare_iri,
    characters::other_comments,
    updates::wrong_kind,
    brackets::unclosed_string,
    prefixes::without_colon,
    prefixes::unknown,
    brackets::unbalanced,
    characters::other_signs,
    terms::escapes,
    terms::datatypes,
    terms::tags,
    updates::data,
    updates::missing_where,
    conditions::bind,
    conditions::alien,
    conditions::functions,
    columns::top,
    columns::commas,
    columns::unnamed,
    columns::distinct,
    prefixes::parted,
    words::unknown,
    columns::missing,
    pattern::braces,
    pattern::values,
    pattern::dangling_comma,
    conditions::bare_filter,
    conditions::aggregates,
    conditions::lists,
    modifiers::by,
    modifiers::direction,
    modifiers::numbers,
    modifiers::order,
    pattern::exists,
    words::leftover,
    pattern::type_as_subject,
    pattern::triples,
    columns::bound_twice,
    columns::grouping,
];

/// Finds out what is wrong with a text that does not parse.
fn find(reading: &Reading<'_>) -> Mistake {
    SEARCHES
        .iter()
        .find_map(|search| search(reading))
        .unwrap_or_else(|| words::unexpected(reading))
}

/// A text and what is known about its prefixes.
pub(super) struct About<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// What to call the text.
    pub(super) name: &'a str,
    /// Prefixes that need no line.
    pub(super) known: &'a Prefixes,
    /// Prefixes that may be suggested.
    pub(super) suggest: &'a Prefixes,
    /// Whether an update is expected.
    pub(super) update: bool,
}

impl<'a> About<'a> {
    fn reading(&self, message: &'a str) -> Reading<'a> {
        let text = self.text;
        let offset =
            stopped_at(message).map_or(text.len(), |(line, column)| offset_of(text, line, column));
        Reading {
            text,
            tokens: self.tokens,
            name: self.name,
            known: self.known,
            suggest: self.suggest,
            message,
            update: self.update,
            stop: self
                .tokens
                .partition_point(|token| token.range.end <= offset),
        }
    }
}

/// Turns a parser's message into an error with place and way out.
pub(super) fn explain<'a>(message: &'a str, about: &About<'a>) -> Error {
    let text = about.text;
    let mistake = find(&about.reading(message));
    let width = text[mistake.span.clone()].chars().count();
    Error::Query {
        reason: mistake.message,
        place: (!about.tokens.is_empty())
            .then(|| Place::at_offset(about.name, text, mistake.span.start, width)),
        hint: Some(mistake.hint),
    }
}

/// What is wrong with a query, or what looks like a slip in it, as data.
pub(super) fn check(about: &About<'_>) -> Vec<Diagnostic> {
    let mut parser = SparqlParser::new();
    for (prefix, namespace) in about.known.iter() {
        if let Ok(with) = parser.clone().with_prefix(prefix, namespace) {
            parser = with;
        }
    }
    match parser.parse_query(about.text) {
        Ok(_) => warnings(&about.reading(""))
            .into_iter()
            .map(|mistake| diagnostic(mistake, about.text, Severity::Warning))
            .collect(),
        Err(error) => {
            let message = error.to_string();
            let mistake = find(&about.reading(&message));
            vec![diagnostic(mistake, about.text, Severity::Error)]
        }
    }
}

/// Slips in a query that runs, as sentences; `given` are variables that get values from outside.
pub(super) fn notes(about: &About<'_>, given: &[&str]) -> Vec<String> {
    warnings(&about.reading(""))
        .into_iter()
        .filter(|mistake| {
            let written = &about.text[mistake.span.clone()];
            !written
                .strip_prefix(['?', '$'])
                .is_some_and(|name| given.contains(&name))
        })
        .map(|mistake| format!("{}; {}", mistake.message, mistake.hint))
        .collect()
}

fn diagnostic(mistake: Mistake, text: &str, severity: Severity) -> Diagnostic {
    Diagnostic {
        replacement: mistake.edit,
        ..Diagnostic::at(
            severity,
            text,
            mistake.span,
            mistake.message,
            Some(mistake.hint),
        )
    }
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
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(at, _)| start + at)
}
