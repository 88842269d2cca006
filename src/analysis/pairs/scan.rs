//! Queries against all rows.

use std::ops::Range;

use pulp::Arch;

use super::super::similarity::Comparer;
use super::adder::{BLOCK, BLOCK_WORDS, Hit, PLANES, SKIP, Scan, TILE, TILE_WORDS};
use super::plan::{NO_VALUE, Plan};
use super::rows::{Rows, Segment};
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
    empty: Vec<u64>,
}

impl Engine {
    pub(super) fn new(comparer: Comparer, rows: Rows, silos: Option<Silos>) -> Self {
        Self {
            comparer,
            rows,
            silos,
            arch: Arch::new(),
            empty: vec![0; TILE_WORDS],
        }
    }

    pub(super) fn plan(&self, row: usize) -> Plan {
        Plan::new(&self.comparer, &self.rows, row)
    }

    pub(super) fn tiles(&self) -> usize {
        self.rows.blocks().div_ceil(TILE)
    }

    /// The blocks of a tile.
    pub(super) fn blocks_of(&self, tile: usize) -> Range<usize> {
        tile * TILE..((tile + 1) * TILE).min(self.rows.blocks())
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
        let mut before: Option<&Segment> = None;
        let mut last = (SKIP, true);
        for block in blocks {
            let segments = self.rows.segments_of(block);
            let one = segments.first().filter(|_| segments.len() == 1);
            let alike = |(a, b): (&Segment, &Segment)| {
                a.group == b.group
                    && a.size == b.size
                    && (a.fewest == b.fewest || self.whole(plan, a))
            };
            if !before.zip(one).is_some_and(alike) {
                let sharp = sharp && one.is_some();
                last = segments
                    .iter()
                    .fold((SKIP, sharp), |(least, exact), segment| {
                        let (one, is_exact) =
                            plan.least(&self.comparer, &self.rows, segment, threshold, sharp);
                        (least.min(one), exact && is_exact)
                    });
                before = one;
            }
            result.sums.push(last.0);
            result.exact.push(last.1);
        }
        result
    }

    /// Whether the query states all that the rows of a segment state.
    fn whole(&self, plan: &Plan, segment: &Segment) -> bool {
        let stated = self.rows.groups[segment.group].stated;
        plan.relations[segment.group].is_none_or(|relation| relation.both == stated)
    }

    /// Finds the rows that reach the least sums in blocks of a tile. The query itself is left out,
    /// and so are pairs that silos leave out.
    pub(super) fn scan(
        &self,
        plan: &Plan,
        blocks: Range<usize>,
        least: &[u32],
        hits: &mut Vec<Hit>,
    ) {
        hits.clear();
        if least.iter().all(|&least| least == SKIP) {
            return;
        }
        let tile = blocks.start / TILE;
        let mut planes: [Vec<&[u64]>; PLANES] = Default::default();
        for (bitmaps, values) in planes.iter_mut().zip(&plan.planes) {
            bitmaps.extend(values.iter().map(|&value| match value {
                NO_VALUE => &self.empty[..],
                value => self.rows.bitmaps.tile(tile, value),
            }));
        }
        let scan = Scan {
            planes: &planes,
            least,
            from: blocks.start % TILE,
            first_block: tile * TILE,
        };
        scan.run(self.arch, hits);
        for hit in hits {
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
