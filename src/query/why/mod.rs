//! Why a query has no answer: which part of it leaves nothing, what exists that is near, and the
//! query that was probably meant.

mod causes;
mod drop;
mod near;
mod parts;
mod provenance;
mod suspicions;
mod trial;

use std::time::{Duration, Instant};

use serde::Serialize;

pub use provenance::{Evidence, Statement, provenance};

use self::causes::Finding;
use self::near::Nearby;
use self::trial::Trial;
use super::names::Names;
use super::{Edit, Options, Vocabulary, check_size, prepare};
use crate::error::{Place, Result};
use crate::graph::KnowledgeGraph;
use crate::output::{Body, squeezed};

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

    /// The same as sentences for people, each a note: causes, slips, then the way out.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self
            .causes
            .iter()
            .chain(&self.suspicions)
            .map(Cause::sentence)
            .collect();
        match (&self.fix, &self.largest) {
            (Some(fix), _) => notes.push(fix.sentence()),
            (None, Some(largest)) if !self.causes.is_empty() => {
                notes.push(format!("this part has an answer: {}", squeezed(largest)));
            }
            _ => {}
        }
        notes
    }
}

impl Cause {
    /// The cause with its place and what is near, on one line.
    pub fn sentence(&self) -> String {
        let near: Vec<String> = self
            .near
            .iter()
            .map(|near| match near.count {
                1 => format!("{} (1 use)", near.term),
                many => format!("{} ({many} uses)", near.term),
            })
            .collect();
        let hint = if near.is_empty() {
            String::new()
        } else {
            format!("; did you mean {}?", near.join(" or "))
        };
        format!("{}:{}: {}{hint}", self.line, self.column, self.message)
    }

    fn new(text: &str, span: &std::ops::Range<usize>, message: impl Into<String>) -> Self {
        let place = Place::at_offset("", text, span.start, 1);
        Self {
            start: span.start,
            end: span.end,
            line: place.line,
            column: place.column,
            message: message.into(),
            near: Vec::new(),
        }
    }
}

impl Fix {
    fn sentence(&self) -> String {
        let rows = match self.rows {
            None => String::new(),
            Some(1) => " with 1 row".to_owned(),
            Some(many) => format!(" with {many} rows"),
        };
        format!("this has an answer{rows}: {}", squeezed(&self.text))
    }
}

/// What is known of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Thing(String),
    Class(String),
    Unknown,
}

/// Looks for the reason of an empty or suspicious answer, within about `budget`: parts are left
/// out one at a time, and what finds nothing by itself is compared with what exists. Without a
/// vocabulary the words of the graph are asked for as they are needed.
///
/// # Errors
/// A query that does not run at all, as [`super::run`] says it.
pub fn why(
    graph: &KnowledgeGraph,
    vocabulary: Option<&Vocabulary>,
    text: &str,
    options: &Options,
    budget: Duration,
) -> Result<Why> {
    let ends = Instant::now() + budget;
    let tokens = check_size(text, options.name.as_deref().unwrap_or("query"))?;
    prepare(graph, text, options)?;
    let taken = parts::parts(text, &tokens);
    let names = Names::of(text, &tokens, graph.prefixes(), options.no_auto_prefix);
    let trial = Trial::new(graph, options, &taken.prologue, ends);
    let nearby = Nearby {
        trial: &trial,
        vocabulary,
        names: &names,
    };
    let case = causes::Case {
        text,
        tokens: &tokens,
        names: &names,
        taken: &taken,
        nearby: &nearby,
        trial: &trial,
    };
    let mut why = Why::default();
    if taken.outer.is_empty() {
        why.complete = trial.is_complete();
        return Ok(why);
    }
    match trial.holds(&case.required()) {
        Some(false) => {
            let dropped = drop::search(&case);
            let mut findings: Vec<Finding> = dropped
                .killers
                .iter()
                .flat_map(|part| causes::explain(&case, part, &dropped.kept))
                .collect();
            if findings.iter().any(|finding| finding.specific) {
                findings.retain(|finding| finding.specific);
            }
            why.fix = fix(&trial, text, &findings);
            why.causes = findings.into_iter().map(|finding| finding.cause).collect();
            why.largest = dropped.largest(&taken.prologue);
        }
        Some(true) => {
            why.causes.extend(suspicions::modifiers(&case));
            why.suspicions = suspicions::all(&case);
        }
        None => {}
    }
    why.complete = trial.is_complete();
    Ok(why)
}

/// The first corrected query that has an answer.
fn fix(trial: &Trial<'_>, text: &str, findings: &[Finding]) -> Option<Fix> {
    let changeable: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !finding.edits.is_empty())
        .collect();
    let most = changeable.iter().map(|finding| finding.edits.len()).max()?;
    for choice in 0..most {
        let mut edits: Vec<Edit> = changeable
            .iter()
            .filter_map(|finding| {
                let last = finding.edits.len().checked_sub(1)?;
                finding.edits.get(choice.min(last)).cloned()
            })
            .collect();
        edits.sort_by_key(|edit| edit.start);
        edits.dedup();
        if edits.windows(2).any(|pair| pair[0].end > pair[1].start) {
            edits.truncate(1);
        }
        let mended = edits
            .iter()
            .rev()
            .fold(text.to_owned(), |text, edit| edit.apply(&text));
        let rows = match trial.body(&mended) {
            Some(Body::Table(table)) => table.rows.len(),
            Some(Body::Graph(triples)) => triples.len(),
            Some(Body::Boolean(answer)) => usize::from(answer),
            _ => 0,
        };
        if rows > 0 {
            return Some(Fix {
                text: mended,
                edits,
                rows: u64::try_from(rows).ok(),
            });
        }
    }
    None
}
