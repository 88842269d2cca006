//! Pairs at or above a threshold: how many, and which.

use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;

use super::super::bits;
use super::adder::{BLOCK, Hit};
use super::plan::Plan;
use super::rounds::in_rounds;
use super::scan::{Engine, Least, keep_below};
use super::{AllPairs, Edge, Work, rows_of};

/// Queries that go over the blocks together.
const BATCH: usize = 64;
/// Blocks after which hits are visited.
const STRETCH: usize = 64;
/// Queries in a piece of work.
const PIECE: usize = 4 * BATCH;

/// Which rows a query is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Those after it.
    After,
    /// Those before it.
    Before,
    /// Those with a later first programme.
    Later,
    /// All others.
    All,
}

impl Side {
    /// Blocks to look at.
    fn blocks(self, row: usize, of: Range<usize>) -> Range<usize> {
        let (start, end) = match self {
            Self::After => (of.start.max(row / BLOCK), of.end),
            Self::Before => (of.start, of.end.min(row / BLOCK + 1)),
            Self::Later | Self::All => (of.start, of.end),
        };
        start..end.max(start)
    }

    fn keep(self, engine: &Engine, row: usize, hit: &mut Hit) {
        let until = (row + 1).saturating_sub(hit.block * BLOCK).min(BLOCK);
        match self {
            Self::After => {
                let mut below = hit.rows;
                keep_below(&mut below, until);
                for (word, below) in hit.rows.iter_mut().zip(below) {
                    *word &= !below;
                }
            }
            Self::Before => keep_below(&mut hit.rows, until),
            Self::Later => {
                let first = engine.rows.first(row);
                for other in bits::ones(&hit.rows.clone()) {
                    if engine.rows.first(hit.block * BLOCK + other) < first {
                        hit.rows[other / 64] &= !(1 << (other % 64));
                    }
                }
            }
            Self::All => {}
        }
    }
}

impl AllPairs {
    /// How many edges [`Self::threshold`] would give, without giving them.
    pub fn predict(&self, threshold: f64, work: &Work) -> u64 {
        let comparison = self.engine.comparer.comparison();
        let chosen = self.chosen(work);
        let side = if !comparison.measure.is_symmetric() {
            Side::All
        } else if chosen.len() < self.order.len() {
            Side::Later
        } else if comparison.measure.is_mean() {
            // The bound is by what the query counts: tight when that is the larger of the two.
            Side::Before
        } else {
            Side::After
        };
        let single = self.engine.rows.all_single();
        let count = |range: Range<usize>| {
            // Rows lie by size, so that neighbours need the same least sums.
            let whole = chosen.len() == self.order.len();
            let rows = range
                .map(|at| if whole { at } else { chosen[at] as usize })
                .collect::<Vec<_>>();
            let mut edges: u64 = rows
                .iter()
                .map(|&row| self.edges_within(row, threshold))
                .sum();
            self.search(&rows, threshold, side, |plan, hit, exact| {
                if exact && single {
                    edges += u64::from(bits::count(&hit.rows));
                    return;
                }
                let members = |row: usize| self.engine.rows.members(row).len() as u64;
                let reach = |&row: &usize| exact || self.judge(plan, row, threshold).is_some();
                let others: u64 = rows_of(hit).filter(reach).map(members).sum();
                edges += members(plan.row) * others;
            });
            edges
        };
        let mut edges = 0;
        let done: Result<(), Infallible> =
            in_rounds(chosen.len(), PIECE, work.threads, count, |some| {
                edges += some;
                Ok(())
            });
        match done {
            Ok(()) => edges,
        }
    }

    /// All pairs with a score of at least `threshold` and above 0.
    ///
    /// Profiles come in the order of their first programmes, the others of each in the same order,
    /// its own programmes first; then programmes by position. Without identical profiles that is
    /// the order by `a`, then `b`. For [inclusion](super::super::similarity::Measure::Inclusion)
    /// each pair comes twice, with the score of either direction, grouped by `a`'s profile. The
    /// number of edges grows with the square of the programmes: ask [`Self::predict`] first. Stops
    /// at the first error of `emit`.
    pub fn threshold<E>(
        &self,
        threshold: f64,
        work: &Work,
        mut emit: impl FnMut(Edge) -> Result<(), E>,
    ) -> Result<(), E> {
        let chosen = self.chosen(work);
        let side = if self.engine.comparer.comparison().measure.is_symmetric() {
            Side::Later
        } else {
            Side::All
        };
        let find = |range: Range<usize>| {
            let rows: Vec<usize> = chosen[range].iter().map(|&row| row as usize).collect();
            let at: HashMap<usize, usize> = rows
                .iter()
                .enumerate()
                .map(|(at, &row)| (row, at))
                .collect();
            let mut found: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
            self.search(&rows, threshold, side, |plan, hit, exact| {
                let reach = |&row: &usize| exact || self.judge(plan, row, threshold).is_some();
                found[at[&plan.row]].extend(rows_of(hit).filter(reach));
            });
            for others in &mut found {
                others.sort_unstable_by_key(|&other| self.engine.rows.first(other));
            }
            (rows, found)
        };
        in_rounds(chosen.len(), PIECE, work.threads, find, |(rows, found)| {
            for (row, others) in rows.into_iter().zip(found) {
                self.emit_within(row, threshold, &mut emit)?;
                for other in others {
                    self.emit_between(row, other, &mut emit)?;
                }
            }
            Ok(())
        })
    }

    /// Visits, for each row of `rows` and each block, the rows that may reach the threshold; says
    /// whether all of them do.
    fn search(
        &self,
        rows: &[usize],
        threshold: f64,
        side: Side,
        mut visit: impl FnMut(&Plan, &Hit, bool),
    ) {
        if threshold.is_nan() {
            return;
        }
        let engine = &self.engine;
        let threshold = threshold.max(f64::MIN_POSITIVE);
        let mut cache = HashMap::new();
        for batch in rows.chunks(BATCH) {
            let plans: Vec<(Plan, Rc<Least>)> = batch
                .iter()
                .map(|&row| {
                    let plan = engine.plan(row);
                    let least = self.least(&plan, threshold, &mut cache);
                    (plan, least)
                })
                .collect();
            for start in (0..engine.rows.blocks()).step_by(STRETCH) {
                let stretch = start..(start + STRETCH).min(engine.rows.blocks());
                let queries = plans.iter().map(|(plan, least)| {
                    let blocks = side.blocks(plan.row, stretch.clone());
                    (plan, blocks.start, &least.sums[blocks])
                });
                for ((plan, least), hits) in plans.iter().zip(engine.scan(queries)) {
                    for mut hit in hits {
                        side.keep(engine, plan.row, &mut hit);
                        if hit.rows.iter().any(|&word| word != 0) {
                            visit(plan, &hit, least.exact[hit.block]);
                        }
                    }
                }
            }
        }
    }

    /// What rows need; on pooled sets that depends on the query's sizes alone.
    fn least(
        &self,
        plan: &Plan,
        threshold: f64,
        cache: &mut HashMap<Vec<Option<u32>>, Rc<Least>>,
    ) -> Rc<Least> {
        let engine = &self.engine;
        let make = || Rc::new(engine.least(plan, 0..engine.rows.blocks(), threshold, true));
        if engine.comparer.comparison().measure.is_mean() {
            return make();
        }
        Rc::clone(cache.entry(plan.sizes()).or_insert_with(make))
    }

    fn judge(&self, plan: &Plan, row: usize, threshold: f64) -> Option<(f64, f64)> {
        let threshold = threshold.max(f64::MIN_POSITIVE);
        plan.judge(&self.engine.comparer, &self.engine.rows, row, threshold)
    }

    /// How many edges there are between programmes of one row.
    fn edges_within(&self, row: usize, threshold: f64) -> u64 {
        let reaches = self
            .own(row)
            .is_some_and(|own| own.score > 0.0 && own.score >= threshold);
        let members = self.engine.rows.members(row).len() as u64;
        let symmetric = self.engine.comparer.comparison().measure.is_symmetric();
        match (reaches, symmetric) {
            (false, _) => 0,
            (true, true) => members * (members - 1) / 2,
            (true, false) => members * (members - 1),
        }
    }

    fn emit_within<E>(
        &self,
        row: usize,
        threshold: f64,
        emit: &mut impl FnMut(Edge) -> Result<(), E>,
    ) -> Result<(), E> {
        let own = self
            .own(row)
            .filter(|own| own.score > 0.0 && own.score >= threshold);
        let Some(similarity) = own else {
            return Ok(());
        };
        let symmetric = self.engine.comparer.comparison().measure.is_symmetric();
        let members = self.engine.rows.members(row);
        for &a in members {
            for &b in members
                .iter()
                .filter(|&&b| if symmetric { b > a } else { b != a })
            {
                emit(Edge {
                    a: a as usize,
                    b: b as usize,
                    similarity,
                })?;
            }
        }
        Ok(())
    }

    fn emit_between<E>(
        &self,
        row: usize,
        other: usize,
        emit: &mut impl FnMut(Edge) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(similarity) = self.similarity(row, other) else {
            return Ok(());
        };
        let symmetric = self.engine.comparer.comparison().measure.is_symmetric();
        for &a in self.engine.rows.members(row) {
            for &b in self.engine.rows.members(other) {
                let (a, b) = if symmetric && a > b { (b, a) } else { (a, b) };
                emit(Edge {
                    a: a as usize,
                    b: b as usize,
                    similarity,
                })?;
            }
        }
        Ok(())
    }
}
