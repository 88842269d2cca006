//! A SELECT whose rows are wanted for given values of one variable, as SHACL's pre-binding has it.

use std::collections::HashSet;

use oxrdf::{Term, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern};

use super::{Options, algebra, check_size, pattern_of, run};
use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::output::{Body, Table};
use crate::terms::Prefixes;

/// The rows of a SELECT where `variable` has one of the given values, as if it had had that value
/// from the start in every part of the query.
///
/// Where every part that uses the variable gives it a value by itself, one run answers for all
/// values at once; else there is one run a value.
///
/// # Errors
/// As of [`super::run`]; a query that is no SELECT, that does not select the variable, or that
/// has MINUS or VALUES, which SHACL rules out; a blank node as a value in a query that needs one
/// run a value.
pub fn rows_with(
    graph: &KnowledgeGraph,
    text: &str,
    name: &str,
    variable: &str,
    values: &[Term],
) -> Result<Table> {
    let tokens = check_size(text, name)?;
    let none = Prefixes::default();
    let mut query = super::parse(text, &tokens, name, &none, graph.prefixes())?;
    let refused = |reason: String| Error::usage(reason, "write it as SHACL asks for");
    if !matches!(query, Query::Select { .. }) {
        return Err(refused(format!("{name} is no SELECT query")));
    }
    let mut ruled_out = None;
    algebra::walk(pattern_of(&mut query), &mut |pattern| match pattern {
        GraphPattern::Minus { .. } => ruled_out = Some("MINUS"),
        GraphPattern::Values { .. } => ruled_out = Some("VALUES"),
        _ => {}
    });
    if let Some(word) = ruled_out {
        return Err(refused(format!(
            "{name} has {word}, which SHACL rules out in constraints"
        )));
    }
    let variable = Variable::new(variable).map_err(|error| refused(error.to_string()))?;
    if stands_alone(pattern_of(&mut query), &variable) {
        let wanted: HashSet<&Term> = values.iter().collect();
        let mut table = select(graph, text, name, Vec::new())?;
        let at = column(&table, &variable, name)?;
        table
            .rows
            .retain(|row| row[at].as_ref().is_some_and(|term| wanted.contains(term)));
        return Ok(table);
    }
    let mut whole = Table::default();
    for value in values {
        let bound = vec![(variable.as_str().to_owned(), value.clone())];
        let table = select(graph, text, name, bound)?;
        let at = column(&table, &variable, name)?;
        whole.columns.clone_from(&table.columns);
        for mut row in table.rows {
            row[at].get_or_insert_with(|| value.clone());
            whole.rows.push(row);
        }
    }
    Ok(whole)
}

fn select(
    graph: &KnowledgeGraph,
    text: &str,
    name: &str,
    parameters: Vec<(String, Term)>,
) -> Result<Table> {
    let options = Options {
        parameters,
        no_auto_prefix: true,
        name: Some(name.to_owned()),
        ..Options::default()
    };
    match run(graph, text, &options)?.body {
        Body::Table(table) => Ok(table),
        _ => Err(Error::usage(
            format!("{name} is no SELECT query"),
            "write it as SHACL asks for",
        )),
    }
}

fn column(table: &Table, variable: &Variable, name: &str) -> Result<usize> {
    let found = table.columns.iter().position(|c| c == variable.as_str());
    found.ok_or_else(|| {
        Error::usage(
            format!("{name} does not select ?{}", variable.as_str()),
            format!("add ?{} to its SELECT", variable.as_str()),
        )
    })
}

/// Whether a query means the same with the variable given beforehand as when its rows are chosen
/// afterwards: each part that reads the variable has it from a pattern of its own.
fn stands_alone(pattern: &GraphPattern, variable: &Variable) -> bool {
    binds(pattern, variable) && closed(pattern, variable)
}

/// Whether every row of a pattern has the variable.
fn binds(pattern: &GraphPattern, variable: &Variable) -> bool {
    let is = |term: &TermPattern| matches!(term, TermPattern::Variable(v) if v == variable);
    match pattern {
        GraphPattern::Bgp { patterns } => patterns.iter().any(|triple| {
            is(&triple.subject)
                || is(&triple.object)
                || matches!(&triple.predicate, NamedNodePattern::Variable(v) if v == variable)
        }),
        GraphPattern::Path {
            subject, object, ..
        } => is(subject) || is(object),
        GraphPattern::Join { left, right } => binds(left, variable) || binds(right, variable),
        GraphPattern::Union { left, right } => binds(left, variable) && binds(right, variable),
        GraphPattern::LeftJoin { left, .. } => binds(left, variable),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner } => binds(inner, variable),
        GraphPattern::Project { inner, variables } => {
            variables.contains(variable) && binds(inner, variable)
        }
        _ => false,
    }
}

/// Whether no part reads the variable where it has no value yet.
fn closed(pattern: &GraphPattern, variable: &Variable) -> bool {
    let reads = |expression: &Expression| algebra::reads(expression, variable);
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
            closed(left, variable) && closed(right, variable)
        }
        GraphPattern::LeftJoin { left, right, .. } => {
            binds(left, variable) && closed(left, variable) && closed(right, variable)
        }
        GraphPattern::Filter { expr, inner } => {
            (!reads(expr) || binds(inner, variable)) && closed(inner, variable)
        }
        GraphPattern::Extend {
            expression, inner, ..
        } => (!reads(expression) || binds(inner, variable)) && closed(inner, variable),
        GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Project { inner, .. } => closed(inner, variable),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{graph_name, parse};
    use oxrdf::NamedNode;
    use spargebra::SparqlParser;

    fn answer(text: &str) -> Vec<String> {
        let mut graph = KnowledgeGraph::new().expect("memory");
        let data = "@prefix e: <https://e.org/> . e:a e:p 1 . e:b e:p 2 . e:c e:q 3 .";
        let quads = parse(
            data.as_bytes(),
            oxrdfio::RdfFormat::Turtle,
            "d",
            Some(graph_name("d")),
            std::path::Path::new("d.ttl"),
        )
        .expect("fine");
        graph.insert(quads).expect("stored");
        let values: Vec<Term> = ["a", "c"]
            .map(|n| NamedNode::new_unchecked(format!("https://e.org/{n}")).into())
            .to_vec();
        let text = format!("PREFIX e: <https://e.org/> {text}");
        let table = rows_with(&graph, &text, "q", "this", &values).expect("runs");
        let rows = table.rows.iter().map(|row| {
            let cells = row.iter().flatten().map(ToString::to_string);
            cells.collect::<Vec<_>>().join(" ")
        });
        rows.collect()
    }

    #[test]
    fn one_run_and_a_run_a_value_give_the_same() {
        let at_once = answer("SELECT $this { $this e:p ?v }");
        assert_eq!(at_once, ["<https://e.org/a>"]);
        // Here the filter stands in a group where the variable has no value of its own.
        let each = answer("SELECT $this { { FILTER NOT EXISTS { $this e:p ?v } } }");
        assert_eq!(each, ["<https://e.org/c>"]);
    }

    #[test]
    fn a_variable_that_another_group_reads_needs_a_run_a_value() {
        let query = |text: &str| {
            let mut query = SparqlParser::new().parse_query(text).expect("fine");
            stands_alone(pattern_of(&mut query), &Variable::new_unchecked("this"))
        };
        assert!(query(
            "SELECT ?this { ?this ?p ?v FILTER(?v > 1) BIND(STR(?this) AS ?n) }"
        ));
        assert!(!query(
            "SELECT ?this { ?this ?p ?v { FILTER(BOUND(?this)) } }"
        ));
        assert!(!query("SELECT ?this { OPTIONAL { ?this ?p ?v } }"));
    }
}
