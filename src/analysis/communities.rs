//! Groups of like programmes, and whether they are more than luck.
//!
//! Modularity has many partitions that are almost equally good (Good, de Montjoye & Clauset 2010),
//! so the best one is given together with how far the runs agree.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use leiden_rs::{GraphData, Leiden, LeidenConfig, Partition, QualityType, from_petgraph};

use super::network::Network;

/// How to look for communities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Resolution γ of modularity, at least 0: higher gives more and smaller communities.
    pub resolution: f64,
    /// How many runs, each with a seed of its own; at least one is made.
    pub runs: u32,
    /// The seed of the first run; the next ones count up from it.
    pub seed: u64,
    /// Share of runs that must put two nodes together for a stable group, from 0 to 1.
    pub stable_share: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            resolution: 1.0,
            runs: 20,
            seed: 0,
            stable_share: 0.8,
        }
    }
}

/// The communities of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The community of each node. Communities are numbered from 0: largest first, ties by the
    /// smallest node.
    pub of: Vec<usize>,
    /// The nodes of each community, in order.
    pub members: Vec<Vec<usize>>,
    /// Modularity of this partition; `None` without links.
    pub quality: Option<f64>,
    /// Modularity of the partition that each run found, in the order of the seeds.
    pub qualities: Vec<f64>,
    /// How many different partitions the runs found.
    pub partitions: usize,
    /// For each node, the mean over the other members of its community of the share of runs that
    /// put the two together; `None` for a community of one.
    pub stability: Vec<Option<f64>>,
    /// Stable groups: sets of two and more nodes of one community of which every pair was together
    /// in at least [`Settings::stable_share`] of the runs. Largest first, ties by the smallest node.
    pub stable_groups: Vec<Vec<usize>>,
    /// The numbered communities of every run.
    runs: Vec<Vec<usize>>,
}

impl Communities {
    /// Share of the runs that put two nodes into one community, from 0 to 1.
    pub fn together(&self, a: usize, b: usize) -> f64 {
        let count = self.runs.iter().filter(|run| run[a] == run[b]).count();
        count as f64 / self.runs.len() as f64
    }

    /// Lowest and highest modularity of the runs.
    pub fn spread(&self) -> Option<(f64, f64)> {
        let low = self.qualities.iter().copied().min_by(f64::total_cmp)?;
        let high = self.qualities.iter().copied().max_by(f64::total_cmp)?;
        Some((low, high))
    }
}

/// Modularity of a partition, Q = Σ (e(c) / m − γ (K(c) / 2m)²), where m is the weight of all
/// links, e(c) of those inside community *c* and K(c) the strength of its nodes (Newman & Girvan
/// 2004; γ: Reichardt & Bornholdt 2006). Weights are scores. `None` without links. Takes
/// O(n log n + m log n).
///
/// # Panics
/// When `of` has fewer entries than there are nodes.
pub fn modularity(network: &Network, of: &[usize], resolution: f64) -> Option<f64> {
    let mut groups: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut total = 0.0;
    for edge in network.edges() {
        total += edge.score;
        if of[edge.a] == of[edge.b] {
            groups.entry(of[edge.a]).or_default().0 += edge.score;
        }
        groups.entry(of[edge.a]).or_default().1 += edge.score;
        groups.entry(of[edge.b]).or_default().1 += edge.score;
    }
    let part = |&(inside, strength): &(f64, f64)| {
        let share = strength / (2.0 * total);
        inside / total - resolution * share * share
    };
    (total > 0.0).then(|| groups.values().map(part).sum())
}

/// Communities by the Leiden algorithm (Traag, Waltman & van Eck 2019) on modularity: the best
/// partition of all runs, ties by the first seed, with what the other runs say about it.
///
/// A run goes on from the best partition that it has found, with a fifth of the nodes set loose,
/// until that has failed three times. Every community is connected; a node without links is a
/// community of its own. `None` when the resolution is no number of at least 0. Near linear in the
/// links for each run; stable groups take up to the square of the largest community when no two of
/// its nodes have the same history.
pub fn communities(network: &Network, settings: &Settings) -> Option<Communities> {
    let graph = from_petgraph(network.graph()).ok()?;
    let mut runs = Vec::new();
    let mut qualities: Vec<f64> = Vec::new();
    let mut best = 0;
    for run in 0..settings.runs.max(1) {
        let seed = settings.seed.wrapping_add(u64::from(run));
        let (of, quality) = one_run(network, &graph, settings.resolution, seed)?;
        runs.push(of);
        qualities.push(quality);
        if quality > qualities[best] + EQUAL {
            best = qualities.len() - 1;
        }
    }
    let (of, members) = numbered(&runs[best]);
    let mut distinct: Vec<&Vec<usize>> = runs.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    Some(Communities {
        quality: modularity(network, &of, settings.resolution),
        partitions: distinct.len(),
        stability: stability(&runs, &of, &members),
        stable_groups: stable_groups(&runs, &members, settings.stable_share),
        of,
        members,
        qualities,
        runs,
    })
}

/// Qualities this near differ by rounding only.
const EQUAL: f64 = 1e-12;

/// How often a run may try in vain, and how often in all.
const FAILURES: usize = 3;
const TRIES: usize = 12;

/// A numbered partition and its modularity.
fn one_run(
    network: &Network,
    graph: &GraphData,
    resolution: f64,
    seed: u64,
) -> Option<(Vec<usize>, f64)> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut best: Option<(Vec<usize>, f64)> = None;
    let mut failures = 0;
    for _ in 0..TRIES {
        let config = LeidenConfig::builder()
            .quality(QualityType::Modularity)
            .resolution(resolution)
            .seed(rng.u64(..))
            .build();
        let leiden = Leiden::new(config);
        let found = match &best {
            None => leiden.run(graph),
            Some((of, _)) => {
                let loose = (0..of.len())
                    .map(|node| {
                        let alone = rng.u64(..5) == 0;
                        if alone { of.len() + node } else { of[node] }
                    })
                    .collect();
                leiden.run_with_initial_partition(graph, Partition::from_membership(loose))
            }
        };
        let of = numbered(&connected(network, found.ok()?.partition.as_slice())).0;
        let quality = modularity(network, &of, resolution).unwrap_or(0.0);
        if best
            .as_ref()
            .is_none_or(|(_, before)| quality > before + EQUAL)
        {
            best = Some((of, quality));
            failures = 0;
        } else {
            failures += 1;
        }
        if failures == FAILURES || network.edges().is_empty() {
            break;
        }
    }
    best
}

/// A partition with groups that are not connected taken apart, which never lowers modularity. The
/// crate's refinement does not keep all communities connected, though the algorithm should.
fn connected(network: &Network, of: &[usize]) -> Vec<usize> {
    let inside = network
        .edges()
        .iter()
        .filter(|edge| of[edge.a] == of[edge.b]);
    let parts = Network::new(of.len(), inside.copied().collect()).components();
    let mut apart = vec![0; of.len()];
    for (number, part) in parts.iter().enumerate() {
        for &node in part {
            apart[node] = number;
        }
    }
    apart
}

/// A partition with its groups numbered by size, then by the smallest node; and their members.
fn numbered(of: &[usize]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, &group) in of.iter().enumerate() {
        groups.entry(group).or_default().push(node);
    }
    let mut members: Vec<Vec<usize>> = groups.into_values().collect();
    members.sort_by_key(|group| (Reverse(group.len()), group[0]));
    let mut renumbered = vec![0; of.len()];
    for (number, group) in members.iter().enumerate() {
        for &node in group {
            renumbered[node] = number;
        }
    }
    (renumbered, members)
}

/// Mean share of runs that keep a node with the rest of its community. Takes O(runs · n log n).
fn stability(runs: &[Vec<usize>], of: &[usize], members: &[Vec<usize>]) -> Vec<Option<f64>> {
    let mut together = vec![0usize; of.len()];
    for run in runs {
        for group in members {
            let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
            for &node in group {
                *sizes.entry(run[node]).or_default() += 1;
            }
            for &node in group {
                together[node] += sizes[&run[node]] - 1;
            }
        }
    }
    let share = |(&together, &group): (&usize, &usize)| {
        let others = members[group].len() - 1;
        (others > 0).then(|| together as f64 / (others * runs.len()) as f64)
    };
    together.iter().zip(of).map(share).collect()
}

/// Groups of which every pair is together in a share of the runs.
///
/// In each community, nodes with the same history are one block; blocks join, largest first, the
/// first group with all of whose blocks they agree. So the groups need not be the largest possible,
/// but what is said of every pair holds.
fn stable_groups(runs: &[Vec<usize>], members: &[Vec<usize>], share: f64) -> Vec<Vec<usize>> {
    let agree = |a: usize, b: usize| {
        let count = runs.iter().filter(|run| run[a] == run[b]).count();
        count as f64 >= share * runs.len() as f64 - 1e-9
    };
    let mut found = Vec::new();
    for group in members {
        let mut blocks: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for &node in group {
            let history = runs.iter().map(|run| run[node]).collect();
            blocks.entry(history).or_default().push(node);
        }
        let mut blocks: Vec<Vec<usize>> = blocks.into_values().collect();
        blocks.sort_by_key(|block| (Reverse(block.len()), block[0]));
        let mut groups: Vec<Vec<Vec<usize>>> = Vec::new();
        for block in blocks {
            let fits =
                |group: &&mut Vec<Vec<usize>>| group.iter().all(|other| agree(other[0], block[0]));
            match groups.iter_mut().find(fits) {
                Some(group) => group.push(block),
                None => groups.push(vec![block]),
            }
        }
        for blocks in groups {
            let mut nodes: Vec<usize> = blocks.into_iter().flatten().collect();
            nodes.sort_unstable();
            if nodes.len() > 1 {
                found.push(nodes);
            }
        }
    }
    found.sort_by_key(|group| (Reverse(group.len()), group[0]));
    found
}

#[cfg(test)]
mod tests {
    use super::super::network::examples::{barbell, plain, random};
    use super::*;
    use proptest::prelude::*;

    fn found(network: &Network) -> Communities {
        communities(network, &Settings::default()).expect("the default settings are valid")
    }

    #[test]
    fn two_triangles_are_two_communities() {
        let found = found(&barbell());
        assert_eq!(found.members, [vec![0, 1, 2], vec![3, 4, 5]]);
        assert_eq!(found.of, [0, 0, 0, 1, 1, 1]);
        // 2 (3/7 − (7/14)²) = 5/14.
        assert!((found.quality.expect("there are links") - 5.0 / 14.0).abs() < 1e-12);
        assert_eq!(found.qualities.len(), 20);
        assert_eq!(found.partitions, 1);
        assert_eq!(found.stable_groups, found.members);
        assert!(found.stability.iter().all(|s| *s == Some(1.0)));
        assert!((found.together(0, 1) - 1.0).abs() < 1e-12);
        assert!(found.together(0, 5).abs() < 1e-12);
    }

    #[test]
    fn without_links_every_node_stands_alone() {
        let alone = found(&plain(3, &[]));
        assert_eq!(alone.of, [0, 1, 2]);
        assert_eq!(alone.quality, None);
        assert_eq!(alone.stability, [None; 3]);
        assert!(alone.stable_groups.is_empty());
        assert!(found(&plain(0, &[])).members.is_empty());
    }

    #[test]
    fn a_resolution_that_is_no_number_is_refused() {
        for resolution in [f64::NAN, -1.0] {
            let settings = Settings {
                resolution,
                ..Settings::default()
            };
            assert_eq!(communities(&barbell(), &settings), None);
        }
        let coarse = Settings {
            resolution: 0.0,
            runs: 0,
            ..Settings::default()
        };
        let one = communities(&barbell(), &coarse).expect("0 is a resolution");
        assert_eq!((one.members.len(), one.qualities.len()), (1, 1));
    }

    #[test]
    fn groups_are_numbered_by_size_then_by_smallest_node() {
        let (of, members) = numbered(&[7, 3, 3, 7, 9]);
        assert_eq!(of, [0, 1, 1, 0, 2]);
        assert_eq!(members, [vec![0, 3], vec![1, 2], vec![4]]);
    }

    #[test]
    fn a_group_that_is_not_connected_is_taken_apart() {
        let path = plain(4, &[(0, 1), (1, 2), (2, 3)]);
        let apart = numbered(&connected(&path, &[0, 1, 0, 0]));
        assert_eq!(apart.1, [vec![2, 3], vec![0], vec![1]]);
    }

    #[test]
    fn a_pair_is_stable_from_the_share_on() {
        let mut runs = vec![vec![0, 0, 0, 1]; 4];
        runs.push(vec![0, 0, 1, 1]);
        let members = [vec![0, 1, 2], vec![3]];
        assert_eq!(stable_groups(&runs, &members, 0.8), [vec![0, 1, 2]]);
        assert_eq!(stable_groups(&runs, &members, 0.81), [vec![0, 1]]);
        let means = stability(&runs, &[0, 0, 0, 1], &members);
        assert!((means[0].expect("not alone") - 0.9).abs() < 1e-12);
        assert!((means[2].expect("not alone") - 0.8).abs() < 1e-12);
        assert_eq!(means[3], None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn communities_are_connected_and_repeatable(seed in 0u64..1000, nodes in 1usize..40) {
            let network = random(nodes, 80, seed);
            let settings = Settings { seed, runs: 5, ..Settings::default() };
            let found = communities(&network, &settings);
            prop_assert_eq!(&found, &communities(&network, &settings));
            let found = found.expect("the settings are valid");
            for group in &found.members {
                prop_assert_eq!(network.subset(group).components().len(), 1);
            }
            let (low, high) = found.spread().expect("there are runs");
            let quality = found.quality.unwrap_or(0.0);
            prop_assert!(low <= quality && (quality - high).abs() <= 1e-12);
            for group in &found.stable_groups {
                for &a in group {
                    prop_assert!(group.iter().all(|&b| found.together(a, b) >= 0.8 - 1e-9));
                }
            }
        }
    }
}
