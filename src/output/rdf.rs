//! RDF graphs and SPARQL results in their standard formats.
//!
//! Turtle of an answer that a person can read at a glance is pretty-printed by sophia; longer
//! graphs are streamed, since that printer takes quadratic time.

use std::io::{self, Write};

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{GraphName, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple, Variable};
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use sophia::api::prefix::{Prefix, PrefixMapPair};
use sophia::api::serializer::{Stringifier, TripleSerializer};
use sophia::api::term::SimpleTerm;
use sophia::api::term::bnode_id::BnodeId;
use sophia::api::term::language_tag::LanguageTag;
use sophia::iri::{Iri, IriRef};
use sophia::turtle::serializer::turtle::{TurtleConfig, TurtleSerializer};
use sparesults::{QueryResultsFormat, QueryResultsSerializer};

use super::{Body, Format, Table};
use crate::terms::Prefixes;

/// Triples above which Turtle is streamed instead of pretty-printed.
const PRETTY: usize = 2_000;

/// Writes a graph or a dataset; a graph is the default graph of formats that hold datasets.
pub(super) fn write_graph(
    body: &Body,
    format: Format,
    prefixes: &Prefixes,
    out: &mut dyn Write,
) -> io::Result<()> {
    let quads: Vec<Quad> = match body {
        Body::Graph(triples) => triples
            .iter()
            .map(|triple| triple.clone().in_graph(GraphName::DefaultGraph))
            .collect(),
        Body::Dataset(quads) => quads.clone(),
        _ => return Ok(()),
    };
    let triples: Vec<Triple> = quads.iter().map(|quad| quad.clone().into()).collect();
    if format == Format::Turtle && triples.len() <= PRETTY {
        return write_pretty(&triples, prefixes, out);
    }
    let format = match format {
        Format::NTriples => RdfFormat::NTriples,
        Format::TriG => RdfFormat::TriG,
        Format::NQuads => RdfFormat::NQuads,
        Format::RdfXml => RdfFormat::RdfXml,
        Format::JsonLd => RdfFormat::JsonLd {
            profile: JsonLdProfileSet::empty(),
        },
        _ => RdfFormat::Turtle,
    };
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in used(&triples, prefixes) {
        serializer = serializer
            .with_prefix(prefix, namespace)
            .map_err(io::Error::other)?;
    }
    let mut serializer = serializer.for_writer(&mut *out);
    for (quad, triple) in quads.iter().zip(&triples) {
        if format.supports_datasets() {
            serializer.serialize_quad(quad)?;
        } else {
            serializer.serialize_triple(triple)?;
        }
    }
    serializer.finish()?;
    if matches!(format, RdfFormat::JsonLd { .. } | RdfFormat::RdfXml) {
        writeln!(out)?;
    }
    Ok(())
}

/// Writes rows or a yes/no as SPARQL results.
pub(super) fn write_results(
    body: &Body,
    format: QueryResultsFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    let serializer = QueryResultsSerializer::from_format(format);
    let table: &Table = match body {
        Body::Table(table) => table,
        Body::Report(report) => &report.table,
        Body::Boolean(value) => {
            serializer.serialize_boolean_to_writer(&mut *out, *value)?;
            return writeln!(out);
        }
        _ => return Ok(()),
    };
    let variables: Vec<Variable> = table
        .columns
        .iter()
        .map(|name| Variable::new(name.replace('-', "_")))
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    let mut writer = serializer.serialize_solutions_to_writer(&mut *out, variables.clone())?;
    for row in &table.rows {
        writer.serialize(
            variables
                .iter()
                .zip(row)
                .filter_map(|(variable, cell)| Some((variable, cell.as_ref()?))),
        )?;
    }
    writer.finish()?;
    writeln!(out)
}

/// The prefixes whose namespaces occur in some IRI of the graph.
fn used<'a>(triples: &[Triple], prefixes: &'a Prefixes) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    for (prefix, namespace) in prefixes.iter() {
        let short = |iri: &str| {
            iri.starts_with(namespace)
                && prefixes
                    .shorten(iri)
                    .is_some_and(|short| short.split_once(':').is_some_and(|(p, _)| p == prefix))
        };
        let in_term = |term: &Term| match term {
            Term::NamedNode(node) => short(node.as_str()),
            Term::Literal(literal) => {
                !is_native(literal.datatype()) && short(literal.datatype().as_str())
            }
            _ => false,
        };
        let in_subject = |subject: &NamedOrBlankNode| matches!(subject, NamedOrBlankNode::NamedNode(node) if short(node.as_str()));
        if triples.iter().any(|t| {
            in_subject(&t.subject)
                || (t.predicate != rdf::TYPE && short(t.predicate.as_str()))
                || in_term(&t.object)
        }) {
            found.push((prefix, namespace));
        }
    }
    found
}

/// Datatypes that Turtle writes without naming them.
fn is_native(datatype: NamedNodeRef<'_>) -> bool {
    [
        xsd::STRING,
        xsd::INTEGER,
        xsd::DECIMAL,
        xsd::DOUBLE,
        xsd::BOOLEAN,
        rdf::LANG_STRING,
    ]
    .contains(&datatype)
}

fn write_pretty(triples: &[Triple], prefixes: &Prefixes, out: &mut dyn Write) -> io::Result<()> {
    let map: Vec<PrefixMapPair> = used(triples, prefixes)
        .into_iter()
        .map(|(prefix, namespace)| {
            (
                Prefix::new_unchecked(prefix.into()),
                Iri::new_unchecked(namespace.into()),
            )
        })
        .collect();
    let config = TurtleConfig::new()
        .with_pretty(true)
        .with_indentation("    ")
        .with_own_prefix_map(map);
    let terms = triples.iter().map(|triple| {
        let subject = match &triple.subject {
            NamedOrBlankNode::NamedNode(node) => iri(node.as_str()),
            NamedOrBlankNode::BlankNode(node) => {
                SimpleTerm::BlankNode(BnodeId::new_unchecked(node.as_str().into()))
            }
        };
        [
            subject,
            iri(triple.predicate.as_str()),
            sophia_term(&triple.object),
        ]
    });
    let graph: Vec<[SimpleTerm; 3]> = terms.collect();
    let mut serializer = TurtleSerializer::new_stringifier_with_config(config);
    serializer
        .serialize_graph(&graph)
        .map_err(|error| io::Error::other(error.to_string()))?;
    out.write_all(serializer.as_str().trim_end().as_bytes())?;
    writeln!(out)
}

fn iri(iri: &str) -> SimpleTerm<'_> {
    SimpleTerm::Iri(IriRef::new_unchecked(iri.into()))
}

fn sophia_term(term: &Term) -> SimpleTerm<'_> {
    match term {
        Term::NamedNode(node) => iri(node.as_str()),
        Term::BlankNode(node) => {
            SimpleTerm::BlankNode(BnodeId::new_unchecked(node.as_str().into()))
        }
        Term::Literal(literal) => match literal.language() {
            Some(language) => SimpleTerm::LiteralLanguage(
                literal.value().into(),
                LanguageTag::new_unchecked(language.into()),
                None,
            ),
            None => SimpleTerm::LiteralDatatype(
                literal.value().into(),
                IriRef::new_unchecked(literal.datatype().as_str().into()),
            ),
        },
        Term::Triple(triple) => {
            let subject = match &triple.subject {
                NamedOrBlankNode::NamedNode(node) => iri(node.as_str()),
                NamedOrBlankNode::BlankNode(node) => {
                    SimpleTerm::BlankNode(BnodeId::new_unchecked(node.as_str().into()))
                }
            };
            SimpleTerm::Triple(Box::new([
                subject,
                iri(triple.predicate.as_str()),
                sophia_term(&triple.object),
            ]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::{BlankNode, Literal, NamedNode};
    use oxrdfio::RdfParser;
    use sophia::api::graph::Graph as _;

    fn graph() -> Vec<Triple> {
        let node = |iri: &str| NamedNode::new_unchecked(iri);
        let blank = BlankNode::new_unchecked("b");
        let mut triples = vec![
            Triple::new(
                node("https://e.org/a"),
                node("https://e.org/p"),
                blank.clone(),
            ),
            Triple::new(
                blank,
                node("https://e.org/q"),
                Literal::new_language_tagged_literal_unchecked("a\n\"b\"", "fr"),
            ),
            Triple::new(
                node("https://e.org/a"),
                node("https://e.org/n"),
                Literal::from(12),
            ),
        ];
        triples.sort_by_key(Triple::to_string);
        triples
    }

    fn prefixes() -> Prefixes {
        Prefixes::new([
            ("e".to_owned(), "https://e.org/".to_owned()),
            ("unused".to_owned(), "https://u.org/".to_owned()),
        ])
    }

    #[test]
    fn turtle_is_pretty_and_names_only_used_prefixes() {
        let mut bytes = Vec::new();
        write_graph(
            &Body::Graph(graph()),
            Format::Turtle,
            &prefixes(),
            &mut bytes,
        )
        .expect("memory");
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("PREFIX e: <https://e.org/>"), "{text}");
        assert!(!text.contains("unused"), "{text}");
        assert!(text.contains("e:p ["), "{text}");
    }

    #[test]
    fn every_graph_format_reads_back_as_the_same_graph() {
        for (format, parser) in [
            (Format::Turtle, RdfFormat::Turtle),
            (Format::NTriples, RdfFormat::NTriples),
            (Format::TriG, RdfFormat::TriG),
            (Format::NQuads, RdfFormat::NQuads),
            (Format::RdfXml, RdfFormat::RdfXml),
            (
                Format::JsonLd,
                RdfFormat::JsonLd {
                    profile: JsonLdProfileSet::empty(),
                },
            ),
        ] {
            let mut bytes = Vec::new();
            write_graph(&Body::Graph(graph()), format, &prefixes(), &mut bytes).expect("memory");
            let back: Vec<Triple> = RdfParser::from_format(parser)
                .for_slice(&bytes)
                .map(|quad| quad.expect("readable").into())
                .collect();
            let terms = |triples: &[Triple]| {
                triples
                    .iter()
                    .map(|t| {
                        [
                            sophia_term(&t.subject.clone().into()),
                            iri(t.predicate.as_str()),
                            sophia_term(&t.object),
                        ]
                        .map(|t| {
                            use sophia::api::term::Term as _;
                            t.into_term::<SimpleTerm<'static>>()
                        })
                    })
                    .collect::<Vec<[SimpleTerm<'static>; 3]>>()
            };
            let (written, read) = (terms(&graph()), terms(&back));
            assert_eq!(read.triples().count(), 3, "{}", format.name());
            assert!(
                sophia::isomorphism::isomorphic_graphs(&written, &read).expect("small"),
                "{}",
                format.name()
            );
        }
    }
}
