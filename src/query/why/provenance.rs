//! What a row of an answer stands on: the statements that match, where each comes from, and the
//! codings behind those that are derived.

use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use oxrdf::Term;
use serde::Serialize;

use super::parts::{Part, Parts, parts};
use super::trial::{Trial, joined};
use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::query::lex::{Kind, Token};
use crate::query::names::{Names, TYPE};
use crate::query::{Options, Rows, check_size, named, prepare, rows};

/// A coding that a statement follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The coding, in short.
    pub coding: String,
    /// What it finds, such as `present`.
    pub finding: String,
    /// What the source says, in the words of the coder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The source, in short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Title of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
}

/// A statement that a row stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its subject, in short.
    pub subject: String,
    /// Its predicate, in short; a path as it is written.
    pub predicate: String,
    /// Its object, in short.
    pub object: String,
    /// The graphs that it is in; none for a path.
    pub graphs: Vec<String>,
    /// The codings behind it.
    pub evidence: Vec<Evidence>,
}

/// A term of a triple, as an IRI or a literal, and as it is shown.
struct Filled {
    term: Option<Term>,
    written: String,
    shown: String,
}

/// The statements that match the pattern of a query for one row of its answer, in the order of
/// the query, each once. `row` holds the cells of the row by the names of their columns. Takes
/// about `budget`; what is not found out in time is left out.
///
/// # Errors
/// A query that does not run at all.
pub fn provenance(
    graph: &KnowledgeGraph,
    text: &str,
    options: &Options,
    row: &[(String, Term)],
    budget: Duration,
) -> Result<Vec<Statement>> {
    let tokens = check_size(text, options.name.as_deref().unwrap_or("query"))?;
    prepare(graph, text, options)?;
    let taken = parts(text, &tokens);
    let trial = Trial::new(graph, options, &taken.prologue, Instant::now() + budget);
    let names = Names::of(text, &tokens, graph.prefixes(), options.no_auto_prefix);
    let Some(values) = solution(&taken, &trial, row) else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Statement> = Vec::new();
    for part in taken.outer.iter().chain(&taken.inner) {
        let Some(terms) = &part.terms else { continue };
        let fill = |span: &Range<usize>| fill(text, &tokens, &names, &values, span);
        let (Some(subject), Some(predicate), Some(object)) =
            (fill(&terms[0]), fill(&terms[1]), fill(&terms[2]))
        else {
            continue;
        };
        let pattern = format!(
            "{} {} {}",
            subject.written, predicate.written, object.written
        );
        if trial.has(&pattern) != Some(true) {
            continue;
        }
        let statement = Statement {
            graphs: graphs(&trial, &names, &pattern, &predicate),
            evidence: evidence(graph, &names, [&subject, &predicate, &object])?,
            subject: subject.shown,
            predicate: predicate.shown,
            object: object.shown,
        };
        if !found.contains(&statement) {
            found.push(statement);
        }
    }
    Ok(found)
}

/// One solution of the pattern that agrees with the row.
fn solution(
    taken: &Parts,
    trial: &Trial<'_>,
    row: &[(String, Term)],
) -> Option<HashMap<String, Term>> {
    let all: Vec<&Part> = taken.outer.iter().collect();
    let has = |name: &String| all.iter().any(|part| part.variables.contains(name));
    let cells: Vec<&(String, Term)> = row
        .iter()
        .filter(|(name, term)| has(name) && !matches!(term, Term::BlankNode(_)))
        .collect();
    let variables: Vec<String> = cells.iter().map(|(name, _)| format!("?{name}")).collect();
    let terms: Vec<String> = cells.iter().map(|(_, term)| term.to_string()).collect();
    let data = format!(
        "VALUES ({}) {{ ({}) }}",
        variables.join(" "),
        terms.join(" ")
    );
    let table = trial.rows_here(&format!(
        "SELECT * WHERE {{ {data} {} }} LIMIT 1",
        joined(&all)
    ))?;
    let first = table.rows.into_iter().next()?;
    Some(
        table
            .columns
            .into_iter()
            .zip(first)
            .filter_map(|(name, term)| Some((name, term?)))
            .collect(),
    )
}

/// A term of the pattern with the value of its variable; nothing for a variable without one.
fn fill(
    text: &str,
    tokens: &[Token],
    names: &Names<'_>,
    values: &HashMap<String, Term>,
    span: &Range<usize>,
) -> Option<Filled> {
    let own: Vec<&Token> = tokens
        .iter()
        .filter(|token| span.start <= token.range.start && token.range.end <= span.end)
        .collect();
    let written = text[span.clone()].to_owned();
    let term = match own.as_slice() {
        [one] if one.kind == Kind::Variable => Some(values.get(&one.name)?.clone()),
        [one] if &text[one.range.clone()] == "a" => {
            Some(oxrdf::NamedNode::new_unchecked(TYPE).into())
        }
        [one] => names
            .iri(text, one)
            .map(|iri| oxrdf::NamedNode::new_unchecked(iri).into()),
        many if many.iter().any(|token| token.kind == Kind::Variable) => return None,
        _ => None,
    };
    Some(match term {
        Some(Term::NamedNode(node)) => Filled {
            written: node.to_string(),
            shown: names.write(node.as_str()).0,
            term: Some(node.into()),
        },
        Some(Term::BlankNode(_)) => return None,
        Some(other) => Filled {
            written: other.to_string(),
            shown: other.to_string(),
            term: Some(other),
        },
        None => Filled {
            shown: written.clone(),
            written,
            term: None,
        },
    })
}

fn graphs(trial: &Trial<'_>, names: &Names<'_>, pattern: &str, predicate: &Filled) -> Vec<String> {
    if predicate.term.is_none() {
        return Vec::new();
    }
    let query =
        format!("SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ {pattern} }} }} ORDER BY ?graph");
    trial
        .rows_here(&query)
        .into_iter()
        .flat_map(|table| table.rows)
        .filter_map(|row| match row.into_iter().next()?? {
            Term::NamedNode(node) => Some(names.write(node.as_str()).0),
            _ => None,
        })
        .collect()
}

/// The codings behind a link between two things.
fn evidence(
    graph: &KnowledgeGraph,
    names: &Names<'_>,
    [subject, predicate, object]: [&Filled; 3],
) -> Result<Vec<Evidence>> {
    let (
        Some(Term::NamedNode(programme)),
        Some(Term::NamedNode(property)),
        Some(Term::NamedNode(value)),
    ) = (&subject.term, &predicate.term, &object.term)
    else {
        return Ok(Vec::new());
    };
    let parameters = vec![
        ("programme".to_owned(), programme.clone().into()),
        ("property".to_owned(), property.clone().into()),
        ("value".to_owned(), value.clone().into()),
    ];
    let table = rows(graph, named("codings-of-a-statement")?, parameters)?;
    let mut found = Vec::new();
    for row in Rows::new(&table) {
        let short = |column: &str| match row.get(column) {
            Some(Term::NamedNode(node)) => Some(names.write(node.as_str()).0),
            _ => None,
        };
        let words = |column: &str| match row.get(column) {
            Some(Term::Literal(literal)) => Some(literal.value().to_owned()),
            _ => None,
        };
        found.push(Evidence {
            coding: short("coding").unwrap_or_default(),
            finding: words("finding").unwrap_or_default(),
            text: words("evidence"),
            source: short("source"),
            title: words("source_title"),
            locator: words("locator"),
        });
    }
    Ok(found)
}
