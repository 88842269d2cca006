//! The programmes most like one: exact, one pass over all.

use super::bits;
use super::columns::{Columns, Row};
use super::similarity::{Comparer, Comparison, InformationContent, Profile, Similarity};

/// Which programmes may come, by the silo axes of the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Silos {
    /// Any.
    #[default]
    Any,
    /// Only those of other silos, as [`Columns::across`] has it.
    Other,
    /// Those of other silos first, then the rest.
    OtherFirst,
}

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// How to compare. Across axes made of the same stuff as a dimension this is circular; see
    /// [`Comparison::clean_of`].
    pub comparison: Comparison,
    /// How many programmes at most.
    pub k: usize,
    /// Positions of silo axes.
    pub axes: Vec<usize>,
    /// What the axes do.
    pub silos: Silos,
    /// λ of maximal marginal relevance, 0 to 1: 1 is likeness alone, less asks for variety.
    pub lambda: Option<f64>,
}

/// A programme near another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Position of the programme.
    pub programme: usize,
    /// How alike.
    pub similarity: Similarity,
}

/// Order of neighbours: higher score, then higher `low`, then the earlier programme.
pub(super) fn better(a: &Neighbour, b: &Neighbour) -> std::cmp::Ordering {
    (b.similarity.score.total_cmp(&a.similarity.score))
        .then(b.similarity.low.total_cmp(&a.similarity.low))
        .then(a.programme.cmp(&b.programme))
}

/// The programmes most like a given one, itself left out.
///
/// Sorted by score, then `low`, then position. With `lambda`, in the order of maximal marginal
/// relevance (Carbonell and Goldstein 1998): each next programme *i* maximises
/// λ S(given, i) − (1 − λ) max S(i, chosen), where a pair that cannot be compared counts 0; ties as
/// before. O(n) comparisons, with `lambda` O(k n).
pub fn nearest(
    columns: &Columns,
    ic: &InformationContent,
    request: &Request,
    programme: usize,
) -> Vec<Neighbour> {
    let comparer = Comparer::new(columns.schema(), ic, &request.comparison);
    let profile = comparer.profile(columns, programme);
    let silos = columns.silos(programme);
    search(
        columns,
        &comparer,
        request,
        &profile,
        silos,
        Some(programme),
    )
}

/// The same for a description that is not among the programmes.
///
/// # Panics
/// When the row names a position that the schema does not have.
pub fn nearest_to_row(
    columns: &Columns,
    ic: &InformationContent,
    request: &Request,
    row: Row,
) -> Vec<Neighbour> {
    let comparer = Comparer::new(columns.schema(), ic, &request.comparison);
    let alone = Columns::new(columns.schema().clone(), vec![row]);
    let profile = comparer.profile(&alone, 0);
    search(columns, &comparer, request, &profile, alone.silos(0), None)
}

fn search(
    columns: &Columns,
    comparer: &Comparer,
    request: &Request,
    profile: &Profile,
    silos: &[u64],
    own: Option<usize>,
) -> Vec<Neighbour> {
    let across = Across::new(columns, &request.axes, silos);
    let mut found: Vec<(bool, Neighbour)> = Vec::new();
    for programme in (0..columns.len()).filter(|&programme| Some(programme) != own) {
        let other = request.silos != Silos::Any && across.other(columns, programme);
        if request.silos == Silos::Other && !other {
            continue;
        }
        let candidate = comparer.profile(columns, programme);
        let similarity = comparer.compare(profile.view(), candidate.view());
        if let Some(similarity) = similarity.filter(|similarity| similarity.score > 0.0) {
            found.push((
                other,
                Neighbour {
                    programme,
                    similarity,
                },
            ));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(better(&a.1, &b.1)));
    match request.lambda {
        Some(lambda) => diverse(columns, comparer, request, lambda.clamp(0.0, 1.0), found),
        None => found
            .into_iter()
            .take(request.k)
            .map(|(_, neighbour)| neighbour)
            .collect(),
    }
}

/// Chooses greedily from `found`, which is sorted, so that the first of equals wins.
fn diverse(
    columns: &Columns,
    comparer: &Comparer,
    request: &Request,
    lambda: f64,
    mut found: Vec<(bool, Neighbour)>,
) -> Vec<Neighbour> {
    let mut chosen: Vec<Neighbour> = Vec::new();
    let mut closest = vec![0.0f64; found.len()];
    while chosen.len() < request.k && !found.is_empty() {
        let value =
            |at: usize| lambda * found[at].1.similarity.score - (1.0 - lambda) * closest[at];
        let mut best = 0;
        for at in 1..found.len() {
            if found[at].0 != found[best].0 {
                // The rest is of the same silos, and comes later.
                break;
            }
            if value(at) > value(best) {
                best = at;
            }
        }
        let (_, next) = found.remove(best);
        closest.remove(best);
        let profile = comparer.profile(columns, next.programme);
        for (closest, (_, other)) in closest.iter_mut().zip(&found) {
            let other = comparer.profile(columns, other.programme);
            if let Some(similarity) = comparer.compare(other.view(), profile.view()) {
                *closest = closest.max(similarity.score);
            }
        }
        chosen.push(next);
    }
    chosen
}

/// One side of [`Columns::across`], worked out once.
struct Across {
    /// For each axis that this side states: its values, and those that meet this side.
    axes: Vec<(Vec<u64>, Vec<u64>)>,
}

impl Across {
    fn new(columns: &Columns, axes: &[usize], silos: &[u64]) -> Self {
        let schema = columns.schema();
        let mut closure = silos.to_vec();
        for value in bits::ones(silos) {
            for &ancestor in &schema.silo_values[value].ancestors {
                bits::insert(&mut closure, ancestor);
            }
        }
        let mut stated = Vec::new();
        for &axis in axes {
            let range = schema.axes[axis].values.clone();
            let mask = bits::of_range(range.clone(), schema.silo_words());
            if !bits::intersects(&mask, silos) {
                continue;
            }
            let mut meeting = vec![0; schema.silo_words()];
            for value in range {
                let ancestors = &schema.silo_values[value].ancestors;
                if ancestors
                    .iter()
                    .chain([&value])
                    .any(|&v| bits::contains(&closure, v))
                {
                    bits::insert(&mut meeting, value);
                }
            }
            stated.push((mask, meeting));
        }
        Self { axes: stated }
    }

    /// Whether a programme is in different silos.
    fn other(&self, columns: &Columns, programme: usize) -> bool {
        let silos = columns.silos(programme);
        let meets = |(_, meeting): &(Vec<u64>, Vec<u64>)| bits::intersects(silos, meeting);
        let judged = self
            .axes
            .iter()
            .any(|(mask, _)| bits::intersects(silos, mask));
        judged && !self.axes.iter().any(meets)
    }
}
