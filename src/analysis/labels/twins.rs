//! Labels that may be names of the same work.
//!
//! For each dimension a label has a distribution over the most specific values of its programmes:
//! every programme that states the dimension weighs 1, spread evenly over its values, or over
//! "none of them" when it states that none holds. Two labels are compared by the Jensen-Shannon
//! divergence of these distributions, averaged over dimensions. Not to find a difference is not to
//! find sameness: two labels are called the same work only when they lie closer than random halves
//! of one label do, for each of the two.
//!
//! Halves of few programmes lie far apart, so that the floor is high and the rule lenient. In
//! simulations (six dimensions of eight values, 100 pairs each) it called the same work: of labels
//! that are, 73 % with 8 programmes each and 90 % with 50; of labels where the second takes 40 % of
//! its values from elsewhere, 51 % with 8, 27 % with 20 and none with 50; of unrelated labels, at
//! most 2 %. Read a verdict with its numbers of programmes.

use super::super::bits;
use super::super::columns::Columns;
use super::Options;
use super::population::{Population, draw};
use super::stats::{at_most, effective_number, jensen_shannon, quantile, schoener};

/// How many values of a dimension a label's programmes have, as an effective number.
#[derive(Clone, Debug, PartialEq)]
pub struct Breadth {
    /// Position of the dimension.
    pub dimension: usize,
    /// Programmes of the label that state it.
    pub programmes: usize,
    /// The effective number of values, exp of Shannon's entropy of the label's distribution: niche
    /// breadth (Levins 1968), from 1 to the number of values and one more for "none of them".
    pub values: f64,
}

/// Two labels compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// Positions of the two labels in [`Columns::labels`], the first in order first.
    pub labels: [usize; 2],
    /// Programmes of each that do not carry the other label too: those that are compared.
    pub programmes: [usize; 2],
    /// Programmes that carry both labels: they count in neither, and are a sign by themselves.
    pub both: usize,
    /// Dimensions that enough programmes of each label state.
    pub dimensions: Vec<TwinDimension>,
    /// Mean Jensen-Shannon divergence over those dimensions, in bits, in [0, 1]; `None` without one.
    pub divergence: Option<f64>,
    /// Mean of Schoener's D over those dimensions, in [0, 1]; `None` without one.
    pub overlap: Option<f64>,
    /// The noise floor: the 5th percentile of the divergence between random halves of one label,
    /// over the same dimensions, for the label where it is lower.
    pub floor: Option<f64>,
    /// What that comes to.
    pub verdict: TwinVerdict,
}

/// Two labels compared in one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinDimension {
    /// Position of the dimension.
    pub dimension: usize,
    /// Programmes of each label that state it.
    pub programmes: [usize; 2],
    /// Jensen-Shannon divergence in bits, in [0, 1].
    pub divergence: f64,
    /// Schoener's D, in [0, 1].
    pub overlap: f64,
}

/// What a comparison of two labels comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwinVerdict {
    /// The divergence is not above the noise floor: the same work under different names.
    SameWork,
    /// It is not: nothing says that they are the same work, nor that they are not.
    NotShown,
    /// Too few programmes carry one label without the other.
    TooFew,
    /// Too few dimensions are stated by enough programmes of each.
    TooFewDimensions,
}

/// Masses of one programme: dimension, place in the distributions, share.
type Masses = Vec<(usize, usize, f64)>;

/// Distributions of groups of programmes over the values of the map.
pub(super) struct Niches<'a> {
    columns: &'a Columns,
    /// By row; empty for rows that no label needs.
    masses: Vec<Masses>,
}

/// One group's distributions, all dimensions one after the other.
struct Niche {
    shares: Vec<f64>,
    stating: Vec<usize>,
}

impl<'a> Niches<'a> {
    /// O(programmes · values).
    pub(super) fn new(population: &Population<'a>) -> Self {
        let columns = population.columns;
        let mut masses = vec![Masses::new(); columns.len()];
        for &row in &population.rows {
            if masses[row].is_empty() {
                masses[row] = Self::masses_of(columns, row);
            }
        }
        Self { columns, masses }
    }

    /// The place of "none of them" of a dimension comes after the places of all values.
    fn masses_of(columns: &Columns, row: usize) -> Masses {
        let schema = columns.schema();
        let leaves: Vec<usize> = bits::ones(&columns.leaves(row)).collect();
        let mut masses = Masses::new();
        for (dimension, column) in schema.dimensions.iter().enumerate() {
            let held = leaves.iter().filter(|&leaf| column.values.contains(leaf));
            let count = held.clone().count();
            if count > 0 {
                masses.extend(held.map(|&value| (dimension, value, 1.0 / count as f64)));
            } else if columns.states(row, dimension) {
                masses.push((dimension, schema.values.len() + dimension, 1.0));
            }
        }
        masses
    }

    fn dimensions(&self) -> usize {
        self.columns.schema().dimensions.len()
    }

    fn niche(&self, rows: impl IntoIterator<Item = usize>) -> Niche {
        let mut shares = vec![0.0; self.columns.schema().values.len() + self.dimensions()];
        let mut stating = vec![0; self.dimensions()];
        for row in rows {
            let mut last = None;
            for &(dimension, place, mass) in &self.masses[row] {
                shares[place] += mass;
                if last != Some(dimension) {
                    stating[dimension] += 1;
                    last = Some(dimension);
                }
            }
        }
        for (dimension, &count) in stating.iter().enumerate() {
            for place in self.places(dimension) {
                shares[place] /= f64::from(u32::try_from(count).unwrap_or(u32::MAX).max(1));
            }
        }
        Niche { shares, stating }
    }

    fn places(&self, dimension: usize) -> impl Iterator<Item = usize> + Clone {
        let schema = self.columns.schema();
        let none = schema.values.len() + dimension;
        schema.dimensions[dimension]
            .values
            .clone()
            .chain(std::iter::once(none))
    }

    fn distribution(&self, niche: &Niche, dimension: usize) -> Vec<f64> {
        self.places(dimension)
            .map(|place| niche.shares[place])
            .collect()
    }

    /// Niche breadth in every dimension that a programme of the group states.
    pub(super) fn breadth(&self, rows: impl IntoIterator<Item = usize>) -> Vec<Breadth> {
        let niche = self.niche(rows);
        (0..self.dimensions())
            .filter(|&dimension| niche.stating[dimension] > 0)
            .map(|dimension| Breadth {
                dimension,
                programmes: niche.stating[dimension],
                values: effective_number(self.distribution(&niche, dimension)),
            })
            .collect()
    }

    /// Divergences between random halves of a group: a list by dimension for every split, `None`
    /// where a half leaves the dimension open. O(splits · programmes · values a programme).
    fn halves(&self, rows: &[usize], options: &Options) -> Vec<Vec<Option<f64>>> {
        let mut random = options.random(2);
        let mut rows = rows.to_vec();
        let half = rows.len() / 2;
        (0..options.split_halves)
            .map(|_| {
                draw(&mut rows, half, &mut random);
                let a = self.niche(rows[..half].iter().copied());
                let b = self.niche(rows[half..].iter().copied());
                (0..self.dimensions())
                    .map(|dimension| {
                        (a.stating[dimension] > 0 && b.stating[dimension] > 0).then(|| {
                            jensen_shannon(
                                &self.distribution(&a, dimension),
                                &self.distribution(&b, dimension),
                            )
                        })
                    })
                    .collect()
            })
            .collect()
    }
}

/// The 5th percentile of the mean divergence over `dimensions`; splits that say nothing about them
/// are left out.
fn floor(halves: &[Vec<Option<f64>>], dimensions: &[TwinDimension]) -> Option<f64> {
    let mut means: Vec<f64> = halves
        .iter()
        .filter_map(|split| {
            let known: Vec<f64> = dimensions
                .iter()
                .filter_map(|dimension| split[dimension.dimension])
                .collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        })
        .collect();
    means.sort_by(f64::total_cmp);
    quantile(&means, 0.05)
}

/// All pairs of labels with enough programmes, least divergence first, those without one last, ties
/// by label. O(labels² · values + labels · splits · programmes), and the splits again for pairs of
/// labels that share programmes.
pub(super) fn twins(population: &Population, niches: &Niches, options: &Options) -> Vec<Twin> {
    let enough = options.min_programmes.max(2);
    let labels: Vec<usize> = (0..population.members.len())
        .filter(|&label| population.members[label].len() >= enough)
        .collect();
    let rows = |programmes: &[usize]| -> Vec<usize> {
        programmes.iter().map(|&at| population.rows[at]).collect()
    };
    let whole: Vec<(Niche, Vec<Vec<Option<f64>>>)> = labels
        .iter()
        .map(|&label| {
            let rows = rows(&population.members[label]);
            (
                niches.niche(rows.iter().copied()),
                niches.halves(&rows, options),
            )
        })
        .collect();
    let without = |label: usize, other: usize| -> Vec<usize> {
        let others = &population.members[other];
        let members = population.members[label].iter().copied();
        members
            .filter(|at| others.binary_search(at).is_err())
            .collect()
    };
    let mut twins = Vec::new();
    for (i, &a) in labels.iter().enumerate() {
        for (j, &b) in labels.iter().enumerate().skip(i + 1) {
            let only = [without(a, b), without(b, a)];
            let both = population.members[a].len() - only[0].len();
            if both == 0 {
                let (x, y) = (&whole[i], &whole[j]);
                let sizes = [only[0].len(), only[1].len()];
                twins.push(compare(
                    niches,
                    [a, b],
                    sizes,
                    0,
                    [&x.0, &y.0],
                    [&x.1, &y.1],
                    options,
                ));
            } else {
                let [x, y] = only.map(|only| {
                    let rows = rows(&only);
                    let halves = niches.halves(&rows, options);
                    (niches.niche(rows.iter().copied()), halves, rows.len())
                });
                let sizes = [x.2, y.2];
                twins.push(compare(
                    niches,
                    [a, b],
                    sizes,
                    both,
                    [&x.0, &y.0],
                    [&x.1, &y.1],
                    options,
                ));
            }
        }
    }
    twins.sort_by(|x, y| {
        let divergence = |twin: &Twin| twin.divergence.unwrap_or(f64::INFINITY);
        divergence(x)
            .total_cmp(&divergence(y))
            .then(x.labels.cmp(&y.labels))
    });
    twins
}

fn compare(
    niches: &Niches,
    labels: [usize; 2],
    programmes: [usize; 2],
    both: usize,
    [x, y]: [&Niche; 2],
    halves: [&Vec<Vec<Option<f64>>>; 2],
    options: &Options,
) -> Twin {
    let enough = options.min_programmes.max(2);
    let dimensions: Vec<TwinDimension> = (0..niches.dimensions())
        .filter(|&dimension| x.stating[dimension].min(y.stating[dimension]) >= enough)
        .map(|dimension| {
            let p = niches.distribution(x, dimension);
            let q = niches.distribution(y, dimension);
            TwinDimension {
                dimension,
                programmes: [x.stating[dimension], y.stating[dimension]],
                divergence: jensen_shannon(&p, &q),
                overlap: schoener(&p, &q),
            }
        })
        .collect();
    let mean = |number: fn(&TwinDimension) -> f64| {
        let sum: f64 = dimensions.iter().map(number).sum();
        (!dimensions.is_empty()).then(|| sum / dimensions.len() as f64)
    };
    let divergence = mean(|dimension| dimension.divergence);
    let floors = halves.map(|halves| floor(halves, &dimensions));
    let floor = match floors {
        [Some(a), Some(b)] => Some(a.min(b)),
        _ => None,
    };
    let needed = options.min_dimensions.clamp(1, niches.dimensions().max(1));
    let verdict = if programmes.iter().any(|&count| count < enough) {
        TwinVerdict::TooFew
    } else if dimensions.len() < needed {
        TwinVerdict::TooFewDimensions
    } else if matches!((divergence, floor), (Some(divergence), Some(floor)) if at_most(divergence, floor))
    {
        TwinVerdict::SameWork
    } else {
        TwinVerdict::NotShown
    };
    Twin {
        labels,
        programmes,
        both,
        overlap: mean(|dimension| dimension.overlap),
        dimensions,
        divergence,
        floor,
        verdict,
    }
}
