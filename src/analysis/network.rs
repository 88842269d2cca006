//! The network of resemblance: programmes linked by how alike their profiles are.
//!
//! A link is a resemblance, not a contact: it says "could learn from", never "is connected with".
//! Nodes are numbered from 0 in the order of the programmes that they stand for.

use std::collections::{BTreeMap, VecDeque};

use petgraph::graph::{NodeIndex, UnGraph};

/// A link between two programmes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The node with the smaller number.
    pub a: usize,
    /// The other node.
    pub b: usize,
    /// How alike they are, above 0.
    pub score: f64,
    /// Probability of sharing as much by chance, when it was computed.
    pub p: Option<f64>,
    /// The same after correction for many tests.
    pub q: Option<f64>,
}

/// An undirected network without loops or double links.
#[derive(Clone, Debug)]
pub struct Network {
    /// Node weight: position of the programme. Edge weight: score.
    graph: UnGraph<usize, f64>,
    edges: Vec<Edge>,
    /// Neighbours of each node with the score, strongest first, ties by number.
    neighbours: Vec<Vec<(usize, f64)>>,
    left_out: usize,
}

impl Network {
    /// The network of `programmes` nodes, node and programme having one number.
    ///
    /// Edges may come in any order and direction. Left out, and counted in [`Self::left_out`], are
    /// edges from a node to itself, to a node that does not exist, with a score that is not a
    /// positive number, and all but the strongest of several edges of one pair. Takes
    /// O(n + m log m).
    pub fn new(programmes: usize, edges: Vec<Edge>) -> Self {
        Self::of((0..programmes).collect(), edges)
    }

    fn of(programmes: Vec<usize>, edges: Vec<Edge>) -> Self {
        let (nodes, given) = (programmes.len(), edges.len());
        let mut edges: Vec<Edge> = edges
            .into_iter()
            .map(|edge| Edge {
                a: edge.a.min(edge.b),
                b: edge.a.max(edge.b),
                ..edge
            })
            .filter(|edge| {
                edge.a != edge.b && edge.b < nodes && edge.score.is_finite() && edge.score > 0.0
            })
            .collect();
        edges.sort_by(|x, y| {
            (x.a, x.b)
                .cmp(&(y.a, y.b))
                .then(y.score.total_cmp(&x.score))
        });
        edges.dedup_by_key(|edge| (edge.a, edge.b));

        let mut graph = UnGraph::with_capacity(nodes, edges.len());
        for programme in programmes {
            graph.add_node(programme);
        }
        let mut neighbours = vec![Vec::new(); nodes];
        for edge in &edges {
            graph.add_edge(NodeIndex::new(edge.a), NodeIndex::new(edge.b), edge.score);
            neighbours[edge.a].push((edge.b, edge.score));
            neighbours[edge.b].push((edge.a, edge.score));
        }
        for list in &mut neighbours {
            list.sort_by(|x: &(usize, f64), y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        }
        Self {
            left_out: given - edges.len(),
            graph,
            edges,
            neighbours,
        }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.neighbours.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.neighbours.is_empty()
    }

    /// The links, by the numbers of their nodes.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// How many of the edges given could not be used; see [`Self::new`].
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The network as a graph: node weights are positions of programmes, edge weights scores.
    pub fn graph(&self) -> &UnGraph<usize, f64> {
        &self.graph
    }

    /// The programme of a node.
    ///
    /// # Panics
    /// When there is no such node; so do all functions that take one.
    pub fn programme(&self, node: usize) -> usize {
        self.graph[NodeIndex::new(node)]
    }

    /// Neighbours of a node with the score, strongest first, ties by number.
    pub fn neighbours(&self, node: usize) -> &[(usize, f64)] {
        &self.neighbours[node]
    }

    /// How many neighbours a node has.
    pub fn degree(&self, node: usize) -> usize {
        self.neighbours[node].len()
    }

    /// The sum of the scores of a node's links.
    pub fn strength(&self, node: usize) -> f64 {
        self.neighbours[node].iter().map(|(_, score)| score).sum()
    }

    /// Nodes within a number of links of a node, with that number: nearest first, itself at the
    /// head, ties by number. Takes O(n + m).
    pub fn ego(&self, node: usize, steps: usize) -> Vec<(usize, usize)> {
        let mut found = self.reached(node, steps);
        found.sort_unstable_by_key(|&(node, distance)| (distance, node));
        found
    }

    /// Breadth-first search: nodes with their number of links from `start`, as they are met.
    fn reached(&self, start: usize, steps: usize) -> Vec<(usize, usize)> {
        let mut met: BTreeMap<usize, usize> = BTreeMap::from([(start, 0)]);
        let mut queue = VecDeque::from([(start, 0)]);
        let mut found = Vec::new();
        while let Some((node, distance)) = queue.pop_front() {
            found.push((node, distance));
            if distance == steps {
                continue;
            }
            for &(next, _) in self.neighbours(node) {
                met.entry(next).or_insert_with(|| {
                    queue.push_back((next, distance + 1));
                    distance + 1
                });
            }
        }
        found
    }

    /// The network of some nodes and the links between them. Its nodes are numbered anew, smallest
    /// first; [`Self::programme`] still says which programmes they are.
    #[must_use]
    pub fn subset(&self, nodes: &[usize]) -> Self {
        let mut kept = nodes.to_vec();
        kept.sort_unstable();
        kept.dedup();
        let edges = self
            .edges
            .iter()
            .filter_map(|edge| {
                Some(Edge {
                    a: kept.binary_search(&edge.a).ok()?,
                    b: kept.binary_search(&edge.b).ok()?,
                    ..*edge
                })
            })
            .collect();
        let programmes = kept.iter().map(|&node| self.programme(node)).collect();
        Self::of(programmes, edges)
    }

    /// The connected components, largest first, ties by the smallest node; nodes in order. A node
    /// without links is a component of one. Takes O(n log n + m).
    pub fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.len()];
        let mut components = Vec::new();
        for start in 0..self.len() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut component = vec![start];
            let mut next = 0;
            while let Some(&node) = component.get(next) {
                next += 1;
                for &(neighbour, _) in self.neighbours(node) {
                    if !seen[neighbour] {
                        seen[neighbour] = true;
                        component.push(neighbour);
                    }
                }
            }
            component.sort_unstable();
            components.push(component);
        }
        components.sort_by_key(|component| (std::cmp::Reverse(component.len()), component[0]));
        components
    }
}

/// Networks for the tests of this folder.
#[cfg(test)]
pub(super) mod examples {
    use super::*;

    /// A network with all scores 1.
    pub(crate) fn plain(nodes: usize, pairs: &[(usize, usize)]) -> Network {
        let edge = |&(a, b)| Edge {
            a,
            b,
            score: 1.0,
            p: None,
            q: None,
        };
        Network::new(nodes, pairs.iter().map(edge).collect())
    }

    /// A seeded random network with scores in (0, 1].
    pub(crate) fn random(nodes: usize, edges: usize, seed: u64) -> Network {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut list = Vec::new();
        for _ in 0..if nodes < 2 { 0 } else { edges } {
            list.push(Edge {
                a: rng.usize(..nodes),
                b: rng.usize(..nodes),
                score: 1.0 - rng.f64(),
                p: None,
                q: None,
            });
        }
        Network::new(nodes, list)
    }

    /// Two triangles joined by one link between 2 and 3.
    pub(crate) fn barbell() -> Network {
        plain(6, &[(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)])
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{barbell, plain, random};
    use super::*;
    use proptest::prelude::*;

    fn edge(a: usize, b: usize, score: f64) -> Edge {
        Edge {
            a,
            b,
            score,
            p: None,
            q: None,
        }
    }

    #[test]
    fn edges_that_make_no_sense_are_counted_and_left_out() {
        let network = Network::new(
            3,
            vec![
                edge(2, 0, 0.4),
                edge(0, 2, 0.9),
                edge(1, 1, 1.0),
                edge(0, 3, 1.0),
                edge(0, 1, f64::NAN),
                edge(0, 1, 0.0),
            ],
        );
        assert_eq!(network.edges(), [edge(0, 2, 0.9)]);
        assert_eq!(network.left_out(), 5);
        assert_eq!(network.graph().edge_count(), 1);
    }

    #[test]
    fn neighbours_come_strongest_first_with_ties_by_number() {
        let network = Network::new(4, vec![edge(0, 3, 0.5), edge(0, 2, 0.5), edge(1, 0, 0.7)]);
        assert_eq!(network.neighbours(0), [(1, 0.7), (2, 0.5), (3, 0.5)]);
        assert_eq!(network.degree(0), 3);
        assert!((network.strength(0) - 1.7).abs() < 1e-12);
    }

    #[test]
    fn an_ego_network_grows_link_by_link() {
        let network = barbell();
        assert_eq!(network.ego(0, 0), [(0, 0)]);
        assert_eq!(network.ego(0, 1), [(0, 0), (1, 1), (2, 1)]);
        assert_eq!(network.ego(0, 2), [(0, 0), (1, 1), (2, 1), (3, 2)]);
        assert_eq!(network.ego(0, 99).len(), 6);
    }

    #[test]
    fn a_subset_remembers_its_programmes() {
        let part = barbell().subset(&[5, 3, 4, 3]);
        assert_eq!(part.len(), 3);
        assert_eq!(part.edges().len(), 3);
        assert_eq!(
            (0..3).map(|n| part.programme(n)).collect::<Vec<_>>(),
            [3, 4, 5]
        );
        let again = part.subset(&[2]);
        assert_eq!(again.programme(0), 5);
    }

    #[test]
    fn components_are_largest_first() {
        let network = plain(6, &[(4, 5), (1, 2), (2, 3)]);
        assert_eq!(network.components(), [vec![1, 2, 3], vec![4, 5], vec![0]]);
        assert!(Network::new(0, Vec::new()).components().is_empty());
        assert!(Network::new(0, Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn the_order_of_edges_does_not_matter(seed in 0u64..1000, nodes in 0usize..20) {
            let network = random(nodes, 40, seed);
            let mut edges = network.edges().to_vec();
            fastrand::Rng::with_seed(seed + 1).shuffle(&mut edges);
            let flipped = edges.into_iter().map(|e| Edge { a: e.b, b: e.a, ..e }).collect();
            let again = Network::new(nodes, flipped);
            prop_assert_eq!(network.edges(), again.edges());
            let degrees: usize = (0..nodes).map(|node| network.degree(node)).sum();
            prop_assert_eq!(degrees, 2 * network.edges().len());
            let members: usize = network.components().iter().map(Vec::len).sum();
            prop_assert_eq!(members, nodes);
        }
    }
}
