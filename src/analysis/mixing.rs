//! Whether links stay inside silos.

use std::collections::BTreeMap;

use super::chance::{Chance, shuffle};
use super::communities::modularity;
use super::membership::Membership;
use super::network::Network;

/// How the links of a network lie across the silos of an axis.
///
/// Whether a link is inside a silo counts broader values and programmes with several values.
/// Assortativity and modularity need one silo a programme: they are of the links whose two ends
/// have exactly one value each.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixing {
    /// Links inside a silo.
    pub internal: usize,
    /// Links across silos.
    pub external: usize,
    /// Links left out because an end does not state the axis.
    pub unstated: usize,
    /// E-I index, (external − internal) / (external + internal), from −1, all inside, to 1, all
    /// across (Krackhardt & Stern 1988); `None` when no link can be judged.
    pub ei: Option<f64>,
    /// The E-I index when the programmes that state the axis exchange their silos: it depends on
    /// the sizes of the silos, so the index alone says little.
    pub ei_chance: Option<Chance>,
    /// Links whose two ends have exactly one value each.
    pub single: usize,
    /// Links that state the axis at both ends but have several values at one.
    pub several: usize,
    /// Assortativity coefficient r = (Σ e(s,s) − Σ a(s)²) / (1 − Σ a(s)²), where e(s,t) is the share
    /// of link ends in silo *s* with the other end in *t* and a its sums (Newman 2003): 1 when
    /// all links stay inside, 0 when silos do not matter; `None` when all links are in one silo.
    pub assortativity: Option<f64>,
    /// Modularity of the partition into silos, weighted by score; `None` without links.
    pub modularity: Option<f64>,
    /// How many of the single links join each pair of silos, by their positions, smaller first.
    pub pairs: BTreeMap<(usize, usize), usize>,
}

/// How the links lie across silos, with the silos exchanged `permutations` times by the seed. Takes
/// O((n + m) · permutations).
///
/// # Panics
/// When a programme of the network has no entry in the membership.
pub fn mixing(
    network: &Network,
    membership: &Membership,
    permutations: usize,
    seed: u64,
) -> Mixing {
    let (internal, external, unstated) = crossings(network, membership);
    let ei = index(internal, external);
    let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for edge in network.edges() {
        let silo = |node| membership.single(network.programme(node));
        if let (Some(a), Some(b)) = (silo(edge.a), silo(edge.b)) {
            *pairs.entry((a.min(b), a.max(b))).or_default() += 1;
        }
    }
    let single = pairs.values().sum();
    Mixing {
        internal,
        external,
        unstated,
        ei,
        ei_chance: ei
            .and_then(|ei| Chance::new(ei, exchanged(network, membership, permutations, seed))),
        single,
        several: internal + external - single,
        assortativity: assortativity(&pairs),
        modularity: of_silos(network, membership),
        pairs,
    }
}

/// Links inside, across and not to be judged.
fn crossings(network: &Network, membership: &Membership) -> (usize, usize, usize) {
    let (mut internal, mut external, mut unstated) = (0, 0, 0);
    for edge in network.edges() {
        let (a, b) = (network.programme(edge.a), network.programme(edge.b));
        match membership.across(a, b) {
            Some(true) => external += 1,
            Some(false) => internal += 1,
            None => unstated += 1,
        }
    }
    (internal, external, unstated)
}

fn index(internal: usize, external: usize) -> Option<f64> {
    let judged = (internal + external) as f64;
    (judged > 0.0).then(|| (external as f64 - internal as f64) / judged)
}

/// The E-I index of each exchange of silos among the nodes that state the axis.
fn exchanged(
    network: &Network,
    membership: &Membership,
    permutations: usize,
    seed: u64,
) -> Vec<f64> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let stating: Vec<usize> = (0..network.len())
        .map(|node| network.programme(node))
        .filter(|&programme| !membership.values(programme).is_empty())
        .collect();
    let mut dealt = stating.clone();
    (0..permutations)
        .filter_map(|_| {
            shuffle(&mut rng, &mut dealt);
            let mut places: Vec<usize> = (0..membership.len()).collect();
            for (&programme, &from) in stating.iter().zip(&dealt) {
                places[programme] = from;
            }
            let (internal, external, _) = crossings(network, &membership.exchanged(&places));
            index(internal, external)
        })
        .collect()
}

/// Newman's coefficient from the number of links of each pair of silos.
fn assortativity(pairs: &BTreeMap<(usize, usize), usize>) -> Option<f64> {
    let links: usize = pairs.values().sum();
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    let mut inside = 0;
    for (&(a, b), &count) in pairs {
        *ends.entry(a).or_default() += count;
        *ends.entry(b).or_default() += count;
        inside += if a == b { count } else { 0 };
    }
    if ends.len() < 2 {
        return None;
    }
    let share = |&count: &usize| count as f64 / (2 * links) as f64;
    let expected: f64 = ends.values().map(share).map(|share| share * share).sum();
    Some((inside as f64 / links as f64 - expected) / (1.0 - expected))
}

/// Modularity of the silos over the programmes with exactly one.
fn of_silos(network: &Network, membership: &Membership) -> Option<f64> {
    let single = |node: &usize| membership.single(network.programme(*node)).is_some();
    let kept: Vec<usize> = (0..network.len()).filter(single).collect();
    let part = network.subset(&kept);
    let of: Vec<usize> = (0..part.len())
        .filter_map(|node| membership.single(part.programme(node)))
        .collect();
    modularity(&part, &of, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::network::examples::{barbell, plain, random};
    use super::*;
    use proptest::prelude::*;

    fn silos(of: &[usize]) -> Membership {
        Membership::flat(of.iter().map(|&silo| vec![silo]).collect())
    }

    #[test]
    fn two_triangles_in_two_silos() {
        let found = mixing(&barbell(), &silos(&[0, 0, 0, 1, 1, 1]), 99, 0);
        assert_eq!((found.internal, found.external, found.unstated), (6, 1, 0));
        assert!((found.ei.expect("judged") + 5.0 / 7.0).abs() < 1e-12);
        // (6/7 − 1/2) / (1 − 1/2), and the same without the division.
        assert!((found.assortativity.expect("two silos") - 5.0 / 7.0).abs() < 1e-12);
        assert!((found.modularity.expect("links") - 5.0 / 14.0).abs() < 1e-12);
        assert_eq!(found.pairs[&(0, 1)], 1);
        let chance = found.ei_chance.expect("there are permutations");
        assert!(chance.mean > found.ei.expect("judged"));
        assert!(chance.p_below < 0.3 && chance.p_above > 0.9);
    }

    #[test]
    fn what_is_not_stated_or_manifold_is_counted() {
        let network = plain(4, &[(0, 1), (1, 2), (2, 3), (0, 3)]);
        let silos = Membership::flat(vec![vec![0], vec![0, 1], vec![1], vec![]]);
        let found = mixing(&network, &silos, 0, 0);
        assert_eq!((found.internal, found.external, found.unstated), (2, 0, 2));
        assert_eq!((found.single, found.several), (0, 2));
        assert_eq!(found.assortativity, None);
        assert_eq!(found.modularity, None);
        assert_eq!(found.ei_chance, None);
    }

    #[test]
    fn nothing_to_judge_gives_nothing() {
        let none = mixing(&plain(0, &[]), &Membership::flat(vec![]), 9, 0);
        assert_eq!(
            (none.ei, none.ei_chance, none.assortativity),
            (None, None, None)
        );
        let unknown = mixing(&barbell(), &Membership::flat(vec![vec![]; 6]), 9, 0);
        assert_eq!((unknown.unstated, unknown.ei), (7, None));
        let same = mixing(&barbell(), &silos(&[4; 6]), 9, 0);
        assert_eq!((same.ei, same.assortativity), (Some(-1.0), None));
    }

    #[test]
    fn a_part_of_a_network_keeps_its_silos() {
        let part = barbell().subset(&[3, 4, 5]);
        let found = mixing(&part, &silos(&[0, 0, 0, 1, 2, 2]), 19, 0);
        assert_eq!((found.internal, found.external), (1, 2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn every_link_is_counted_once(seed in 0u64..1000, nodes in 0usize..20) {
            let network = random(nodes, 40, seed);
            let silos = Membership::flat((0..nodes).map(|n| (0..n % 4).collect()).collect());
            let found = mixing(&network, &silos, 19, seed);
            let all = found.internal + found.external + found.unstated;
            prop_assert_eq!(all, network.edges().len());
            prop_assert_eq!(found.single + found.several, found.internal + found.external);
            prop_assert!(found.ei.is_none_or(|ei| (-1.0..=1.0).contains(&ei)));
            prop_assert!(found.assortativity.is_none_or(|r| (-1.0 - 1e-12..=1.0).contains(&r)));
            prop_assert_eq!(&found, &mixing(&network, &silos, 19, seed));
        }
    }
}
