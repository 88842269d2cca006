//! Running parts of a query within a budget of time.

use std::cell::Cell;
use std::time::Instant;

use super::parts::{Part, Shape};
use crate::graph::KnowledgeGraph;
use crate::output::{Body, Table};
use crate::query::{Options, lex, run};

/// Runs small queries until the time is up.
pub(super) struct Trial<'a> {
    graph: &'a KnowledgeGraph,
    options: &'a Options,
    prologue: &'a str,
    ends: Instant,
    /// Whether a question was not answered in time.
    late: Cell<bool>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        graph: &'a KnowledgeGraph,
        options: &'a Options,
        prologue: &'a str,
        ends: Instant,
    ) -> Self {
        Self {
            graph,
            options,
            prologue,
            ends,
            late: Cell::new(false),
        }
    }

    /// Whether every question so far was answered in time.
    pub(super) fn is_complete(&self) -> bool {
        !self.late.get()
    }

    /// Runs a whole query; `None` when it cannot run or the time is up.
    pub(super) fn body(&self, text: &str) -> Option<Body> {
        let left = self.ends.saturating_duration_since(Instant::now());
        if left.is_zero() {
            self.late.set(true);
            return None;
        }
        let mut options = self.options.clone();
        options.limits.timeout = Some(left);
        options.limits.max_rows = None;
        let variables = lex::variables(&lex::tokens(text));
        options
            .parameters
            .retain(|(name, _)| variables.contains(name));
        match run(self.graph, text, &options) {
            Ok(output) => Some(output.body),
            Err(error) => {
                if matches!(
                    error,
                    crate::error::Error::Limit { .. } | crate::error::Error::Interrupted
                ) {
                    self.late.set(true);
                }
                None
            }
        }
    }

    /// Whether a pattern has an answer.
    pub(super) fn has(&self, pattern: &str) -> Option<bool> {
        match self.body(&format!("{}ASK {{ {pattern} }}", self.prologue))? {
            Body::Boolean(answer) => Some(answer),
            _ => None,
        }
    }

    /// The rows of a query whose names are written in full.
    pub(super) fn rows(&self, text: &str) -> Option<Table> {
        match self.body(text)? {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The rows of a query with the prefixes of the text.
    pub(super) fn rows_here(&self, text: &str) -> Option<Table> {
        self.rows(&format!("{}{text}", self.prologue))
    }

    /// Whether these parts together have an answer.
    pub(super) fn holds(&self, parts: &[&Part]) -> Option<bool> {
        self.has(&joined(parts))
    }
}

/// Parts as one pattern. Conditions and calculations about variables that only parts left out
/// would give are left out too: they could not hold.
pub(super) fn joined(parts: &[&Part]) -> String {
    usable(parts)
        .iter()
        .map(|part| match part.shape {
            Shape::Triple => format!("{} .", part.text),
            _ => part.text.clone(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The parts that make sense without the ones left out.
pub(super) fn usable<'p>(parts: &[&'p Part]) -> Vec<&'p Part> {
    let mut given: Vec<&str> = Vec::new();
    for part in parts {
        if !matches!(part.shape, Shape::Filter) {
            given.extend(part.variables.iter().map(String::as_str));
        }
    }
    parts
        .iter()
        .filter(|part| {
            part.shape != Shape::Filter
                || part.text.to_uppercase().contains("EXISTS")
                || part
                    .variables
                    .iter()
                    .all(|name| given.contains(&name.as_str()))
        })
        .copied()
        .collect()
}
