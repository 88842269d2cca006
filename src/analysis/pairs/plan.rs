//! What to add for one query, and how much a row must reach.

use super::super::bits;
use super::super::similarity::{Comparer, Measure, Parts};
use super::adder::{PLANES, SKIP, WEIGHTED_LEVELS, padded};
use super::rows::{Rows, Segment};

/// As many dimensions as a schema has at most.
const MOST_DIMENSIONS: usize = 64;

/// Lets rounding in the bound never lose a pair.
const SLACK: f64 = 1e-6;

/// What the query is to the rows of one group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relation {
    /// Dimensions that both state.
    pub(super) both: u64,
    /// Those in which at least one has a value.
    pub(super) compared: u64,
    /// Their weight.
    pub(super) weight: f64,
    /// Their share of it and of the weight of what is left open.
    pub(super) share: f64,
    /// Weight of dimensions in which the bound says nothing.
    free: f64,
    /// Values of the query in the dimensions that both state.
    size: u32,
}

/// A query, ready to be added up.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) row: usize,
    /// Bitmaps by the bits of their weights.
    pub(super) planes: [Vec<u32>; PLANES],
    /// The largest sum there can be.
    total: u32,
    /// How much of the score one unit of the sum is worth, before division by the weight.
    unit: f64,
    /// For each group; `None` when too few dimensions are comparable.
    pub(super) relations: Vec<Option<Relation>>,
}

impl Plan {
    pub(super) fn new(comparer: &Comparer, rows: &Rows, row: usize) -> Self {
        let mean = comparer.comparison().measure.is_mean();
        let own = rows.groups[rows.group(row)];
        let set = rows.set(row);
        let free_of = |f: usize| mean && own.filled >> f & 1 == 1 && rows.sum(row, f) <= 0.0;
        let relation = |other: &super::rows::Group| {
            let both = own.stated & other.stated;
            let compared = both & (own.filled | other.filled);
            let weight = sum(compared, |f| comparer.weight(f));
            (compared.count_ones() >= comparer.comparison().min_comparable).then(|| Relation {
                both,
                compared,
                weight,
                share: comparer.known_share(weight, both),
                free: sum(
                    compared,
                    |f| if free_of(f) { comparer.weight(f) } else { 0.0 },
                ),
                size: if mean {
                    0
                } else {
                    bits::ones(&[both]).map(|f| comparer.count(f, set)).sum()
                },
            })
        };
        let mut plan = Self {
            row,
            planes: Default::default(),
            total: bits::count(set),
            unit: 1.0,
            relations: rows.groups.iter().map(relation).collect(),
        };
        if mean {
            plan.weigh(comparer, rows);
        } else {
            plan.planes[0].reserve_exact(padded(plan.total as usize));
            plan.planes[0].extend(bits::ones(set).map(|value| rows.bitmap(value, 0)));
        }
        for plane in &mut plan.planes {
            plane.resize(padded(plane.len()), rows.bitmaps.empty());
        }
        plan
    }

    /// Values of the query that each group can share: on pooled sets all that the least sums of
    /// the blocks depend on.
    pub(super) fn sizes(&self) -> Vec<Option<u32>> {
        self.relations
            .iter()
            .map(|relation| relation.map(|relation| relation.size))
            .collect()
    }

    /// Weights for S ≤ Σ w IC(t) / (max(X, Y) W) over shared values t, where X and Y are what the
    /// values of the query and of the row count in the dimension of t: rounded up to whole units of
    /// [`PLANES`] bits. Y is known by its class: a row of class c gets its weight as the sum of the
    /// differences from each class to the next, from c on.
    fn weigh(&mut self, comparer: &Comparer, rows: &Rows) {
        let set = rows.set(self.row);
        let sum = |dimension: usize| rows.sum(self.row, dimension);
        let mut weights = Vec::new();
        for dimension in bits::ones(&[rows.groups[rows.group(self.row)].filled]) {
            for value in comparer.values_of(dimension) {
                let counts = comparer.counts_as[value];
                if counts > 0.0 && bits::contains(set, value) {
                    weights.push((dimension, value, comparer.weight(dimension) * counts));
                }
            }
        }
        let shares = weights
            .iter()
            .map(|&(dimension, _, weight)| weight / sum(dimension));
        let largest = shares.clone().fold(0.0, f64::max);
        let all: f64 = shares.sum();
        let room = f64::from(1u32 << WEIGHTED_LEVELS) - 2.0 - weights.len() as f64;
        if room < 1.0 {
            // More values than the counter has room for: no bound, every row is judged.
            self.unit = f64::INFINITY;
            self.total = 0;
            return;
        }
        let most = f64::from((1u32 << PLANES) - 1);
        self.unit = (largest / most).max(all / room);
        self.total = 0;
        for (dimension, value, weight) in weights {
            let units = |bound: &f64| {
                let units = weight / bound.max(sum(dimension)) / self.unit - 1e-9;
                whole(units.ceil().clamp(1.0, most))
            };
            let of_class: Vec<u32> = rows.bounds(dimension).iter().map(units).collect();
            self.total += of_class[0];
            let next = of_class[1..].iter().copied().chain([0]);
            for (class, (units, next)) in of_class.iter().zip(next).enumerate() {
                for (bit, plane) in self.planes.iter_mut().enumerate() {
                    if (units - next) >> bit & 1 == 1 {
                        plane.push(rows.bitmap(value, class));
                    }
                }
            }
        }
    }

    /// The least sum that a row of the segment needs for a score of `threshold`, or [`SKIP`]; and
    /// whether every row that has it reaches the threshold.
    pub(super) fn least(
        &self,
        comparer: &Comparer,
        rows: &Rows,
        segment: &Segment,
        threshold: f64,
        sharp: bool,
    ) -> (u32, bool) {
        let Some(relation) = &self.relations[segment.group] else {
            return (SKIP, true);
        };
        let measure = comparer.comparison().measure;
        if measure.is_mean() {
            let least = (threshold * relation.weight - relation.free) / self.unit - SLACK;
            let mut least = least.ceil().max(0.0);
            if threshold > 0.0 && relation.free <= 0.0 && self.unit.is_finite() {
                // Whoever shares nothing that counts has a score of 0.
                least = least.max(1.0);
            }
            // An infinite unit gives 0 (no bound) or NaN, and NaN as an integer is 0.
            return (
                if least > f64::from(self.total) {
                    SKIP
                } else {
                    whole(least)
                },
                false,
            );
        }
        let is_whole = relation.both == rows.groups[segment.group].stated;
        let other = if is_whole {
            segment.size
        } else {
            bits::ones(&[relation.both])
                .map(|f| segment.fewest[f])
                .sum()
        };
        let (a, b) = (f64::from(relation.size), f64::from(other));
        let mut least = (least_shared(measure, threshold, a, b) - SLACK).ceil();
        least = least.max(if threshold > 0.0 { 1.0 } else { 0.0 });
        if is_whole && sharp {
            while least <= a && measure.ratio(least, a, b) < threshold {
                least += 1.0;
            }
        }
        (
            if least > a { SKIP } else { whole(least) },
            is_whole && sharp,
        )
    }

    /// The score and `low` of a row, when there is a score and it is at least `threshold`.
    pub(super) fn judge(
        &self,
        comparer: &Comparer,
        rows: &Rows,
        row: usize,
        threshold: f64,
    ) -> Option<(f64, f64)> {
        let group = rows.group(row);
        let relation = self.relations[group].as_ref()?;
        let measure = comparer.comparison().measure;
        let ((a, sums_a), (b, sums_b)) = (rows.record(self.row), rows.record(row));
        let score = if measure.is_mean() {
            let mut shared = [0.0; MOST_DIMENSIONS];
            comparer.weigh_all_shared(a, b, &mut shared);
            let mut sum = 0.0;
            // A dimension that is not compared adds 0.
            for (dimension, (x, y)) in sums_a.iter().zip(sums_b).enumerate() {
                let (x, y) = (f64::from_bits(*x), f64::from_bits(*y));
                let mut parts = Parts {
                    shared: shared[dimension],
                    a: x,
                    b: y,
                };
                if rows.weightless && x + y <= 0.0 && relation.compared >> dimension & 1 == 1 {
                    parts = comparer.counts(dimension, rows.view(self.row), rows.view(row));
                }
                sum += comparer.weight(dimension) * measure.ratio(parts.shared, parts.a, parts.b);
            }
            sum / relation.weight
        } else {
            let size = if relation.both == rows.groups[group].stated {
                bits::count(b)
            } else {
                bits::ones(&[relation.both])
                    .map(|f| comparer.count(f, b))
                    .sum()
            };
            let shared = bits::count_common(a, b);
            measure.ratio(f64::from(shared), f64::from(relation.size), f64::from(size))
        };
        (score >= threshold).then_some((score, score * relation.share))
    }
}

/// A small whole number as an integer; 0 for what is not a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the casts saturate, and a sum this large is never reached"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

fn sum(dimensions: u64, of: impl Fn(usize) -> f64) -> f64 {
    // A fold from 0.0, so that the terms add up as they do in `Comparer::compare`.
    bits::ones(&[dimensions]).fold(0.0, |sum, dimension| sum + of(dimension))
}

/// The least intersection, as a real number, for sets of `a` and `b` values to reach `threshold`;
/// never less for a larger `b`.
fn least_shared(measure: Measure, threshold: f64, a: f64, b: f64) -> f64 {
    match measure {
        Measure::Gower | Measure::SimUi | Measure::Jaccard => {
            threshold * (a + b) / (1.0 + threshold)
        }
        Measure::Overlap => threshold * a.min(b),
        Measure::Inclusion => threshold * a,
        Measure::Cosine => threshold * (a * b).sqrt(),
    }
}
