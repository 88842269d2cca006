//! Why two programmes are as alike as they are: a score split into what they share.

use super::super::bits;
use super::super::columns::{Columns, Schema};
use super::{Comparer, Comparison, InformationContent, Parts, Similarity};

/// In what way two programmes share a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kinship {
    /// Both have just this, and nothing narrower.
    Same,
    /// They share something narrower, which implies it.
    Implied,
    /// Both have something narrower, but nothing narrower in common: both do some of this, of
    /// different kinds.
    DifferentKinds,
    /// One has something narrower; the other says no more than this.
    OneNarrower,
}

/// A value that two programmes share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shared {
    /// Position of the value.
    pub value: usize,
    /// Its part of the score, at least 0.
    pub contribution: f64,
    /// How they share it.
    pub kinship: Kinship,
}

/// How alike two programmes are in one dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DimensionScore {
    /// Position of the dimension.
    pub dimension: usize,
    /// The measure within the dimension, 0 to 1.
    pub score: f64,
    /// Its part of the score; the parts sum to the score.
    pub contribution: f64,
}

/// Why two programmes are as alike as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The score and its interval.
    pub similarity: Similarity,
    /// What both have, the largest contribution first, ties by position. The contributions sum to
    /// the score; for overlap, inclusion and cosine each shared value has the same.
    pub shared: Vec<Shared>,
    /// Leaf values of the first, in dimensions that both state, that the second has not, not even
    /// as a broader value of what it has.
    pub only_a: Vec<usize>,
    /// The same for the second.
    pub only_b: Vec<usize>,
    /// The dimensions compared.
    pub dimensions: Vec<DimensionScore>,
    /// Dimensions not compared because at least one leaves them open.
    pub not_comparable: Vec<usize>,
    /// Dimensions not compared because both state that nothing holds.
    pub empty: Vec<usize>,
}

impl Explanation {
    /// The shared values with the contributions of [implied](Kinship::Implied) ones moved down, in
    /// equal parts, to the narrowest shared values that imply them. The sum stays; same order.
    pub fn narrowest(&self, schema: &Schema) -> Vec<Shared> {
        let (implied, mut kept): (Vec<Shared>, Vec<Shared>) = self
            .shared
            .iter()
            .partition(|shared| shared.kinship == Kinship::Implied);
        for shared in implied {
            let under = |value: usize| schema.values[value].ancestors.contains(&shared.value);
            let heirs = kept.iter().filter(|heir| under(heir.value)).count();
            for heir in kept.iter_mut().filter(|heir| under(heir.value)) {
                heir.contribution += shared.contribution / heirs as f64;
            }
        }
        sort(&mut kept);
        kept
    }
}

fn sort(shared: &mut [Shared]) {
    shared.sort_by(|x, y| {
        y.contribution
            .total_cmp(&x.contribution)
            .then(x.value.cmp(&y.value))
    });
}

/// Explains the [similarity](super::similarity) of two programmes; `None` when it has none.
///
/// For the means over dimensions, a shared value *t* of dimension *f* contributes
/// w · IC(t) / (W · U), with W the weights of the dimensions compared and U the information content
/// of what either has in *f*. Linear in the number of values, times those shared.
pub fn explain(
    columns: &Columns,
    ic: &InformationContent,
    comparison: &Comparison,
    a: usize,
    b: usize,
) -> Option<Explanation> {
    let schema = columns.schema();
    let comparer = Comparer::new(schema, ic, comparison);
    let measure = comparer.comparison().measure;
    let (profile_a, profile_b) = (comparer.profile(columns, a), comparer.profile(columns, b));
    let (x, y) = (profile_a.view(), profile_b.view());
    let similarity = comparer.compare(x, y)?;

    let all = comparer.comparison().dimensions;
    let both = x.stated & y.stated;
    let compared: Vec<(usize, Parts)> = bits::ones(&[both])
        .filter_map(|dimension| Some((dimension, comparer.parts(dimension, x, y)?)))
        .collect();
    let is_compared = |dimension: &usize| compared.iter().any(|(other, _)| other == dimension);
    let empty = bits::ones(&[both])
        .filter(|dimension| !is_compared(dimension))
        .collect();
    let weight: f64 = compared.iter().map(|&(f, _)| comparer.weight(f)).sum();
    let in_common: f64 = compared.iter().map(|(_, parts)| parts.shared).sum();

    let leaves = (columns.leaves(a), columns.leaves(b));
    let closures = (columns.closure(a), columns.closure(b));
    let mut shared = Vec::new();
    let mut dimensions = Vec::new();
    let (mut only_a, mut only_b) = (Vec::new(), Vec::new());
    for &(dimension, parts) in &compared {
        let score = measure.ratio(parts.shared, parts.a, parts.b);
        let all_zero = comparer.weigh(dimension, x.set) + comparer.weigh(dimension, y.set) == 0.0;
        let mut sum = 0.0;
        for value in comparer.values_of(dimension) {
            let has = |set: &[u64]| bits::contains(set, value);
            if has(&leaves.0) && !has(&closures.1) {
                only_a.push(value);
            }
            if has(&leaves.1) && !has(&closures.0) {
                only_b.push(value);
            }
            if !(has(x.set) && has(y.set)) {
                continue;
            }
            let counts = if all_zero {
                1.0
            } else {
                comparer.counts_as[value]
            };
            let contribution = if measure.is_mean() {
                let union = parts.a + parts.b - parts.shared;
                comparer.weight(dimension) * counts / (weight * union)
            } else {
                similarity.score * counts / in_common
            };
            sum += contribution;
            shared.push(Shared {
                value,
                contribution,
                kinship: kinship(schema, &leaves, &closures, value),
            });
        }
        dimensions.push(DimensionScore {
            dimension,
            score,
            contribution: sum,
        });
    }
    sort(&mut shared);
    Some(Explanation {
        similarity,
        shared,
        only_a,
        only_b,
        not_comparable: bits::ones(&[all & !both]).collect(),
        empty,
        dimensions,
    })
}

fn kinship(
    schema: &Schema,
    leaves: &(Vec<u64>, Vec<u64>),
    closures: &(Vec<u64>, Vec<u64>),
    value: usize,
) -> Kinship {
    let shares_narrower = bits::ones(&closures.0)
        .filter(|&other| bits::contains(&closures.1, other))
        .any(|other| schema.values[other].ancestors.contains(&value));
    if shares_narrower {
        return Kinship::Implied;
    }
    match (
        bits::contains(&leaves.0, value),
        bits::contains(&leaves.1, value),
    ) {
        (true, true) => Kinship::Same,
        (false, false) => Kinship::DifferentKinds,
        _ => Kinship::OneNarrower,
    }
}
