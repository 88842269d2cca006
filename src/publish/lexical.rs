//! Literals as they were written.
//!
//! The store keeps numbers, truth values, dates and times as values and writes them in one form:
//! `"01"^^xsd:integer` comes back as `1`, `"1.10"^^xsd:decimal` as `1.1`. Where the text that was
//! read says the same of the same thing, its form is taken in place of the store's. Two forms of
//! one value, said of one thing by one property, are one statement in the store: of these the
//! first in code-point order is kept.
//!
//! Two things change when a file is read and cannot be had back: language tags come in lower case,
//! as RDF 1.2 compares them, and `/../` in an IRI is resolved, as RFC 3986 has it.

use std::collections::{BTreeMap, HashMap};

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};

use crate::error::Result;
use crate::graph::KnowledgeGraph;

/// Puts the forms of `written` into the statements of a store.
///
/// # Errors
/// A store that fails.
pub fn restore(stored: &mut [Quad], written: &[Quad]) -> Result<()> {
    let typed: BTreeMap<String, &Literal> = written.iter().filter_map(typed_literal).collect();
    if typed.is_empty() {
        return Ok(());
    }
    // The store itself says what it makes of each literal.
    let subject = |number: usize| NamedNode::new_unchecked(format!("urn:x-peermap:{number}"));
    let literals: Vec<&Literal> = typed.into_values().collect();
    let mut scratch = KnowledgeGraph::new()?;
    let probe = NamedNode::new_unchecked("urn:x-peermap:literal");
    let quads = literals.iter().enumerate().map(|(number, literal)| {
        Quad::new(
            subject(number),
            probe.clone(),
            (*literal).clone(),
            GraphName::DefaultGraph,
        )
    });
    scratch.insert(quads.collect())?;
    let mut changed: HashMap<&Literal, Literal> = HashMap::new();
    for quad in scratch.quads_outside(&[])? {
        let number = match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str().rsplit(':').next(),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) else {
            continue;
        };
        if let Term::Literal(literal) = quad.object
            && literal != *literals[number]
        {
            changed.insert(literals[number], literal);
        }
    }
    let mut forms: HashMap<(&NamedOrBlankNode, &NamedNode, &Literal), &Literal> = HashMap::new();
    for quad in written {
        if let Term::Literal(literal) = &quad.object
            && let Some(stored) = changed.get(literal)
        {
            let place = (&quad.subject, &quad.predicate, stored);
            let form = forms.entry(place).or_insert(literal);
            if literal.value() < form.value() {
                *form = literal;
            }
        }
    }
    for quad in stored {
        if let Term::Literal(literal) = &quad.object
            && let Some(form) = forms.get(&(&quad.subject, &quad.predicate, literal))
        {
            quad.object = (*form).clone().into();
        }
    }
    Ok(())
}

fn typed_literal(quad: &Quad) -> Option<(String, &Literal)> {
    match &quad.object {
        Term::Literal(literal)
            if ![xsd::STRING, rdf::LANG_STRING].contains(&literal.datatype()) =>
        {
            Some((literal.to_string(), literal))
        }
        _ => None,
    }
}
