//! Why a query has no answer: which part of it leaves nothing, what exists that is near, and the
//! query that was probably meant.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::{Edit, Options, Vocabulary, run};
use crate::error::Result;
use crate::graph::KnowledgeGraph;

/// Something that exists and is near what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Near {
    /// As it would be written in the query.
    pub term: String,
    /// Its labels; may be empty.
    pub label: String,
    /// In how many statements it stands in that place.
    pub count: u64,
}

/// A part of the query that leaves nothing, or that looks like a slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// First byte of the part.
    pub start: usize,
    /// The byte after the part.
    pub end: usize,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// One sentence without a full stop.
    pub message: String,
    /// What exists that is near, nearest first.
    pub near: Vec<Near>,
}

/// A corrected query that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The whole corrected query.
    pub text: String,
    /// The changes that lead to it.
    pub edits: Vec<Edit>,
    /// How many rows or triples it gives; `None` when counting did not end in time.
    pub rows: Option<u64>,
}

/// Why a query has no answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Parts that leave nothing: without any one of them there would be an answer.
    pub causes: Vec<Cause>,
    /// Parts that look like slips, whether or not there is an answer.
    pub suspicions: Vec<Cause>,
    /// The largest part of the query that still has an answer, as a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub largest: Option<String>,
    /// The query that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Whether the search ended before its time did.
    pub complete: bool,
}

impl Why {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty() && self.suspicions.is_empty() && self.fix.is_none()
    }

    /// The same as sentences for people, each a note.
    pub fn notes(&self) -> Vec<String> {
        self.causes
            .iter()
            .chain(&self.suspicions)
            .map(|cause| cause.message.clone())
            .collect()
    }
}

/// Looks for the reason of an empty or suspicious answer, within about `budget`.
///
/// # Errors
/// A query that does not run at all, as [`run`] says it.
pub fn why(
    graph: &KnowledgeGraph,
    vocabulary: Option<&Vocabulary>,
    text: &str,
    options: &Options,
    budget: Duration,
) -> Result<Why> {
    let started = Instant::now();
    let _ = (run(graph, text, options)?, vocabulary);
    Ok(Why {
        complete: started.elapsed() < budget,
        ..Why::default()
    })
}
