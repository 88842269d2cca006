//! The shapes graph, looked things up in, and a check that all of it can be judged.

use std::collections::BTreeMap;

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Graph, Literal, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple, TripleRef};

use super::terms::{self, REFUSED_CLASSES, SHACL, SHAPE_EXPECTING, UNDERSTOOD};
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// A shapes graph.
pub(super) struct Shapes(Graph);

impl Shapes {
    /// Takes the statements of shapes.
    ///
    /// # Errors
    /// No shape among them, or a part of SHACL that would be passed over in silence.
    pub(super) fn new(triples: &[Triple]) -> Result<Self> {
        let shapes = Self(triples.iter().collect());
        shapes.check()?;
        Ok(shapes)
    }

    /// All statements.
    pub(super) const fn graph(&self) -> &Graph {
        &self.0
    }

    /// The values of a property, sorted.
    pub(super) fn objects(&self, subject: &Term, property: NamedNodeRef<'_>) -> Vec<Term> {
        let Some(subject) = as_subject(subject) else {
            return Vec::new();
        };
        let found = self
            .0
            .objects_for_subject_predicate(&subject, property)
            .map(TermRef::into_owned);
        let mut found: Vec<Term> = found.collect();
        found.sort_by_cached_key(ToString::to_string);
        found
    }

    /// The texts of a property.
    pub(super) fn literals(&self, subject: &Term, property: NamedNodeRef<'_>) -> Vec<Literal> {
        let literal = |term| match term {
            Term::Literal(literal) => Some(literal),
            _ => None,
        };
        let objects = self.objects(subject, property).into_iter();
        objects.filter_map(literal).collect()
    }

    /// Whether a thing has a class.
    pub(super) fn is_a(&self, thing: &Term, class: NamedNodeRef<'_>) -> bool {
        self.objects(thing, rdf::TYPE)
            .contains(&class.into_owned().into())
    }

    /// The things that have a property, sorted.
    pub(super) fn subjects_of(&self, property: NamedNodeRef<'_>) -> Vec<Term> {
        let mut found: Vec<Term> = self
            .0
            .triples_for_predicate(property)
            .map(|triple| triple.subject.into_owned().into())
            .collect();
        found.sort_by_cached_key(ToString::to_string);
        found.dedup();
        found
    }

    /// Whether a shape is switched off.
    pub(super) fn is_off(&self, shape: &Term) -> bool {
        self.literals(shape, terms::DEACTIVATED)
            .iter()
            .any(|off| off.datatype() == xsd::BOOLEAN && matches!(off.value(), "true" | "1"))
    }

    /// Whether a shape is a class too, whose members are then its targets.
    pub(super) fn is_class(&self, shape: &Term) -> bool {
        let is_shape =
            self.is_a(shape, terms::NODE_SHAPE) || self.is_a(shape, terms::PROPERTY_SHAPE);
        is_shape && self.is_a(shape, rdfs::CLASS)
    }

    /// Whether the subject of a statement is a shape or part of one, for all that is said of it.
    fn is_shape(&self, triple: &TripleRef<'_>) -> bool {
        let subject: Term = triple.subject.into_owned().into();
        let typed = [terms::NODE_SHAPE, terms::PROPERTY_SHAPE];
        let hands_on = |property: NamedNodeRef<'_>| {
            let local = property.as_str().strip_prefix(SHACL);
            property == rdf::FIRST || local.is_some_and(|local| SHAPE_EXPECTING.contains(&local))
        };
        typed.iter().any(|class| self.is_a(&subject, *class))
            || self.0.triples_for_subject(triple.subject).any(|other| {
                let local = other.predicate.as_str().strip_prefix(SHACL);
                local.is_some_and(|local| UNDERSTOOD.contains(&local))
            })
            || self
                .0
                .triples_for_object(subject.as_ref())
                .any(|other| hands_on(other.predicate))
    }

    /// What cannot be judged is named, each kind once, with a shape that has it.
    fn check(&self) -> Result<()> {
        let mut strange: BTreeMap<String, String> = BTreeMap::new();
        let mut any = false;
        for triple in &self.0 {
            let local = triple.predicate.as_str().strip_prefix(SHACL);
            if let Some(local) = local {
                any = true;
                if !UNDERSTOOD.contains(&local) && self.is_shape(&triple) {
                    let about = triple.subject.to_string();
                    strange.entry(format!("sh:{local}")).or_insert(about);
                }
            }
            if triple.predicate == rdf::TYPE
                && let TermRef::NamedNode(class) = triple.object
                && let Some(local) = class.as_str().strip_prefix(SHACL)
            {
                any = true;
                if REFUSED_CLASSES.contains(&local) {
                    let about = triple.subject.to_string();
                    strange.entry(format!("sh:{local}")).or_insert(about);
                }
            }
        }
        if !any {
            return Err(Error::usage(
                "the shapes have no statement of SHACL",
                "shapes are sh:NodeShape and sh:PropertyShape; see ontology/shapes.ttl",
            ));
        }
        let Some((term, about)) = strange.first_key_value() else {
            return Ok(());
        };
        let local = term.trim_start_matches("sh:");
        let more = match strange.len() - 1 {
            0 => String::new(),
            1 => ", and of one other term".to_owned(),
            more => format!(", and of {more} other terms"),
        };
        Err(Error::Usage {
            reason: format!(
                "the shapes make use of {term} (at {about}){more}, which is not judged here"
            ),
            hint: did_you_mean(local, UNDERSTOOD.iter().copied()).or_else(|| {
                Some(
                    "SHACL Core and sh:sparql with sh:select are; take the rest out, so that \
                     nothing passes unseen"
                        .to_owned(),
                )
            }),
        })
    }
}

/// A term as the subject of a statement.
pub(super) fn as_subject(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}
