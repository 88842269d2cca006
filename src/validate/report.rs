//! The report as SHACL states it in RDF.

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, Literal, NamedNodeRef, Term, Triple};

use super::{ValidationReport, terms};

/// The report as statements: one `sh:ValidationReport` with its results.
pub fn to_triples(report: &ValidationReport) -> Vec<Triple> {
    let mut out = Vec::new();
    let whole = BlankNode::default();
    let add =
        |node: &BlankNode, property: NamedNodeRef<'_>, object: Term, out: &mut Vec<Triple>| {
            out.push(Triple::new(node.clone(), property.into_owned(), object));
        };
    add(
        &whole,
        rdf::TYPE,
        terms::VALIDATION_REPORT.into_owned().into(),
        &mut out,
    );
    add(
        &whole,
        terms::CONFORMS,
        Literal::from(report.conforms()).into(),
        &mut out,
    );
    for result in &report.results {
        let node = BlankNode::default();
        add(&whole, terms::RESULT, node.clone().into(), &mut out);
        let path = result.path.as_ref().map(|path| path.to_term(&mut out));
        let facts = [
            (
                rdf::TYPE,
                Some(terms::VALIDATION_RESULT.into_owned().into()),
            ),
            (terms::FOCUS_NODE, Some(result.focus_node.clone())),
            (terms::RESULT_PATH, path),
            (terms::VALUE, result.value.clone()),
            (terms::SOURCE_SHAPE, Some(result.source_shape.clone())),
            (terms::SOURCE_CONSTRAINT, result.source_constraint.clone()),
            (
                terms::SOURCE_CONSTRAINT_COMPONENT,
                Some(result.component.clone().into()),
            ),
            (terms::RESULT_SEVERITY, Some(result.severity.iri().into())),
        ];
        for (property, object) in facts {
            if let Some(object) = object {
                add(&node, property, object, &mut out);
            }
        }
        for message in &result.messages {
            add(
                &node,
                terms::RESULT_MESSAGE,
                message.clone().into(),
                &mut out,
            );
        }
    }
    out
}
