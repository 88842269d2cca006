//! The nearest programmes of each.

use std::collections::HashMap;
use std::ops::Range;

use super::super::bits;
use super::super::nearest::{Neighbour, better};
use super::plan::Plan;
use super::rounds::in_rounds;
use super::scan::Least;
use super::{AllPairs, Work, rows_of};

/// Queries that go over the blocks together.
const BATCH: usize = 16;
/// Blocks after which hits are judged and more is asked of the rest.
const STRETCH: usize = 16;
/// Queries in a piece of work.
const PIECE: usize = 4096;

/// The best rows so far of one query.
#[derive(Debug, Default)]
struct Best {
    /// Score, `low`, first programme and row, the best first.
    found: Vec<(f64, f64, usize, usize)>,
}

impl Best {
    /// What a row must score at least to come in.
    fn least(&self, k: usize, guess: f64) -> f64 {
        let guess = guess.max(f64::MIN_POSITIVE);
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

/// Guesses of the score of the last of the k best, by the number of values of the query: low enough
/// to be right most times.
#[derive(Debug, Default)]
struct Guesses {
    by_size: HashMap<u32, f64>,
    any: f64,
}

impl Guesses {
    fn of(&self, size: u32) -> f64 {
        self.by_size.get(&size).copied().unwrap_or(self.any * 0.9)
    }

    /// Moves towards a low quantile of what is seen.
    fn learn(&mut self, size: u32, seen: f64) {
        let of_size = self.by_size.entry(size).or_insert(seen * 0.85);
        for guess in [of_size, &mut self.any] {
            // A guess too high costs a second search, one too low only some more to judge.
            let step = if seen < *guess { 0.8 } else { 0.015 };
            *guess += (seen - *guess) * step;
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
        let mut guesses = Guesses::default();
        let mut all = Vec::with_capacity(rows.len());
        for batch in rows.chunks(BATCH) {
            let plans: Vec<Plan> = batch.iter().map(|&row| self.engine.plan(row)).collect();
            let sizes = batch
                .iter()
                .map(|&row| bits::count(self.engine.rows.set(row)));
            let tries: Vec<f64> = sizes.clone().map(|size| guesses.of(size)).collect();
            let mut best = self.sweep(&plans, k, &tries);
            for (((plan, size), mut guess), best) in
                plans.iter().zip(sizes).zip(tries).zip(&mut best)
            {
                while best.found.len() < k && guess > 0.0 {
                    guess = if guess > 0.1 { guess * 0.85 } else { 0.0 };
                    if let Some(again) = self.sweep(std::slice::from_ref(plan), k, &[guess]).pop() {
                        *best = again;
                    }
                }
                guesses.learn(size, best.found.get(k - 1).map_or(0.0, |last| last.0));
            }
            all.extend(best);
        }
        all
    }

    /// The best k rows of each query among those that score at least its guess.
    fn sweep(&self, plans: &[Plan], k: usize, guesses: &[f64]) -> Vec<Best> {
        let engine = &self.engine;
        let mut all: Vec<Best> = plans.iter().map(|_| Best::default()).collect();
        for start in (0..engine.rows.blocks()).step_by(STRETCH) {
            let blocks = start..(start + STRETCH).min(engine.rows.blocks());
            let least: Vec<Least> = (plans.iter().zip(guesses).zip(&all))
                .map(|((plan, guess), best)| {
                    engine.least(plan, blocks.clone(), best.least(k, *guess), false)
                })
                .collect();
            let queries = plans.iter().zip(&least);
            let hits = engine.scan(queries.map(|(plan, least)| (plan, start, &least.sums[..])));
            for (((plan, guess), best), hits) in plans.iter().zip(guesses).zip(&mut all).zip(hits) {
                for row in hits.iter().flat_map(rows_of) {
                    let threshold = best.least(k, *guess);
                    let judged = plan.judge(&engine.comparer, &engine.rows, row, threshold);
                    if let Some((score, low)) = judged {
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
