//! All pairs of programmes, exactly: those above a threshold, and the nearest of each.
//!
//! Identical profiles are compared once and told apart again at the end. The distinct profiles lie
//! as one bitmap a value; for one profile at a time the bitmaps of its values are added up as bit
//! slices, 512 profiles at a time, and the sum decides which of them can reach the score asked.
//! On pooled sets the sum is the intersection, and since profiles are sorted by size the least that
//! is enough is a constant for nearly every block. For means over dimensions the sum is an upper
//! bound of the score in weights rounded up to 5 bits, and what passes is computed exactly: of a
//! dimension the bound knows, by class, what the values of the other count, since a score is at
//! most the shared weight over the larger of the two. Scores are those of
//! [`super::similarity::similarity`], bit for bit.
//!
//! Quadratic in the number of distinct profiles. Memory is linear: for v values about v / 4 bytes a
//! distinct profile (for means over dimensions 5 v / 8, and 8 a dimension) and 12 bytes a programme.

mod adder;
mod plan;
mod rounds;
mod rows;
mod scan;
mod silos;
#[cfg(test)]
mod tests;
mod threshold;
mod top;

use std::ops::Range;

use self::rows::{Incoming, Rows, narrow};
use self::scan::Engine;
use self::silos::Silos;
use super::bits;
use super::columns::{Columns, Schema};
use super::similarity::{Comparer, Comparison, InformationContent, Similarity};

/// How to go about it; the results do not depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Threads; 0 counts as 1.
    pub threads: usize,
    /// Only profiles whose first programme is in this range are compared to all others. Ranges
    /// that together are all programmes give, together, all results.
    pub programmes: Range<usize>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            programmes: 0..usize::MAX,
        }
    }
}

/// Two programmes that are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Position of the first; below `b` for a symmetric measure.
    pub a: usize,
    /// Position of the second.
    pub b: usize,
    /// How alike.
    pub similarity: Similarity,
}

/// Programmes laid out to be compared with each other.
#[derive(Debug)]
pub struct AllPairs {
    engine: Engine,
    /// Rows in the order of their first programmes.
    order: Vec<u32>,
}

impl AllPairs {
    /// Lays out programmes. With `axes`, only pairs in different silos count, as
    /// [`Columns::across`] has it.
    ///
    /// Comparing across axes made of the same stuff as a dimension is circular; see
    /// [`Comparison::clean_of`]. O(n log n).
    ///
    /// # Panics
    /// With 2³² programmes or more.
    pub fn new(
        columns: &Columns,
        ic: &InformationContent,
        comparison: &Comparison,
        axes: &[usize],
    ) -> Self {
        let schema = columns.schema();
        let comparer = Comparer::new(schema, ic, comparison);
        let masks = Silos::masks(schema, axes);
        let mut incoming = Incoming::default();
        if !axes.is_empty() {
            incoming.silo_words = schema.silo_words();
        }
        for programme in 0..columns.len() {
            let profile = comparer.profile(columns, programme);
            incoming.sets.extend(profile.set);
            incoming.stated.push(profile.stated);
            if axes.is_empty() {
                continue;
            }
            let closure = columns.silo_closure(programme);
            let chosen = closure
                .iter()
                .enumerate()
                .map(|(at, word)| word & masks.iter().fold(0, |any, mask| any | mask[at]));
            incoming.silos.extend(chosen);
        }
        let rows = Rows::new(
            &comparer,
            schema.value_words(),
            schema.values.len(),
            incoming,
        );
        let silos = (!axes.is_empty()).then(|| Silos::new(&rows, schema.silo_values.len(), masks));
        Self::of(Engine::new(comparer, rows, silos))
    }

    /// Lays out bare profiles, such as one query of a store gives: for each programme its set of
    /// values (closed for a mean over dimensions, leaves otherwise) and the dimensions it states beside
    /// those with a value.
    ///
    /// # Panics
    /// When a set has not as many words as the schema's values take, and with 2³² programmes or more.
    pub fn from_profiles(
        schema: &Schema,
        ic: &InformationContent,
        comparison: &Comparison,
        profiles: impl IntoIterator<Item = (Vec<u64>, u64)>,
    ) -> Self {
        let comparer = Comparer::new(schema, ic, comparison);
        let mut incoming = Incoming::default();
        for (set, stated) in profiles {
            assert_eq!(
                set.len(),
                schema.value_words(),
                "a set has a word for each 64 values"
            );
            let profile = comparer.restricted(set, stated);
            incoming.sets.extend(profile.set);
            incoming.stated.push(profile.stated);
        }
        let rows = Rows::new(
            &comparer,
            schema.value_words(),
            schema.values.len(),
            incoming,
        );
        Self::of(Engine::new(comparer, rows, None))
    }

    fn of(engine: Engine) -> Self {
        let mut order: Vec<u32> = (0..narrow(engine.rows.len())).collect();
        order.sort_unstable_by_key(|&row| engine.rows.first(row as usize));
        Self { engine, order }
    }

    /// How many distinct profiles there are; with axes, profiles in different silos are distinct.
    pub fn distinct(&self) -> usize {
        self.engine.rows.len()
    }

    /// The rows to work on.
    fn chosen(&self, work: &Work) -> &[u32] {
        let first = |row: &u32| self.engine.rows.first(*row as usize);
        let start = self
            .order
            .partition_point(|row| first(row) < work.programmes.start);
        let end = self
            .order
            .partition_point(|row| first(row) < work.programmes.end);
        &self.order[start..end.max(start)]
    }

    /// The similarity of two rows.
    fn similarity(&self, a: usize, b: usize) -> Option<Similarity> {
        let rows = &self.engine.rows;
        self.engine.comparer.compare(rows.view(a), rows.view(b))
    }

    /// The similarity of programmes of the same row, unless silos leave such pairs out.
    fn own(&self, row: usize) -> Option<Similarity> {
        let alone = self.engine.silos.is_some() || self.engine.rows.members(row).len() < 2;
        if alone {
            None
        } else {
            self.similarity(row, row)
        }
    }
}

/// Rows of a block that hit, as positions.
fn rows_of(hit: &adder::Hit) -> impl Iterator<Item = usize> + '_ {
    bits::ones(&hit.rows).map(|row| hit.block * adder::BLOCK + row)
}
