//! Which programmes and links hold a network together.

use petgraph::algo::articulation_points::articulation_points as cut_nodes;
use petgraph::algo::bridges::bridges;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::chance::shuffle;
use super::membership::Membership;
use super::network::Network;

/// Up to how many nodes [`betweenness`] is exact.
pub const EXACT_UP_TO: usize = 20_000;

/// How many sources are drawn above that.
pub const SOURCES: usize = 500;

/// Betweenness of every node.
#[derive(Clone, Debug, PartialEq)]
pub struct Betweenness {
    /// Share of the shortest paths between two other nodes that pass through, from 0 to 1.
    pub values: Vec<f64>,
    /// From how many sources it was estimated; `None` when it is exact.
    pub sources: Option<usize>,
}

/// Betweenness centrality: for each node *v* the mean, over all pairs of other nodes *s*, *t*, of
/// σ(s,t|v) / σ(s,t), the share of the shortest paths from *s* to *t* that pass through *v*
/// (Freeman 1977; algorithm of Brandes 2001). A path's length is its number of links.
///
/// Above [`EXACT_UP_TO`] nodes it is estimated from [`SOURCES`] sources drawn with the seed
/// (Brandes & Pich 2007). Takes O(n m), or O(sources · m).
pub fn betweenness(network: &Network, seed: u64) -> Betweenness {
    let mut sources: Vec<usize> = (0..network.len()).collect();
    if sources.len() <= EXACT_UP_TO {
        return Betweenness {
            values: betweenness_from(network, &sources),
            sources: None,
        };
    }
    shuffle(&mut fastrand::Rng::with_seed(seed), &mut sources);
    sources.truncate(SOURCES);
    sources.sort_unstable();
    Betweenness {
        values: betweenness_from(network, &sources),
        sources: Some(sources.len()),
    }
}

/// Betweenness centrality estimated from the shortest paths that start at some nodes; exact when
/// these are all. Each source must be given once.
///
/// A node that is a source is no end of its own paths, so its mean is over one source less; with a
/// single source it cannot be estimated and is 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a graph of petgraph has at most 2³² nodes"
)]
pub fn betweenness_from(network: &Network, sources: &[usize]) -> Vec<f64> {
    let nodes = network.len();
    // Neighbours of all nodes in one list: most of the time goes into reading them.
    let mut starts = vec![0];
    let mut targets: Vec<u32> = Vec::new();
    for node in 0..nodes {
        let list = network.neighbours(node).iter();
        targets.extend(list.map(|&(neighbour, _)| neighbour as u32));
        starts.push(targets.len());
    }
    let neighbours = |node: usize| targets[starts[node]..starts[node + 1]].iter();

    let mut sums = vec![0.0; nodes];
    let mut paths = vec![0.0f64; nodes];
    let mut distance = vec![u32::MAX; nodes];
    let mut dependency = vec![0.0; nodes];
    let mut order: Vec<u32> = Vec::with_capacity(nodes);
    for &source in sources {
        order.push(source as u32);
        distance[source] = 0;
        paths[source] = 1.0;
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            let node = node as usize;
            let farther = distance[node] + 1;
            for &neighbour in neighbours(node) {
                let at = neighbour as usize;
                if distance[at] == u32::MAX {
                    distance[at] = farther;
                    order.push(neighbour);
                }
                if distance[at] == farther {
                    paths[at] += paths[node];
                }
            }
        }
        for &node in order.iter().skip(1).rev() {
            let node = node as usize;
            sums[node] += dependency[node];
            let share = (1.0 + dependency[node]) / paths[node];
            for &before in neighbours(node) {
                let before = before as usize;
                if distance[before] < distance[node] {
                    dependency[before] += paths[before] * share;
                }
            }
        }
        for node in order.drain(..) {
            let node = node as usize;
            distance[node] = u32::MAX;
            paths[node] = 0.0;
            dependency[node] = 0.0;
        }
    }
    let mut is_source = vec![false; nodes];
    for &source in sources {
        is_source[source] = true;
    }
    for (node, sum) in sums.iter_mut().enumerate() {
        let starts = sources.len() - usize::from(is_source[node]);
        let pairs = starts as f64 * nodes.saturating_sub(2) as f64;
        *sum = if pairs > 0.0 { *sum / pairs } else { 0.0 };
    }
    sums
}

/// How a programme's links spread over silos.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Participation {
    /// From 0, all links in one silo, towards 1; `None` when no neighbour states the axis.
    pub coefficient: Option<f64>,
    /// Neighbours that state the axis.
    pub known: usize,
    /// Neighbours that do not, which are left out.
    pub unknown: usize,
}

/// Participation coefficient of every node over the silos of an axis,
/// P = 1 − Σ (k(s) / k)², where k(s) is the weight of its links into silo *s* and k their sum over
/// all silos (Guimerà & Amaral 2005, with silos in the place of modules).
///
/// The weight of a link is its score. A neighbour in several silos divides it among them equally,
/// so such a neighbour alone gives a coefficient above 0. Takes O(m).
pub fn participation(network: &Network, membership: &Membership) -> Vec<Participation> {
    let of_node = |node| {
        let mut weights: Vec<(usize, f64)> = Vec::new();
        let mut known = 0;
        for &(neighbour, score) in network.neighbours(node) {
            let silos = membership.values(network.programme(neighbour));
            known += usize::from(!silos.is_empty());
            for &silo in silos {
                weights.push((silo, score / silos.len() as f64));
            }
        }
        weights.sort_by_key(|&(silo, _)| silo);
        let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let squares: f64 = weights
            .chunk_by(|x, y| x.0 == y.0)
            .map(|silo| silo.iter().map(|(_, weight)| weight).sum::<f64>() / total)
            .map(|share| share * share)
            .sum();
        Participation {
            coefficient: (known > 0).then_some((1.0 - squares).max(0.0)),
            known,
            unknown: network.degree(node) - known,
        }
    };
    (0..network.len()).map(of_node).collect()
}

/// Articulation points: nodes whose removal splits a component, in order (Tarjan 1972). Takes
/// O(n + m).
pub fn articulation_points(network: &Network) -> Vec<usize> {
    let mut points: Vec<usize> = cut_nodes(network.graph())
        .into_iter()
        .map(NodeIndex::index)
        .collect();
    points.sort_unstable();
    points
}

/// Single links: links whose removal splits a component, as pairs of nodes in order (Tarjan 1974,
/// who calls them bridges; here that word is for pairs of programmes across silos). Takes
/// O(n + m).
pub fn single_links(network: &Network) -> Vec<(usize, usize)> {
    let mut links: Vec<(usize, usize)> = bridges(network.graph())
        .map(|edge| (edge.source().index(), edge.target().index()))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    links.sort_unstable();
    links
}

/// Constraint of every node, the sum over its neighbours *j* of (p(i,j) + Σ p(i,q) p(q,j))², where
/// *q* runs over its neighbours and p(i,j) is the share of its strength that goes to *j* (Burt 1992): low for a node whose neighbours are not linked
/// with each other. `None` for a node without links. Takes O(Σ degree²) steps of O(log degree).
pub fn constraint(network: &Network) -> Vec<Option<f64>> {
    let shares: Vec<Vec<(usize, f64)>> = (0..network.len())
        .map(|node| {
            let strength = network.strength(node);
            let mut list: Vec<(usize, f64)> = network
                .neighbours(node)
                .iter()
                .map(|&(neighbour, score)| (neighbour, score / strength))
                .collect();
            list.sort_by_key(|&(neighbour, _)| neighbour);
            list
        })
        .collect();
    let share = |from: usize, to: usize| {
        let at = shares[from].binary_search_by_key(&to, |&(neighbour, _)| neighbour);
        at.map_or(0.0, |at| shares[from][at].1)
    };
    (0..network.len())
        .map(|node| {
            let to = |&(target, direct): &(usize, f64)| {
                let round: f64 = shares[node]
                    .iter()
                    .map(|&(through, first)| first * share(through, target))
                    .sum();
                (direct + round) * (direct + round)
            };
            (!shares[node].is_empty()).then(|| shares[node].iter().map(to).sum())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::network::examples::{barbell, plain, random};
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn betweenness_of_a_path_and_of_a_star() {
        let path = betweenness(&plain(4, &[(0, 1), (1, 2), (2, 3)]), 0);
        assert_eq!(path.sources, None);
        let expected = [0.0, 2.0 / 3.0, 2.0 / 3.0, 0.0];
        assert!(path.values.iter().zip(expected).all(|(&a, b)| close(a, b)));
        let star = betweenness(&plain(5, &[(0, 1), (0, 2), (0, 3), (0, 4)]), 0);
        assert_eq!(star.values, [1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn networks_too_small_for_a_path_through_have_none() {
        assert!(betweenness(&plain(0, &[]), 0).values.is_empty());
        assert_eq!(betweenness(&plain(2, &[(0, 1)]), 0).values, [0.0, 0.0]);
        assert_eq!(betweenness_from(&barbell(), &[]), [0.0; 6]);
        assert!(betweenness_from(&barbell(), &[2])[2].abs() < f64::EPSILON);
    }

    #[test]
    fn a_large_network_is_sampled_with_the_seed() {
        let pairs: Vec<(usize, usize)> = (0..EXACT_UP_TO).map(|node| (node, node + 1)).collect();
        let path = plain(EXACT_UP_TO + 1, &pairs);
        let found = betweenness(&path, 7);
        assert_eq!(found.sources, Some(SOURCES));
        assert_eq!(found, betweenness(&path, 7));
        let middle = found.values[EXACT_UP_TO / 2];
        assert!((middle - 0.5).abs() < 0.05, "{middle}");
    }

    #[test]
    fn participation_counts_the_silos_of_neighbours() {
        let network = plain(5, &[(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)]);
        let silos = Membership::flat(vec![vec![], vec![0], vec![0], vec![1, 2], vec![]]);
        let found = participation(&network, &silos);
        // Weights 2, 1/2 and 1/2 of 3.
        assert!(close(found[0].coefficient.expect("known"), 0.5));
        assert_eq!((found[0].known, found[0].unknown), (3, 1));
        assert_eq!(found[1].coefficient, Some(0.0));
        assert_eq!(found[4].coefficient, None);
        assert_eq!((found[4].known, found[4].unknown), (0, 1));
    }

    #[test]
    fn the_middle_of_a_barbell_holds_it_together() {
        assert_eq!(articulation_points(&barbell()), [2, 3]);
        assert_eq!(single_links(&barbell()), [(2, 3)]);
        assert!(articulation_points(&plain(0, &[])).is_empty());
        assert!(single_links(&plain(3, &[(0, 1), (1, 2), (0, 2)])).is_empty());
    }

    #[test]
    fn constraint_of_a_triangle_and_of_a_star() {
        // (1/2 + 1/2 · 1/2)² twice.
        let triangle = constraint(&plain(4, &[(0, 1), (1, 2), (0, 2)]));
        assert!(close(triangle[0].expect("linked"), 1.125));
        assert_eq!(triangle[3], None);
        let star = constraint(&plain(5, &[(0, 1), (0, 2), (0, 3), (0, 4)]));
        assert!(close(star[0].expect("linked"), 0.25));
        assert!(close(star[1].expect("linked"), 1.0));
    }

    proptest! {
        #[test]
        fn cuts_raise_the_number_of_components(seed in 0u64..500, nodes in 1usize..14) {
            let network = random(nodes, nodes + 3, seed);
            let before = network.components().len();
            let points = articulation_points(&network);
            for node in 0..nodes {
                let rest: Vec<usize> = (0..nodes).filter(|&other| other != node).collect();
                let after = network.subset(&rest).components().len();
                prop_assert_eq!(after > before, points.contains(&node));
            }
            let single = single_links(&network);
            for edge in network.edges() {
                let rest = network.edges().iter().filter(|e| *e != edge).copied().collect();
                let after = Network::new(nodes, rest).components().len();
                prop_assert_eq!(after > before, single.contains(&(edge.a, edge.b)));
            }
        }

        #[test]
        fn centralities_stay_in_range(seed in 0u64..500, nodes in 0usize..20) {
            let network = random(nodes, 40, seed);
            let found = betweenness(&network, seed);
            prop_assert!(found.values.iter().all(|v| (0.0..=1.0 + 1e-12).contains(v)));
            let silos = (0..nodes).map(|n| (0..n % 3).collect()).collect();
            for p in participation(&network, &Membership::flat(silos)) {
                prop_assert!(p.coefficient.is_none_or(|c| (0.0..1.0).contains(&c)));
            }
        }
    }
}
