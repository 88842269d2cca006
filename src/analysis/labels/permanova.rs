//! How much of the differences between programmes goes with their labels.
//!
//! PERMANOVA (Anderson 2001) compares squared distances within groups with all squared distances;
//! PERMDISP (Anderson 2006) asks whether groups differ in spread, which PERMANOVA would also answer
//! to.

use super::matrix::Matrix;
use super::stats::{at_least, at_most, permutation_p};

/// The share of the sum of squares that a grouping explains, tested by permutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Permanova {
    /// R² = between / total, in [0, 1] for Euclidean distances.
    pub r2: f64,
    /// Mean R² over the permutations: what as many groups of these sizes explain by chance.
    pub r2_by_chance: f64,
    /// Pseudo-F; infinite when nothing differs within groups.
    pub pseudo_f: f64,
    /// Share of permutations with at least this F.
    pub p: f64,
    /// The test for unequal spread; `None` when no item lies off its group's centre.
    pub spread: Option<Permdisp>,
}

/// The test for unequal spread of groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Permdisp {
    /// F of the analysis of variance of distances to centroids.
    pub f: f64,
    /// Share of permutations of the residuals with at least this F.
    pub p: f64,
    /// Mean distance to the centroid, by group.
    pub means: Vec<f64>,
}

/// The number of groups and their sizes, when every group has an item.
fn sizes(groups: &[usize]) -> Option<Vec<f64>> {
    let count = groups.iter().max().map_or(0, |&last| last + 1);
    let mut sizes = vec![0.0; count];
    for &group in groups {
        sizes[group] += 1.0;
    }
    (!sizes.contains(&0.0)).then_some(sizes)
}

/// Shuffles `labels` within strata.
fn shuffle<T: Copy>(labels: &mut [T], pools: &[Vec<usize>], random: &mut fastrand::Rng) {
    for pool in pools {
        for at in (1..pool.len()).rev() {
            labels.swap(pool[at], pool[random.usize(0..=at)]);
        }
    }
}

/// Sum over groups of squared distances within, divided by group size. O(Σ size²).
fn within(squares: &Matrix, groups: &[usize], sizes: &[f64]) -> f64 {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    for (item, &group) in groups.iter().enumerate() {
        members[group].push(item);
    }
    let sum = |members: &[usize]| -> f64 {
        let rows = members.iter().enumerate();
        rows.map(|(at, &i)| picked(squares.row(i), &members[..at]))
            .sum()
    };
    let sums = members.iter().map(|members| sum(members));
    sums.zip(sizes).map(|(sum, size)| sum / size).sum()
}

/// Sum of the numbers at some places, in four partial sums: one alone would wait for every
/// addition.
fn picked(numbers: &[f64], places: &[usize]) -> f64 {
    let (fours, rest) = places.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, &place) in sums.iter_mut().zip(four) {
            *sum += numbers[place];
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&place| numbers[place]).sum::<f64>()
}

/// PERMANOVA and PERMDISP of groups (numbered from 0 without gaps) over a complete matrix of
/// distances, with permutations inside strata only. `None` when there are fewer than two groups,
/// when every item is a group of its own, when a group is empty, or when nothing differs at all.
/// O(n² + permutations · Σ size²).
pub fn permanova(
    distances: &Matrix,
    groups: &[usize],
    strata: &[usize],
    permutations: usize,
    random: &mut fastrand::Rng,
) -> Option<Permanova> {
    let sizes = sizes(groups)?;
    let (items, count) = (groups.len() as f64, sizes.len() as f64);
    if sizes.len() < 2 || sizes.len() >= groups.len() {
        return None;
    }
    let squares = Matrix::new(groups.len(), |i, j| Some(distances.get(i, j).powi(2)));
    let total = (0..groups.len())
        .map(|i| squares.row(i).iter().sum::<f64>())
        .sum::<f64>()
        / items;
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let mut pools = vec![Vec::new(); strata.iter().max().map_or(0, |&last| last + 1)];
    for (item, &stratum) in strata.iter().enumerate() {
        pools[stratum].push(item);
    }
    let observed = within(&squares, groups, &sizes);
    let mut shuffled = groups.to_vec();
    let (mut extreme, mut explained) = (0, 0.0);
    for _ in 0..permutations {
        shuffle(&mut shuffled, &pools, random);
        let within = within(&squares, &shuffled, &sizes);
        // F falls as the sum of squares within grows.
        extreme += usize::from(at_most(within / total, observed / total));
        explained += 1.0 - within / total;
    }
    Some(Permanova {
        r2: 1.0 - observed / total,
        r2_by_chance: explained / permutations.max(1) as f64,
        pseudo_f: ((total - observed) / (count - 1.0)) / (observed / (items - count)),
        p: permutation_p(extreme, permutations),
        spread: permdisp(&squares, groups, &sizes, &pools, permutations, random),
    })
}

/// Distance of every item to the centroid of its group, straight from squared distances: what
/// principal coordinates give, and the root of the absolute value where the coordinates are
/// imaginary. O(n²).
fn to_centroids(squares: &Matrix, groups: &[usize], sizes: &[f64]) -> Vec<f64> {
    let mut means = vec![0.0; groups.len()];
    for i in 0..groups.len() {
        for (j, square) in squares.row(i).iter().enumerate() {
            if groups[i] == groups[j] {
                means[i] += square / sizes[groups[i]];
                means[j] += square / sizes[groups[i]];
            }
        }
    }
    let mut centres = vec![0.0; sizes.len()];
    for (mean, &group) in means.iter().zip(groups) {
        centres[group] += mean / (2.0 * sizes[group]);
    }
    means
        .iter()
        .zip(groups)
        .map(|(mean, &group)| (mean - centres[group]).abs().sqrt())
        .collect()
}

/// Means by group and F of a one-way analysis of variance.
fn variance_ratio(numbers: &[f64], groups: &[usize], sizes: &[f64]) -> (Vec<f64>, f64) {
    let mut means = vec![0.0; sizes.len()];
    for (number, &group) in numbers.iter().zip(groups) {
        means[group] += number / sizes[group];
    }
    let grand = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let between: f64 = means
        .iter()
        .zip(sizes)
        .map(|(mean, size)| size * (mean - grand).powi(2))
        .sum();
    let within: f64 = numbers
        .iter()
        .zip(groups)
        .map(|(number, &group)| (number - means[group]).powi(2))
        .sum();
    let (count, items) = (sizes.len() as f64, numbers.len() as f64);
    (
        means,
        (between / (count - 1.0)) / (within / (items - count)),
    )
}

fn permdisp(
    squares: &Matrix,
    groups: &[usize],
    sizes: &[f64],
    pools: &[Vec<usize>],
    permutations: usize,
    random: &mut fastrand::Rng,
) -> Option<Permdisp> {
    let distances = to_centroids(squares, groups, sizes);
    let (means, f) = variance_ratio(&distances, groups, sizes);
    let mut residuals: Vec<f64> = distances
        .iter()
        .zip(groups)
        .map(|(distance, &group)| distance - means[group])
        .collect();
    // Roots of rounding errors are no spread.
    if !residuals.iter().any(|residual| residual.abs() > 1e-6) {
        return None;
    }
    let extreme = (0..permutations)
        .filter(|_| {
            shuffle(&mut residuals, pools, random);
            at_least(variance_ratio(&residuals, groups, sizes).1, f)
        })
        .count();
    Some(Permdisp {
        f,
        p: permutation_p(extreme, permutations),
        means,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(places: &[f64], groups: &[usize], strata: &[usize]) -> Option<Permanova> {
        let matrix = Matrix::new(places.len(), |i, j| Some((places[i] - places[j]).abs()));
        permanova(
            &matrix,
            groups,
            strata,
            199,
            &mut fastrand::Rng::with_seed(0),
        )
    }

    #[test]
    fn on_a_line_it_is_the_analysis_of_variance() {
        // Means 1 and 6, grand mean 3.5: between 4·2.5² = 25, within 2 + 2 = 4.
        let found = run(&[0.0, 2.0, 5.0, 7.0], &[0, 0, 1, 1], &[0; 4]).expect("two groups");
        assert!((found.r2 - 25.0 / 29.0).abs() < 1e-12);
        assert!((found.pseudo_f - 25.0 / 2.0).abs() < 1e-12);
        // Two of the six arrangements give this F.
        assert!((found.p - 1.0 / 3.0).abs() < 0.1);
        assert_eq!(found.spread, None);
    }

    #[test]
    fn spread_is_told_from_place() {
        let mut places: Vec<f64> = (0..12).map(|i| f64::from(i) / 100.0).collect();
        places.extend((0..12).map(|i| f64::from(i) - 5.5));
        let groups: Vec<usize> = (0..24).map(|i| i / 12).collect();
        let found = run(&places, &groups, &[0; 24]).expect("two groups");
        let spread = found.spread.expect("one group is wide");
        assert!((spread.means[1] - 3.0).abs() < 1e-9);
        assert!(found.p > 0.5 && spread.p < 0.02);
    }

    #[test]
    fn nothing_is_explained_by_one_group_or_by_nothing() {
        assert_eq!(run(&[0.0, 1.0, 2.0], &[0; 3], &[0; 3]), None);
        assert_eq!(run(&[1.0; 4], &[0, 0, 1, 1], &[0; 4]), None);
        assert_eq!(run(&[0.0, 1.0], &[0, 1], &[0; 2]), None);
        assert_eq!(run(&[0.0, 1.0, 2.0], &[0, 2, 2], &[0; 3]), None);
        assert_eq!(run(&[], &[], &[]), None);
    }

    #[test]
    fn labels_that_follow_the_strata_cannot_be_told_from_them() {
        let found = run(&[0.0, 1.0, 8.0, 9.0], &[0, 0, 1, 1], &[0, 0, 1, 1]).expect("two groups");
        assert!((found.p - 1.0).abs() < 1e-12);
        assert!((found.r2 - found.r2_by_chance).abs() < 1e-12);
    }

    #[test]
    fn groups_without_differences_within_have_an_infinite_ratio() {
        let found = run(&[0.0, 0.0, 1.0, 1.0], &[0, 0, 1, 1], &[0; 4]).expect("two groups");
        assert!(found.pseudo_f.is_infinite() && (found.r2 - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn scale_and_numbering_of_groups_do_not_matter(
            places in prop::collection::vec(0.0f64..1.0, 6..20),
            factor in 0.1f64..10.0,
        ) {
            let groups: Vec<usize> = (0..places.len()).map(|i| i % 2).collect();
            let other: Vec<usize> = groups.iter().map(|group| 1 - group).collect();
            let scaled: Vec<f64> = places.iter().map(|place| place * factor).collect();
            let strata = vec![0; places.len()];
            let a = run(&places, &groups, &strata);
            for b in [run(&places, &other, &strata), run(&scaled, &groups, &strata)] {
                let (Some(a), Some(b)) = (&a, b) else { continue };
                prop_assert!((a.r2 - b.r2).abs() < 1e-9);
                prop_assert!((a.p - b.p).abs() < 1e-12);
                prop_assert!((0.0..=1.0 + 1e-9).contains(&a.r2));
            }
        }
    }
}
