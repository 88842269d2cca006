//! Answers and how they are written: one answer type, many formats.
//!
//! A command returns an [`Output`]; [`write()`] turns it into bytes. This module knows nothing
//! about peer support, and commands know nothing about formats. To add a format: a file
//! `output/<name>.rs`, a variant in `format.rs` and an arm in [`write()`]; the command line, the
//! prompt and the web get it at once.

pub mod cell;
mod delimited;
mod file;
pub mod findings;
mod format;
mod harmless;
mod html;
mod json;
mod markdown;
mod markup;
pub mod network;
pub mod rdf;
mod report;
mod results;
mod rows;
mod stream;
mod text;

use std::collections::HashMap;
use std::io::Write;

use oxrdf::{Quad, Term, Triple};

pub use file::{replace_file, replace_file_with};
pub use format::{Format, Shape};
pub use harmless::{harmless, plain};
pub use markup::escaped;
pub use report::{Block, Field, Inline, Picture, Report, Tone};
pub use rows::{write_rows, writes_rows};
pub use stream::{RowStream, Sink};

use crate::error::{Error, Result};
use crate::terms::Prefixes;

/// What a command answers, with what a person should know about it.
#[derive(Clone, Debug)]
pub struct Output {
    /// The answer.
    pub body: Body,
    /// Remarks for people, written apart from the answer.
    pub notes: Vec<String>,
    /// Whether the answer comes down to "no", which the exit code says.
    pub is_no: bool,
}

impl Output {
    /// An answer without remarks.
    pub const fn new(body: Body) -> Self {
        Self {
            body,
            notes: Vec::new(),
            is_no: false,
        }
    }

    /// Says that the answer comes down to "no".
    #[must_use]
    pub const fn saying_no(mut self, is_no: bool) -> Self {
        self.is_no = is_no;
        self
    }

    /// Adds a remark.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The answer itself.
#[derive(Clone, Debug)]
pub enum Body {
    /// Yes or no.
    Boolean(bool),
    /// Rows of terms.
    Table(Table),
    /// Rows of terms that are made while they are written.
    Rows(RowStream),
    /// Triples, sorted and without doubles.
    Graph(Vec<Triple>),
    /// Statements with their graphs, sorted.
    Dataset(Vec<Quad>),
    /// Text as it is, such as a query.
    Text(String),
    /// Prose with figures, and the same as a table and as JSON.
    Report(Report),
}

/// Rows of RDF terms under named columns; an empty cell is unbound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Column names without a question mark, in the order they were asked for.
    pub columns: Vec<String>,
    /// Rows as long as `columns`.
    pub rows: Vec<Vec<Option<Term>>>,
}

/// How labels are shown with IRIs in tables for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// IRIs alone.
    #[default]
    Off,
    /// The IRI, then its label.
    Beside,
    /// The label alone where there is one.
    Instead,
}

/// How an answer is to look; machine formats use only the prefixes.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// For short names.
    pub prefixes: Prefixes,
    /// Columns of the screen; `None` writes everything at full width.
    pub width: Option<usize>,
    /// Whether to use terminal colours.
    pub colour: bool,
    /// Labels of IRIs, in the language of the reader.
    pub labels: HashMap<String, String>,
    /// What to do with them.
    pub show_labels: Labels,
    /// How many rows of a table are shown to people; `None` shows all.
    pub max_rows: Option<usize>,
    /// The line below a table for people, in place of how many rows it has.
    pub footer: Option<String>,
}

impl Style {
    /// A cell as people read it.
    fn cell(&self, cell: Option<&Term>) -> String {
        let Some(term) = cell else {
            return String::new();
        };
        let short = match term {
            Term::Literal(literal) if literal.language().is_none() => literal.value().to_owned(),
            Term::Literal(literal) => literal.value().to_owned(),
            other => self.prefixes.display(other),
        };
        let label = match term {
            Term::NamedNode(node) => self.labels.get(node.as_str()),
            _ => None,
        };
        match (self.show_labels, label) {
            (Labels::Beside, Some(label)) => format!("{} · {}", short, one_line(label)),
            (Labels::Instead, Some(label)) => one_line(label),
            _ => one_line(&short),
        }
    }
}

/// Text with one space for every run of white space, and none around it.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text without control or direction-changing characters, so that data cannot steer a terminal.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// The same for a text of several lines, which stay lines.
pub fn plain_lines(text: &str) -> String {
    text.split('\n')
        .map(one_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Writes an answer in a format.
///
/// # Errors
/// A format that does not fit the shape of the answer (a graph as CSV) is a usage error that
/// names the formats that do; a stream that cannot be written is an output error.
pub fn write(output: &Output, format: Format, style: &Style, out: &mut dyn Write) -> Result<()> {
    if !format.fits(&output.body) {
        let fitting: Vec<&str> = Format::ALL
            .iter()
            .filter(|f| f.fits(&output.body))
            .map(|f| f.name())
            .collect();
        return Err(Error::usage(
            format!(
                "{} cannot be written as {}",
                output.body.noun(),
                format.name()
            ),
            format!("use one of: {}", fitting.join(", ")),
        ));
    }
    if let Body::Rows(stream) = &output.body
        && !format.streams()
    {
        let whole = Output::new(Body::Table(stream.table()));
        return write(&whole, format, style, out);
    }
    let written = match format {
        Format::Text => text::write(&output.body, style, out),
        Format::Line => text::write_lines(&output.body, style, out),
        Format::Csv => delimited::write_csv(&output.body, out),
        Format::Tsv => delimited::write_tsv(&output.body, out),
        Format::Json => json::write(&output.body, out),
        Format::Sarif | Format::JUnit => write_findings(&output.body, format, out),
        Format::SparqlJson => {
            results::write(&output.body, sparesults::QueryResultsFormat::Json, out)
        }
        Format::SparqlXml => results::write(&output.body, sparesults::QueryResultsFormat::Xml, out),
        Format::Markdown => markdown::write(&output.body, style, out),
        Format::Html => html::write(&output.body, style, out),
        Format::GraphMl
        | Format::Gexf
        | Format::Dot
        | Format::Cytoscape
        | Format::Nodes
        | Format::Edges
        | Format::Svg => network::write(&output.body, format, out),
        Format::Turtle
        | Format::NTriples
        | Format::TriG
        | Format::NQuads
        | Format::RdfXml
        | Format::JsonLd => rdf::write_graph(&output.body, format, &style.prefixes, out),
    };
    written.map_err(Error::Output)
}

fn write_findings(body: &Body, format: Format, out: &mut dyn Write) -> std::io::Result<()> {
    let Body::Report(Report {
        findings: Some(found),
        ..
    }) = body
    else {
        return Ok(());
    };
    if format == Format::Sarif {
        findings::write_sarif(found, out)
    } else {
        findings::write_junit("validate", found, out)
    }
}

impl Body {
    /// What to call it in a sentence.
    fn noun(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "a yes or no",
            Self::Table(_) | Self::Rows(_) => "a table",
            Self::Graph(_) => "a graph",
            Self::Dataset(_) if self.shape() == Shape::Graph => "a graph",
            Self::Dataset(_) => "a dataset of several graphs",
            Self::Text(_) => "a text",
            Self::Report(report) if report.network.is_some() => "a network",
            Self::Report(_) => "a report",
        }
    }

    /// The shape that decides which formats fit.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Boolean(_) => Shape::Boolean,
            Self::Table(_) | Self::Rows(_) => Shape::Table,
            Self::Graph(_) => Shape::Graph,
            Self::Dataset(quads)
                if quads
                    .windows(2)
                    .all(|pair| pair[0].graph_name == pair[1].graph_name) =>
            {
                Shape::Graph
            }
            Self::Dataset(_) => Shape::Dataset,
            Self::Text(_) => Shape::Text,
            Self::Report(report) if report.network.is_some() => Shape::Network,
            Self::Report(report) if report.picture.is_some() => Shape::Picture,
            Self::Report(report) if report.findings.is_some() => Shape::Findings,
            Self::Report(_) => Shape::Report,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(
            one_line("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{FFFD}[31mb c\u{FFFD}d"
        );
    }

    #[test]
    fn a_format_that_does_not_fit_names_those_that_do() {
        let error = write(
            &Output::new(Body::Graph(vec![])),
            Format::Csv,
            &Style::default(),
            &mut Vec::new(),
        )
        .expect_err("no");
        assert_eq!(
            error.report(),
            "error: a graph cannot be written as csv\nhint: use one of: ttl, nt, trig, nq, rdf, jsonld\n"
        );
    }
}
