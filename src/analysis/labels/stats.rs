//! Small statistics that the reports on labels share.

/// How far two floating-point sums of the same numbers in another order may lie apart, relative
/// to the observed value: a permutation that changes nothing must count as a tie.
const ROUNDING: f64 = 1e-12;

/// Whether `x` is at least `observed`, rounding aside.
pub(super) fn at_least(x: f64, observed: f64) -> bool {
    x >= observed - ROUNDING * observed.abs().max(1.0)
}

/// Whether `x` is at most `observed`, rounding aside.
pub(super) fn at_most(x: f64, observed: f64) -> bool {
    x <= observed + ROUNDING * observed.abs().max(1.0)
}

/// The permutation p-value (1 + extreme) / (1 + draws), in (0, 1], which counts the observed
/// arrangement as one of the draws (Phipson & Smyth 2010).
pub fn permutation_p(extreme: usize, draws: usize) -> f64 {
    (1 + extreme) as f64 / (1 + draws) as f64
}

/// The quantile at `q` in [0, 1] of numbers sorted upwards, by linear interpolation between the
/// nearest two (type 7 of Hyndman & Fan 1996); `None` without numbers.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 0..=last
    let low = place as usize;
    let high = (low + 1).min(last);
    Some(sorted[low] + (place - low as f64) * (sorted[high] - sorted[low]))
}

/// False discovery rates of p-values, in their order: the smallest level at which each would be
/// accepted (Benjamini & Hochberg 1995). O(n log n).
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]).then(b.cmp(&a)));
    let mut adjusted = vec![1.0; p.len()];
    let mut least = 1.0f64;
    for (at, &test) in order.iter().enumerate() {
        let rank = p.len() - at;
        least = least.min(p[test] * (p.len() as f64 / rank as f64));
        adjusted[test] = least;
    }
    adjusted
}

/// The effective number of kinds exp(H), H the Shannon entropy of the shares of `masses`: the Hill
/// number of order 1 (Hill 1973; Jost 2006). From 1 (one kind) to the number of kinds (all equally
/// common); 0 without mass.
pub fn effective_number(masses: impl IntoIterator<Item = f64> + Clone) -> f64 {
    let total: f64 = masses.clone().into_iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let entropy: f64 = masses
        .into_iter()
        .filter(|&mass| mass > 0.0)
        .map(|mass| -(mass / total) * (mass / total).ln())
        .sum();
    entropy.exp()
}

/// The Jensen-Shannon divergence of two distributions in bits, in [0, 1]; its square root is a
/// metric (Lin 1991; Endres & Schindelin 2003). Both must sum to 1. O(n).
pub fn jensen_shannon(p: &[f64], q: &[f64]) -> f64 {
    let part = |x: f64, middle: f64| {
        if x > 0.0 {
            x * (x / middle).log2()
        } else {
            0.0
        }
    };
    let sum: f64 = p
        .iter()
        .zip(q)
        .map(|(&p, &q)| part(p, f64::midpoint(p, q)) + part(q, f64::midpoint(p, q)))
        .sum();
    (sum / 2.0).clamp(0.0, 1.0)
}

/// Niche overlap D = 1 − ½ Σ |p − q| of two distributions, in [0, 1], 1 when they are equal
/// (Schoener 1968). O(n).
pub fn schoener(p: &[f64], q: &[f64]) -> f64 {
    let apart: f64 = p.iter().zip(q).map(|(p, q)| (p - q).abs()).sum();
    (1.0 - apart / 2.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn small_numbers_by_hand() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(quantile(&[7.0], 0.05), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
        // 0.01·4/1, 0.04·4/3 (lowered from 0.03·4/2 = 0.06), 0.04·4/3, 0.5·4/4
        let adjusted = benjamini_hochberg(&[0.04, 0.01, 0.5, 0.03]);
        for (got, expected) in adjusted.iter().zip([0.16 / 3.0, 0.04, 0.5, 0.16 / 3.0]) {
            assert!(near(*got, expected), "{adjusted:?}");
        }
        assert!(near(effective_number([2.0, 2.0, 0.0]), 2.0));
        assert!(near(effective_number([3.0]), 1.0));
        assert!(near(effective_number([]), 0.0));
        assert!(near(jensen_shannon(&[1.0, 0.0], &[0.0, 1.0]), 1.0));
        // ½·log2(4/3) + ½·(½·log2(2/3) + ½·log2 2) = ¾·log2(4/3)
        assert!(near(
            jensen_shannon(&[1.0, 0.0], &[0.5, 0.5]),
            0.75 * (4.0f64 / 3.0).log2()
        ));
        assert!(near(schoener(&[1.0, 0.0], &[0.5, 0.5]), 0.5));
        assert!(near(permutation_p(0, 999), 0.001));
    }

    proptest! {
        #[test]
        fn divergence_is_symmetric_bounded_and_zero_on_itself(
            masses in prop::collection::vec((0.0f64..1.0, 0.0f64..1.0), 1..9),
        ) {
            let share = |masses: Vec<f64>| {
                let total: f64 = masses.iter().sum::<f64>().max(f64::MIN_POSITIVE);
                masses.into_iter().map(|mass| mass / total).collect::<Vec<_>>()
            };
            let p = share(masses.iter().map(|m| m.0).collect());
            let q = share(masses.iter().map(|m| m.1).collect());
            prop_assert_eq!(jensen_shannon(&p, &q).to_bits(), jensen_shannon(&q, &p).to_bits());
            prop_assert!(jensen_shannon(&p, &p) == 0.0);
            prop_assert!(jensen_shannon(&p, &q) <= 1.0 - schoener(&p, &q) + 1e-12);
        }

        #[test]
        fn false_discovery_rates_keep_the_order_and_never_fall_below_p(
            p in prop::collection::vec(0.0f64..=1.0, 0..20),
        ) {
            let adjusted = benjamini_hochberg(&p);
            for i in 0..p.len() {
                prop_assert!(adjusted[i] >= p[i] - 1e-15 && adjusted[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                }
            }
        }
    }
}
