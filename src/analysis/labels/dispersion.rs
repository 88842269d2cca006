//! How unlike programmes of one label are, and how unlike any programmes of the same silos would be.

use std::collections::BTreeMap;

use super::Options;
use super::population::{Population, draw, sample};
use super::stats::{at_least, at_most, permutation_p, quantile};

/// Dispersion of a label: the mean distance δ between its programmes.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispersion {
    /// δ, the mean of 1 − S over comparable pairs.
    pub mean: f64,
    /// How many pairs are comparable.
    pub pairs: usize,
    /// How many programmes the pairs are of: all of the label's, or a sample of them.
    pub programmes: usize,
    /// What chance gives; `None` when a draw within the silos can only give the label itself.
    pub null: Option<DispersionNull>,
}

/// Dispersion of as many programmes drawn from the same silos as the label's.
#[derive(Clone, Debug, PartialEq)]
pub struct DispersionNull {
    /// Mean over the draws.
    pub mean: f64,
    /// Median over the draws.
    pub median: f64,
    /// From the 2.5th to the 97.5th percentile of the draws.
    pub interval: (f64, f64),
    /// Draws with at least one comparable pair.
    pub draws: usize,
    /// Programmes of the label in strata where others carry another label: the rest is the same in
    /// every draw.
    pub exchangeable: usize,
    /// Programmes of the label whose stratum was too small: they were drawn from the pool of
    /// programmes that leave the axis open.
    pub pooled: usize,
    /// Share of draws that are at most as dispersed: small when the label is one kind of work.
    pub p_lower: f64,
    /// Share of draws that are at least as dispersed.
    pub p_upper: f64,
    /// False discovery rate of `p_lower` over the labels tested.
    pub q_lower: f64,
    /// False discovery rate of `p_upper` over the labels tested.
    pub q_upper: f64,
}

/// The mean distance over comparable pairs and how many there are. O(n²).
fn mean_distance(population: &Population, programmes: &[usize]) -> Option<(f64, usize)> {
    let (mut sum, mut pairs) = (0.0, 0usize);
    for (at, &a) in programmes.iter().enumerate() {
        for &b in &programmes[..at] {
            let distance = population.distance(a, b);
            if !distance.is_nan() {
                sum += distance;
                pairs += 1;
            }
        }
    }
    (pairs > 0).then(|| (sum / pairs as f64, pairs))
}

/// Dispersion of one label with its null, rates of false discovery left at 1; `None` without a
/// comparable pair. O(permutations · n²), n at most `max_label_programmes`.
pub(super) fn dispersion(
    population: &Population,
    label: usize,
    options: &Options,
) -> Option<Dispersion> {
    let mut random = options.random(1);
    let members = sample(
        &population.members[label],
        options.max_label_programmes,
        &mut random,
    );
    let (mean, pairs) = mean_distance(population, &members)?;
    Some(Dispersion {
        mean,
        pairs,
        programmes: members.len(),
        null: null(population, label, &members, mean, options, &mut random),
    })
}

fn null(
    population: &Population,
    label: usize,
    members: &[usize],
    observed: f64,
    options: &Options,
    random: &mut fastrand::Rng,
) -> Option<DispersionNull> {
    let by_stratum = |programmes: &[usize]| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for &at in programmes {
            *counts.entry(population.strata[at]).or_default() += 1;
        }
        counts
    };
    let wanted = by_stratum(members);
    let all = by_stratum(&population.members[label]);
    let exchangeable: usize = all
        .iter()
        .filter(|&(&stratum, &count)| count < population.pools[stratum].len())
        .map(|(_, &count)| count)
        .sum();
    if exchangeable == 0 {
        return None;
    }
    let mut pools: Vec<(Vec<usize>, usize)> = wanted
        .iter()
        .map(|(&stratum, &count)| (population.pools[stratum].clone(), count))
        .collect();
    let mut draws = Vec::with_capacity(options.permutations);
    let mut drawn = Vec::with_capacity(members.len());
    for _ in 0..options.permutations {
        drawn.clear();
        for (pool, count) in &mut pools {
            draw(pool, *count, random);
            drawn.extend_from_slice(&pool[..*count]);
        }
        drawn.sort_unstable();
        draws.extend(mean_distance(population, &drawn).map(|(mean, _)| mean));
    }
    draws.sort_by(f64::total_cmp);
    let extreme = |test: fn(f64, f64) -> bool| {
        let count = draws.iter().filter(|&&mean| test(mean, observed)).count();
        permutation_p(count, draws.len())
    };
    Some(DispersionNull {
        mean: draws.iter().sum::<f64>() / draws.len() as f64,
        median: quantile(&draws, 0.5)?,
        interval: (quantile(&draws, 0.025)?, quantile(&draws, 0.975)?),
        draws: draws.len(),
        exchangeable,
        pooled: population.members[label]
            .iter()
            .filter(|&&at| population.pooled[at])
            .count(),
        p_lower: extreme(at_most),
        p_upper: extreme(at_least),
        q_lower: 1.0,
        q_upper: 1.0,
    })
}
