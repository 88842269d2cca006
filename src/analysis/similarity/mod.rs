//! How alike two programmes are: the one definition that everything else uses.
//!
//! The default is the mean of Gower (1971) over the dimensions that both programmes state, each
//! dimension scored by simGIC (Pesquita et al. 2008) on ancestor-closed sets:
//!
//! S(i, j) = Σ w d s / Σ w d over dimensions, s = Σ IC(shared) / Σ IC(in either), with d = 1 when
//! both state the dimension and at least one has a value in it, otherwise 0.
//!
//! A dimension that one of the two does not state says nothing, so it is left out, and an interval
//! tells what it could have done: `low` scores every such dimension 0, `high` scores it 1 (the
//! bounds of Gower's coefficient under missing values). A dimension in which both state that
//! nothing holds is known, not missing: it is left out of the interval too.

mod explain;
mod information;
mod measure;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use explain::{DimensionScore, Explanation, Kinship, Shared, explain};
pub use information::{FEWEST_PROGRAMMES, InformationContent};
pub use measure::{Comparison, Measure};

use super::bits;
use super::columns::{Columns, Schema};

/// How alike two programmes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// The score, 0 to 1.
    pub score: f64,
    /// What it would be if each dimension that one of the two leaves open scored 0. For the
    /// measures on pooled values: the same weighing of the score, by the weights of the dimensions.
    pub low: f64,
    /// The same with 1.
    pub high: f64,
    /// How many dimensions were compared.
    pub comparable: u32,
}

/// How alike two programmes are; `None` when they share fewer comparable dimensions than asked.
///
/// Linear in the number of values. To compare many pairs, keep a [`Comparer`].
pub fn similarity(
    columns: &Columns,
    ic: &InformationContent,
    comparison: &Comparison,
    a: usize,
    b: usize,
) -> Option<Similarity> {
    let comparer = Comparer::new(columns.schema(), ic, comparison);
    let (a, b) = (comparer.profile(columns, a), comparer.profile(columns, b));
    comparer.compare(a.view(), b.view())
}

/// What a programme looks like to a measure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Values that take part: closed or leaves, as the measure asks.
    pub set: Vec<u64>,
    /// Dimensions stated that take part, one bit each.
    pub stated: u64,
}

impl Profile {
    /// The profile, borrowed.
    pub fn view(&self) -> View<'_> {
        View {
            set: &self.set,
            stated: self.stated,
        }
    }
}

/// A borrowed [`Profile`].
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(super) set: &'a [u64],
    pub(super) stated: u64,
}

/// The words of a set that hold the values of a dimension, with the mask of each.
#[derive(Clone, Debug)]
struct Span {
    values: Range<usize>,
    first_word: usize,
    masks: Vec<u64>,
}

/// A comparison, ready to be made many times.
#[derive(Clone, Debug)]
pub struct Comparer {
    comparison: Comparison,
    /// Weight of each dimension.
    weights: Vec<f64>,
    spans: Vec<Span>,
    /// What each value counts.
    pub(super) counts_as: Vec<f64>,
    /// The dimension of each value.
    dimension_of: Vec<usize>,
    /// Values of the dimensions that take part.
    included: Vec<u64>,
}

/// Weights of the values of one dimension: of those shared, and of each side's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    pub(super) shared: f64,
    pub(super) a: f64,
    pub(super) b: f64,
}

impl Comparer {
    /// A comparison by a table of information content, which must be of the same schema.
    pub fn new(schema: &Schema, ic: &InformationContent, comparison: &Comparison) -> Self {
        let mut included = vec![0; schema.value_words()];
        let mut known = 0;
        let mut spans = Vec::with_capacity(schema.dimensions.len());
        for (at, dimension) in schema.dimensions.iter().enumerate() {
            let mask = bits::of_range(dimension.values.clone(), schema.value_words());
            let first_word = dimension.values.start / bits::WORD;
            let last = bits::words(dimension.values.end).max(first_word);
            spans.push(Span {
                values: dimension.values.clone(),
                first_word,
                masks: mask[first_word.min(mask.len())..last].to_vec(),
            });
            if comparison.dimensions >> at & 1 == 1 {
                known |= 1 << at;
                bits::union_with(&mut included, &mask);
            }
        }
        let counts_as = match comparison.measure {
            Measure::Gower => ic.values().to_vec(),
            _ => vec![1.0; schema.values.len()],
        };
        Self {
            comparison: Comparison {
                dimensions: known,
                min_comparable: comparison.min_comparable.max(1),
                ..*comparison
            },
            weights: schema
                .dimensions
                .iter()
                .map(|dimension| dimension.weight)
                .collect(),
            spans,
            counts_as,
            dimension_of: schema.values.iter().map(|value| value.scheme).collect(),
            included,
        }
    }

    /// The comparison, with the dimensions that there are and at least one to compare.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// What a programme looks like to this comparison.
    pub fn profile(&self, columns: &Columns, programme: usize) -> Profile {
        let set = if self.comparison.measure.is_mean() {
            columns.closure(programme)
        } else {
            columns.leaves(programme)
        };
        self.restricted(set, columns.stated(programme))
    }

    /// A profile of a set, closed or of leaves as the measure asks, without the dimensions that
    /// take no part. A dimension with a value is stated.
    pub fn restricted(&self, mut set: Vec<u64>, mut stated: u64) -> Profile {
        for (word, included) in set.iter_mut().zip(&self.included) {
            *word &= included;
        }
        for value in bits::ones(&set) {
            stated |= 1 << self.dimension_of[value];
        }
        Profile {
            set,
            stated: stated & self.comparison.dimensions,
        }
    }

    /// How alike two profiles are; linear in the number of values.
    pub fn compare(&self, a: View<'_>, b: View<'_>) -> Option<Similarity> {
        self.compare_by(a.stated, b.stated, |dimension| self.parts(dimension, a, b))
    }

    /// The same from the parts of each dimension that both state; `None` for a dimension in which
    /// neither has a value.
    pub(super) fn compare_by(
        &self,
        a: u64,
        b: u64,
        mut parts: impl FnMut(usize) -> Option<Parts>,
    ) -> Option<Similarity> {
        let measure = self.comparison.measure;
        let (mut weight, mut sum, mut comparable) = (0.0, 0.0, 0);
        let mut pooled = Parts {
            shared: 0.0,
            a: 0.0,
            b: 0.0,
        };
        for dimension in bits::ones(&[a & b]) {
            let Some(found) = parts(dimension) else {
                continue;
            };
            comparable += 1;
            weight += self.weights[dimension];
            if measure.is_mean() {
                sum += self.weights[dimension] * measure.ratio(found.shared, found.a, found.b);
            } else {
                pooled.shared += found.shared;
                pooled.a += found.a;
                pooled.b += found.b;
            }
        }
        if comparable < self.comparison.min_comparable {
            return None;
        }
        let score = if measure.is_mean() {
            sum / weight
        } else {
            measure.ratio(pooled.shared, pooled.a, pooled.b)
        };
        let low = score * self.known_share(weight, a & b);
        Some(Similarity {
            score,
            low,
            high: (low + (1.0 - self.known_share(weight, a & b))).clamp(score, 1.0),
            comparable,
        })
    }

    /// What share `weight`, that of the dimensions compared, has of itself and of the dimensions
    /// that are not in `both`, those that both state.
    pub(super) fn known_share(&self, weight: f64, both: u64) -> f64 {
        let open = self.comparison.dimensions & !both;
        let open: f64 = bits::ones(&[open])
            .map(|dimension| self.weights[dimension])
            .sum();
        weight / (weight + open)
    }

    /// The parts of one dimension; `None` when neither has a value in it. When everything that
    /// either has counts 0, each value counts 1.
    pub(super) fn parts(&self, dimension: usize, a: View<'_>, b: View<'_>) -> Option<Parts> {
        let span = &self.spans[dimension];
        let mut parts = Parts {
            shared: 0.0,
            a: 0.0,
            b: 0.0,
        };
        let mut empty = true;
        for (word, mask) in (span.first_word..).zip(&span.masks) {
            let (a, b) = (a.set[word] & mask, b.set[word] & mask);
            empty &= a | b == 0;
            parts.shared += self.weigh_word(word, a & b);
            parts.a += self.weigh_word(word, a);
            parts.b += self.weigh_word(word, b);
        }
        if empty {
            return None;
        }
        if parts.a + parts.b > 0.0 {
            return Some(parts);
        }
        Some(self.counts(dimension, a, b))
    }

    /// The parts of one dimension when every value counts 1.
    pub(super) fn counts(&self, dimension: usize, a: View<'_>, b: View<'_>) -> Parts {
        let span = &self.spans[dimension];
        let count = |set: &dyn Fn(usize) -> u64| -> f64 {
            let words = (span.first_word..).zip(&span.masks);
            f64::from(
                words
                    .map(|(word, mask)| (set(word) & mask).count_ones())
                    .sum::<u32>(),
            )
        };
        Parts {
            shared: count(&|word| a.set[word] & b.set[word]),
            a: count(&|word| a.set[word]),
            b: count(&|word| b.set[word]),
        }
    }

    /// What the values of a dimension count in a set.
    pub(super) fn weigh(&self, dimension: usize, set: &[u64]) -> f64 {
        let span = &self.spans[dimension];
        let words = (span.first_word..).zip(&span.masks);
        words
            .map(|(word, mask)| self.weigh_word(word, set[word] & mask))
            .sum()
    }

    /// What the values shared by two sets count in each dimension.
    pub(super) fn weigh_all_shared(&self, a: &[u64], b: &[u64], sums: &mut [f64]) {
        for (word, (a, b)) in a.iter().zip(b).enumerate() {
            let mut shared = a & b;
            while shared != 0 {
                let value = word * bits::WORD + shared.trailing_zeros() as usize;
                sums[self.dimension_of[value]] += self.counts_as[value];
                shared &= shared - 1;
            }
        }
    }

    /// Whether a set has a value in a dimension.
    pub(super) fn has_any(&self, dimension: usize, set: &[u64]) -> bool {
        let span = &self.spans[dimension];
        (span.first_word..)
            .zip(&span.masks)
            .any(|(word, mask)| set[word] & mask != 0)
    }

    /// How many values a set has in a dimension.
    pub(super) fn count(&self, dimension: usize, set: &[u64]) -> u32 {
        let span = &self.spans[dimension];
        let words = (span.first_word..).zip(&span.masks);
        words
            .map(|(word, mask)| (set[word] & mask).count_ones())
            .sum()
    }

    /// The dimension of a value.
    pub(super) fn dimension_of(&self, value: usize) -> usize {
        self.dimension_of[value]
    }

    /// Positions of the values of a dimension.
    pub(super) fn values_of(&self, dimension: usize) -> Range<usize> {
        self.spans[dimension].values.clone()
    }

    /// How many dimensions there are, those that take no part included.
    pub(super) fn dimensions(&self) -> usize {
        self.weights.len()
    }

    /// The weight of a dimension.
    pub(super) fn weight(&self, dimension: usize) -> f64 {
        self.weights[dimension]
    }

    fn weigh_word(&self, word: usize, mut members: u64) -> f64 {
        let mut sum = 0.0;
        while members != 0 {
            sum += self.counts_as[word * bits::WORD + members.trailing_zeros() as usize];
            members &= members - 1;
        }
        sum
    }
}
