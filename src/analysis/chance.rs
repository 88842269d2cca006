//! What chance alone gives: seeded permutations and the interval of what they give.

/// Puts a list in random order.
///
/// Draws 64-bit numbers, so that a seed gives one order on every machine, whatever its word.
pub(super) fn shuffle<T>(rng: &mut fastrand::Rng, list: &mut [T]) {
    for last in (1..list.len()).rev() {
        let chosen = rng.u64(0..=last as u64);
        list.swap(last, usize::try_from(chosen).unwrap_or(last));
    }
}

/// How a number compares with what chance gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The mean of the permutations.
    pub mean: f64,
    /// The number that 2.5 % of the permutations fall below.
    pub low: f64,
    /// The number that 2.5 % of the permutations exceed.
    pub high: f64,
    /// Probability of at least the observed number by chance, (1 + k) / (1 + permutations).
    pub p_above: f64,
    /// Probability of at most the observed number by chance.
    pub p_below: f64,
    /// How many permutations there were.
    pub permutations: usize,
}

impl Chance {
    /// Compares an observed number with the numbers of permutations; `None` without permutations.
    ///
    /// Numbers that differ by less than 1e-12 count as equal: they differ by rounding only.
    pub fn new(observed: f64, mut drawn: Vec<f64>) -> Option<Self> {
        const ROUNDING: f64 = 1e-12;
        if drawn.is_empty() {
            return None;
        }
        drawn.sort_by(f64::total_cmp);
        let permutations = drawn.len();
        let tail = permutations / 40;
        let share = |count: usize| (1 + count) as f64 / (1 + permutations) as f64;
        let below = drawn.partition_point(|&x| x < observed - ROUNDING);
        let not_above = drawn.partition_point(|&x| x <= observed + ROUNDING);
        Some(Self {
            mean: drawn.iter().sum::<f64>() / permutations as f64,
            low: drawn[tail],
            high: drawn[permutations - 1 - tail],
            p_above: share(permutations - below),
            p_below: share(not_above),
            permutations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_leaves_out_a_fortieth_on_each_side() {
        let drawn: Vec<f64> = (0..1000).rev().map(f64::from).collect();
        let chance = Chance::new(990.0, drawn).expect("there are permutations");
        assert_eq!((chance.low, chance.high), (25.0, 974.0));
        assert!((chance.mean - 499.5).abs() < 1e-12);
        assert!((chance.p_above - 11.0 / 1001.0).abs() < 1e-12);
        assert!((chance.p_below - 992.0 / 1001.0).abs() < 1e-12);
        assert_eq!(Chance::new(1.0, Vec::new()), None);
    }

    #[test]
    fn a_shuffle_keeps_everything_and_follows_its_seed() {
        let order = |seed| {
            let mut list: Vec<u8> = (0..20).collect();
            shuffle(&mut fastrand::Rng::with_seed(seed), &mut list);
            list
        };
        assert_eq!(order(0), order(0));
        assert_ne!(order(0), order(1));
        let mut sorted = order(3);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<u8>>());
    }
}
