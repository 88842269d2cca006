//! The Graph Store Protocol, reading: `/store?graph=…`, `/store?default`, `/store` for everything.

use oxrdf::NamedNode;

use super::Desk;
use super::offers::{self, format};
use super::reply::{Done, Failure, Reply};
use super::sparql;
use crate::error::Error;
use crate::output::{Body, Output, write};
use crate::query::{Options, Stop};
use crate::web::message::Request;

/// Which graph is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The union of all graphs, which queries see as the default graph.
    Default,
    /// One graph.
    Named(NamedNode),
    /// All graphs.
    All,
}

/// The graph that an address means, and a format by name.
pub(super) fn target(request: &Request) -> Result<(Target, Option<String>), Failure> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&request.query).map_err(|error| {
            Error::usage(
                format!("the address cannot be read: {error}"),
                "percent-encode it",
            )
        })?;
    let mut target = Target::All;
    let mut format = None;
    for (name, value) in pairs {
        let meant = match name.as_str() {
            "default" => Target::Default,
            "graph" => Target::Named(NamedNode::new(&value).map_err(|error| {
                Error::usage(
                    format!("`{value}` is no IRI of a graph: {error}"),
                    "write it in full",
                )
            })?),
            "format" => {
                format = Some(value);
                continue;
            }
            _ => continue,
        };
        if target != Target::All {
            return Err(
                Error::usage("one graph at a time", "give default, or one graph=IRI").into(),
            );
        }
        target = meant;
    }
    Ok((target, format))
}

/// Answers with the statements of a graph.
pub(super) fn answer(desk: &Desk, request: &Request, stop: &Stop, reply: &mut Reply<'_>) -> Done {
    let (target, name) = target(request)?;
    let options = Options {
        limits: desk.limits(stop),
        ..Options::default()
    };
    let text = match target {
        Target::All => {
            let format = format(name.as_deref(), &request.accept, &offers::DATASET)?;
            reply
                .header("vary", "accept")
                .media_type(format.media_type());
            let body = Body::Dataset(desk.dataset.graph.quads_outside(&[])?);
            return Ok(write(&Output::new(body), format, &desk.style(), reply)?);
        }
        Target::Default => "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }".to_owned(),
        Target::Named(graph) => {
            let ask = format!("ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}");
            if matches!(
                crate::query::run(&desk.dataset.graph, &ask, &options)?.body,
                Body::Boolean(false)
            ) {
                return Err(Error::Unknown {
                    what: "graph",
                    name: graph.into_string(),
                    hint: Some("/sparql lists the graphs to whoever asks for Turtle".to_owned()),
                }
                .into());
            }
            format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        }
    };
    sparql::run(
        desk,
        &text,
        &options,
        name.as_deref(),
        &request.accept,
        reply,
    )
}
