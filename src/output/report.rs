//! Reports: prose with figures, laid out by each format in its own way.

use oxrdf::Triple;

use super::Table;
use super::findings::Finding;
use super::network::Document;

/// An answer made of headings, paragraphs, entries and tables, and the same facts for machines.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One line that says what this is.
    pub title: String,
    /// What a person reads, from top to bottom.
    pub blocks: Vec<Block>,
    /// The facts as a table, for CSV and TSV.
    pub table: Table,
    /// The facts as a structure, for JSON.
    pub data: serde_json::Value,
    /// The network that it is about, for the formats of other tools.
    pub network: Option<Document>,
    /// A picture as SVG, and the same in words.
    pub picture: Option<Picture>,
    /// What is wrong and where, if it is about that, for SARIF and `JUnit`.
    pub findings: Option<Vec<Finding>>,
    /// The same findings as statements, for the formats of RDF.
    pub graph: Vec<Triple>,
}

/// A picture with the same in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The picture, a whole SVG document.
    pub svg: String,
    /// What it shows, for those who do not see it.
    pub alternative: String,
}

/// A part of a report.
#[derive(Clone, Debug)]
pub enum Block {
    /// The heading of a part; headings after it stand one level lower.
    Section {
        /// Its identifier on a page: letters, digits and hyphens.
        id: String,
        /// What it says.
        title: String,
    },
    /// A heading below the title, or below the section.
    Heading(String),
    /// A picture between paragraphs.
    Picture(Picture),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A titled thing with named fields.
    Entry {
        /// What the entry is about.
        title: Vec<Inline>,
        /// Its fields, in order.
        fields: Vec<Field>,
    },
    /// A table of short texts.
    Grid {
        /// Column headings.
        columns: Vec<String>,
        /// Rows as long as `columns`.
        rows: Vec<Vec<Inline>>,
    },
}

/// A named line of an entry.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its content; each item may stand on a line of its own.
    pub lines: Vec<Vec<Inline>>,
}

impl Field {
    /// A field with one line of text.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            lines: vec![vec![Inline::text(text)]],
        }
    }

    /// A field with one line.
    pub fn line(name: impl Into<String>, line: Vec<Inline>) -> Self {
        Self {
            name: name.into(),
            lines: vec![line],
        }
    }
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// The text.
    pub text: String,
    /// The IRI that it names, if any.
    pub iri: Option<String>,
    /// How it is said.
    pub tone: Tone,
}

/// How a run of text is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Plainly.
    #[default]
    Plain,
    /// With weight.
    Strong,
    /// Aside.
    Faint,
}

impl Inline {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            iri: None,
            tone: Tone::Plain,
        }
    }

    /// Text with weight.
    pub fn strong(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            iri: None,
            tone: Tone::Strong,
        }
    }

    /// Text said aside.
    pub fn faint(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            iri: None,
            tone: Tone::Faint,
        }
    }

    /// Text that names a thing.
    pub fn link(text: impl Into<String>, iri: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            iri: Some(iri.into()),
            tone: Tone::Plain,
        }
    }
}
