//! Whether programmes of one label fall into two kinds.
//!
//! Average linkage (Sokal & Michener 1958) gives the split into two; the mean silhouette
//! (Rousseeuw 1987) says how far the two lie apart; and the bootstrap of Hennig (2007) says whether
//! the split comes back when programmes are drawn anew.

use super::matrix::Matrix;

/// The two groups of average linkage, by nearest-neighbour chains (Murtagh 1983): for each item
/// whether it is in the second group; the first item is in the first. `None` for fewer than two
/// items. All distances must be known. O(n²).
pub fn average_linkage(matrix: &Matrix) -> Option<Vec<bool>> {
    let items = matrix.len();
    if items < 2 {
        return None;
    }
    let mut apart: Vec<Vec<f64>> = (0..items)
        .map(|i| (0..items).map(|j| matrix.get(i, j)).collect())
        .collect();
    let mut sizes = vec![1.0f64; items];
    let mut groups: Vec<Vec<usize>> = (0..items).map(|item| vec![item]).collect();
    let mut live: Vec<usize> = (0..items).collect();
    let mut chain: Vec<usize> = Vec::new();
    while live.len() > 2 {
        let tip = match chain.last() {
            Some(&tip) => tip,
            None => live[0],
        };
        if chain.is_empty() {
            chain.push(tip);
        }
        // The previous link of the chain wins among equals, or the chain might never end.
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let mut nearest = before;
        for &other in live.iter().filter(|&&other| other != tip) {
            if nearest.is_none_or(|nearest| apart[tip][other] < apart[tip][nearest]) {
                nearest = Some(other);
            }
        }
        let nearest = nearest?;
        if Some(nearest) != before {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (into, from) = (tip.min(nearest), tip.max(nearest));
        let (size_into, size_from) = (sizes[into], sizes[from]);
        for &other in live.iter().filter(|&&other| other != into && other != from) {
            let mean = (size_into * apart[into][other] + size_from * apart[from][other])
                / (size_into + size_from);
            apart[into][other] = mean;
            apart[other][into] = mean;
        }
        sizes[into] += size_from;
        let moved = std::mem::take(&mut groups[from]);
        groups[into].extend(moved);
        live.retain(|&group| group != from);
    }
    let mut second = vec![false; items];
    for &item in &groups[live[1]] {
        second[item] = true;
    }
    Some(second)
}

/// The mean silhouette of a split into two, in [−1, 1]: 0 for an item alone in its group, and 0
/// when one group is empty. O(n²).
pub fn silhouette(matrix: &Matrix, second: &[bool]) -> f64 {
    let items = matrix.len();
    let in_second = second.iter().filter(|&&second| second).count();
    let sizes = [items - in_second, in_second];
    if sizes.contains(&0) {
        return 0.0;
    }
    let mut sum = 0.0;
    for i in 0..items {
        let own = usize::from(second[i]);
        if sizes[own] == 1 {
            continue;
        }
        let mut sums = [0.0; 2];
        for j in 0..items {
            sums[usize::from(second[j])] += matrix.get(i, j);
        }
        let within = sums[own] / (sizes[own] - 1) as f64;
        let between = sums[1 - own] / sizes[1 - own] as f64;
        let greatest = within.max(between);
        if greatest > 0.0 {
            sum += (between - within) / greatest;
        }
    }
    sum / items as f64
}

/// How well a split survives the bootstrap, in [0, 1]: items are drawn with replacement, those
/// drawn are split anew, each group is compared with the more similar new one by Jaccard's index
/// (0 when none of it was drawn), and the lower of the two groups' means over all draws is given
/// (Hennig 2007, where 0.75 and more is called stable). O(draws · n²).
pub fn stability(
    matrix: &Matrix,
    second: &[bool],
    draws: usize,
    random: &mut fastrand::Rng,
) -> f64 {
    let items = matrix.len();
    if draws == 0 || items == 0 {
        return 0.0;
    }
    let mut sums = [0.0f64; 2];
    for _ in 0..draws {
        let mut drawn = vec![false; items];
        for _ in 0..items {
            drawn[random.usize(0..items)] = true;
        }
        let drawn: Vec<usize> = (0..items).filter(|&item| drawn[item]).collect();
        let Some(anew) = average_linkage(&matrix.select(&drawn)) else {
            continue;
        };
        for (group, sum) in [false, true].into_iter().zip(&mut sums) {
            let jaccard = |other: bool| {
                let (mut both, mut any) = (0u32, 0u32);
                for (&item, &now) in drawn.iter().zip(&anew) {
                    let (a, b) = (second[item] == group, now == other);
                    both += u32::from(a && b);
                    any += u32::from(a || b);
                }
                f64::from(both) / f64::from(any.max(1))
            };
            *sum += jaccard(false).max(jaccard(true));
        }
    }
    sums[0].min(sums[1]) / draws as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on_a_line(places: &[f64]) -> Matrix {
        Matrix::new(places.len(), |i, j| Some((places[i] - places[j]).abs()))
    }

    #[test]
    fn two_groups_on_a_line_by_hand() {
        let matrix = on_a_line(&[0.0, 10.0, 1.0, 11.0]);
        let split = average_linkage(&matrix).expect("four items");
        assert_eq!(split, [false, true, false, true]);
        // 0: within 1, between 10.5; 1: within 1, between 9.5; the others mirror them.
        let expected = f64::midpoint(9.5 / 10.5, 8.5 / 9.5);
        assert!((silhouette(&matrix, &split) - expected).abs() < 1e-12);
    }

    #[test]
    fn clear_groups_are_stable_and_a_lone_item_is_not() {
        let clear: Vec<f64> = (0..20)
            .map(|i| f64::from(i % 2) * 9.0 + f64::from(i) / 99.0)
            .collect();
        let clear = on_a_line(&clear);
        let split = average_linkage(&clear).expect("twenty items");
        let mut random = fastrand::Rng::with_seed(0);
        assert!(stability(&clear, &split, 50, &mut random) > 0.99);
        let lone: Vec<f64> = (0..20)
            .map(|i| f64::from(i) + if i == 19 { 30.0 } else { 0.0 })
            .collect();
        let lone = on_a_line(&lone);
        let split = average_linkage(&lone).expect("twenty items");
        assert_eq!(split.iter().filter(|&&second| second).count(), 1);
        assert!(stability(&lone, &split, 200, &mut random) < 0.75);
    }

    #[test]
    fn few_or_equal_items_do_not_fall_apart() {
        assert_eq!(average_linkage(&on_a_line(&[])), None);
        assert_eq!(average_linkage(&on_a_line(&[1.0])), None);
        let same = on_a_line(&[2.0; 6]);
        let split = average_linkage(&same).expect("six items");
        assert!(silhouette(&same, &split) == 0.0);
        assert!(silhouette(&same, &[false; 6]) == 0.0);
    }

    proptest! {
        #[test]
        fn the_numbers_do_not_depend_on_the_order_of_items(
            mut places in prop::collection::vec(0.0f64..1.0, 2..12),
            seed in any::<u64>(),
        ) {
            let value = |places: &[f64]| {
                let matrix = on_a_line(places);
                average_linkage(&matrix).map(|split| silhouette(&matrix, &split))
            };
            let before = value(&places).expect("two items or more");
            fastrand::Rng::with_seed(seed).shuffle(&mut places);
            prop_assert!((before - value(&places).expect("two items or more")).abs() < 1e-9);
        }
    }
}
