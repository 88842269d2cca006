//! The view in RDF 1.2: a coding as the reifier of the link that it is evidence for.

use std::collections::HashMap;

use oxrdf::vocab::rdf;
use oxrdf::{NamedNode, NamedOrBlankNode, Quad, Term, Triple};

use crate::vocab::{CODED_VALUE, CODING_OF, ON_DIMENSION, PROPERTY};

/// For each coding with a value, `coding rdf:reifies <<( programme property value )>>`.
///
/// To reify is not to assert: the finding of the coding still says whether the link holds, and
/// only those that hold are asserted besides, as what is derived from codings.
pub fn reified(quads: &[Quad]) -> Vec<Quad> {
    let mut properties: HashMap<&NamedOrBlankNode, &NamedNode> = HashMap::new();
    let mut programmes: HashMap<&NamedOrBlankNode, &NamedNode> = HashMap::new();
    let mut dimensions: HashMap<&NamedOrBlankNode, &NamedNode> = HashMap::new();
    for quad in quads {
        let Term::NamedNode(object) = &quad.object else {
            continue;
        };
        if quad.predicate == PROPERTY {
            properties.insert(&quad.subject, object);
        } else if quad.predicate == CODING_OF {
            programmes.insert(&quad.subject, object);
        } else if quad.predicate == ON_DIMENSION {
            dimensions.insert(&quad.subject, object);
        }
    }
    let reify = |quad: &Quad| {
        let dimension: NamedOrBlankNode = (*dimensions.get(&quad.subject)?).clone().into();
        let link = Triple::new(
            (*programmes.get(&quad.subject)?).clone(),
            (*properties.get(&dimension)?).clone(),
            quad.object.clone(),
        );
        Some(Quad::new(
            quad.subject.clone(),
            rdf::REIFIES,
            link,
            quad.graph_name.clone(),
        ))
    };
    quads
        .iter()
        .filter(|quad| quad.predicate == CODED_VALUE)
        .filter_map(reify)
        .collect()
}
