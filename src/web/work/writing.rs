//! Changing the data: SPARQL updates, and graphs put, added to or deleted.
//!
//! A worker works out which statements go and which come. The server keeps that and hands it to
//! the other workers, so that an update with random or present values means the same everywhere.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use oxrdf::{GraphName, Quad};
use oxrdfio::{RdfFormat, RdfParser};
use serde::{Deserialize, Serialize};

use super::Desk;
use super::graphs::{Target, target};
use super::reply::{Done, Failure, Reply};
use super::sparql::Parameters;
use crate::error::{Error, Result};
use crate::graph::{DERIVED, parse};
use crate::map::ConceptualMap;
use crate::query::check_update;
use crate::web::message::Request;

/// Statements that go and statements that come, as N-Quads.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Change {
    removed: String,
    added: String,
}

impl Change {
    fn new(removed: &[Quad], added: &[Quad]) -> Self {
        let text = |quads: &[Quad]| {
            let lines: Vec<String> = quads.iter().map(|quad| format!("{quad} .\n")).collect();
            lines.concat()
        };
        Self {
            removed: text(removed),
            added: text(added),
        }
    }
}

fn quads(text: &str) -> Result<Vec<Quad>> {
    let parser = RdfParser::from_format(RdfFormat::NQuads).for_slice(text.as_bytes());
    parser
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| Error::Store(error.into()))
}

impl Desk {
    /// Does what the server says was changed.
    pub(super) fn follow(&mut self, change: &[u8]) -> Result<()> {
        let change: Change =
            serde_json::from_slice(change).map_err(|error| Error::Store(error.into()))?;
        let mut graph = self.dataset.graph.clone();
        graph.change(&quads(&change.removed)?, &quads(&change.added)?)?;
        self.refresh()
    }

    /// Reads again what answers need at hand.
    fn refresh(&mut self) -> Result<()> {
        let mut dataset = (*self.dataset).clone();
        dataset.derive()?;
        // A map that cannot be read any more leaves the pages with the last one.
        if let Ok(map) = ConceptualMap::read(&dataset.graph) {
            dataset.map = map;
        }
        self.dataset = Arc::new(dataset);
        self.explorer = std::sync::OnceLock::new();
        Ok(())
    }

    /// Writes: an update, or a graph.
    pub(super) fn write(&mut self, request: &Request, body: &[u8], reply: &mut Reply<'_>) -> Done {
        if request.path.trim_matches('/') == "store" {
            self.write_graph(request, body, reply)
        } else {
            self.update(request, body, reply)
        }
    }

    fn update(&mut self, request: &Request, body: &[u8], reply: &mut Reply<'_>) -> Done {
        let parameters = Parameters::read(request, body)?;
        let [text] = parameters.updates.as_slice() else {
            return Err(Error::usage("there is not one update", "send one at a time").into());
        };
        if !parameters.queries.is_empty() {
            return Err(Error::usage("a query and an update at once", "send one at a time").into());
        }
        if !(parameters.default_graphs.is_empty() && parameters.named_graphs.is_empty()) {
            return Err(Error::usage(
                "graphs of an update are not taken from the address",
                "write USING or WITH in the update",
            )
            .into());
        }
        let mut graph = self.dataset.graph.clone();
        let update = check_update(text, "update", graph.prefixes())?;
        let derived = [DERIVED.to_owned()];
        let before: HashSet<Quad> = graph.quads_outside(&derived)?.into_iter().collect();
        graph.update(&update)?;
        let after: HashSet<Quad> = graph.quads_outside(&derived)?.into_iter().collect();
        let removed: Vec<Quad> = before.difference(&after).cloned().collect();
        let added: Vec<Quad> = after.difference(&before).cloned().collect();
        self.refresh()?;
        tell(reply, &Change::new(&removed, &added))?;
        reply.status(204);
        Ok(())
    }

    fn write_graph(&mut self, request: &Request, body: &[u8], reply: &mut Reply<'_>) -> Done {
        let Target::Named(name) = target(request)?.0 else {
            return Err(Error::usage(
                "the default graph is the union of all graphs, which cannot be written",
                "name a graph: /store?graph=IRI",
            )
            .into());
        };
        if name.as_str() == DERIVED {
            return Err(Error::usage(
                "what follows from codings is not written by hand",
                "write codings",
            )
            .into());
        }
        let mut graph = self.dataset.graph.clone();
        let of_graph = GraphName::NamedNode(name.clone());
        let mut held = graph.quads_outside(&[DERIVED.to_owned()])?;
        held.retain(|quad| quad.graph_name == of_graph);
        let existed = !held.is_empty();
        let sent = match request.method.as_str() {
            "DELETE" if !existed => {
                return Err(Error::Unknown {
                    what: "graph",
                    name: name.into_string(),
                    hint: None,
                }
                .into());
            }
            "DELETE" => Vec::new(),
            _ => {
                let media_type = request.content_type.split(';').next().unwrap_or("").trim();
                let format = RdfFormat::from_media_type(media_type).ok_or_else(|| Failure {
                    status: Some(415),
                    error: Error::usage(
                        format!("a body of type `{media_type}` is no RDF"),
                        "send text/turtle, application/n-triples, application/rdf+xml or application/ld+json",
                    ),
                })?;
                let mut sent = parse(body, format, "body", Some(name), Path::new("body")).map_err(
                    |error| Failure {
                        status: Some(400),
                        error,
                    },
                )?;
                for quad in &mut sent {
                    quad.graph_name = of_graph.clone();
                }
                sent
            }
        };
        let removed = if request.method == "POST" {
            Vec::new()
        } else {
            held
        };
        graph.change(&removed, &sent)?;
        self.refresh()?;
        tell(reply, &Change::new(&removed, &sent))?;
        reply.status(if existed || request.method == "DELETE" {
            204
        } else {
            201
        });
        Ok(())
    }
}

fn tell(reply: &mut Reply<'_>, change: &Change) -> Result<()> {
    let change = serde_json::to_vec(change).map_err(|error| Error::Store(error.into()))?;
    reply.changed(&change).map_err(Error::Output)
}
