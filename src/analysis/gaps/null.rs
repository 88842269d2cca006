//! What chance alone would put into a cell.

use std::collections::BTreeMap;

use super::super::bits;
use super::super::columns::Columns;
use super::side::{Side, intersection, weigh};
use super::{Error, Probability};

/// Mass that is let go at first, which is exact enough for a tail above [`SMALL`].
const LIGHT: f64 = 1e-25;
/// A tail below this is computed again, with all mass from [`TINY`] on.
const SMALL: f64 = 1e-8;
/// Smallest mass that is ever carried along.
const TINY: f64 = 1e-300;

/// The null model of a map: for each cell, trials with their probabilities.
pub(super) struct Null {
    /// Programmes that state both facets.
    pub(super) both: Vec<u64>,
    /// How many programmes `both` stands for.
    pub(super) stated: u64,
    row_margins: Vec<u64>,
    column_margins: Vec<u64>,
    model: Model,
}

enum Model {
    /// How many programmes have which pair of degrees, and the sums of the margins.
    Degrees {
        pairs: BTreeMap<(u32, u32), u64>,
        row_total: u64,
        column_total: u64,
    },
    /// For each programme of `both`, how many it stands for and, for each value, its probability.
    Given {
        copies: Vec<u64>,
        rows: Vec<Vec<f64>>,
        columns: Vec<Vec<f64>>,
    },
}

impl Null {
    /// The degree model, or the probabilities passed in.
    pub(super) fn new(
        columns: &Columns,
        row_side: &Side,
        column_side: &Side,
        probability: Option<Probability>,
    ) -> Result<Self, Error> {
        let both = intersection(&row_side.stated, &column_side.stated);
        let margins = |side: &Side| -> Vec<u64> {
            let margin = |set: &Vec<u64>| weigh(columns, &intersection(set, &both));
            side.sets.iter().map(margin).collect()
        };
        let (row_margins, column_margins) = (margins(row_side), margins(column_side));
        let model = if let Some(probability) = probability {
            let ask = |side: &Side| -> Result<Vec<Vec<f64>>, Error> {
                let one = |value: usize, programme: usize| {
                    let got = probability(programme, side.facet, value);
                    let fits = (0.0..=1.0).contains(&got);
                    fits.then_some(got).ok_or(Error::Probability {
                        programme,
                        value,
                        got,
                    })
                };
                let all = |&value: &usize| bits::ones(&both).map(|at| one(value, at)).collect();
                side.values.iter().map(all).collect()
            };
            Model::Given {
                copies: bits::ones(&both)
                    .map(|programme| u64::from(columns.count(programme)))
                    .collect(),
                rows: ask(row_side)?,
                columns: ask(column_side)?,
            }
        } else {
            let mut pairs = BTreeMap::new();
            for programme in bits::ones(&both) {
                let pair = (degree(row_side, programme), degree(column_side, programme));
                *pairs.entry(pair).or_insert(0) += u64::from(columns.count(programme));
            }
            Model::Degrees {
                pairs,
                row_total: row_margins.iter().sum(),
                column_total: column_margins.iter().sum(),
            }
        };
        Ok(Self {
            stated: weigh(columns, &both),
            both,
            row_margins,
            column_margins,
            model,
        })
    }

    /// Expected count under independence given the margins; 0 when nobody states both.
    pub(super) fn independent(&self, row: usize, column: usize) -> f64 {
        if self.stated == 0 {
            return 0.0;
        }
        self.row_margins[row] as f64 * self.column_margins[column] as f64 / self.stated as f64
    }

    /// The trials behind a cell: a probability and how many programmes have it.
    pub(super) fn trials(&self, row: usize, column: usize) -> Vec<(f64, u64)> {
        match &self.model {
            Model::Degrees {
                pairs,
                row_total,
                column_total,
            } => {
                let (row_margin, column_margin) =
                    (self.row_margins[row], self.column_margins[column]);
                (pairs.iter())
                    .map(|(&(row_degree, column_degree), &copies)| {
                        let p = chung_lu(row_degree, row_margin, *row_total)
                            * chung_lu(column_degree, column_margin, *column_total);
                        (p, copies)
                    })
                    .collect()
            }
            Model::Given {
                copies,
                rows,
                columns,
            } => (rows[row].iter().zip(&columns[column]).zip(copies))
                .map(|((row, column), &copies)| (row * column, copies))
                .collect(),
        }
    }
}

/// How many values of a side a programme has.
fn degree(side: &Side, programme: usize) -> u32 {
    (side.sets.iter())
        .map(|set| u32::from(bits::contains(set, programme)))
        .sum()
}

/// min(1, d · k / m), and 0 when nobody has any value.
fn chung_lu(degree: u32, margin: u64, total: u64) -> f64 {
    if total == 0 {
        return 0.0;
    }
    (f64::from(degree) * margin as f64 / total as f64).min(1.0)
}

/// P(X ≤ `most`) for X the number of successes among independent trials, each a probability and
/// how often it is tried (Poisson-binomial). Exact but for rounding: trials with the same
/// probability are taken together as a binomial, and counts above `most` are let go.
pub(super) fn lower_tail(mut trials: Vec<(f64, u64)>, most: u64) -> f64 {
    let number: u64 = trials.iter().map(|&(_, copies)| copies).sum();
    if most >= number {
        return 1.0;
    }
    trials.retain(|&(p, copies)| p > 0.0 && copies > 0);
    trials.sort_by(|a, b| a.0.total_cmp(&b.0));
    trials.dedup_by(|next, kept| {
        let same = next.0.to_bits() == kept.0.to_bits();
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    let quick = tail_above(LIGHT, &trials, most);
    if quick < SMALL {
        tail_above(TINY, &trials, most)
    } else {
        quick
    }
}

/// The tail without what has a mass below `least`.
fn tail_above(least: f64, trials: &[(f64, u64)], most: u64) -> f64 {
    let mut sum = Mass {
        start: 0,
        mass: vec![1.0],
    };
    for &(p, copies) in trials {
        sum = sum.plus(&Mass::binomial(p, copies, least), most, least);
        if sum.mass.is_empty() {
            return 0.0;
        }
    }
    sum.mass.iter().sum::<f64>().min(1.0)
}

/// A distribution over counts from `start` on; what is left out has next to no mass.
struct Mass {
    start: u64,
    mass: Vec<f64>,
}

impl Mass {
    /// The binomial distribution, from its mode outwards by the ratio of neighbours, which needs no
    /// factorials; 0 < p ≤ 1.
    fn binomial(p: f64, trials: u64, least: f64) -> Self {
        if p >= 1.0 {
            return Self {
                start: trials,
                mass: vec![1.0],
            };
        }
        let odds = p / (1.0 - p);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count between 0 and the number of trials"
        )]
        let mode = (((trials + 1) as f64 * p) as u64).min(trials);
        let (mut below, mut above) = (Vec::new(), vec![1.0]);
        let (mut at, mut mass) = (mode, 1.0);
        while at > 0 {
            mass *= at as f64 / ((trials - at + 1) as f64 * odds);
            if mass < least {
                break;
            }
            below.push(mass);
            at -= 1;
        }
        let start = at;
        (at, mass) = (mode, 1.0);
        while at < trials {
            mass *= (trials - at) as f64 * odds / (at + 1) as f64;
            if mass < least {
                break;
            }
            above.push(mass);
            at += 1;
        }
        below.reverse();
        // From the ends inwards, so that the tails are not lost against the mode.
        let total = below.iter().sum::<f64>() + above.iter().rev().sum::<f64>();
        below.append(&mut above);
        for mass in &mut below {
            *mass /= total;
        }
        Self { start, mass: below }
    }

    /// The distribution of the sum of two independent counts, up to `most`.
    fn plus(&self, other: &Self, most: u64, least: f64) -> Self {
        let start = self.start + other.start;
        let length = (self.mass.len() + other.mass.len()).saturating_sub(1);
        let room = if start > most { 0 } else { most - start + 1 };
        let length = usize::try_from(room).map_or(length, |room| length.min(room));
        let mut mass = vec![0.0; length];
        for (i, a) in self.mass.iter().enumerate().take(length) {
            for (sum, b) in mass[i..].iter_mut().zip(&other.mass) {
                *sum += a * b;
            }
        }
        let kept = mass.iter().take_while(|&&mass| mass < least).count();
        mass.drain(..kept);
        while mass.last().is_some_and(|&mass| mass < least) {
            mass.pop();
        }
        Self {
            start: start + kept as u64,
            mass,
        }
    }
}

/// Benjamini–Hochberg adjusted p-values, in the order given: the smallest false discovery rate at
/// which each would be reported. O(n log n).
pub(super) fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]).then(b.cmp(&a)));
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 1.0_f64;
    for (above, &at) in order.iter().enumerate() {
        // The ratio first: it is at least 1, so that rounding never gives less than p.
        least = least.min(p[at] * (p.len() as f64 / (p.len() - above) as f64));
        adjusted[at] = least;
    }
    adjusted
}
