//! Which formats an answer can have, and which one the client gets.

use super::accept::choose;
use super::reply::Failure;
use crate::error::{Error, Result};
use crate::output::{Format, Shape};

/// Media types that clients send for a format besides its own.
const ALSO: [(&str, Format); 8] = [
    ("application/json", Format::SparqlJson),
    ("application/xml", Format::SparqlXml),
    ("text/xml", Format::SparqlXml),
    ("text/plain", Format::Tsv),
    ("application/rdf+json", Format::JsonLd),
    ("text/n3", Format::Turtle),
    ("text/rdf+n3", Format::Turtle),
    ("application/turtle", Format::Turtle),
];

/// Formats for rows and for yes or no, the usual one first.
pub(super) const ROWS: [Format; 6] = [
    Format::SparqlJson,
    Format::SparqlXml,
    Format::Csv,
    Format::Tsv,
    Format::Html,
    Format::Markdown,
];

/// Formats for triples, the usual one first.
pub(super) const TRIPLES: [Format; 7] = [
    Format::Turtle,
    Format::NTriples,
    Format::RdfXml,
    Format::JsonLd,
    Format::TriG,
    Format::NQuads,
    Format::Html,
];

/// Formats for statements with their graphs, the usual one first.
pub(super) const DATASET: [Format; 3] = [Format::TriG, Format::NQuads, Format::JsonLd];

/// The format that was asked for by name, else the one that the client likes best.
pub(super) fn format(
    name: Option<&str>,
    accept: &str,
    offers: &[Format],
) -> std::result::Result<Format, Failure> {
    if let Some(name) = name {
        let format = match name {
            // As other endpoints understand them.
            "json" if offers.contains(&Format::SparqlJson) => Format::SparqlJson,
            "xml" if offers.contains(&Format::SparqlXml) => Format::SparqlXml,
            name => by_name_or_type(name)?,
        };
        if offers.contains(&format) {
            return Ok(format);
        }
        return Err(not_acceptable(offers));
    }
    let mut types: Vec<&str> = offers.iter().map(|format| format.media_type()).collect();
    let mut formats = offers.to_vec();
    for (media_type, format) in ALSO {
        if offers.contains(&format) {
            types.push(media_type);
            formats.push(format);
        }
    }
    choose(accept, &types)
        .map(|at| formats[at])
        .ok_or_else(|| not_acceptable(offers))
}

/// Whether a name or a media type means a format.
pub(super) fn knows(name: &str) -> bool {
    by_name_or_type(name).is_ok()
}

fn by_name_or_type(name: &str) -> Result<Format> {
    let of_type = Format::ALL
        .iter()
        .find(|format| format.media_type().split(';').next() == Some(name));
    of_type.copied().map_or_else(|| Format::from_name(name), Ok)
}

fn not_acceptable(offers: &[Format]) -> Failure {
    let types: Vec<&str> = offers.iter().map(|format| format.media_type()).collect();
    Failure {
        status: Some(406),
        error: Error::usage(
            "none of the media types that you accept can hold this answer",
            format!("accept one of: {}", types.join(", ")),
        ),
    }
}

/// Every format that an answer of a shape can have, the usual one first.
pub(super) fn of_shape(shape: Shape) -> Vec<Format> {
    let usual = match shape {
        Shape::Graph => Format::Turtle,
        Shape::Dataset => Format::TriG,
        Shape::Text => Format::Text,
        _ => Format::Json,
    };
    std::iter::once(usual)
        .chain(
            Format::ALL
                .iter()
                .copied()
                .filter(|format| *format != usual),
        )
        .filter(|format| format.fits_shape(shape))
        .collect()
}
