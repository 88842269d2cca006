//! Is what two programmes share more than chance?
//!
//! The null model keeps how many values each programme has and how many programmes each value has,
//! dimension by dimension, and is otherwise random: a bipartite configuration model for every
//! dimension (Saracco and others 2017; Neal 2014), over the programmes that state the dimension and
//! over most specific values, since broader ones are copies. Dimensions are independent of each
//! other. The p-value of a pair is the probability of sharing at least as many values of the
//! dimensions that both state; it depends on the two programmes only through how many values they
//! have in each, so a small table holds all of them.
//!
//! Show the size of the effect ([`Significance::lift`]) with every p-value: with many programmes,
//! much is significant and little is large.

mod bicm;
mod fdr;
mod mixing;
mod overlap;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

pub use fdr::{Adjustment, Fdr};
pub use mixing::{SiloMixing, SiloPair, silo_mixing};

use self::bicm::Bicm;
use self::fdr::Histogram;
use self::overlap::{Overlap, upper_tails};
use super::bits;
use super::columns::Columns;

/// A null model cannot be fitted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FitError {
    /// The multipliers of a dimension were not found.
    NotConverged {
        /// Short code of the dimension.
        dimension: String,
        /// Greatest relative distance of an expected number of values from the observed one.
        residual: f64,
        /// Steps taken.
        steps: u32,
    },
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConverged {
                dimension,
                residual,
                steps,
            } => write!(
                f,
                "the null model of dimension `{dimension}` was not found: after {steps} steps the \
                 numbers it expects are still off by up to {residual:.1e} of the observed ones"
            ),
        }
    }
}

impl std::error::Error for FitError {}

/// How much two programmes share, against chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Significance {
    /// Most specific values that both have, over the dimensions that both state.
    pub shared: u32,
    /// How many the null model expects; at least 0.
    pub expected: f64,
    /// Shared over expected; `None` when nothing is expected.
    pub lift: Option<f64>,
    /// Probability of sharing at least as many by chance; above 0 and at most 1.
    pub p: f64,
}

/// Which pairs of programmes make a family of tests.
#[derive(Clone, Copy, Default)]
pub enum Pairs<'a> {
    /// All pairs.
    #[default]
    All,
    /// The pairs for which this holds. It is asked once a pair with the lower position first, and
    /// with the same position twice for two programmes of one row that stands for several.
    Where(&'a dyn Fn(usize, usize) -> bool),
}

impl fmt::Debug for Pairs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "All",
            Self::Where(_) => "Where(…)",
        })
    }
}

/// The null model of all dimensions.
#[derive(Clone, Debug)]
pub struct SignificanceModel {
    dimensions: Vec<DimensionModel>,
    /// Dimensions with something left to chance, one bit each.
    open: u64,
    words: usize,
    /// Most specific values of each programme, `words` words each.
    leaves: Vec<u64>,
    counts: Vec<u64>,
    /// For each programme, position in `profiles`.
    profile_of: Vec<usize>,
    profiles: Vec<Profile>,
}

/// All that the null model knows of a programme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    stated: u64,
    /// For each dimension, the class of its number of values; 0 where it is not stated.
    classes: Vec<usize>,
}

#[derive(Clone, Debug)]
struct DimensionModel {
    bicm: Bicm,
    values: Range<usize>,
    /// For each value, the class of its number of programmes.
    value_classes: Vec<usize>,
    /// For classes a ≤ b, at b (b + 1) / 2 + a.
    overlaps: Vec<Overlap>,
}

impl DimensionModel {
    fn overlap(&self, a: usize, b: usize) -> &Overlap {
        let (low, high) = (a.min(b), a.max(b));
        &self.overlaps[high * (high + 1) / 2 + low]
    }

    /// The most values that programmes of two classes can share.
    fn most(&self, a: usize, b: usize) -> usize {
        let degree = self.bicm.rows[a].degree.min(self.bicm.rows[b].degree);
        usize::try_from(degree).unwrap_or(usize::MAX)
    }
}

/// Programmes with the same most specific values.
#[derive(Clone, Copy)]
struct Member {
    programme: usize,
    count: u64,
}

impl SignificanceModel {
    /// Fits the model. Takes O(programmes) and, for each dimension, O(d³ + d² v²) for d distinct
    /// numbers of values and v values: little at any number of programmes.
    pub fn fit(columns: &Columns) -> Result<Self, FitError> {
        let schema = columns.schema();
        let words = schema.value_words();
        let leaves: Vec<u64> = (0..columns.len())
            .flat_map(|programme| columns.leaves(programme))
            .collect();
        let counts: Vec<u64> = (0..columns.len())
            .map(|programme| u64::from(columns.count(programme)))
            .collect();
        let leaves_of = |programme: usize| &leaves[programme * words..(programme + 1) * words];
        let mut profiles: Vec<Profile> = (0..columns.len())
            .map(|programme| Profile {
                stated: columns.stated(programme),
                classes: vec![0; schema.dimensions.len()],
            })
            .collect();
        let mut dimensions = Vec::new();
        let mut open = 0;
        for (at, dimension) in schema.dimensions.iter().enumerate() {
            let mask = bits::of_range(dimension.values.clone(), words);
            let mut value_degrees = vec![0; dimension.values.len()];
            let mut degrees = Vec::new();
            for programme in (0..columns.len()).filter(|&p| columns.states(p, at)) {
                let leaves = leaves_of(programme);
                let degree = u64::from(bits::count_common(leaves, &mask));
                degrees.push((programme, degree));
                for value in bits::ones(leaves).filter(|value| dimension.values.contains(value)) {
                    value_degrees[value - dimension.values.start] += counts[programme];
                }
            }
            let rows = bicm::classes(degrees.iter().map(|&(p, degree)| (degree, counts[p])));
            let values = bicm::classes(value_degrees.iter().map(|&degree| (degree, 1)));
            let bicm = Bicm::fit(rows, values).map_err(|stalled| FitError::NotConverged {
                dimension: dimension.notation.clone(),
                residual: stalled.residual,
                steps: stalled.steps,
            })?;
            for (programme, degree) in degrees {
                profiles[programme].classes[at] = bicm.row_class(degree).unwrap_or_default();
            }
            if bicm.degrees_of_freedom > 0 {
                open |= 1 << at;
            }
            let overlaps = (0..bicm.rows.len())
                .flat_map(|high| (0..=high).map(move |low| (low, high)))
                .map(|(low, high)| Overlap::of(&bicm, low, high))
                .collect();
            dimensions.push(DimensionModel {
                value_classes: value_degrees
                    .iter()
                    .map(|&degree| bicm.column_class(degree).unwrap_or_default())
                    .collect(),
                values: dimension.values.clone(),
                bicm,
                overlaps,
            });
        }
        let mut positions: BTreeMap<&Profile, usize> = profiles.iter().map(|p| (p, 0)).collect();
        for (at, position) in positions.values_mut().enumerate() {
            *position = at;
        }
        let profile_of = profiles.iter().map(|profile| positions[profile]).collect();
        let distinct = positions.into_keys().cloned().collect();
        Ok(Self {
            dimensions,
            open,
            words,
            leaves,
            counts,
            profile_of,
            profiles: distinct,
        })
    }

    /// How many directions the null model leaves open: the dimension of the space of tables with
    /// the observed margins, which for a table without forced cells is (rows − 1)(columns − 1).
    /// At 0 everything is decided by the margins and no pair can be tested.
    pub fn degrees_of_freedom(&self) -> u64 {
        (0..self.dimensions.len())
            .map(|dimension| self.degrees_of_freedom_in(dimension))
            .sum()
    }

    /// The same for one dimension.
    pub fn degrees_of_freedom_in(&self, dimension: usize) -> u64 {
        self.dimensions[dimension].bicm.degrees_of_freedom
    }

    /// The probability that a programme has a value as a most specific one; `None` when it does not
    /// state the dimension.
    pub fn probability(&self, programme: usize, value: usize) -> Option<f64> {
        let profile = &self.profiles[self.profile_of[programme]];
        let (at, dimension) = self
            .dimensions
            .iter()
            .enumerate()
            .find(|(_, dimension)| dimension.values.contains(&value))?;
        (profile.stated >> at & 1 == 1).then(|| {
            let class = dimension.value_classes[value - dimension.values.start];
            dimension.bicm.row(profile.classes[at])[class]
        })
    }

    /// What two programmes share, against chance; the same position twice stands for two programmes
    /// of a row that stands for several. `None` when there is nothing to test: no dimension that
    /// both state leaves anything to chance.
    pub fn pair(&self, a: usize, b: usize) -> Option<Significance> {
        if a == b && self.counts[a] < 2 {
            return None;
        }
        let (x, y) = (self.profile_of[a], self.profile_of[b]);
        if !self.testable(x, y) {
            return None;
        }
        let (mut overlaps, mut below, mut tails) = (Vec::new(), Vec::new(), Vec::new());
        let most = self.comparable(x, y, &mut overlaps);
        upper_tails(overlaps.iter().copied(), most, &mut below, &mut tails);
        let shared = bits::count_common(self.leaves_of(a), self.leaves_of(b));
        let expected: f64 = overlaps.iter().map(|overlap| overlap.expected).sum();
        Some(Significance {
            shared,
            expected,
            lift: (expected > 0.0).then(|| f64::from(shared) / expected),
            p: tails[shared as usize],
        })
    }

    /// The false discovery rate over a family of pairs. Shared values are counted for every pair of
    /// distinct profiles, which is quadratic; the p-values are a histogram, and no list of pairs is
    /// kept. Memory grows with the number of different p-values: some thousands in one dimension, and
    /// up to some millions in six, at 32 bytes.
    pub fn false_discovery(&self, pairs: Pairs<'_>) -> Fdr {
        match pairs {
            Pairs::All => self.tally(true, |_, _| true),
            Pairs::Where(holds) => self.tally(false, holds),
        }
    }

    fn tally(&self, collapse: bool, holds: impl Fn(usize, usize) -> bool) -> Fdr {
        let members = self.members(collapse);
        let (mut overlaps, mut below, mut tails) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_shared = vec![0; self.words * bits::WORD + 1];
        let mut histogram = Histogram::default();
        let (mut untested, mut sure) = (0, 0);
        for (y, second) in members.iter().enumerate() {
            for (x, first) in members[..=y].iter().enumerate() {
                self.count_pairs(first, (x != y).then_some(second), &holds, &mut by_shared);
                if !self.testable(x, y) {
                    untested += by_shared.iter().sum::<u64>();
                    by_shared.fill(0);
                    continue;
                }
                let most = self.comparable(x, y, &mut overlaps);
                let seen = &mut by_shared[..=most];
                // To share at least nothing is sure.
                sure += std::mem::take(&mut seen[0]);
                if seen.iter().all(|&count| count == 0) {
                    continue;
                }
                upper_tails(overlaps.iter().copied(), most, &mut below, &mut tails);
                for (count, &p) in seen.iter_mut().zip(&tails) {
                    histogram.add(p, std::mem::take(count));
                }
            }
        }
        histogram.add(1.0, sure);
        histogram.family(untested)
    }

    /// Adds to `by_shared`, at the number of shared values, how many pairs share it.
    fn count_pairs(
        &self,
        first: &[Member],
        second: Option<&Vec<Member>>,
        holds: &impl Fn(usize, usize) -> bool,
        by_shared: &mut [u64],
    ) {
        for (at, a) in first.iter().enumerate() {
            let leaves = self.leaves_of(a.programme);
            if second.is_none() && a.count > 1 && holds(a.programme, a.programme) {
                by_shared[bits::count(leaves) as usize] += a.count * (a.count - 1) / 2;
            }
            for b in second.map_or(&first[at + 1..], Vec::as_slice) {
                let (low, high) = (a.programme.min(b.programme), a.programme.max(b.programme));
                if holds(low, high) {
                    let shared = bits::count_common(leaves, self.leaves_of(b.programme));
                    by_shared[shared as usize] += a.count * b.count;
                }
            }
        }
    }

    /// The programmes of each profile; those with the same values as one, if `collapse`.
    fn members(&self, collapse: bool) -> Vec<Vec<Member>> {
        let mut members: Vec<Vec<Member>> = vec![Vec::new(); self.profiles.len()];
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        if collapse {
            order.sort_by_key(|&programme| self.leaves_of(programme));
        }
        for programme in order {
            let (members, count) = (
                &mut members[self.profile_of[programme]],
                self.counts[programme],
            );
            match members.last_mut() {
                Some(last)
                    if collapse && self.leaves_of(last.programme) == self.leaves_of(programme) =>
                {
                    last.count += count;
                }
                _ => members.push(Member { programme, count }),
            }
        }
        members
    }

    /// Whether chance plays a part in what programmes of two profiles share.
    fn testable(&self, x: usize, y: usize) -> bool {
        self.profiles[x].stated & self.profiles[y].stated & self.open != 0
    }

    /// Fills in the distributions of the dimensions that both profiles state; gives the most values
    /// that they can share.
    fn comparable<'a>(&'a self, x: usize, y: usize, overlaps: &mut Vec<&'a Overlap>) -> usize {
        let (x, y) = (&self.profiles[x], &self.profiles[y]);
        overlaps.clear();
        let mut most = 0;
        for at in bits::ones(&[x.stated & y.stated]) {
            let dimension = &self.dimensions[at];
            overlaps.push(dimension.overlap(x.classes[at], y.classes[at]));
            most += dimension.most(x.classes[at], y.classes[at]);
        }
        most
    }

    fn leaves_of(&self, programme: usize) -> &[u64] {
        &self.leaves[programme * self.words..(programme + 1) * self.words]
    }
}
