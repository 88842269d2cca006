//! The nearest programmes of each.

use std::ops::Range;

use super::super::nearest::{Neighbour, better};
use super::plan::Plan;
use super::rounds::in_rounds;
use super::{AllPairs, Work, rows_of};

/// Queries that go over a tile together.
const BATCH: usize = 16;
/// Queries in a piece of work.
const PIECE: usize = 512;

/// The best rows so far of one query.
#[derive(Debug, Default)]
struct Best {
    /// Score, `low`, first programme and row, the best first.
    found: Vec<(f64, f64, usize, usize)>,
}

impl Best {
    /// What a row must score at least to come in.
    fn least(&self, k: usize, guess: f64) -> f64 {
        match self.found.get(k - 1) {
            Some(last) => last.0.max(guess),
            None => guess,
        }
    }

    fn put(&mut self, k: usize, new: (f64, f64, usize, usize)) {
        let at = self.found.partition_point(|old| {
            (new.0.total_cmp(&old.0))
                .then(new.1.total_cmp(&old.1))
                .then(old.2.cmp(&new.2))
                .is_lt()
        });
        if at < k {
            self.found.truncate(k - 1);
            self.found.insert(at, new);
        }
    }
}

/// A guess of the score of the last of the k best, low enough to be right most times.
#[derive(Debug, Default)]
struct Guess(f64);

impl Guess {
    /// Moves towards a low quantile of what is seen.
    fn learn(&mut self, seen: f64) {
        if self.0 <= 0.0 {
            self.0 = seen * 0.8;
        } else if seen < self.0 {
            self.0 -= (self.0 - seen) * 0.3;
        } else {
            self.0 += (seen - self.0) * 0.02;
        }
    }
}

impl AllPairs {
    /// For each programme the `k` most like it, with a score above 0: those of
    /// [`nearest`](super::super::nearest::nearest), in the same order.
    ///
    /// Programmes come profile by profile, in the order of the first programme of each; without
    /// identical profiles that is the order of the programmes. Memory is bounded by a round of
    /// results. Stops at the first error of `emit`.
    pub fn top_k<E>(
        &self,
        k: usize,
        work: &Work,
        mut emit: impl FnMut(usize, &[Neighbour]) -> Result<(), E>,
    ) -> Result<(), E> {
        let chosen = self.chosen(work);
        let find = |range: Range<usize>| {
            let rows: Vec<usize> = chosen[range].iter().map(|&row| row as usize).collect();
            let best = if k == 0 {
                rows.iter().map(|_| Best::default()).collect()
            } else {
                self.best(&rows, k)
            };
            (rows, best)
        };
        in_rounds(chosen.len(), PIECE, work.threads, find, |(rows, best)| {
            for (row, best) in rows.into_iter().zip(best) {
                self.emit_nearest(row, k, &best, &mut emit)?;
            }
            Ok(())
        })
    }

    /// The best k rows of each row.
    fn best(&self, rows: &[usize], k: usize) -> Vec<Best> {
        let mut guess = Guess::default();
        let mut all = Vec::with_capacity(rows.len());
        let mut start = 0;
        while start < rows.len() {
            // One query alone finds a first guess.
            let end = if start == 0 {
                1
            } else {
                (start + BATCH).min(rows.len())
            };
            let plans: Vec<Plan> = rows[start..end]
                .iter()
                .map(|&row| self.engine.plan(row))
                .collect();
            let mut best = self.sweep(&plans, k, guess.0);
            for (plan, best) in plans.iter().zip(&mut best) {
                let mut lower = guess.0;
                while best.found.len() < k && lower > 0.0 {
                    FAILS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    lower = if lower > 0.1 { lower * 0.7 } else { 0.0 };
                    if let Some(again) = self.sweep(std::slice::from_ref(plan), k, lower).pop() {
                        *best = again;
                    }
                }
                guess.learn(best.found.get(k - 1).map_or(0.0, |last| last.0));
            }
            all.extend(best);
            start = end;
        }
        all
    }

    /// The best k rows of each query among those that score at least `guess`.
    fn sweep(&self, plans: &[Plan], k: usize, guess: f64) -> Vec<Best> {
        let engine = &self.engine;
        let guess = guess.max(f64::MIN_POSITIVE);
        let mut all: Vec<Best> = plans.iter().map(|_| Best::default()).collect();
        let mut hits = Vec::new();
        for tile in 0..engine.tiles() {
            let blocks = engine.blocks_of(tile);
            for (plan, best) in plans.iter().zip(&mut all) {
                let least = engine.least(plan, blocks.clone(), best.least(k, guess), false);
                engine.scan(plan, blocks.clone(), &least.sums, &mut hits);
                for row in hits.iter().flat_map(rows_of) {
                    let threshold = best.least(k, guess);
                    JUDGED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if let Some((score, low)) =
                        plan.judge(&engine.comparer, &engine.rows, row, threshold)
                    {
                        best.put(k, (score, low, engine.rows.first(row), row));
                    }
                }
            }
        }
        all
    }

    fn emit_nearest<E>(
        &self,
        row: usize,
        k: usize,
        best: &Best,
        emit: &mut impl FnMut(usize, &[Neighbour]) -> Result<(), E>,
    ) -> Result<(), E> {
        let rows = &self.engine.rows;
        let mut others = Vec::new();
        for &(_, _, _, other) in &best.found {
            if let Some(similarity) = self.similarity(row, other) {
                others.extend(
                    rows.members(other)
                        .iter()
                        .take(k)
                        .map(|&programme| Neighbour {
                            programme: programme as usize,
                            similarity,
                        }),
                );
            }
        }
        others.sort_by(better);
        others.truncate(k);
        let own = self.own(row).filter(|own| own.score > 0.0);
        for &programme in rows.members(row) {
            let mut nearest = others.clone();
            if let Some(similarity) = own {
                let members = rows
                    .members(row)
                    .iter()
                    .filter(|&&member| member != programme);
                nearest.extend(members.take(k).map(|&member| Neighbour {
                    programme: member as usize,
                    similarity,
                }));
                nearest.sort_by(better);
                nearest.truncate(k);
            }
            emit(programme as usize, &nearest)?;
        }
        Ok(())
    }
}

pub static JUDGED: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
pub static FAILS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
