//! What is said about one thing, as statements: for downloads and for JSON-LD in pages.

use oxrdf::NamedNode;
use serde_json::{Value, json};

use super::explorer::Explorer;
use crate::error::Result;
use crate::output::{Body, Format, Output, Style, write};
use crate::query::{Options, run};

/// Whether a format writes statements.
pub(super) const fn is_rdf(format: Format) -> bool {
    matches!(
        format,
        Format::Turtle
            | Format::NTriples
            | Format::TriG
            | Format::NQuads
            | Format::RdfXml
            | Format::JsonLd
    )
}

/// The query for everything said about a thing; of a programme also its codings and its peers.
pub(super) fn query(iri: &NamedNode) -> String {
    format!(
        "PREFIX pm: <https://w3id.org/peermap/ns#>\nCONSTRUCT {{ ?thing ?property ?value }} WHERE {{\n  {{ VALUES ?thing {{ {iri} }} }}\n  UNION {{ ?thing pm:codingOf {iri} }}\n  UNION {{ {iri} pm:engages ?thing }}\n  ?thing ?property ?value .\n}}"
    )
}

/// The statements.
pub(super) fn output(explorer: &Explorer, iri: &NamedNode) -> Result<Output> {
    let options = Options {
        name: Some("page".to_owned()),
        ..Options::default()
    };
    run(&explorer.dataset.graph, &query(iri), &options)
}

/// The statements as JSON-LD, with what is given for search engines as the first node.
pub(super) fn json_ld(explorer: &Explorer, iri: &NamedNode, first: &Value) -> Result<String> {
    let mut bytes = Vec::new();
    let output = output(explorer, iri)?;
    let style = Style {
        prefixes: explorer.dataset.graph.prefixes().clone(),
        ..Style::default()
    };
    if let Body::Graph(_) = output.body {
        write(&output, Format::JsonLd, &style, &mut bytes)?;
    }
    let statements: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(json!([first, statements]).to_string())
}
