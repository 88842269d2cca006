//! Bridges: programmes in different silos that share values of the map.
//!
//! Rarity of a value *t* of a dimension is its information content
//! IC(t) = −ln((1 + n) / (1 + N)), where n programmes have *t* or something narrower and N
//! programmes state the dimension (Resnik 1995, with add-one smoothing so that no count gives an
//! infinity). What two programmes share is the set of most specific values in the intersection of
//! their ancestor-closed sets; the rarity of the pair is the sum over it.

use fixedbitset::FixedBitSet;

use crate::map::ConceptualMap;
use crate::profile::{Profile, Profiles};

/// What to compare and across what.
#[derive(Clone, Debug)]
pub struct Request {
    /// Positions of silo axes that must separate the pair.
    pub axes: Vec<usize>,
    /// Positions of dimensions whose values may be shared.
    pub dimensions: Vec<usize>,
    /// Fewest dimensions that both state, of those compared.
    pub min_comparable: usize,
}

/// A pair of programmes in different silos with what they share.
#[derive(Clone, Debug, PartialEq)]
pub struct Bridge {
    /// Position of the first programme, by IRI.
    pub a: usize,
    /// Position of the second.
    pub b: usize,
    /// Shared values with their rarity, rarest first.
    pub shared: Vec<(usize, f64)>,
    /// Sum of the rarities, at least 0.
    pub rarity: f64,
    /// Dimensions that both state, of those compared.
    pub comparable: Vec<usize>,
    /// Dimensions that at least one leaves open, of those compared.
    pub open: Vec<usize>,
    /// Values of the compared and stated dimensions that only the first has.
    pub only_a: Vec<usize>,
    /// The same for the second.
    pub only_b: Vec<usize>,
    /// Axes on which both state something and nothing in common.
    pub separated_by: Vec<usize>,
    /// Chosen axes that at least one leaves open: unknown, which is not the same as different.
    pub axes_open: Vec<usize>,
}

/// The rarity of every value; see the module for the formula. Values of a dimension that nobody
/// states have rarity 0.
pub fn rarity(map: &ConceptualMap, profiles: &Profiles) -> Vec<f64> {
    let counts = profiles.counts(map);
    let stated = profiles.stated_counts(map);
    map.values
        .iter()
        .zip(counts)
        .map(|(value, count)| -((1 + count) as f64 / (1 + stated[value.scheme]) as f64).ln())
        .map(|rarity| rarity.max(0.0) + 0.0)
        .collect()
}

/// Whether a pair is across silos: on every chosen axis that both state, nothing in common, and
/// at least one chosen axis that both state. Unstated is never different.
fn separation(
    map: &ConceptualMap,
    axes: &[usize],
    a: &Profile,
    b: &Profile,
) -> Option<(Vec<usize>, Vec<usize>)> {
    let (mut separated, mut open) = (Vec::new(), Vec::new());
    for &axis in axes {
        if !(a.silo_stated.contains(axis) && b.silo_stated.contains(axis)) {
            open.push(axis);
            continue;
        }
        let meets = map.axes[axis]
            .values
            .clone()
            .any(|v| a.silo_closure.contains(v) && b.silo_closure.contains(v));
        if meets {
            return None;
        }
        separated.push(axis);
    }
    (!separated.is_empty()).then_some((separated, open))
}

/// All bridges, most rarely shared first, ties by IRI. Quadratic in the number of programmes.
pub fn bridges(map: &ConceptualMap, profiles: &Profiles, request: &Request) -> Vec<Bridge> {
    let rarity = rarity(map, profiles);
    let mut compared = FixedBitSet::with_capacity(map.values.len());
    for &dimension in &request.dimensions {
        compared.insert_range(map.dimensions[dimension].values.clone());
    }
    let mut found = Vec::new();
    for (i, a) in profiles.list.iter().enumerate() {
        for (j, b) in profiles.list.iter().enumerate().skip(i + 1) {
            let Some((separated_by, axes_open)) = separation(map, &request.axes, a, b) else {
                continue;
            };
            let (comparable, open): (Vec<usize>, Vec<usize>) = request
                .dimensions
                .iter()
                .partition(|&&d| a.stated.contains(d) && b.stated.contains(d));
            if comparable.len() < request.min_comparable.max(1) {
                continue;
            }
            let mut common = a.closure.clone();
            common.intersect_with(&b.closure);
            common.intersect_with(&compared);
            if common.is_clear() {
                continue;
            }
            let mut shared: Vec<(usize, f64)> = map
                .most_specific(&common)
                .into_iter()
                .map(|v| (v, rarity[v]))
                .collect();
            shared.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
            let only = |mine: &Profile, other: &Profile| {
                let mut set = mine.present.clone();
                set.difference_with(&other.closure);
                set.ones()
                    .filter(|&v| comparable.contains(&map.values[v].scheme))
                    .collect::<Vec<usize>>()
            };
            found.push(Bridge {
                a: i,
                b: j,
                rarity: shared.iter().map(|(_, r)| r).sum(),
                only_a: only(a, b),
                only_b: only(b, a),
                shared,
                comparable,
                open,
                separated_by,
                axes_open,
            });
        }
    }
    found.sort_by(|x, y| {
        y.rarity
            .total_cmp(&x.rarity)
            .then(x.a.cmp(&y.a))
            .then(x.b.cmp(&y.b))
    });
    found
}
