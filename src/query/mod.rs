//! SPARQL: the catalogue of named queries, parameters, and running any query safely.
//!
//! Every query is parsed before it runs. SERVICE and LOAD are refused here, whatever features
//! the engine was built with; parameters are bound as terms and never formatted into text.

mod algebra;
mod bound;
mod catalogue;
mod complete;
mod diagnostic;
pub mod editing;
mod elsewhere;
mod functions;
mod lex;
mod mistakes;
mod names;
mod outline;
pub mod plan;
mod prebound;
mod rows;
mod running;
mod vocabulary;
mod why;
mod words;

use oxrdf::{Term, Variable};
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::term::NamedNodePattern;
use spargebra::{Query, SparqlParser};

pub use bound::with_terms;
pub use catalogue::{CATALOGUE, DERIVE, NamedQuery, Parameter, ParameterType, named};
pub use complete::{Candidate, CandidateKind, Completing, Completion, MAX_CANDIDATES, complete};
pub use diagnostic::{Diagnostic, Edit, Severity, byte_offset, check, utf16_offset};
pub use prebound::rows_with;
pub use rows::{Row, Rows};
pub use running::{Answer, Graphs, Limits, Stop, stream};
pub use vocabulary::{Thing, Use, Vocabulary, VocabularyCache};
pub use why::{Cause, Evidence, Fix, Near, Statement, Why, provenance, why};

use crate::error::{Error, Place, Result};
use crate::graph::KnowledgeGraph;
use crate::nearest::did_you_mean;
use crate::output::{Body, Output, Table};
use crate::terms::Prefixes;

/// How deep brackets may nest in a query.
pub const MAX_DEPTH: usize = 300;
/// How long a query may be, in bytes.
pub const MAX_LENGTH: usize = 1 << 20;

/// What is said about a query besides its text.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values for variables, by name without the question mark; a name that comes several times
    /// has several values.
    pub parameters: Vec<(String, Term)>,
    /// Leaves undeclared prefixes unknown.
    pub no_auto_prefix: bool,
    /// What to call the text in messages: a file name, or `query`.
    pub name: Option<String>,
    /// What it may take.
    pub limits: Limits,
    /// Which graphs it sees.
    pub graphs: Graphs,
}

/// Runs a SPARQL query and returns its answer whole.
///
/// SELECT keeps its column order, and `*` gives the order of first appearance. CONSTRUCT and
/// DESCRIBE give sorted triples without doubles.
///
/// # Errors
/// Syntax errors with their place; SERVICE; a parameter that the query does not have; a query
/// nested deeper than [`MAX_DEPTH`] or longer than [`MAX_LENGTH`]; a limit of the options, which
/// holds whatever the query does, with what it was doing.
pub fn run(graph: &KnowledgeGraph, text: &str, options: &Options) -> Result<Output> {
    running::whole(graph, text, options)
}

/// A query that is ready to run.
struct Prepared {
    query: Query,
    notes: Vec<String>,
    /// The text for an endpoint elsewhere, where that has the data.
    sent: Option<String>,
}

fn prepare(graph: &KnowledgeGraph, text: &str, options: &Options) -> Result<Prepared> {
    let name = options.name.as_deref().unwrap_or("query");
    let tokens = check_size(text, name)?;
    let none = Prefixes::default();
    let known = if options.no_auto_prefix {
        &none
    } else {
        graph.prefixes()
    };
    let mut query = parse(text, &tokens, name, known, graph.prefixes())?;
    refuse_service(&mut query, text, &tokens, name, graph)?;
    for (at, (parameter, _)) in options.parameters.iter().enumerate() {
        let of_same_name = |(name, _): &&(String, Term)| name == parameter;
        if options.parameters[..at].iter().any(|p| of_same_name(&p)) {
            continue;
        }
        let terms: Vec<&Term> = options
            .parameters
            .iter()
            .filter(of_same_name)
            .map(|(_, term)| term)
            .collect();
        bind(&mut query, parameter, &terms, &tokens, name)?;
    }
    if options.graphs != Graphs::default() {
        *dataset_of(&mut query) = Some(QueryDataset {
            default: options.graphs.default.clone(),
            named: Some(options.graphs.named.clone()),
        });
    }
    if lex::selects_star(text, &tokens) {
        order_by_appearance(&mut query, &tokens);
    }
    let given: Vec<&str> = options
        .parameters
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let about = mistakes::About {
        text,
        tokens: &tokens,
        name,
        known,
        suggest: graph.prefixes(),
        update: false,
    };
    let notes = mistakes::notes(&about, &given);
    let sent = graph
        .elsewhere()
        .map(|_| elsewhere::text(&query, text, &tokens, options, known));
    Ok(Prepared { query, notes, sent })
}

/// Runs a named query and returns its table.
///
/// # Errors
/// As [`run`]; also when the query does not return rows.
pub fn rows(
    graph: &KnowledgeGraph,
    query: &NamedQuery,
    parameters: Vec<(String, Term)>,
) -> Result<Table> {
    let options = Options {
        parameters,
        no_auto_prefix: true,
        name: Some(format!("{}.rq", query.name)),
        ..Options::default()
    };
    match run(graph, query.text, &options)?.body {
        Body::Table(table) => Ok(table),
        _ => Err(Error::Ontology {
            reason: format!("the query {} gives no rows", query.name),
            hint: None,
        }),
    }
}

/// Checks an update before it runs: syntax, no LOAD, no SERVICE.
pub fn check_update(text: &str, name: &str, prefixes: &Prefixes) -> Result<String> {
    let tokens = check_size(text, name)?;
    let mut update = parser(prefixes)?.parse_update(text).map_err(|e| {
        let about = mistakes::About {
            text,
            tokens: &tokens,
            name,
            known: prefixes,
            suggest: prefixes,
            update: true,
        };
        mistakes::explain(&e.to_string(), &about)
    })?;
    for operation in &mut update.operations {
        match operation {
            spargebra::GraphUpdateOperation::Load { .. } => {
                return Err(Error::Query {
                    reason: "LOAD is refused: this program never fetches data by itself".to_owned(),
                    place: lex::word(text, &tokens, "LOAD")
                        .map(|at| Place::at_offset(name, text, at, 4)),
                    hint: Some("download the file and give it with --data".to_owned()),
                });
            }
            spargebra::GraphUpdateOperation::DeleteInsert { pattern, .. } => {
                let mut found = false;
                algebra::walk(pattern, &mut |p| {
                    found |= matches!(p, GraphPattern::Service { .. });
                });
                if found {
                    return Err(service_refused(
                        text,
                        &tokens,
                        name,
                        "load the other data with --data",
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(update.to_string())
}

fn check_size(text: &str, name: &str) -> Result<Vec<lex::Token>> {
    if text.len() > MAX_LENGTH {
        return Err(Error::Limit {
            reason: format!(
                "{name} is {} bytes long; the limit is {MAX_LENGTH}",
                text.len()
            ),
            hint: Some("split it, or bring long lists of values as data".to_owned()),
        });
    }
    let tokens = lex::tokens(text);
    let (depth, at) = lex::depth(text, &tokens);
    if depth > MAX_DEPTH {
        let place = Place::at_offset(name, text, at, 1);
        return Err(Error::Limit {
            reason: format!(
                "{name} nests brackets {depth} deep at line {}, column {}; the limit is {MAX_DEPTH}",
                place.line, place.column
            ),
            hint: Some("write it flatter".to_owned()),
        });
    }
    Ok(tokens)
}

/// A parser that knows these prefixes.
fn parser(known: &Prefixes) -> Result<SparqlParser> {
    let mut parser = SparqlParser::new();
    for (prefix, namespace) in known.iter() {
        parser = parser
            .with_prefix(prefix, namespace)
            .map_err(|e| Error::Ontology {
                reason: e.to_string(),
                hint: None,
            })?;
    }
    Ok(parser)
}

fn parse(
    text: &str,
    tokens: &[lex::Token],
    name: &str,
    known: &Prefixes,
    suggest: &Prefixes,
) -> Result<Query> {
    parser(known)?.parse_query(text).map_err(|error| {
        let about = mistakes::About {
            text,
            tokens,
            name,
            known,
            suggest,
            update: false,
        };
        mistakes::explain(&error.to_string(), &about)
    })
}

const fn dataset_of(query: &mut Query) -> &mut Option<QueryDataset> {
    match query {
        Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. } => dataset,
    }
}

fn pattern_of(query: &mut Query) -> &mut GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

/// Refuses SERVICE but to endpoints that the user allowed by name. An endpoint elsewhere decides
/// for itself.
fn refuse_service(
    query: &mut Query,
    text: &str,
    tokens: &[lex::Token],
    name: &str,
    graph: &KnowledgeGraph,
) -> Result<()> {
    if graph.elsewhere().is_some() {
        return Ok(());
    }
    let mut found = false;
    algebra::walk(pattern_of(query), &mut |pattern| {
        if let GraphPattern::Service { name, .. } = pattern {
            let allowed = matches!(name, NamedNodePattern::NamedNode(url) if graph.allows_service(url.as_str()));
            found |= !allowed;
        }
    });
    if found {
        Err(service_refused(
            text,
            tokens,
            name,
            "allow an endpoint with --service URL, or load the other data with --data",
        ))
    } else {
        Ok(())
    }
}

fn service_refused(text: &str, tokens: &[lex::Token], name: &str, way_out: &str) -> Error {
    Error::Query {
        reason: "SERVICE is refused: queries do not leave this machine unless you allow it"
            .to_owned(),
        place: lex::word(text, tokens, "SERVICE").map(|at| Place::at_offset(name, text, at, 7)),
        hint: Some(format!(
            "{way_out}; SILENT would only hide that nothing was fetched"
        )),
    }
}

fn bind(
    query: &mut Query,
    parameter: &str,
    terms: &[&Term],
    tokens: &[lex::Token],
    name: &str,
) -> Result<()> {
    let variable = Variable::new(parameter).map_err(|_| {
        Error::usage(
            format!("`{parameter}` is not a variable name"),
            "write --param name=term",
        )
    })?;
    if algebra::bind(pattern_of(query), &variable, terms)? {
        return Ok(());
    }
    let known = lex::variables(tokens);
    Err(Error::Unknown {
        what: "parameter",
        name: parameter.to_owned(),
        hint: did_you_mean(parameter, known.iter().map(String::as_str)).or_else(|| {
            Some(if known.is_empty() {
                format!("{name} has no variables")
            } else {
                format!("{name} has: {}", known.join(", "))
            })
        }),
    })
}

/// `SELECT *` in the order in which variables appear; the parser sorts them by name.
fn order_by_appearance(query: &mut Query, tokens: &[lex::Token]) {
    let order = lex::variables(tokens);
    let mut outermost = pattern_of(query);
    loop {
        match outermost {
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => outermost = inner,
            GraphPattern::Project { variables, .. } => {
                variables.sort_by_key(|variable| {
                    order.iter().position(|name| name == variable.as_str())
                });
                return;
            }
            _ => return,
        }
    }
}
