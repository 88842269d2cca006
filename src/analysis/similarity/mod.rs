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
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use explain::{DimensionScore, Explanation, Kinship, Shared, explain};
pub use information::{FEWEST_PROGRAMMES, InformationContent};

use super::bits;
use super::columns::{Columns, Schema};

/// A way to compare two programmes; all give a number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Mean over dimensions of simGIC on closed sets: rare values count more.
    #[default]
    Gower,
    /// Mean over dimensions of simUI (Gentleman 2005) on closed sets: every value counts the same.
    SimUi,
    /// Jaccard (1912), I / U, on the pooled leaf values of the dimensions that both state.
    Jaccard,
    /// Szymkiewicz–Simpson overlap, I / min(a, b), on the same sets.
    Overlap,
    /// Tversky (1977) with α = 1 and β = 0, I / a: how much of the first the second has too.
    Inclusion,
    /// Cosine, also Ochiai: I / √(a b), on the same sets.
    Cosine,
}

impl Measure {
    /// All of them, the default first.
    pub const ALL: [Self; 6] = [
        Self::Gower,
        Self::SimUi,
        Self::Jaccard,
        Self::Overlap,
        Self::Inclusion,
        Self::Cosine,
    ];

    /// Its name on a command line and in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gower => "gower",
            Self::SimUi => "simui",
            Self::Jaccard => "jaccard",
            Self::Overlap => "overlap",
            Self::Inclusion => "inclusion",
            Self::Cosine => "cosine",
        }
    }

    /// The measure of a name, whatever the case of its letters.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|measure| measure.name().eq_ignore_ascii_case(name))
    }

    /// Whether S(a, b) = S(b, a).
    pub const fn is_symmetric(self) -> bool {
        !matches!(self, Self::Inclusion)
    }

    /// Whether it is a mean over dimensions of closed sets, rather than one number for the pooled
    /// leaf values.
    pub const fn is_mean(self) -> bool {
        matches!(self, Self::Gower | Self::SimUi)
    }

    /// The measure of two sets by the weights of what they share and of each. When a divisor is 0
    /// nothing is shared, and the result is 0.
    pub(super) fn ratio(self, shared: f64, a: f64, b: f64) -> f64 {
        let divisor = match self {
            Self::Gower | Self::SimUi | Self::Jaccard => a + b - shared,
            Self::Overlap => a.min(b),
            Self::Inclusion => a,
            Self::Cosine => (a * b).sqrt(),
        };
        if divisor > 0.0 { shared / divisor } else { 0.0 }
    }
}

/// What to compare, and when a comparison counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub measure: Measure,
    /// Fewest dimensions with d = 1 for a pair to have a score; 0 counts as 1.
    pub min_comparable: u32,
    /// Dimensions that take part, one bit each.
    pub dimensions: u64,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            measure: Measure::default(),
            min_comparable: 3,
            dimensions: u64::MAX,
        }
    }
}

impl Comparison {
    /// The same without the dimensions made of the same stuff as one of `axes`: to compare by them
    /// across these axes would be circular.
    #[must_use]
    pub fn clean_of(mut self, schema: &Schema, axes: &[usize]) -> Self {
        for &axis in axes {
            for &dimension in &schema.axes[axis].same_stuff_as {
                self.dimensions &= !(1 << dimension);
            }
        }
        self
    }
}

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
    /// take no part.
    pub fn restricted(&self, mut set: Vec<u64>, stated: u64) -> Profile {
        for (word, included) in set.iter_mut().zip(&self.included) {
            *word &= included;
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

    /// What the values shared by two sets in a dimension count.
    pub(super) fn weigh_shared(&self, dimension: usize, a: &[u64], b: &[u64]) -> f64 {
        let span = &self.spans[dimension];
        let words = (span.first_word..).zip(&span.masks);
        words
            .map(|(word, mask)| self.weigh_word(word, a[word] & b[word] & mask))
            .sum()
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
