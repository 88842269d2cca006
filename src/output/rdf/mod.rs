//! RDF graphs and datasets in their standard formats, always in one and the same form.
//!
//! The bytes depend on the statements alone: not on their order, not on what blank nodes were
//! called, not on machine or locale. N-Triples and N-Quads are the canonical form of RDFC-1.0, so
//! their hash identifies the dataset. The other formats are laid out for people and for `diff`.

mod jsonld;
mod labels;
mod lines;
mod model;
mod names;
mod order;
mod rdfc;
mod turtle;
mod xml;

use std::collections::BTreeMap;
use std::io::{self, Write};

use oxrdf::{GraphNameRef, Quad, QuadRef};

pub use jsonld::{Context, Values};

use self::labels::Labels;
use self::model::Model;
use super::{Body, Format, Report};
use crate::error::{Error, Result};
use crate::terms::Prefixes;

/// How a document is to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout<'a> {
    /// For short names; those that are not used are left out.
    pub prefixes: Option<&'a Prefixes>,
    /// Whether Turtle has a comment above each kind of thing.
    pub headings: bool,
    /// Short names and types of properties, for JSON-LD.
    pub context: Option<&'a Context>,
}

/// Writes a graph or a dataset; a graph is the default graph of formats that hold datasets.
pub(super) fn write_graph(
    body: &Body,
    format: Format,
    prefixes: &Prefixes,
    out: &mut dyn Write,
) -> io::Result<()> {
    let quads: Vec<QuadRef<'_>> = match body {
        Body::Graph(triples) | Body::Report(Report { graph: triples, .. }) => triples
            .iter()
            .map(|triple| triple.as_ref().in_graph(GraphNameRef::DefaultGraph))
            .collect(),
        Body::Dataset(quads) => quads.iter().map(Quad::as_ref).collect(),
        _ => return Ok(()),
    };
    let layout = Layout {
        prefixes: Some(prefixes),
        ..Layout::default()
    };
    // An answer is written in any case: where labels by content take too long, by appearance.
    let text = print(quads, format, layout, |model, standard| {
        let labels = if standard {
            labels::standard(model)
        } else {
            labels::by_content(model)
        };
        Ok(labels.unwrap_or_else(|_| labels::by_appearance(model)))
    })
    .map_err(|error| io::Error::other(error.to_string()))?;
    out.write_all(text.as_bytes())
}

/// The statements in a format, in canonical form. Formats without named graphs take the union of
/// all graphs. Near-linear in the number of statements.
///
/// # Errors
/// A limit, where blank nodes are so alike and so entangled that labels for them would take too
/// long to find; a usage error, where a format cannot hold a term.
pub fn canonical(quads: &[Quad], format: Format, layout: Layout<'_>) -> Result<String> {
    let quads = quads.iter().map(Quad::as_ref).collect();
    print(quads, format, layout, |model, standard| {
        let labels = if standard {
            labels::standard(model)
        } else {
            labels::by_content(model)
        };
        labels.map_err(|_| too_entangled())
    })
}

/// The labels `c14n0`, `c14n1` … that RDFC-1.0 gives to blank nodes, by the names they have now;
/// with SHA-384 where `wide`, else with SHA-256.
///
/// # Errors
/// A limit, as for [`canonical`].
pub fn canonical_labels(quads: &[Quad], wide: bool) -> Result<BTreeMap<String, String>> {
    let labels = if wide {
        rdfc::labels_by::<sophia::c14n::hash::Sha384>(quads)
    } else {
        rdfc::labels(quads)
    };
    Ok(labels.map_err(|_| too_entangled())?.into_iter().collect())
}

fn too_entangled() -> Error {
    Error::Limit {
        reason: "the blank nodes are too entangled to be given stable labels".to_owned(),
        hint: Some("give some of them IRIs, so that they can be told apart".to_owned()),
    }
}

fn print<'q>(
    mut quads: Vec<QuadRef<'q>>,
    format: Format,
    layout: Layout<'_>,
    label: impl Fn(&Model<'q>, bool) -> Result<Labels<'q>>,
) -> Result<String> {
    if matches!(format, Format::Turtle | Format::NTriples | Format::RdfXml) {
        for quad in &mut quads {
            quad.graph_name = GraphNameRef::DefaultGraph;
        }
    }
    let none = Prefixes::default();
    let prefixes = layout.prefixes.unwrap_or(&none);
    let model = Model::new(quads);
    let standard = matches!(format, Format::NTriples | Format::NQuads | Format::RdfXml);
    let labels = label(&model, standard)?;
    match format {
        Format::NTriples | Format::NQuads => Ok(lines::write(&model, &labels)),
        Format::RdfXml => xml::write(&model, &labels, prefixes),
        Format::JsonLd => jsonld::write(&model, &labels, prefixes, layout.context),
        _ => Ok(turtle::write(&model, &labels, prefixes, layout.headings)),
    }
}

#[cfg(test)]
mod tests;
