//! Where to draw the nodes: the same seed gives the same picture on every machine.
//!
//! Each component is laid out by stochastic gradient descent on stress, Σ (|x(i) − x(j)| − d)² / d²,
//! where d is the number of links between two nodes (Zheng, Pawar & Goodman 2019). Large components
//! use the distances to pivots in place of all (Ortmann, Klimenta & Brandes 2017). So a distance in
//! the picture stands for a number of links, not for a score. Only +, −, ×, ÷ and square roots are
//! used on the way: their results are fixed by IEEE 754, those of other functions are not.

use super::chance::shuffle;
use super::network::Network;

/// Nodes of a component up to which the distances of all pairs are used.
const ALL_PAIRS_UP_TO: usize = 1_000;

/// Nodes of a component up to which the steps get smaller slowly, since there is time for it.
const SLOW_UP_TO: usize = 300;

/// Pivots of a larger component.
const PIVOTS: usize = 100;

/// Room around a component, in links.
const MARGIN: f64 = 0.5;

/// Positions of all nodes, x to the right and y down, from 0 to 1.
///
/// The picture keeps its proportions: the longer side goes from 0 to 1, the other is centred.
/// Components stand side by side, tallest first. A component of k nodes takes about 35 passes over
/// k² / 2 pairs, or 100 k pairs when it is large; a small one about 100.
pub fn layout(network: &Network, seed: u64) -> Vec<[f64; 2]> {
    let mut boxes: Vec<Placed> = network
        .components()
        .into_iter()
        .map(|nodes| Placed::new(network, nodes, seed))
        .collect();
    boxes.sort_by(|a, b| {
        b.size[1]
            .total_cmp(&a.size[1])
            .then(a.nodes[0].cmp(&b.nodes[0]))
    });

    let area: f64 = boxes.iter().map(|part| part.size[0] * part.size[1]).sum();
    let widest = boxes.iter().map(|part| part.size[0]).fold(0.0, f64::max);
    let limit = widest.max(area.sqrt());
    let (mut left, mut top, mut shelf) = (0.0, 0.0, 0.0);
    let mut extent = [0.0f64; 2];
    let mut positions = vec![[0.0; 2]; network.len()];
    for part in &boxes {
        if left > 0.0 && left + part.size[0] > limit {
            top += shelf;
            (left, shelf) = (0.0, 0.0);
        }
        shelf = f64::max(shelf, part.size[1]);
        for (&node, at) in part.nodes.iter().zip(&part.positions) {
            positions[node] = [left + at[0], top + at[1]];
        }
        left += part.size[0];
        extent = [extent[0].max(left), extent[1].max(top + part.size[1])];
    }

    let side = extent[0].max(extent[1]);
    for position in &mut positions {
        for axis in 0..2 {
            let centred = position[axis] + (side - extent[axis]) / 2.0;
            position[axis] = (centred / side).clamp(0.0, 1.0);
        }
    }
    positions
}

/// Normalised stress of a layout: the mean of (s |x(i) − x(j)| / d − 1)² over pairs of connected
/// nodes, with the scale s that makes it least. 0 is perfect; takes O(n m).
pub fn stress(network: &Network, positions: &[[f64; 2]]) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for nodes in network.components() {
        let links = local_links(network, &nodes);
        for a in 0..nodes.len() {
            for (b, &links_between) in distances(&links, a).iter().enumerate().skip(a + 1) {
                let (x, y) = (positions[nodes[a]], positions[nodes[b]]);
                let ratio = length(x[0] - y[0], x[1] - y[1]) / f64::from(links_between);
                count += 1.0;
                sum += ratio;
                squares += ratio * ratio;
            }
        }
    }
    if count == 0.0 || squares == 0.0 {
        return 0.0;
    }
    (1.0 - sum * sum / (squares * count)).max(0.0)
}

/// A component with positions in a box of its own.
struct Placed {
    nodes: Vec<usize>,
    positions: Vec<[f64; 2]>,
    size: [f64; 2],
}

impl Placed {
    fn new(network: &Network, nodes: Vec<usize>, seed: u64) -> Self {
        let links = local_links(network, &nodes);
        let mut positions = descend(&links, seed);
        lay_down(&mut positions);
        let mut size = [0.0; 2];
        for axis in 0..2 {
            let values = || positions.iter().map(|at| at[axis]);
            let (low, high) = (
                values().fold(f64::INFINITY, f64::min),
                values().fold(f64::NEG_INFINITY, f64::max),
            );
            size[axis] = high - low + 2.0 * MARGIN;
            for at in &mut positions {
                at[axis] += MARGIN - low;
            }
        }
        Self {
            nodes,
            positions,
            size,
        }
    }
}

/// Neighbours by their places in a sorted list of nodes that holds whole components.
fn local_links(network: &Network, nodes: &[usize]) -> Vec<Vec<usize>> {
    let local = |&(neighbour, _): &(usize, f64)| nodes.binary_search(&neighbour).ok();
    nodes
        .iter()
        .map(|&node| network.neighbours(node).iter().filter_map(local).collect())
        .collect()
}

/// Numbers of links from a node to all nodes of its component.
fn distances(links: &[Vec<usize>], from: usize) -> Vec<u32> {
    let mut distance = vec![u32::MAX; links.len()];
    distance[from] = 0;
    let mut queue = vec![from];
    let mut next = 0;
    while let Some(&node) = queue.get(next) {
        next += 1;
        for &neighbour in &links[node] {
            if distance[neighbour] == u32::MAX {
                distance[neighbour] = distance[node] + 1;
                queue.push(neighbour);
            }
        }
    }
    distance
}

/// A wish for a distance: how strongly it moves each end.
struct Term {
    ends: [usize; 2],
    distance: f64,
    weights: [f64; 2],
}

/// Positions of the nodes of a component, in links.
fn descend(links: &[Vec<usize>], seed: u64) -> Vec<[f64; 2]> {
    /// When the steps are small enough.
    const COLD: f64 = 0.002;

    let mut rng = fastrand::Rng::with_seed(seed);
    let mut positions: Vec<[f64; 2]> = links.iter().map(|_| [rng.f64(), rng.f64()]).collect();
    let mut terms = if links.len() <= ALL_PAIRS_UP_TO {
        all_pairs(links)
    } else {
        to_pivots(links)
    };
    let farthest = terms.iter().map(|term| term.distance).fold(0.0, f64::max);
    let mut step = farthest * farthest;
    let cooling = if links.len() <= SLOW_UP_TO { 0.9 } else { 0.7 };
    while step > COLD {
        shuffle(&mut rng, &mut terms);
        for term in &terms {
            let [a, b] = term.ends;
            let mut dx = positions[a][0] - positions[b][0];
            let dy = positions[a][1] - positions[b][1];
            let mut apart = length(dx, dy);
            if apart == 0.0 {
                (dx, apart) = (1e-6, 1e-6);
            }
            let excess = (apart - term.distance) / (2.0 * apart);
            let [move_a, move_b] = term.weights.map(|weight| (step * weight).min(1.0) * excess);
            positions[a][0] -= move_a * dx;
            positions[a][1] -= move_a * dy;
            positions[b][0] += move_b * dx;
            positions[b][1] += move_b * dy;
        }
        step *= cooling;
    }
    positions
}

fn length(dx: f64, dy: f64) -> f64 {
    (dx * dx + dy * dy).sqrt()
}

fn all_pairs(links: &[Vec<usize>]) -> Vec<Term> {
    let mut terms = Vec::with_capacity(links.len() * links.len().saturating_sub(1) / 2);
    for a in 0..links.len() {
        for (b, &distance) in distances(links, a).iter().enumerate().skip(a + 1) {
            let distance = f64::from(distance);
            terms.push(Term {
                ends: [a, b],
                distance,
                weights: [1.0 / (distance * distance); 2],
            });
        }
    }
    terms
}

/// Links, and distances to pivots that lie far from each other. A pivot stands for the nodes nearer
/// to it than to other pivots, as far as they are no more than half as far from it as the node
/// that it moves.
fn to_pivots(links: &[Vec<usize>]) -> Vec<Term> {
    let mut terms = Vec::new();
    for (a, neighbours) in links.iter().enumerate() {
        for &b in neighbours.iter().filter(|&&b| a < b) {
            terms.push(Term {
                ends: [a, b],
                distance: 1.0,
                weights: [1.0; 2],
            });
        }
    }

    let mut nearest = vec![(u32::MAX, 0); links.len()];
    let mut pivots = Vec::new();
    let mut pivot = 0;
    while pivots.len() < PIVOTS {
        let distance = distances(links, pivot);
        for (nearest, &distance) in nearest.iter_mut().zip(&distance) {
            *nearest = (*nearest).min((distance, pivots.len()));
        }
        pivots.push((pivot, distance));
        let farthest = nearest
            .iter()
            .map(|&(distance, _)| distance)
            .max()
            .unwrap_or(0);
        pivot = nearest
            .iter()
            .position(|&(distance, _)| distance == farthest)
            .unwrap_or(0);
    }

    for (number, (pivot, distance)) in pivots.iter().enumerate() {
        let mut within: Vec<usize> = Vec::new();
        for &(distance, owner) in &nearest {
            if owner == number {
                let distance = distance as usize;
                within.resize(within.len().max(distance + 1), 0);
                within[distance] += 1;
            }
        }
        for at in 1..within.len() {
            within[at] += within[at - 1];
        }
        for (node, &distance) in distance
            .iter()
            .enumerate()
            .filter(|(_, distance)| **distance > 1)
        {
            let half = (distance as usize / 2).min(within.len().saturating_sub(1));
            let stands_for = within.get(half).copied().unwrap_or(1);
            let distance = f64::from(distance);
            terms.push(Term {
                ends: [node, *pivot],
                distance,
                weights: [stands_for as f64 / (distance * distance), 0.0],
            });
        }
    }
    terms
}

/// Turns a component so that its longest extent lies along x, about its centre.
fn lay_down(positions: &mut [[f64; 2]]) {
    let count = positions.len() as f64;
    let mean = [0, 1].map(|axis| positions.iter().map(|at| at[axis]).sum::<f64>() / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for at in positions.iter_mut() {
        *at = [at[0] - mean[0], at[1] - mean[1]];
        xx += at[0] * at[0];
        xy += at[0] * at[1];
        yy += at[1] * at[1];
    }
    // The first eigenvector of the matrix of second moments.
    let half = (xx - yy) / 2.0;
    let (x, y) = (half + length(half, xy), xy);
    let norm = length(x, y);
    if norm == 0.0 {
        return;
    }
    let (cos, sin) = (x / norm, y / norm);
    for at in positions {
        *at = [cos * at[0] + sin * at[1], cos * at[1] - sin * at[0]];
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::examples::{barbell, plain, random};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_becomes_a_straight_line() {
        let positions = layout(&plain(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]), 1);
        let flat = positions.iter().all(|at| (at[1] - 0.5).abs() < 0.04);
        assert!(flat, "{positions:?}");
        assert!(stress(&plain(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]), &positions) < 1e-3);
    }

    #[test]
    fn small_networks_have_places_too() {
        assert!(layout(&plain(0, &[]), 0).is_empty());
        assert_eq!(layout(&plain(1, &[]), 0), [[0.5, 0.5]]);
        let four = layout(&plain(4, &[]), 0);
        assert_eq!(
            four,
            [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
        );
    }

    /// The bits of these numbers must not depend on the machine: a change here is a change of
    /// every published picture.
    #[test]
    fn the_numbers_of_a_seed_are_fixed() {
        let digest = layout(&random(60, 90, 3), 42)
            .iter()
            .flatten()
            .fold(0u64, |digest, x| digest.rotate_left(5) ^ x.to_bits());
        assert_eq!(digest, 2_963_701_612_437_045_610);
    }

    #[test]
    fn a_large_component_is_laid_out_from_pivots() {
        // A ladder: two long paths with rungs.
        let half = ALL_PAIRS_UP_TO / 2 + 10;
        let mut pairs: Vec<(usize, usize)> = (0..half).map(|k| (k, half + k)).collect();
        for k in 1..half {
            pairs.extend([(k - 1, k), (half + k - 1, half + k)]);
        }
        let ladder = plain(2 * half, &pairs);
        let positions = layout(&ladder, 5);
        let stress = stress(&ladder, &positions);
        assert!(stress < 0.05, "{stress}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn positions_are_apart_in_range_and_repeatable(seed in 0u64..1000, nodes in 0usize..40) {
            let network = random(nodes, 50, seed);
            let positions = layout(&network, seed);
            prop_assert_eq!(&positions, &layout(&network, seed));
            for (node, at) in positions.iter().enumerate() {
                prop_assert!(at.iter().all(|x| (0.0..=1.0).contains(x)));
                let apart =
                    |other: &[f64; 2]| length(other[0] - at[0], other[1] - at[1]) > 0.0;
                prop_assert!(positions[..node].iter().all(apart));
            }
        }
    }

    #[test]
    fn a_seed_changes_the_picture_but_not_its_quality() {
        let network = barbell();
        let (one, two) = (layout(&network, 1), layout(&network, 2));
        assert_ne!(one, two);
        assert!(stress(&network, &one) < 0.05 && stress(&network, &two) < 0.05);
    }
}
