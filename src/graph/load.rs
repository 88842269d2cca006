//! Reading RDF files whole, with errors that point at the line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oxigraph::model::{GraphName, NamedNode, Quad};
use oxrdf::Triple;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParseError, RdfParser};

use super::graph_name;
use super::lines::lines_of;
use crate::error::{Error, Place, Result};
use crate::nearest::did_you_mean;

/// Endings of RDF files with their formats.
const ENDINGS: &[(&str, RdfFormat)] = &[
    ("ttl", RdfFormat::Turtle),
    ("trig", RdfFormat::TriG),
    ("nt", RdfFormat::NTriples),
    ("nq", RdfFormat::NQuads),
    ("rdf", RdfFormat::RdfXml),
    ("owl", RdfFormat::RdfXml),
    ("xml", RdfFormat::RdfXml),
    (
        "jsonld",
        RdfFormat::JsonLd {
            profile: JsonLdProfileSet::empty(),
        },
    ),
];

/// The RDF format of a name such as `ttl`, `turtle` or `jsonld`, if it is one.
pub fn rdf_format(name: &str) -> Option<RdfFormat> {
    let lower = name.to_lowercase();
    let other = match lower.as_str() {
        "turtle" => "ttl",
        "ntriples" | "n-triples" => "nt",
        "nquads" | "n-quads" => "nq",
        "rdfxml" => "rdf",
        "json-ld" => "jsonld",
        same => same,
    };
    ENDINGS
        .iter()
        .find(|(ending, _)| *ending == other)
        .map(|(_, format)| *format)
}

/// Prefixes that a file declares, with their namespaces.
pub type Declared = Vec<(String, String)>;

/// An RDF file and the named graph that its statements go to.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    format: RdfFormat,
    graph: Option<NamedNode>,
}

impl Source {
    /// A file whose format its ending tells, unless one is given.
    ///
    /// # Errors
    /// An unknown ending is answered with the endings that are known.
    pub fn file(path: &Path, format: Option<&str>) -> Result<Self> {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or("");
        let name = format.unwrap_or(ending);
        let format = rdf_format(name).ok_or_else(|| {
            let known: Vec<&str> = ENDINGS.iter().map(|(ending, _)| *ending).collect();
            let what = if format.is_some() {
                format!("`{name}`")
            } else {
                path.display().to_string()
            };
            Error::UnknownFormat {
                what,
                hint: did_you_mean(
                    name,
                    known
                        .iter()
                        .copied()
                        .chain(["turtle", "ntriples", "nquads", "rdfxml"]),
                )
                .unwrap_or_else(|| {
                    format!("name it with --data-format, one of: {}", known.join(", "))
                }),
            }
        })?;
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("data");
        Ok(Self {
            path: path.to_owned(),
            format,
            graph: Some(graph_name(stem)),
        })
    }

    /// The same file, with its statements in the default graph.
    #[must_use]
    pub fn into_default_graph(mut self) -> Self {
        self.graph = None;
        self
    }

    /// The text of a file in UTF-8, as it is.
    ///
    /// # Errors
    /// A file that cannot be read or is no UTF-8.
    pub fn text(path: &Path) -> Result<String> {
        let bytes = std::fs::read(path).map_err(Error::unreadable(path))?;
        Error::utf8(path, bytes)
    }

    /// Reads the whole file.
    pub fn read(&self) -> Result<Vec<Quad>> {
        Ok(self.read_with_prefixes()?.0)
    }

    /// Reads the whole file, and the prefixes that it declares with their namespaces.
    pub fn read_with_prefixes(&self) -> Result<(Vec<Quad>, Declared)> {
        parse_with_prefixes(
            &self.bytes()?,
            self.format,
            self.label(),
            self.graph.clone(),
            &self.path,
        )
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.path).map_err(Error::unreadable(&self.path))
    }

    fn label(&self) -> &str {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or("data")
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The statements about some subjects with their lines, as [`lines_of`] gives them.
    pub fn lines_of(&self, subjects: &BTreeSet<String>) -> Result<Vec<(Triple, u64)>> {
        Ok(lines_of(
            &self.bytes()?,
            self.format,
            self.label(),
            subjects,
        ))
    }
}

/// Parses RDF whole. Blank nodes are renamed, so that those of two files never meet.
///
/// # Errors
/// The first mistake, with line and column where the format has them.
pub fn parse(
    bytes: &[u8],
    format: RdfFormat,
    label: &str,
    graph: Option<NamedNode>,
    path: &Path,
) -> Result<Vec<Quad>> {
    Ok(parse_with_prefixes(bytes, format, label, graph, path)?.0)
}

fn parse_with_prefixes(
    bytes: &[u8],
    format: RdfFormat,
    label: &str,
    graph: Option<NamedNode>,
    path: &Path,
) -> Result<(Vec<Quad>, Declared)> {
    if format != RdfFormat::RdfXml
        && let Err(error) = std::str::from_utf8(bytes)
    {
        let offset = error.valid_up_to();
        return Err(Error::NotUtf8 {
            path: path.to_owned(),
            offset,
            byte: bytes[offset],
        });
    }
    if format == RdfFormat::RdfXml {
        super::entities::check(bytes, path)?;
    }
    let mut parser = RdfParser::from_format(format).rename_blank_nodes();
    if let Ok(with_base) = parser.clone().with_base_iri(base(label)) {
        parser = with_base;
    }
    if let Some(graph) = graph {
        parser = parser.with_default_graph(GraphName::NamedNode(graph));
    }
    let mut parser = parser.for_slice(bytes);
    let quads = parser
        .by_ref()
        .map(|quad| quad.map_err(|error| syntax_error(&error.into(), bytes, path)))
        .collect::<Result<Vec<Quad>>>()?;
    let prefixes = parser
        .prefixes()
        .map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned()))
        .collect();
    Ok((quads, prefixes))
}

/// What relative IRIs of a file are relative to.
pub(super) fn base(label: &str) -> String {
    format!("{}{label}", crate::vocab::BASE)
}

fn syntax_error(error: &RdfParseError, bytes: &[u8], path: &Path) -> Error {
    let text = String::from_utf8_lossy(bytes);
    let file = path.display().to_string();
    let (place, reason) = match error {
        RdfParseError::Syntax(syntax) => {
            let place = syntax.location().map(|location| {
                Place::at_line(
                    &file,
                    &text,
                    location.start.line + 1,
                    location.start.column + 1,
                )
            });
            (place, plain_reason(&syntax.to_string()))
        }
        RdfParseError::Io(io) => (None, io.to_string()),
    };
    let hint = if reason.contains("end of file") {
        Some("the file may be cut short; nothing of it was loaded".to_owned())
    } else {
        Some("nothing of this file was loaded".to_owned())
    };
    Error::Syntax {
        reason: format!(
            "{} cannot be read as RDF: {reason}",
            path.file_name()
                .map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned())
        ),
        place,
        path: path.to_owned(),
        hint,
    }
}

/// The parser's sentence without its own account of the place.
fn plain_reason(message: &str) -> String {
    let reason = message
        .strip_prefix("Parser error at line ")
        .and_then(|rest| rest.split_once(": ").map(|(_, reason)| reason))
        .unwrap_or(message);
    let reason = reason.trim().trim_end_matches('.');
    let mut chars = reason.chars();
    match chars.next() {
        Some(first) if chars.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => reason.to_owned(),
    }
}
