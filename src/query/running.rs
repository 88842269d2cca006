//! Running a parsed query: its limits, stopping it, and taking its answer as it comes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use oxrdf::{NamedNode, Term, Triple};

use super::{Options, Prepared, prepare};
use crate::error::{Error, Result};
use crate::graph::{Form, KnowledgeGraph};
use crate::output::{Body, Output, Table};

/// Stack for deeply nested queries; virtual memory, of which only what is used is taken.
const STACK: usize = 256 << 20;
/// How long a query has to end by itself when it is told to stop.
const GRACE: Duration = Duration::from_millis(200);
/// How often a query that may be stopped is looked after.
const LOOK: Duration = Duration::from_millis(20);

/// What a query may take. The default sets no limit.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// How long it may run.
    pub timeout: Option<Duration>,
    /// How many rows or triples it may give.
    pub max_rows: Option<usize>,
    /// Stops it from outside.
    pub stop: Option<Stop>,
}

impl Limits {
    /// Whether something may end the query before its time.
    const fn may_stop(&self) -> bool {
        self.timeout.is_some() || self.stop.is_some()
    }
}

/// Stops a query from another thread. Clones stop the same query.
#[derive(Clone)]
pub struct Stop {
    token: CancellationToken,
    same: Arc<()>,
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Stop")
            .field(&self.is_stopped())
            .finish()
    }
}

impl PartialEq for Stop {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.same, &other.same)
    }
}

impl Eq for Stop {}

impl Default for Stop {
    fn default() -> Self {
        Self {
            token: CancellationToken::new(),
            same: Arc::default(),
        }
    }
}

impl Stop {
    /// Stops the query, now or as soon as it starts.
    pub fn stop(&self) {
        self.token.cancel();
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.token.is_cancelled()
    }
}

/// Which graphs a query sees, whatever its text says. Both lists empty: what the text says, and
/// without FROM the union of all graphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graphs {
    /// Graphs whose union is the default graph.
    pub default: Vec<NamedNode>,
    /// Graphs that GRAPH may name.
    pub named: Vec<NamedNode>,
}

/// An answer that is taken as it comes.
pub enum Answer<'a> {
    /// Yes or no.
    Boolean(bool),
    /// Rows under columns.
    Rows {
        /// Names of the columns.
        columns: Vec<String>,
        /// Rows as long as `columns`.
        rows: &'a mut dyn Iterator<Item = Result<Vec<Option<Term>>>>,
    },
    /// Triples, each once, in no particular order.
    Triples(&'a mut dyn Iterator<Item = Result<Triple>>),
}

/// Runs a query and hands its answer to `take` as it comes; `take` runs on the same thread.
///
/// The engine heeds a stop only where it reads statements: sorting, planning and products of
/// values go on to their end. [`super::run`] returns in time whatever the query does.
///
/// # Errors
/// As [`super::run`], and what `take` returns.
pub fn stream<T>(
    graph: &KnowledgeGraph,
    text: &str,
    options: &Options,
    take: impl FnOnce(Answer<'_>) -> Result<T>,
) -> Result<T> {
    let prepared = prepare(graph, text, options)?;
    let watch = Watch::new(&options.limits);
    watch.evaluate(graph, prepared, take)
}

/// Runs a query and returns its answer whole, within its limits whatever it does: where it may be
/// stopped it has a thread of its own, which is left behind when it does not heed a stop.
pub(super) fn whole(graph: &KnowledgeGraph, text: &str, options: &Options) -> Result<Output> {
    if !options.limits.may_stop() {
        return here(graph, text, options, &Watch::new(&options.limits));
    }
    let watch = Watch::new(&options.limits);
    let (sender, receiver) = channel();
    let (graph, text, options) = (graph.clone(), text.to_owned(), options.clone());
    let limits = options.limits.clone();
    let inner = watch.clone();
    std::thread::Builder::new()
        .name("query".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let _ = sender.send(here(&graph, &text, &options, &inner));
        })
        .map_err(|error| Error::Evaluation(error.into()))?;
    let mut told: Option<Instant> = None;
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::Evaluation("the query fell over".into()));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if watch.is_over() || limits.stop.as_ref().is_some_and(Stop::is_stopped) {
            watch.token.cancel();
            if told.get_or_insert_with(Instant::now).elapsed() > GRACE {
                return Err(watch.stopped());
            }
        }
    }
}

fn here(graph: &KnowledgeGraph, text: &str, options: &Options, watch: &Watch) -> Result<Output> {
    let prepared = prepare(graph, text, options)?;
    let notes = prepared.notes.clone();
    let body = watch.evaluate(graph, prepared, |answer| match answer {
        Answer::Boolean(value) => Ok(Body::Boolean(value)),
        Answer::Rows { columns, rows } => {
            let rows = rows.collect::<Result<_>>()?;
            Ok(Body::Table(Table { columns, rows }))
        }
        Answer::Triples(found) => {
            let mut triples = found.collect::<Result<Vec<_>>>()?;
            triples.sort_by_cached_key(ToString::to_string);
            Ok(Body::Graph(triples))
        }
    })?;
    let mut output = Output::new(body);
    output.notes = notes;
    Ok(output)
}

/// Looks after the limits of one run.
#[derive(Clone)]
struct Watch {
    token: CancellationToken,
    limits: Limits,
    started: Instant,
    given: Arc<AtomicUsize>,
}

impl Watch {
    fn new(limits: &Limits) -> Self {
        let token = limits.stop.as_ref().map(|stop| stop.token.clone());
        Self {
            token: token.unwrap_or_default(),
            limits: limits.clone(),
            started: Instant::now(),
            given: Arc::default(),
        }
    }

    fn is_over(&self) -> bool {
        let timeout = self.limits.timeout;
        timeout.is_some_and(|limit| self.started.elapsed() >= limit)
    }

    /// Says that the query was stopped, why, and what it was doing.
    fn stopped(&self) -> Error {
        if !self.is_over() {
            return Error::Interrupted;
        }
        let limit = self.limits.timeout.unwrap_or_default().as_secs_f64();
        let doing = match self.given.load(Ordering::Relaxed) {
            0 => "before it had a first row".to_owned(),
            1 => "with 1 row given".to_owned(),
            many => format!("with {many} rows given"),
        };
        Error::Limit {
            reason: format!("the query was stopped after {limit} s, {doing}"),
            hint: Some("ask for less, put the rarest pattern first, or allow more time".to_owned()),
        }
    }

    fn failed(&self, error: QueryEvaluationError) -> Error {
        match error {
            QueryEvaluationError::Cancelled => self.stopped(),
            other => Error::Evaluation(other.into()),
        }
    }

    /// Counts one more row or triple.
    fn count(&self) -> Result<()> {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        if self.limits.max_rows.is_some_and(|limit| given >= limit) {
            return Err(Error::Limit {
                reason: format!("the answer has more than {given} rows, which is the limit"),
                hint: Some("add LIMIT, count instead, or allow more rows".to_owned()),
            });
        }
        if self.is_over() {
            return Err(self.stopped());
        }
        Ok(())
    }

    fn evaluate<T>(
        &self,
        graph: &KnowledgeGraph,
        prepared: Prepared,
        take: impl FnOnce(Answer<'_>) -> Result<T>,
    ) -> Result<T> {
        let results = match (graph.elsewhere(), &prepared.sent) {
            (Some(endpoint), Some(text)) => endpoint.ask(text, prepared.form())?,
            _ => graph.run(
                graph
                    .evaluator()
                    .with_cancellation_token(self.token.clone())
                    .for_query(prepared.query),
            )?,
        };
        match results {
            QueryResults::Boolean(value) => take(Answer::Boolean(value)),
            QueryResults::Solutions(solutions) => {
                let names = solutions.variables();
                let columns: Vec<String> = names.iter().map(|v| v.as_str().to_owned()).collect();
                let mut rows = solutions.map(|solution| {
                    let solution = solution.map_err(|error| self.failed(error))?;
                    self.count()?;
                    Ok((0..solution.len())
                        .map(|n| solution.get(n).cloned())
                        .collect())
                });
                take(Answer::Rows {
                    columns,
                    rows: &mut rows,
                })
            }
            QueryResults::Graph(found) => {
                let mut seen = HashSet::new();
                let mut triples = found.filter_map(|triple| match triple {
                    Err(error) => Some(Err(self.failed(error))),
                    Ok(triple) if seen.insert(triple.clone()) => {
                        Some(self.count().map(|()| triple))
                    }
                    Ok(_) => None,
                });
                take(Answer::Triples(&mut triples))
            }
        }
    }
}

impl Prepared {
    fn form(&self) -> Form {
        match self.query {
            spargebra::Query::Select { .. } => Form::Rows,
            spargebra::Query::Ask { .. } => Form::YesOrNo,
            spargebra::Query::Construct { .. } | spargebra::Query::Describe { .. } => Form::Triples,
        }
    }
}
