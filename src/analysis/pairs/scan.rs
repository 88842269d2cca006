//! Queries against all rows.

use std::ops::Range;

use pulp::Arch;

use super::super::similarity::Comparer;
use super::adder::{self, BLOCK, BLOCK_WORDS, Hit, Query, SKIP};
use super::plan::Plan;
use super::rows::Rows;
use super::silos::Silos;

/// What the rows of some blocks need.
#[derive(Debug, Default)]
pub(super) struct Least {
    /// Least sum for each block, or [`SKIP`].
    pub(super) sums: Vec<u32>,
    /// Whether every row that has it reaches the threshold.
    pub(super) exact: Vec<bool>,
}

/// What every search needs.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) comparer: Comparer,
    pub(super) rows: Rows,
    pub(super) silos: Option<Silos>,
    pub(super) arch: Arch,
}

impl Engine {
    pub(super) fn new(comparer: Comparer, rows: Rows, silos: Option<Silos>) -> Self {
        Self {
            comparer,
            rows,
            silos,
            arch: Arch::new(),
        }
    }

    pub(super) fn plan(&self, row: usize) -> Plan {
        Plan::new(&self.comparer, &self.rows, row)
    }

    /// What rows of `blocks` need for a score of `threshold`. Sharp costs more.
    pub(super) fn least(
        &self,
        plan: &Plan,
        blocks: Range<usize>,
        threshold: f64,
        sharp: bool,
    ) -> Least {
        let mut result = Least::default();
        // When the query states all that the rows state, their sizes are known.
        let whole = self
            .rows
            .groups
            .iter()
            .zip(&plan.relations)
            .all(|(group, relation)| relation.is_none_or(|relation| relation.both == group.stated));
        let mut last = (SKIP, true);
        for block in blocks.clone() {
            if block == blocks.start || !self.rows.repeats(block, !whole) {
                let segments = self.rows.segments_of(block);
                let sharp = sharp && segments.len() == 1;
                last = segments
                    .iter()
                    .fold((SKIP, sharp), |(least, exact), segment| {
                        let (one, is_exact) =
                            plan.least(&self.comparer, &self.rows, segment, threshold, sharp);
                        (least.min(one), exact && is_exact)
                    });
            }
            result.sums.push(last.0);
            result.exact.push(last.1);
        }
        result
    }

    /// Finds the rows that reach the least sums, for each query with the blocks and least sums it
    /// comes with. The query itself is left out, and so are pairs that silos leave out.
    pub(super) fn scan<'a>(
        &self,
        queries: impl Iterator<Item = (&'a Plan, usize, &'a [u32])> + Clone,
    ) -> impl Iterator<Item = Vec<Hit>> {
        let with_hits = |(plan, from, least): (&'a Plan, usize, &'a [u32])| Query {
            planes: &plan.planes,
            from,
            least,
            hits: Vec::new(),
        };
        let mut all: Vec<Query<'a>> = queries.clone().map(with_hits).collect();
        adder::scan(self.arch, |tile| self.rows.bitmaps.tile(tile), &mut all);
        all.into_iter().zip(queries).map(|(query, (plan, ..))| {
            let mut hits = query.hits;
            for hit in &mut hits {
                self.narrow(plan, hit);
            }
            hits
        })
    }

    /// Leaves out of a hit what does not count.
    fn narrow(&self, plan: &Plan, hit: &mut Hit) {
        let first = hit.block * BLOCK;
        if first + BLOCK > self.rows.len() {
            keep_below(&mut hit.rows, self.rows.len() - first);
        }
        if let Some(own) = plan.row.checked_sub(first).filter(|&own| own < BLOCK) {
            hit.rows[own / 64] &= !(1 << (own % 64));
        }
        if let Some(silos) = &self.silos {
            let others = silos.others(&self.rows, plan.row, hit.block);
            for (word, others) in hit.rows.iter_mut().zip(others) {
                *word &= others;
            }
        }
    }
}

/// Leaves only the first `count` rows of a block.
pub(super) fn keep_below(rows: &mut [u64; BLOCK_WORDS], count: usize) {
    for (at, word) in rows.iter_mut().enumerate() {
        match count.saturating_sub(at * 64) {
            0 => *word = 0,
            left @ 1..64 => *word &= (1 << left) - 1,
            _ => {}
        }
    }
}
