//! RDF/XML by `oxrdfio`, in the order of N-Triples.

use oxrdf::vocab::rdf;
use oxrdf::{BlankNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef};
use oxrdfio::{RdfFormat, RdfSerializer};

use super::labels::Labels;
use super::model::Model;
use super::names::Names;
use crate::error::{Error, Result};
use crate::terms::Prefixes;

/// Writes the statements of a graph.
///
/// # Errors
/// A triple term, a base direction, a control character, or a property whose name is no name in
/// XML: the format has no place for them.
pub(super) fn write(model: &Model<'_>, labels: &Labels<'_>, prefixes: &Prefixes) -> Result<String> {
    let mut names = Names::new(prefixes);
    for quad in &model.quads {
        names.iri(quad.predicate.as_str());
        if let TermRef::NamedNode(kind) = quad.object
            && quad.predicate == rdf::TYPE
        {
            names.iri(kind.as_str());
        }
        if let TermRef::Triple(_) = quad.object {
            return Err(no_place("a triple term"));
        }
        if let TermRef::Literal(literal) = quad.object {
            if literal.direction().is_some() {
                return Err(no_place("a base direction"));
            }
            let odd = literal.value().chars().find(|c| {
                (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
                    || matches!(c, '\u{FFFE}' | '\u{FFFF}')
            });
            if let Some(odd) = odd {
                return Err(no_place(&format!("the character U+{:04X}", u32::from(odd))));
            }
        }
    }
    let mut serializer = RdfSerializer::from_format(RdfFormat::RdfXml);
    for (prefix, namespace) in names.used() {
        if prefix != "xml" && !prefix.is_empty() {
            serializer = serializer
                .with_prefix(prefix, namespace)
                .map_err(|error| no_place(&error.to_string()))?;
        }
    }
    let mut serializer = serializer.for_writer(Vec::new());
    let label = |node: BlankNodeRef<'_>| labels[node.as_str()].as_str();
    let mut triples: Vec<(String, TripleRef<'_>)> = model
        .quads
        .iter()
        .map(|quad| {
            let subject = match quad.subject {
                NamedOrBlankNodeRef::BlankNode(node) => {
                    BlankNodeRef::new_unchecked(label(node)).into()
                }
                named @ NamedOrBlankNodeRef::NamedNode(_) => named,
            };
            let object = match quad.object {
                TermRef::BlankNode(node) => BlankNodeRef::new_unchecked(label(node)).into(),
                other => other,
            };
            let triple = TripleRef::new(subject, quad.predicate, object);
            (triple.to_string(), triple)
        })
        .collect();
    triples.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (_, triple) in triples {
        serializer
            .serialize_triple(triple)
            .map_err(|error| no_place(&error.to_string()))?;
    }
    let mut bytes = serializer
        .finish()
        .map_err(|error| no_place(&error.to_string()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| no_place(&error.to_string()))
}

fn no_place(what: &str) -> Error {
    Error::usage(
        format!("RDF/XML has no place for {what}"),
        "use another format, such as ttl",
    )
}
