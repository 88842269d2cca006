//! What the line editor asks while a line is typed: completion, hints, colours, is it finished.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context};
use unicode_width::UnicodeWidthStr as _;

use crate::cli::terminal_width;
use crate::output::cell::grouped;
use crate::output::one_line;
use crate::query::editing::is_finished;
use crate::query::{Candidate, Completing, Vocabulary, complete};

use super::dots::completion::{Choices, Known, at};
use super::dots::find;
use super::paint;
use super::script::is_dot;

/// Answers the line editor's questions.
pub(super) struct Helper {
    /// Whether to use colours.
    pub(super) colour: bool,
    /// Whether updates may be typed.
    pub(super) updates: bool,
    /// What the graph uses.
    pub(super) vocabulary: Option<Arc<Vocabulary>>,
    /// Names for dot-commands.
    pub(super) known: Known,
    /// Whether the line is drawn for the last time.
    settled: Cell<bool>,
    files: FilenameCompleter,
}

impl Helper {
    /// A helper that knows nothing yet.
    pub(super) fn new(colour: bool, updates: bool) -> Self {
        Self {
            colour,
            updates,
            vocabulary: None,
            known: Known::default(),
            settled: Cell::new(false),
            files: FilenameCompleter::new(),
        }
    }

    fn dot(
        &self,
        line: &str,
        cursor: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Choices {
            from,
            offers,
            files,
        } = at(line, cursor, &self.known, self.vocabulary.as_deref());
        let width = offers
            .iter()
            .map(|(word, _)| word.width())
            .max()
            .unwrap_or(0);
        let mut pairs: Vec<Pair> = offers
            .iter()
            .map(|(word, about)| Pair {
                display: menu_line(word, width, about, None),
                replacement: word.clone(),
            })
            .collect();
        if files {
            let (start, found) = self.files.complete(line, cursor, context)?;
            if start == from {
                pairs.extend(found);
            }
        }
        if let [only] = pairs.as_mut_slice()
            && !only.replacement.ends_with('/')
        {
            only.replacement.push(' ');
        }
        Ok((from, pairs))
    }
}

/// A line of the menu: the word, what it is called, how often it is used; cut to the screen.
fn menu_line(word: &str, width: usize, about: &str, uses: Option<u64>) -> String {
    let mut line = format!("{word}{}", " ".repeat(width.saturating_sub(word.width())));
    if !about.is_empty() {
        line.push_str("  ");
        line.push_str(&one_line(about));
    }
    if let Some(uses) = uses {
        let uses = usize::try_from(uses).unwrap_or(usize::MAX);
        line.push_str("  ");
        line.push_str(&grouped(uses));
    }
    let room = terminal_width().unwrap_or(80).saturating_sub(3);
    if line.width() <= room {
        return line;
    }
    let mut cut = String::new();
    for c in line.chars() {
        if cut.width() + 1 >= room {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// A candidate of the query for the menu.
fn pair(candidate: &Candidate, width: usize, label: usize) -> Pair {
    let pad = " ".repeat(label.saturating_sub(candidate.detail.width()));
    let about = match candidate.count {
        Some(_) => format!("{}{pad}", candidate.detail),
        None => candidate.detail.clone(),
    };
    Pair {
        display: menu_line(&candidate.display, width, &about, candidate.count),
        replacement: candidate.insert.clone(),
    }
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        if is_dot(line) || (line.trim().is_empty() && line.starts_with('.')) {
            return self.dot(line, pos, context);
        }
        let Some(vocabulary) = &self.vocabulary else {
            return Ok((pos, Vec::new()));
        };
        let completing = Completing {
            updates: self.updates,
            ..Completing::default()
        };
        let found = complete(line, pos, vocabulary, completing);
        let widest = |of: fn(&Candidate) -> &str, most: usize| {
            found
                .candidates
                .iter()
                .map(|candidate| of(candidate).width())
                .max()
                .unwrap_or(0)
                .min(most)
        };
        let width = widest(|candidate| &candidate.display, 40);
        let label = widest(|candidate| &candidate.detail, 48);
        let pairs = found
            .candidates
            .iter()
            .map(|candidate| pair(candidate, width, label))
            .collect();
        Ok((found.from, pairs))
    }
}

impl Hinter for Helper {
    type Hint = String;

    /// How a dot-command goes on, or how a query that was typed before goes on.
    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if pos < line.len() || line.is_empty() || line.contains('\n') {
            return None;
        }
        if is_dot(line) {
            let name = line.trim_start().trim_start_matches('.');
            let usage = find(name.trim_end())?.usage;
            let rest = usage.strip_prefix('.')?.strip_prefix(name)?;
            return (!rest.is_empty()).then(|| rest.to_owned());
        }
        let history = context.history();
        (0..history.len()).rev().find_map(|at| {
            let found = history
                .get(at, rustyline::history::SearchDirection::Reverse)
                .ok()??;
            let rest = found.entry.strip_prefix(line)?;
            (!rest.is_empty() && !rest.contains('\n')).then(|| rest.to_owned())
        })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let cursor = (!self.settled.get()).then_some(pos);
        Cow::Owned(paint::line(line, cursor))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(
        &'s self,
        prompt: &'p str,
        _default: bool,
    ) -> Cow<'b, str> {
        if self.colour {
            Cow::Owned(format!("\u{1b}[1;32m{prompt}\u{1b}[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour {
            Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m"))
        } else {
            Cow::Borrowed(hint)
        }
    }

    fn highlight_candidate<'c>(
        &self,
        candidate: &'c str,
        _completion: CompletionType,
    ) -> Cow<'c, str> {
        match candidate.split_once("  ") {
            Some((word, about)) if self.colour => Cow::Owned(format!(
                "\u{1b}[1m{word}\u{1b}[0m  \u{1b}[2m{about}\u{1b}[0m"
            )),
            _ => Cow::Borrowed(candidate),
        }
    }

    fn highlight_char(&self, line: &str, _pos: usize, kind: CmdKind) -> bool {
        self.settled.set(kind == CmdKind::ForcedRefresh);
        self.colour && !line.is_empty()
    }
}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        Ok(if is_dot(text) || is_finished(text) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl rustyline::Helper for Helper {}
