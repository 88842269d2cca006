//! How the engine answers a query: its plan as a short tree, with what each step really gave and
//! how long it took.
//!
//! The engine keeps no statistics, so the estimate beside a pattern is our own: how many
//! statements fit the pattern alone. A step that gives far more rows than its neighbours, or takes
//! most of the time, is where a query is to be changed.

use oxigraph::sparql::QueryResults;
use serde_json::{Value, json};
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use spargebra::{Query, SparqlParser};

use super::{Options, prepare};
use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::output::cell::{count, decimal, grouped, text, whole};
use crate::output::{Block, Body, Inline, Output, Report, Table};
use crate::terms::Prefixes;

/// Patterns are counted up to here; beyond, the estimate is a lower bound.
const ENOUGH: usize = 1_000_000;

/// A step of a plan.
struct Step {
    /// What it does.
    what: String,
    /// Rows that it gave.
    rows: usize,
    /// Statements that fit it alone, for a pattern.
    alone: Option<usize>,
    /// Seconds in it and in the steps below.
    seconds: f64,
    /// Seconds in it alone.
    own: f64,
    /// Whether it took the most time alone.
    worst: bool,
    /// Steps that feed it.
    inputs: Vec<Step>,
}

/// Runs a query to its end and tells how that went, step by step.
///
/// The time is that of the query, and somewhat more for measuring.
///
/// # Errors
/// As [`super::run`].
pub fn explain(graph: &KnowledgeGraph, query: &str, options: &Options) -> Result<Output> {
    if graph.elsewhere().is_some() {
        return Err(Error::usage(
            "an endpoint does not tell how it answers",
            "leave out --endpoint, or load its data with --data",
        ));
    }
    let prepared = prepare(graph, query, options)?;
    let failed = |e: oxigraph::sparql::QueryEvaluationError| Error::Evaluation(e.into());
    let (results, explanation) = graph.explain(graph.evaluator().for_query(prepared.query));
    let rows = match results.map_err(failed)? {
        QueryResults::Boolean(_) => 1,
        QueryResults::Solutions(mut rows) => rows
            .try_fold(0, |n, row| row.map(|_| n + 1))
            .map_err(failed)?,
        QueryResults::Graph(mut triples) => triples
            .try_fold(0, |n, triple| triple.map(|_| n + 1))
            .map_err(failed)?,
    };
    let mut written = Vec::new();
    explanation
        .write_in_json(&mut written)
        .map_err(Error::Output)?;
    let told: Value = serde_json::from_slice(&written).map_err(|e| Error::Evaluation(e.into()))?;
    let mut plan = step(&told["plan"], graph);
    mark_worst(&mut plan);
    Ok(Output::new(Body::Report(report(&plan, rows))))
}

fn step(told: &Value, graph: &KnowledgeGraph) -> Step {
    let label = told["name"].as_str().unwrap_or("");
    let inputs: Vec<Step> = told["children"]
        .as_array()
        .map(|children| children.iter().map(|child| step(child, graph)).collect())
        .unwrap_or_default();
    let seconds = number(&told["duration in seconds"]);
    let below: f64 = inputs.iter().map(|input| input.seconds).sum();
    Step {
        what: words(label, graph.prefixes()),
        rows: told["number of results"]
            .as_u64()
            .and_then(|rows| usize::try_from(rows).ok())
            .unwrap_or(0),
        alone: pattern(label).map(|pattern| graph.count_fitting(&pattern, ENOUGH)),
        seconds,
        own: (seconds - below).max(0.0),
        worst: false,
        inputs,
    }
}

/// The engine writes seconds as a decimal, which JSON may hold as a number or as a text.
fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or(0.0)
}

/// The pattern of a step that matches one, with its fixed terms.
fn pattern(label: &str) -> Option<TriplePattern> {
    let inside = label.strip_prefix("QuadPattern(")?.strip_suffix(')')?;
    let parsed = SparqlParser::new()
        .parse_query(&format!("SELECT * {{ {inside} }}"))
        .ok()?;
    let Query::Select { pattern, .. } = parsed else {
        return None;
    };
    let mut found = None;
    super::algebra::walk(&mut pattern.clone(), &mut |pattern| {
        if let GraphPattern::Bgp { patterns } = pattern {
            found = patterns.first().cloned();
        }
    });
    found
}

/// What a step does, in the words of SPARQL and with short names.
fn words(label: &str, prefixes: &Prefixes) -> String {
    let (name, inside) = label.split_once('(').map_or((label, ""), |(name, rest)| {
        (name, rest.strip_suffix(')').unwrap_or(rest))
    });
    let inside = short(inside, prefixes);
    let keys = || {
        let keys = inside.split_once("keys = ").map_or("", |(_, keys)| keys);
        keys.split(", expression").next().unwrap_or(keys).to_owned()
    };
    match name {
        "QuadPattern" => format!("match {inside}"),
        "Path" => format!("path {inside}"),
        "Project" => format!("select {inside}"),
        "Extend" => format!("bind {inside}"),
        "Filter" => format!("filter {inside}"),
        "Join" => format!("hash join on {}", keys()),
        "Lateral" => "for each row".to_owned(),
        "ForLoopLeftJoin" => "optional, for each row".to_owned(),
        "LeftJoin" => format!("optional, hash join on {}", keys()),
        "AntiJoin" => format!("minus, hash join on {}", keys()),
        "Sort" => format!("sort by {inside}"),
        "Aggregate" => format!("group {inside}"),
        "Slice" => format!("limit {inside}"),
        "StaticBindings" => format!("values {}", cut(&inside)),
        "Distinct" => "distinct".to_owned(),
        "Reduced" => "reduced".to_owned(),
        "Union" => "union".to_owned(),
        "Graph" => format!("graph {inside}"),
        "" => "nothing to do".to_owned(),
        other => cut(&format!("{other} {inside}")).trim_end().to_owned(),
    }
}

/// At most as much as a line can hold.
fn cut(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Full IRIs as short names.
fn short(text: &str, prefixes: &Prefixes) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        result.push_str(&rest[..start]);
        let end = rest[start..].find(['>', ' ']).map(|end| start + end);
        if let Some(end) = end.filter(|end| rest[*end..].starts_with('>')) {
            result.push_str(&prefixes.display_iri(&rest[start + 1..end]));
            rest = &rest[end + 1..];
        } else {
            result.push('<');
            rest = &rest[start + 1..];
        }
    }
    result.push_str(rest);
    result
}

fn mark_worst(plan: &mut Step) {
    fn most(step: &Step) -> f64 {
        step.inputs.iter().map(most).fold(step.own, f64::max)
    }
    fn mark(step: &mut Step, most: f64) -> bool {
        if step.own >= most {
            step.worst = true;
            return true;
        }
        step.inputs.iter_mut().any(|input| mark(input, most))
    }
    let most = most(plan);
    if most > 0.0 {
        mark(plan, most);
    }
}

fn report(plan: &Step, rows: usize) -> Report {
    let mut grid = Vec::new();
    let mut table = Table {
        columns: [
            "step",
            "depth",
            "estimated",
            "rows",
            "milliseconds",
            "worst",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: Vec::new(),
    };
    lay_out(plan, "", "", 0, &mut grid, &mut table);
    Report {
        title: format!("{} in {}", count(rows, "row"), time(plan.seconds)),
        blocks: vec![
            Block::Grid {
                columns: ["step", "estimated", "rows", "time", ""]
                    .map(str::to_owned)
                    .to_vec(),
                rows: grid,
            },
            Block::Paragraph(vec![Inline::faint(
                "estimated: statements that fit the pattern alone; time: in this step alone",
            )]),
        ],
        table,
        data: as_json(plan),
        ..Report::default()
    }
}

fn lay_out(
    step: &Step,
    lead: &str,
    below: &str,
    depth: usize,
    grid: &mut Vec<Vec<Inline>>,
    table: &mut Table,
) {
    let estimated = step.alone.map_or_else(String::new, |alone| {
        let more = if alone >= ENOUGH { "over " } else { "" };
        format!("{more}{}", grouped(alone))
    });
    grid.push(vec![
        Inline::text(format!("{lead}{}", step.what)),
        Inline::text(estimated),
        Inline::text(grouped(step.rows)),
        Inline::text(time(step.own)),
        Inline::strong(if step.worst {
            "◀ most of the time"
        } else {
            ""
        }),
    ]);
    table.rows.push(vec![
        text(step.what.clone()),
        whole(depth),
        step.alone.and_then(whole),
        whole(step.rows),
        decimal(step.own * 1000.0, 3),
        text(if step.worst { "yes" } else { "" }),
    ]);
    for (at, input) in step.inputs.iter().enumerate() {
        let last = at + 1 == step.inputs.len();
        let (branch, trunk) = if last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        lay_out(
            input,
            &format!("{below}{branch}"),
            &format!("{below}{trunk}"),
            depth + 1,
            grid,
            table,
        );
    }
}

fn as_json(step: &Step) -> Value {
    json!({
        "step": step.what,
        "estimated": step.alone,
        "rows": step.rows,
        "seconds": step.seconds,
        "own_seconds": step.own,
        "worst": step.worst,
        "inputs": step.inputs.iter().map(as_json).collect::<Vec<_>>(),
    })
}

fn time(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.1} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.1} s")
    }
}

/// The fixed terms of a pattern: subject, predicate and object.
pub(crate) fn fixed(
    pattern: &TriplePattern,
) -> (
    Option<oxrdf::NamedOrBlankNode>,
    Option<oxrdf::NamedNode>,
    Option<oxrdf::Term>,
) {
    let subject = match &pattern.subject {
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        _ => None,
    };
    let predicate = match &pattern.predicate {
        NamedNodePattern::NamedNode(node) => Some(node.clone()),
        NamedNodePattern::Variable(_) => None,
    };
    let object = match &pattern.object {
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    };
    (subject, predicate, object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_the_engine_become_words_with_short_names() {
        let prefixes = Prefixes::new([("ex".to_owned(), "https://e.org/".to_owned())]);
        for (label, shown) in [
            ("QuadPattern(?s <https://e.org/p> ?o)", "match ?s ex:p ?o"),
            (
                "Join(HashBuildLeftProbeRight, keys = ?s, ?o)",
                "hash join on ?s, ?o",
            ),
            (
                "LeftJoin(HashBuildRightProbeLeft, keys = ?s, expression = true)",
                "optional, hash join on ?s",
            ),
            ("Filter((?a < 3))", "filter (?a < 3)"),
            ("Distinct(Hash)", "distinct"),
            ("", "nothing to do"),
        ] {
            assert_eq!(words(label, &prefixes), shown);
        }
    }

    #[test]
    fn a_pattern_is_read_back_from_its_label() {
        let found = pattern("QuadPattern(?s <https://e.org/p> \"a b\"@en)").expect("a pattern");
        let (subject, predicate, object) = fixed(&found);
        assert_eq!(subject, None);
        assert_eq!(
            predicate.map(oxrdf::NamedNode::into_string).as_deref(),
            Some("https://e.org/p")
        );
        assert_eq!(object.map(|o| o.to_string()).as_deref(), Some("\"a b\"@en"));
        assert!(pattern("Union").is_none());
    }
}
