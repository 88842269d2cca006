//! The formats: one enum that knows every fact about itself.
//!
//! The same names serve `--format`, the ending of `-o FILE` and, later, HTTP `Accept`.

use super::Body;
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// A way to write an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// One line a cell, for wide rows.
    Line,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values, terms in Turtle notation.
    Tsv,
    /// JSON: a list of objects, or the structure of a report.
    Json,
    /// SPARQL 1.1 Query Results JSON.
    SparqlJson,
    /// SPARQL Query Results XML.
    SparqlXml,
    /// Markdown.
    Markdown,
    /// One HTML page.
    Html,
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// `TriG`.
    TriG,
    /// N-Quads.
    NQuads,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD.
    JsonLd,
    /// `GraphML`, a network.
    GraphMl,
    /// GEXF 1.3, a network for Gephi.
    Gexf,
    /// DOT, a network for Graphviz.
    Dot,
    /// Cytoscape JSON, a network.
    Cytoscape,
    /// Nodes of a network as CSV.
    Nodes,
    /// Links of a network as CSV.
    Edges,
    /// A picture.
    Svg,
    /// SARIF 2.1.0: findings, for editors and code hosts.
    Sarif,
    /// `JUnit` XML: findings, for continuous integration.
    JUnit,
}

/// The shape of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Yes or no.
    Boolean,
    /// Rows.
    Table,
    /// Triples.
    Graph,
    /// Triples of several graphs.
    Dataset,
    /// Text as it is.
    Text,
    /// Prose with figures.
    Report,
    /// Prose with figures and a network.
    Network,
    /// Prose with figures and a picture.
    Picture,
    /// Prose about what is wrong and where.
    Findings,
}

impl Format {
    /// Every format, in the order they are listed to people.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Line,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::SparqlJson,
        Self::SparqlXml,
        Self::Markdown,
        Self::Html,
        Self::Turtle,
        Self::NTriples,
        Self::TriG,
        Self::NQuads,
        Self::RdfXml,
        Self::JsonLd,
        Self::GraphMl,
        Self::Gexf,
        Self::Dot,
        Self::Cytoscape,
        Self::Nodes,
        Self::Edges,
        Self::Svg,
        Self::Sarif,
        Self::JUnit,
    ];

    /// The name for `--format`; also the file ending, but for `text` and `line`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Line => "line",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::SparqlJson => "srj",
            Self::SparqlXml => "srx",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Turtle => "ttl",
            Self::NTriples => "nt",
            Self::TriG => "trig",
            Self::NQuads => "nq",
            Self::RdfXml => "rdf",
            Self::JsonLd => "jsonld",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
            Self::Dot => "dot",
            Self::Cytoscape => "cyjs",
            Self::Nodes => "nodes",
            Self::Edges => "edges",
            Self::Svg => "svg",
            Self::Sarif => "sarif",
            Self::JUnit => "junit",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Text | Self::Line => "text/plain; charset=utf-8",
            Self::Csv | Self::Nodes | Self::Edges => "text/csv; charset=utf-8",
            Self::Tsv => "text/tab-separated-values; charset=utf-8",
            Self::Json | Self::Cytoscape => "application/json",
            Self::SparqlJson => "application/sparql-results+json",
            Self::SparqlXml => "application/sparql-results+xml",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Turtle => "text/turtle",
            Self::NTriples => "application/n-triples",
            Self::TriG => "application/trig",
            Self::NQuads => "application/n-quads",
            Self::RdfXml => "application/rdf+xml",
            Self::JsonLd => "application/ld+json",
            Self::GraphMl | Self::Gexf | Self::JUnit => "application/xml",
            Self::Sarif => "application/sarif+json",
            Self::Dot => "text/vnd.graphviz",
            Self::Svg => "image/svg+xml",
        }
    }

    /// Whether rows can be written as they come, without seeing the others.
    pub const fn streams(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv)
    }

    /// Whether an answer can be written so.
    pub fn fits(self, body: &Body) -> bool {
        self.fits_shape(body.shape())
    }

    /// Whether an answer of a shape can be written so.
    pub const fn fits_shape(self, shape: Shape) -> bool {
        match self {
            Self::Text => !matches!(shape, Shape::Graph | Shape::Dataset),
            Self::Json
            | Self::Html
            | Self::Markdown
            | Self::Line
            | Self::Csv
            | Self::Tsv
            | Self::SparqlJson
            | Self::SparqlXml => {
                matches!(
                    shape,
                    Shape::Boolean
                        | Shape::Table
                        | Shape::Report
                        | Shape::Network
                        | Shape::Picture
                        | Shape::Findings
                )
            }
            Self::TriG | Self::NQuads | Self::JsonLd => {
                matches!(shape, Shape::Graph | Shape::Dataset | Shape::Findings)
            }
            Self::Turtle | Self::NTriples | Self::RdfXml => {
                matches!(shape, Shape::Graph | Shape::Findings)
            }
            Self::Sarif | Self::JUnit => matches!(shape, Shape::Findings),
            Self::GraphMl
            | Self::Gexf
            | Self::Dot
            | Self::Cytoscape
            | Self::Nodes
            | Self::Edges => {
                matches!(shape, Shape::Network)
            }
            Self::Svg => matches!(shape, Shape::Network | Shape::Picture),
        }
    }

    /// The format of an answer when nobody asked for one: for a terminal, or for a pipe.
    pub const fn default_for(shape: Shape, terminal: bool) -> Self {
        match shape {
            Shape::Graph => Self::Turtle,
            Shape::Dataset => Self::TriG,
            Shape::Table if !terminal => Self::Tsv,
            _ => Self::Text,
        }
    }

    /// Finds a format by name, file ending or a usual other spelling.
    pub fn from_name(name: &str) -> Result<Self> {
        let lower = name.trim_start_matches('.').to_lowercase();
        let known = match lower.as_str() {
            "table" | "txt" => Some(Self::Text),
            "vertical" => Some(Self::Line),
            "markdown" => Some(Self::Markdown),
            "htm" => Some(Self::Html),
            "turtle" => Some(Self::Turtle),
            "ntriples" | "n-triples" => Some(Self::NTriples),
            "nquads" | "n-quads" => Some(Self::NQuads),
            "xml" | "rdfxml" | "owl" => Some(Self::RdfXml),
            "json-ld" => Some(Self::JsonLd),
            other => Self::ALL
                .iter()
                .copied()
                .find(|format| format.name() == other),
        };
        known.ok_or_else(|| Error::UnknownFormat {
            what: format!("`{name}`"),
            hint: did_you_mean(&lower, Self::ALL.iter().map(|format| format.name()))
                .unwrap_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|format| format.name()).collect();
                    format!("use one of: {}", names.join(", "))
                }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()).ok(), Some(*format));
        }
        assert_eq!(Format::from_name("N-Triples").ok(), Some(Format::NTriples));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let error = Format::from_name("jsn").expect_err("unknown");
        assert_eq!(
            error.report(),
            "error: `jsn` has no known format\nhint: did you mean `json`?\n"
        );
    }
}
