//! Which values of the map mark a label.
//!
//! The indicator value of Dufrêne & Legendre (1997) for presence and absence: with m the share of a
//! group's programmes that have the value, specificity is m over the sum of m over all groups,
//! fidelity is m, and the indicator value is their product. Only programmes that state the value's
//! dimension count: not stated is not absent. A programme has a value when it is coded with it or
//! with something narrower.

use super::super::bits;
use super::super::columns::Columns;
use super::stats::{at_least, benjamini_hochberg, permutation_p};

/// How well a value marks a group of programmes.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Position of the value in the schema.
    pub value: usize,
    /// Share of the group in the sum of all groups' shares, in [0, 1]: 1 when only it has the value.
    pub specificity: f64,
    /// Share of the group's programmes that have the value, in [0, 1].
    pub fidelity: f64,
    /// Specificity × fidelity, in [0, 1].
    pub indicator_value: f64,
    /// Programmes of the group that state the value's dimension.
    pub programmes: usize,
    /// Significance over exchanges of programmes inside strata; `None` when not tested.
    pub test: Option<IndicatorTest>,
}

/// Significance of an indicator value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndicatorTest {
    /// Share of permutations with at least this indicator value.
    pub p: f64,
    /// False discovery rate over all groups and values tested.
    pub q: f64,
}

/// Groups of programmes whose indicator values are asked for; a programme may be in several.
#[derive(Clone, Copy, Debug)]
pub struct Grouping<'a> {
    /// Row of each programme.
    pub rows: &'a [usize],
    /// Groups of each programme.
    pub groups: &'a [Vec<usize>],
    /// How many groups there are.
    pub count: usize,
    /// Stratum of each programme.
    pub strata: &'a [usize],
    /// Fewest programmes of a group that must state a dimension for the group to count in it.
    pub min_programmes: usize,
}

/// Indicator values above 0 by group, highest first, ties in the order of the map. A dimension in
/// which fewer than two groups count is left out: a single group is marked by everything it has.
/// No tests with 0 permutations. O(permutations · programmes · values a programme).
pub fn indicator_values(
    columns: &Columns,
    grouping: &Grouping,
    permutations: usize,
    random: &mut fastrand::Rng,
) -> Vec<Vec<Indicator>> {
    let mut found: Vec<(usize, Indicator)> = Vec::new();
    let closures: Vec<Vec<u64>> = grouping
        .rows
        .iter()
        .map(|&row| columns.closure(row))
        .collect();
    for dimension in 0..columns.schema().dimensions.len() {
        of_dimension(
            columns,
            grouping,
            &closures,
            dimension,
            permutations,
            random,
            &mut found,
        );
    }
    let p: Vec<f64> = found
        .iter()
        .filter_map(|(_, indicator)| indicator.test.map(|test| test.p))
        .collect();
    if p.len() == found.len() {
        for ((_, indicator), q) in found.iter_mut().zip(benjamini_hochberg(&p)) {
            indicator.test = indicator.test.map(|test| IndicatorTest { q, ..test });
        }
    }
    let mut by_group = vec![Vec::new(); grouping.count];
    for (group, indicator) in found {
        if indicator.indicator_value > 0.0 {
            by_group[group].push(indicator);
        }
    }
    for indicators in &mut by_group {
        indicators.sort_by(|a, b| {
            b.indicator_value
                .total_cmp(&a.indicator_value)
                .then(a.value.cmp(&b.value))
        });
    }
    by_group
}

fn of_dimension(
    columns: &Columns,
    grouping: &Grouping,
    closures: &[Vec<u64>],
    dimension: usize,
    permutations: usize,
    random: &mut fastrand::Rng,
    found: &mut Vec<(usize, Indicator)>,
) {
    let values = columns.schema().dimensions[dimension].values.clone();
    let stating: Vec<usize> = (0..grouping.rows.len())
        .filter(|&at| columns.states(grouping.rows[at], dimension))
        .collect();
    let mut sizes = vec![0usize; grouping.count];
    for &at in &stating {
        for &group in &grouping.groups[at] {
            sizes[group] += 1;
        }
    }
    let counting: Vec<usize> = (0..grouping.count)
        .filter(|&group| sizes[group] >= grouping.min_programmes.max(1))
        .collect();
    if counting.len() < 2 {
        return;
    }
    let width = values.len();
    let present: Vec<Vec<usize>> = stating
        .iter()
        .map(|&at| {
            bits::ones(&closures[at])
                .filter(|value| values.contains(value))
                .map(|value| value - values.start)
                .collect()
        })
        .collect();
    // Shares m of groups that count, by group and value, when programme i has the groups of
    // programme `order[i]`; and their sums by value.
    let shares = |order: &[usize]| {
        let mut counts = vec![0usize; grouping.count * width];
        for (values, &from) in present.iter().zip(order) {
            for &group in &grouping.groups[stating[from]] {
                for value in values {
                    counts[group * width + value] += 1;
                }
            }
        }
        let mut shares = vec![0.0; counts.len()];
        for &group in &counting {
            for cell in group * width..(group + 1) * width {
                shares[cell] = counts[cell] as f64 / sizes[group] as f64;
            }
        }
        // Smallest first, so that the sum does not hang on the order of groups.
        let sums: Vec<f64> = (0..width)
            .map(|value| {
                let mut column: Vec<f64> = counting
                    .iter()
                    .map(|group| shares[group * width + value])
                    .collect();
                column.sort_by(f64::total_cmp);
                column.iter().sum()
            })
            .collect();
        (shares, sums)
    };
    let mut order: Vec<usize> = (0..stating.len()).collect();
    let (observed, sums) = shares(&order);
    let indicator_value = |share: f64, sum: f64| if sum > 0.0 { share * share / sum } else { 0.0 };
    let mut pools = vec![Vec::new(); grouping.strata.iter().max().map_or(0, |&last| last + 1)];
    for (at, &programme) in stating.iter().enumerate() {
        pools[grouping.strata[programme]].push(at);
    }
    let mut extreme = vec![0usize; observed.len()];
    for _ in 0..permutations {
        for pool in &pools {
            for at in (1..pool.len()).rev() {
                order.swap(pool[at], pool[random.usize(0..=at)]);
            }
        }
        let (shares, drawn_sums) = shares(&order);
        for (cell, extreme) in extreme.iter_mut().enumerate() {
            let value = cell % width;
            *extreme += usize::from(at_least(
                indicator_value(shares[cell], drawn_sums[value]),
                indicator_value(observed[cell], sums[value]),
            ));
        }
    }
    for &group in &counting {
        for (value, &sum) in sums.iter().enumerate() {
            if sum <= 0.0 {
                continue;
            }
            let cell = group * width + value;
            found.push((
                group,
                Indicator {
                    value: values.start + value,
                    specificity: observed[cell] / sum,
                    fidelity: observed[cell],
                    indicator_value: indicator_value(observed[cell], sum),
                    programmes: sizes[group],
                    test: (permutations > 0).then(|| IndicatorTest {
                        p: permutation_p(extreme[cell], permutations),
                        q: 1.0,
                    }),
                },
            ));
        }
    }
}

/// The first `count` indicators of a sorted list, without those of a broader value that marks the
/// group no better than a narrower one does: the narrower says the same more exactly.
pub(super) fn most_telling(
    columns: &Columns,
    indicators: &[Indicator],
    count: usize,
) -> Vec<Indicator> {
    let values = &columns.schema().values;
    indicators
        .iter()
        .filter(|broad| {
            !indicators.iter().any(|narrow| {
                values[narrow.value].ancestors.contains(&broad.value)
                    && narrow.indicator_value >= broad.indicator_value
            })
        })
        .take(count)
        .cloned()
        .collect()
}
