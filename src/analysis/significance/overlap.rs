//! How many values two programmes share under the null model.
//!
//! In one dimension the number is a sum of independent yes-or-no draws with different
//! probabilities, a Poisson-binomial variable. Dimensions are independent, so their distributions
//! are convolved. Every number here is a sum of products of probabilities, never a difference of
//! large ones, so small p-values are as exact as large ones.

use super::bicm::Bicm;

/// The distribution of the number of shared values of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Overlap {
    /// Probability of exactly k.
    exactly: Vec<f64>,
    /// Probability of at least k.
    at_least: Vec<f64>,
    /// Expected number.
    pub(super) expected: f64,
}

impl Overlap {
    /// The distribution for a programme of each of two row classes.
    pub(super) fn of(model: &Bicm, a: usize, b: usize) -> Self {
        let shared = model
            .row(a)
            .iter()
            .zip(model.row(b))
            .zip(&model.columns)
            .flat_map(|((p, q), class)| (0..class.count).map(move |_| p * q));
        Self::from_probabilities(shared)
    }

    /// The Poisson-binomial distribution of the number of successes, in O(n²) for n draws.
    pub(super) fn from_probabilities(probabilities: impl IntoIterator<Item = f64>) -> Self {
        let mut exactly = vec![1.0];
        let mut expected = 0.0;
        for p in probabilities {
            expected += p;
            exactly.push(0.0);
            for k in (1..exactly.len()).rev() {
                exactly[k] = exactly[k] * (1.0 - p) + exactly[k - 1] * p;
            }
            exactly[0] *= 1.0 - p;
        }
        let mut at_least = exactly.clone();
        for k in (1..at_least.len()).rev() {
            at_least[k - 1] += at_least[k];
        }
        Self {
            exactly,
            at_least,
            expected,
        }
    }

    fn exactly(&self, k: usize) -> f64 {
        self.exactly.get(k).copied().unwrap_or(0.0)
    }

    fn at_least(&self, k: usize) -> f64 {
        self.at_least.get(k).copied().unwrap_or(0.0)
    }
}

/// Probabilities of sharing at least 0, 1, … `most` values over all dimensions together, each above
/// 0 and at most 1. Takes O(most²) a dimension; `below` is room to work in.
pub(super) fn upper_tails<'a>(
    overlaps: impl IntoIterator<Item = &'a Overlap>,
    most: usize,
    below: &mut Vec<f64>,
    tails: &mut Vec<f64>,
) {
    // `below[k]` is the probability of exactly k, for k under `most`; `rest` of `most` or more.
    below.clear();
    below.resize(most, 0.0);
    let mut rest = 0.0;
    let mut overlaps = overlaps.into_iter();
    if let Some(first) = overlaps.next() {
        for (k, p) in below.iter_mut().enumerate() {
            *p = first.exactly(k);
        }
        rest = first.at_least(most);
    }
    for overlap in overlaps {
        let reach = most.min(overlap.exactly.len());
        let exactly = &overlap.exactly[..reach];
        for (k, p) in below.iter().enumerate() {
            rest += p * overlap.at_least(most - k);
        }
        // From the top down, so that what is still to be read is not yet overwritten.
        for k in (0..most).rev() {
            let from = (k + 1).saturating_sub(reach);
            below[k] = below[from..=k]
                .iter()
                .rev()
                .zip(exactly)
                .map(|(p, q)| p * q)
                .sum();
        }
    }
    tails.clear();
    tails.resize(most + 1, rest);
    for k in (0..most).rev() {
        tails[k] = tails[k + 1] + below[k];
    }
    // Nothing under k can happen: sure, whatever rounding says.
    let sure = below.iter().take_while(|&&p| p == 0.0).count();
    tails[..=sure].fill(1.0);
    for tail in tails {
        *tail = tail.clamp(f64::MIN_POSITIVE, 1.0);
    }
}
