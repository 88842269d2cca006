//! The false discovery rate of many tests, from a histogram of their p-values.

/// How p-values are adjusted for their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjustment {
    /// Benjamini and Hochberg (1995): exact for independent or positively dependent tests.
    #[default]
    BenjaminiHochberg,
    /// Benjamini and Yekutieli (2001): strict, holds for tests that depend on each other in any way.
    BenjaminiYekutieli,
}

/// Adjusted p-values of a family of tests. Equal p-values are one step, so discrete tests with many
/// ties are adjusted exactly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fdr {
    tests: u64,
    untested: u64,
    runs: Vec<Run>,
}

/// Neighbouring p-values with the same adjusted value, by the greatest of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    p: f64,
    /// Tests with this p-value or a smaller one.
    rank: u64,
    /// The adjusted value of Benjamini and Hochberg.
    q: f64,
}

impl Fdr {
    /// The family of tests with these p-values, each with how many tests have it. A p-value that is
    /// not a number counts as not tested. Takes O(h log h) for h entries.
    pub fn of(p_values: impl IntoIterator<Item = (f64, u64)>) -> Self {
        let mut histogram = Histogram::default();
        for (p, count) in p_values {
            histogram.add(p, count);
        }
        histogram.family(0)
    }

    /// How many tests there are.
    pub fn tests(&self) -> u64 {
        self.tests
    }

    /// How many more were asked for that could not be tested.
    pub fn untested(&self) -> u64 {
        self.untested
    }

    /// The adjusted p-value (q-value), 0 to 1: the lowest level at which a test with this p-value is
    /// a discovery. A p-value between two of the family is taken as the greater of them.
    pub fn q_value(&self, p: f64, adjustment: Adjustment) -> f64 {
        let at = self.runs.partition_point(|run| run.p < p);
        let q = self.runs.get(at).map_or(p, |run| run.q);
        (q * self.factor(adjustment)).min(1.0)
    }

    /// The greatest p-value that is a discovery at a level, if any is.
    pub fn threshold(&self, level: f64, adjustment: Adjustment) -> Option<f64> {
        self.last_run(level, adjustment).map(|run| run.p)
    }

    /// How many tests are discoveries at a level.
    pub fn discoveries(&self, level: f64, adjustment: Adjustment) -> u64 {
        self.last_run(level, adjustment).map_or(0, |run| run.rank)
    }

    fn last_run(&self, level: f64, adjustment: Adjustment) -> Option<Run> {
        let factor = self.factor(adjustment);
        let found = self
            .runs
            .partition_point(|run| (run.q * factor).min(1.0) <= level);
        found.checked_sub(1).map(|at| self.runs[at])
    }

    /// What an adjustment multiplies the values of Benjamini and Hochberg by.
    fn factor(&self, adjustment: Adjustment) -> f64 {
        match adjustment {
            Adjustment::BenjaminiHochberg => 1.0,
            Adjustment::BenjaminiYekutieli => harmonic(self.tests).max(1.0),
        }
    }
}

/// How many tests have each p-value. Takes room for twice as many entries as there are different
/// p-values, or for a million.
#[derive(Default)]
pub(super) struct Histogram {
    entries: Vec<(f64, u64)>,
    /// Entries at which equal p-values are brought together.
    full: usize,
    not_numbers: u64,
}

impl Histogram {
    const LEAST: usize = 1 << 20;

    pub(super) fn add(&mut self, p: f64, count: u64) {
        if p.is_nan() {
            self.not_numbers += count;
        } else if count > 0 {
            self.entries.push((p, count));
            if self.entries.len() > self.full.max(Self::LEAST) {
                self.compact();
                self.full = 2 * self.entries.len();
            }
        }
    }

    /// Sorts by p-value, greatest first, and adds up equal ones.
    fn compact(&mut self) {
        self.entries
            .sort_unstable_by(|(p, _), (q, _)| q.total_cmp(p));
        self.entries.dedup_by(|(p, count), (kept, sum)| {
            let same = p.total_cmp(kept).is_eq();
            if same {
                *sum += *count;
            }
            same
        });
    }

    /// The tests as a family, with `untested` more that could not be tested.
    pub(super) fn family(mut self, untested: u64) -> Fdr {
        self.compact();
        let tests: u64 = self.entries.iter().map(|(_, count)| count).sum();
        let mut runs: Vec<Run> = Vec::new();
        let mut rank = tests;
        for (p, count) in self.entries {
            let q = p / (rank as f64 / tests as f64);
            // The adjusted value is the least over this p-value and all greater ones.
            if runs.last().is_none_or(|run| q < run.q) {
                runs.push(Run { p, rank, q });
            }
            rank -= count;
        }
        runs.reverse();
        runs.shrink_to_fit();
        Fdr {
            tests,
            untested: untested + self.not_numbers,
            runs,
        }
    }
}

/// The harmonic number 1 + 1/2 + … + 1/n.
fn harmonic(n: u64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if n <= 1000 {
        return (1..=n).rev().map(|k| 1.0 / k as f64).sum();
    }
    // The next term of the series is under 1e-20.
    let n = n as f64;
    n.ln() + EULER + 1.0 / (2.0 * n) - 1.0 / (12.0 * n * n) + 1.0 / (120.0 * n.powi(4))
}
