//! One side of a gap map: which programmes have which value of a facet, as sets of programmes.

use super::super::bits;
use super::super::columns::Columns;
use super::{Absent, Depth, Error, Facet};

/// The values of a facet and who has them.
pub(super) struct Side {
    /// The facet.
    pub(super) facet: Facet,
    /// Positions of the values in the schema, ascending.
    pub(super) values: Vec<usize>,
    /// For each of `values`, the programmes that have it or something narrower.
    pub(super) sets: Vec<Vec<u64>>,
    /// Programmes that state the facet.
    pub(super) stated: Vec<u64>,
}

impl Side {
    /// Reads a facet off the columns.
    pub(super) fn new(columns: &Columns, facet: Facet, depth: Depth) -> Result<Self, Error> {
        let schema = columns.schema();
        let (all, range) = match facet {
            Facet::Dimension(at) => (
                &schema.values,
                schema.dimensions.get(at).map(|dimension| &dimension.values),
            ),
            Facet::Axis(at) => (
                &schema.silo_values,
                schema.axes.get(at).map(|axis| &axis.values),
            ),
        };
        let range = range.ok_or(Error::NoSuchFacet(facet))?.clone();
        let values: Vec<usize> = range
            .filter(|&value| depth == Depth::All || all[value].ancestors.is_empty())
            .collect();
        let words = bits::words(columns.len());
        let mut sets = vec![vec![0; words]; values.len()];
        let mut stated = vec![0; words];
        for programme in 0..columns.len() {
            let (closure, states) = match facet {
                Facet::Dimension(at) => (columns.closure(programme), columns.states(programme, at)),
                Facet::Axis(at) => (
                    columns.silo_closure(programme),
                    columns.states_axis(programme, at),
                ),
            };
            if states {
                bits::insert(&mut stated, programme);
            }
            for (&value, set) in values.iter().zip(&mut sets) {
                if bits::contains(&closure, value) {
                    bits::insert(set, programme);
                }
            }
        }
        Ok(Self {
            facet,
            values,
            sets,
            stated,
        })
    }

    /// For each value, the programmes known not to have it. A programme that one source says has
    /// the value is not among them, whatever another source says.
    pub(super) fn absent(&self, columns: &Columns, absent: Option<Absent>) -> Vec<Vec<u64>> {
        let empty = vec![0; bits::words(columns.len())];
        let Some(absent) = absent else {
            return vec![empty; self.values.len()];
        };
        let known = |(&value, set): (&usize, &Vec<u64>)| {
            let mut known = empty.clone();
            for programme in 0..columns.len() {
                if !bits::contains(set, programme) && absent(programme, self.facet, value) {
                    bits::insert(&mut known, programme);
                }
            }
            known
        };
        self.values.iter().zip(&self.sets).map(known).collect()
    }
}

/// How many programmes a set stands for.
pub(super) fn weigh(columns: &Columns, set: &[u64]) -> u64 {
    bits::ones(set).map(|at| u64::from(columns.count(at))).sum()
}

/// What two sets share.
pub(super) fn intersection(a: &[u64], b: &[u64]) -> Vec<u64> {
    a.iter().zip(b).map(|(a, b)| a & b).collect()
}

/// What is in either set.
pub(super) fn union(a: &[u64], b: &[u64]) -> Vec<u64> {
    a.iter().zip(b).map(|(a, b)| a | b).collect()
}

/// Takes the members of `other` out of a set.
pub(super) fn subtract(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= !other;
    }
}
