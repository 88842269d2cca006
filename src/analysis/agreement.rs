//! Whether groups follow silos: agreement of two partitions, corrected for chance.
//!
//! With counts n(i,j) of the programmes in group *i* and silo *j*, their sums a(i) and b(j), and n
//! programmes:
//!
//! - adjusted mutual information, AMI = (MI − E) / ((H + H′) / 2 − E), where E is the expectation of
//!   MI when all partitions with these sizes are equally likely (Vinh, Epps & Bailey 2010);
//! - adjusted Rand index, ARI = (R − E) / ((S + S′) / 2 − E), where R counts pairs together in both,
//!   S and S′ in each, and E = S S′ / (n over 2) (Hubert & Arabie 1985).
//!
//! Both are 1 for equal partitions and 0 on average for unrelated ones; they may be negative.

use std::collections::BTreeMap;

use super::chance::{Chance, shuffle};
use super::membership::Membership;

/// How far groups agree with the silos of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Adjusted mutual information.
    pub ami: f64,
    /// Adjusted Rand index.
    pub ari: f64,
    /// AMI when the silos are dealt out anew.
    pub ami_chance: Option<Chance>,
    /// ARI when the silos are dealt out anew.
    pub ari_chance: Option<Chance>,
    /// Programmes compared: in a group, with exactly one value on the axis.
    pub programmes: usize,
    /// Programmes left out because they have several values.
    pub several: usize,
    /// Programmes left out because the axis is not stated.
    pub unstated: usize,
    /// Programmes left out because they are in no group.
    pub ungrouped: usize,
}

/// Compares the group of each programme with its silo. A programme may be in no group: one without
/// links was not put into a group by anything.
///
/// The silos are dealt out anew `permutations` times with the seed. `None` when fewer than two
/// programmes can be compared. Takes O(n log n) a permutation; the expectation of MI takes
/// O(n · different sizes of groups · different sizes of silos) once.
///
/// # Panics
/// When there are more groups than memberships.
pub fn agreement(
    groups: &[Option<usize>],
    membership: &Membership,
    permutations: usize,
    seed: u64,
) -> Option<Agreement> {
    let (mut several, mut unstated, mut ungrouped) = (0, 0, 0);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (programme, &group) in groups.iter().enumerate() {
        match (group, membership.values(programme)) {
            (None, _) => ungrouped += 1,
            (_, []) => unstated += 1,
            (Some(group), &[silo]) => {
                left.push(group);
                right.push(silo);
            }
            _ => several += 1,
        }
    }
    if left.len() < 2 {
        return None;
    }
    let mut pair = Pair::new(&left, &right);
    let (ami, ari) = (pair.ami(), pair.ari());
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut drawn = (Vec::new(), Vec::new());
    for _ in 0..permutations {
        shuffle(&mut rng, &mut pair.right);
        drawn.0.push(pair.ami());
        drawn.1.push(pair.ari());
    }
    Some(Agreement {
        ami,
        ari,
        ami_chance: Chance::new(ami, drawn.0),
        ari_chance: Chance::new(ari, drawn.1),
        programmes: left.len(),
        several,
        unstated,
        ungrouped,
    })
}

/// Adjusted mutual information of two partitions of the same things, with the conventions of
/// scikit-learn: 1 when neither divides anything, 0 when only one does not.
///
/// # Panics
/// When the partitions have different lengths.
pub fn adjusted_mutual_information(a: &[usize], b: &[usize]) -> f64 {
    Pair::new(a, b).ami()
}

/// Adjusted Rand index of two partitions of the same things; 1 when they are the same.
///
/// # Panics
/// When the partitions have different lengths.
pub fn adjusted_rand_index(a: &[usize], b: &[usize]) -> f64 {
    Pair::new(a, b).ari()
}

/// Two partitions with what depends on the sizes of their groups only.
struct Pair {
    left: Vec<usize>,
    right: Vec<usize>,
    left_sizes: Vec<usize>,
    right_sizes: Vec<usize>,
    /// Expected mutual information.
    expected: f64,
}

impl Pair {
    fn new(left: &[usize], right: &[usize]) -> Self {
        assert_eq!(left.len(), right.len(), "partitions of the same things");
        let (left, left_sizes) = compressed(left);
        let (right, right_sizes) = compressed(right);
        Self {
            expected: expected_information(&left_sizes, &right_sizes, left.len()),
            left,
            right,
            left_sizes,
            right_sizes,
        }
    }

    /// The counts above 0, with the groups that they are of.
    fn counts(&self) -> Vec<((usize, usize), usize)> {
        let mut cells: Vec<(usize, usize)> = self
            .left
            .iter()
            .copied()
            .zip(self.right.iter().copied())
            .collect();
        cells.sort_unstable();
        cells
            .chunk_by(|x, y| x == y)
            .map(|chunk| (chunk[0], chunk.len()))
            .collect()
    }

    fn ami(&self) -> f64 {
        match (self.left_sizes.len(), self.right_sizes.len()) {
            (0, 0) | (1, 1) => return 1.0,
            (1, _) | (_, 1) => return 0.0,
            _ => {}
        }
        let n = self.left.len() as f64;
        let information: f64 = self
            .counts()
            .into_iter()
            .map(|((i, j), count)| {
                let (count, a, b) = (
                    count as f64,
                    self.left_sizes[i] as f64,
                    self.right_sizes[j] as f64,
                );
                count / n * (n * count / (a * b)).ln()
            })
            .sum();
        let mean = f64::midpoint(entropy(&self.left_sizes, n), entropy(&self.right_sizes, n));
        // Neither can be 0 when both partitions divide something, other than by rounding.
        away_from_zero(information - self.expected) / away_from_zero(mean - self.expected)
    }

    fn ari(&self) -> f64 {
        let together: f64 = self
            .counts()
            .into_iter()
            .map(|(_, count)| pairs(count))
            .sum();
        let left: f64 = self.left_sizes.iter().map(|&size| pairs(size)).sum();
        let right: f64 = self.right_sizes.iter().map(|&size| pairs(size)).sum();
        if together >= left && together >= right {
            return 1.0;
        }
        let expected = left * right / pairs(self.left.len());
        (together - expected) / (f64::midpoint(left, right) - expected)
    }
}

/// Keeps the sign and avoids 0 / 0, which stands for perfect agreement.
fn away_from_zero(x: f64) -> f64 {
    if x < 0.0 {
        x.min(-f64::EPSILON)
    } else {
        x.max(f64::EPSILON)
    }
}

/// Numbers the groups from 0 and counts their members.
fn compressed(of: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut sizes = Vec::new();
    let renumbered = of
        .iter()
        .map(|&group| {
            let number = *numbers.entry(group).or_insert(sizes.len());
            if number == sizes.len() {
                sizes.push(0);
            }
            sizes[number] += 1;
            number
        })
        .collect();
    (renumbered, sizes)
}

fn pairs(count: usize) -> f64 {
    let count = count as f64;
    count * (count - 1.0) / 2.0
}

fn entropy(sizes: &[usize], n: f64) -> f64 {
    let part = |&size: &usize| -(size as f64 / n) * (size as f64 / n).ln();
    sizes.iter().map(part).sum()
}

/// Each size with how many groups have it.
fn tally(sizes: &[usize]) -> BTreeMap<usize, usize> {
    let mut tally = BTreeMap::new();
    for &size in sizes {
        *tally.entry(size).or_default() += 1;
    }
    tally
}

/// E(MI) over all pairs of partitions with these sizes: counts are hypergeometric.
fn expected_information(left: &[usize], right: &[usize], n: usize) -> f64 {
    // ln k! for k from 0 to n.
    let mut factorial = vec![0.0; n + 1];
    for k in 1..=n {
        factorial[k] = factorial[k - 1] + (k as f64).ln();
    }
    let mut expected = 0.0;
    for (&a, &many) in &tally(left) {
        for (&b, &times) in &tally(right) {
            let constant =
                factorial[a] + factorial[b] + factorial[n - a] + factorial[n - b] - factorial[n];
            let mut sum = 0.0;
            for count in (a + b).saturating_sub(n).max(1)..=a.min(b) {
                let chance = constant
                    - factorial[count]
                    - factorial[a - count]
                    - factorial[b - count]
                    - factorial[n + count - a - b];
                let ratio = n as f64 * count as f64 / (a as f64 * b as f64);
                sum += count as f64 / n as f64 * ratio.ln() * chance.exp();
            }
            expected += sum * (many * times) as f64;
        }
    }
    expected
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn known_indices() {
        let (a, b) = ([0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 1]);
        // Counts (2, 0), (1, 1), (0, 2): R = 2, S = 3, S' = 6, E = 18/15: (2 − 1.2) / (4.5 − 1.2).
        assert!(close(adjusted_rand_index(&a, &b), 0.8 / 3.3));
        assert!(close(
            adjusted_rand_index(&[0, 0, 1, 1], &[0, 1, 0, 1]),
            -0.5
        ));
        // MI = 0, H = H' = ln 2, E = ln 2 / 3: −(1/3) / (1 − 1/3).
        let ami = adjusted_mutual_information(&[0, 0, 1, 1], &[0, 1, 0, 1]);
        assert!(close(ami, -0.5), "{ami}");
    }

    #[test]
    fn limiting_cases_follow_scikit_learn() {
        for index in [adjusted_mutual_information, adjusted_rand_index] {
            assert!(close(index(&[], &[]), 1.0));
            assert!(close(index(&[4], &[9]), 1.0));
            assert!(close(index(&[1, 1, 1], &[2, 2, 2]), 1.0));
            assert!(close(index(&[0, 0, 0], &[0, 1, 2]), 0.0));
            assert!(close(index(&[0, 1, 2], &[5, 3, 1]), 1.0));
        }
    }

    #[test]
    fn only_programmes_with_one_value_are_compared() {
        let silos = Membership::flat(vec![vec![0], vec![0], vec![1], vec![0, 1], vec![], vec![1]]);
        let groups = [Some(5), Some(5), Some(2), Some(2), Some(2), None];
        let found = agreement(&groups, &silos, 99, 0).expect("three programmes compare");
        assert_eq!(
            (
                found.programmes,
                found.several,
                found.unstated,
                found.ungrouped
            ),
            (3, 1, 1, 1)
        );
        assert!(close(found.ami, 1.0) && close(found.ari, 1.0));
        let chance = found.ami_chance.expect("there are permutations");
        assert!(chance.low <= chance.mean && chance.mean <= chance.high);
        assert_eq!(agreement(&[None, Some(1)], &silos, 9, 0), None);
        assert_eq!(agreement(&[], &Membership::flat(vec![]), 9, 0), None);
        let none = agreement(&groups, &silos, 0, 0).expect("three programmes compare");
        assert_eq!(none.ami_chance, None);
    }

    #[test]
    fn chance_is_centred_on_nothing_and_follows_its_seed() {
        let groups: Vec<Option<usize>> = (0..60).map(|k| Some(k % 3)).collect();
        let silos = Membership::flat((0..60).map(|k| vec![k / 15]).collect());
        let found = agreement(&groups, &silos, 999, 1);
        assert_eq!(found, agreement(&groups, &silos, 999, 1));
        let found = found.expect("all programmes compare");
        for chance in [found.ami_chance, found.ari_chance] {
            let chance = chance.expect("there are permutations");
            assert!(chance.mean.abs() < 0.01, "{chance:?}");
            assert!(chance.low < 0.0 && chance.high > 0.0);
        }
    }

    proptest! {
        #[test]
        fn names_and_sides_do_not_matter(
            both in proptest::collection::vec((0usize..5, 0usize..5), 0..40),
        ) {
            let (a, b): (Vec<usize>, Vec<usize>) = both.into_iter().unzip();
            let renamed: Vec<usize> = a.iter().map(|group| 100 - group * 7).collect();
            for index in [adjusted_mutual_information, adjusted_rand_index] {
                let value = index(&a, &b);
                prop_assert!(value <= 1.0 + 1e-9);
                prop_assert!((value - index(&b, &a)).abs() < 1e-9);
                prop_assert!((value - index(&renamed, &b)).abs() < 1e-9);
                prop_assert!((index(&a, &renamed) - 1.0).abs() < 1e-9);
            }
        }
    }
}
