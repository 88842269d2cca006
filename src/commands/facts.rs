//! The facts behind an answer, as a query that returns exactly these: what `--as-sparql` prints.

use oxrdf::{NamedNode, Term};

use super::comparing::Study;
use crate::analysis::similarity::Comparison;
use crate::error::{Error, Result};
use crate::output::{Body, Output};
use crate::query::{named, with_terms};

/// The query for what is said of programmes on the dimensions compared and on some silo axes.
///
/// # Errors
/// A table of profiles, which has no graph to ask.
pub fn compared(
    study: &Study<'_>,
    programmes: &[usize],
    dimensions: &[usize],
    axes: &[usize],
) -> Result<Output> {
    let map = &study.dataset.map;
    let mut parameters = vec![
        (
            "axis",
            terms(axes.iter().map(|&axis| &map.axes[axis].name.iri)),
        ),
        (
            "dimension",
            terms(dimensions.iter().map(|&d| &map.dimensions[d].name.iri)),
        ),
    ];
    // The default is all of them.
    if programmes.len() < study.columns.len() {
        parameters.push((
            "programme",
            terms(programmes.iter().map(|&at| &study.profiles.list[at].iri)),
        ));
    }
    query(study, "facts-compared", &parameters)
}

/// A named query with its parameters, as text.
///
/// # Errors
/// A table of profiles, which has no graph to ask; a parameter that the query does not have.
pub fn query(study: &Study<'_>, name: &str, parameters: &[(&str, Vec<Term>)]) -> Result<Output> {
    if study.dataset.is_table() {
        return Err(Error::usage(
            "a table of profiles has no graph that SPARQL could ask",
            "leave --profiles out, or --as-sparql",
        ));
    }
    Ok(Output::new(Body::Text(with_terms(
        named(name)?,
        parameters,
    )?)))
}

/// IRIs as terms.
pub fn terms<'a>(iris: impl Iterator<Item = &'a NamedNode>) -> Vec<Term> {
    iris.map(|iri| iri.clone().into()).collect()
}

/// The dimensions of a comparison, in the order of the map.
pub fn dimensions(study: &Study<'_>, comparison: &Comparison) -> Vec<usize> {
    (0..study.columns.schema().dimensions.len())
        .filter(|d| comparison.dimensions >> d & 1 == 1)
        .collect()
}
