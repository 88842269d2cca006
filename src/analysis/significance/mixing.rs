//! Which silos resemble each other more, or less, than chance: edges between silos against the
//! same edges with the silos dealt out anew.

use super::super::bits;
use super::super::columns::Columns;
use super::fdr::{Adjustment, Fdr};

/// Edges between the silos of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiloMixing {
    /// Pairs of silos, a silo with itself included, by position; pairs without expectation are left
    /// out.
    pub pairs: Vec<SiloPair>,
    /// Edges whose two ends state the axis: the ones that count.
    pub edges: usize,
    /// Edges that do not count: an end leaves the axis open, or the edge joins a row with itself.
    pub open_edges: usize,
}

/// Edges between two silos, or inside one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SiloPair {
    /// Position of the first silo in the schema's silo values.
    pub a: usize,
    /// Position of the second, not before the first.
    pub b: usize,
    /// How often an edge joins a programme of the one with a programme of the other.
    pub observed: u64,
    /// The exact mean of that over all ways to deal out the silos; above 0.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// Observed minus expected, in standard deviations over the permutations; `None` when all gave
    /// the same number.
    pub z: Option<f64>,
    /// Two-sided p-value, above 0 and at most 1; `None` when all permutations gave the same number.
    pub p: Option<f64>,
    /// p adjusted for the number of silo pairs by Benjamini and Hochberg.
    pub q: Option<f64>,
}

/// Counts the edges between each two silos of an axis and compares with chance.
///
/// A programme is in every silo it states and in all broader ones, so one edge may count for
/// several pairs, and twice for a pair when both programmes are in both silos. The null keeps the
/// edges and deals the sets of silos out anew among the programmes that state the axis; a set stays
/// together, so silos that overlap are not taken for silos that attract. The p-value is twice the
/// smaller of (1 + permutations at least as high) / (1 + permutations) and the same for at least as
/// low (Phipson and Smyth 2010). Each row of the columns is one programme here, whatever its count.
/// Takes O(permutations · edges).
///
/// # Panics
/// When an edge names a programme, or `axis` an axis, that the columns do not have.
pub fn silo_mixing(
    columns: &Columns,
    axis: usize,
    edges: &[(usize, usize)],
    permutations: u32,
    seed: u64,
) -> SiloMixing {
    let values = columns.schema().axes[axis].values.clone();
    let size = values.len();
    let mut place = vec![None; columns.len()];
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (programme, place) in place.iter_mut().enumerate() {
        let set: Vec<usize> = bits::ones(&columns.silo_closure(programme))
            .filter(|value| values.contains(value))
            .map(|value| value - values.start)
            .collect();
        if !set.is_empty() {
            *place = Some(sets.len());
            sets.push(set);
        }
    }
    let placed: Vec<(usize, usize)> = edges
        .iter()
        .filter(|(a, b)| a != b)
        .filter_map(|&(a, b)| place[a].zip(place[b]))
        .collect();
    let mut order: Vec<usize> = (0..sets.len()).collect();
    let observed = count(&placed, &sets, &order, size);
    let mut spread = vec![Spread::default(); size * size];
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..permutations {
        random.shuffle(&mut order);
        let counts = count(&placed, &sets, &order, size);
        for ((spread, count), observed) in spread.iter_mut().zip(counts).zip(&observed) {
            spread.add(count, *observed);
        }
    }
    let ends = ends(&sets, size);
    let programmes = sets.len() as u64;
    let mut pairs = Vec::new();
    for a in 0..size {
        for b in a..size {
            let at = a * size + b;
            if ends[at] == 0 || placed.is_empty() {
                continue;
            }
            let expected =
                placed.len() as f64 * ends[at] as f64 / (programmes * (programmes - 1)) as f64;
            let deviation = spread[at].deviation(permutations);
            pairs.push(SiloPair {
                a: values.start + a,
                b: values.start + b,
                observed: observed[at],
                expected,
                ratio: observed[at] as f64 / expected,
                z: deviation.map(|deviation| (observed[at] as f64 - expected) / deviation),
                p: deviation.map(|_| spread[at].p(permutations)),
                q: None,
            });
        }
    }
    let family = Fdr::of(pairs.iter().filter_map(|pair| pair.p).map(|p| (p, 1)));
    for pair in &mut pairs {
        pair.q = pair
            .p
            .map(|p| family.q_value(p, Adjustment::BenjaminiHochberg));
    }
    SiloMixing {
        pairs,
        edges: placed.len(),
        open_edges: edges.len() - placed.len(),
    }
}

/// For each pair of silos, at row `a` and column `b` not before `a`, how often an edge joins them.
fn count(edges: &[(usize, usize)], sets: &[Vec<usize>], order: &[usize], size: usize) -> Vec<u64> {
    let mut counts = vec![0; size * size];
    for &(a, b) in edges {
        for &s in &sets[order[a]] {
            for &t in &sets[order[b]] {
                counts[s.min(t) * size + s.max(t)] += 1;
            }
        }
    }
    counts
}

/// For each pair of silos, how many ordered pairs of different programmes an edge can join so that
/// it counts.
fn ends(sets: &[Vec<usize>], size: usize) -> Vec<u64> {
    let mut members = vec![0; size];
    let mut both = vec![0; size * size];
    for set in sets {
        for &s in set {
            members[s] += 1;
            for &t in set {
                both[s * size + t] += 1;
            }
        }
    }
    let mut ends = vec![0; size * size];
    for a in 0..size {
        for b in a..size {
            let one_way = members[a] * members[b] - both[a * size + b];
            ends[a * size + b] = if a == b { one_way } else { 2 * one_way };
        }
    }
    ends
}

/// What the permutations gave for one pair of silos.
#[derive(Clone, Debug, Default)]
struct Spread {
    sum: u128,
    squares: u128,
    as_high: u32,
    as_low: u32,
}

impl Spread {
    fn add(&mut self, count: u64, observed: u64) {
        self.sum += u128::from(count);
        self.squares += u128::from(count) * u128::from(count);
        self.as_high += u32::from(count >= observed);
        self.as_low += u32::from(count <= observed);
    }

    /// Standard deviation; `None` when there is none.
    fn deviation(&self, permutations: u32) -> Option<f64> {
        let n = u128::from(permutations);
        let scaled = n * self.squares - self.sum * self.sum;
        (scaled > 0).then(|| (scaled as f64 / (n * (n - 1)) as f64).sqrt())
    }

    fn p(&self, permutations: u32) -> f64 {
        let tail = f64::from(1 + self.as_high.min(self.as_low)) / (1.0 + f64::from(permutations));
        (2.0 * tail).min(1.0)
    }
}
