//! Labels of peers: same word with different work, different words with the same work.
//!
//! One label for several kinds of work is the jingle fallacy (Thorndike 1904), several labels for
//! one kind the jangle fallacy (Kelley 1927). Each label is asked how unlike its programmes are
//! against programmes drawn from the same silos, and whether they fall into two kinds; each pair of
//! labels, whether they lie closer than halves of one label do; and all of them together, how much
//! of the differences between programmes goes with labels. Labels are compared by their codes as
//! they are, never by spelling. A label of few programmes gets the answer that nobody can tell.
//!
//! Distances come from the caller: 1 − S in [0, 1] for two rows, symmetric, `None` when they are not
//! comparable. A row that stands for several programmes counts as often as it stands for. Every
//! random choice follows from the seed, and no result depends on how a label is spelt.

mod dispersion;
pub mod indicator;
pub mod matrix;
pub mod permanova;
mod population;
mod report;
pub mod split;
pub mod stats;
mod twins;

use std::collections::BTreeMap;

use super::bits;
use super::columns::Columns;
use indicator::{Grouping, Indicator, indicator_values, most_telling};
use permanova::permanova;
use population::{Population, sample};
use stats::{at_least, benjamini_hochberg, effective_number};
use twins::Niches;

pub use dispersion::{Dispersion, DispersionNull};
pub use report::{Explained, Jingle, Kind, LabelReport, Labels, Profiles, Split, Verdict, Why};
pub use twins::{Breadth, Twin, TwinDimension, TwinVerdict};

/// What to compute, and the thresholds of every verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The silo axis inside whose strata programmes are drawn and exchanged; `None` for one stratum.
    pub axis: Option<usize>,
    /// Random draws of every test; p-values are at least 1 / (1 + draws).
    pub permutations: usize,
    /// Fewest programmes of a label that anything is said of; at least 2 is used.
    pub min_programmes: usize,
    /// Strata with fewer programmes are pooled with those that leave the axis open.
    pub min_stratum: usize,
    /// Level of the false discovery rate in verdicts.
    pub level: f64,
    /// Programmes of one label that dispersion and kinds are computed over at most; a larger label
    /// is sampled.
    pub max_label_programmes: usize,
    /// Programmes of the PERMANOVA at most; more are sampled. Up to as many rows, distances are
    /// kept, 8 bytes a pair; beyond, they are asked for again each time.
    pub max_programmes: usize,
    /// Random halves of each label that the noise floor is computed from.
    pub split_halves: usize,
    /// Bootstrap draws for the stability of two kinds.
    pub bootstraps: usize,
    /// Least mean silhouette of two kinds: 0.5, "a reasonable structure" (Kaufman & Rousseeuw 1990).
    pub min_silhouette: f64,
    /// Least stability of two kinds: 0.75, "stable" (Hennig 2007).
    pub min_stability: f64,
    /// Fewest programmes of each of two kinds: below it is an exception, not a kind.
    pub min_kind: usize,
    /// Fewest dimensions that two labels must both state; all of them where there are fewer.
    pub min_dimensions: usize,
    /// How many indicators a label gets at most.
    pub top_values: usize,
    /// Seed of all random choices.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            axis: None,
            permutations: 999,
            min_programmes: 5,
            min_stratum: 5,
            level: 0.05,
            max_label_programmes: 200,
            max_programmes: 5_000,
            split_halves: 200,
            bootstraps: 100,
            min_silhouette: 0.5,
            min_stability: 0.75,
            min_kind: 2,
            min_dimensions: 4,
            top_values: 10,
            seed: 0,
        }
    }
}

impl Options {
    /// A generator of its own for each use, the same for every label.
    fn random(&self, usage: u64) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed ^ usage.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn enough(&self) -> usize {
        self.min_programmes.max(2)
    }
}

/// Reports on all labels. Distances are asked for in the order (smaller row, greater row).
///
/// Time is O(n²) calls of `distance` for n up to `max_programmes` labelled rows, and
/// O(permutations · m²) for each label of m ≤ `max_label_programmes` programmes and for the
/// PERMANOVA of m ≤ `max_programmes`.
///
/// # Panics
/// When `options.axis` is not an axis of the schema.
pub fn labels(
    columns: &Columns,
    distance: &dyn Fn(usize, usize) -> Option<f64>,
    options: &Options,
) -> Labels {
    let population = Population::new(
        columns,
        distance,
        options.axis,
        options.min_stratum,
        options.max_programmes,
    );
    let niches = Niches::new(&population);
    let indicators = indicators_of_labels(&population, options);
    let mut reports: Vec<LabelReport> = indicators
        .into_iter()
        .enumerate()
        .map(|(label, indicators)| report(&population, &niches, label, indicators, options))
        .collect();
    correct(&mut reports);
    for report in &mut reports {
        judge(report, options);
    }
    let unlabelled = (0..columns.len())
        .filter(|&row| columns.labels_of(row).is_empty())
        .map(|row| columns.count(row) as usize)
        .sum();
    Labels {
        programmes: population.rows.len(),
        unlabelled,
        pooled: population.pooled.iter().filter(|&&pooled| pooled).count(),
        too_few: reports
            .iter()
            .filter(|report| report.programmes < options.enough())
            .count(),
        twins: twins::twins(&population, &niches, options),
        explained: explained(&population, options),
        reports,
    }
}

fn indicators_of_labels(population: &Population, options: &Options) -> Vec<Vec<Indicator>> {
    let common = |label: usize| population.members[label].len() >= options.enough();
    let (mut rows, mut groups, mut strata) = (Vec::new(), Vec::new(), Vec::new());
    for (&row, &stratum) in population.rows.iter().zip(&population.strata) {
        let labels: Vec<usize> = population
            .columns
            .labels_of(row)
            .iter()
            .map(|&label| label as usize)
            .filter(|&label| common(label))
            .collect();
        if !labels.is_empty() {
            rows.push(row);
            groups.push(labels);
            strata.push(stratum);
        }
    }
    let grouping = Grouping {
        rows: &rows,
        groups: &groups,
        count: population.members.len(),
        strata: &strata,
        min_programmes: options.enough(),
    };
    let mut random = options.random(3);
    indicator_values(
        population.columns,
        &grouping,
        options.permutations,
        &mut random,
    )
    .iter()
    .map(|found| most_telling(population.columns, found, options.top_values))
    .collect()
}

fn report(
    population: &Population,
    niches: &Niches,
    label: usize,
    indicators: Vec<Indicator>,
    options: &Options,
) -> LabelReport {
    let columns = population.columns;
    let members = &population.members[label];
    let rows = population.rows_of(members);
    let mut silos = vec![0; columns.schema().silo_words()];
    for &row in &rows {
        bits::union_with(&mut silos, columns.silos(row));
    }
    let axis_open = options.axis.map_or(0, |axis| {
        let open = |&&at: &&usize| !columns.states_axis(population.rows[at], axis);
        members.iter().filter(open).count()
    });
    let enough = members.len() >= options.enough();
    LabelReport {
        label,
        programmes: members.len(),
        silos: bits::ones(&silos).collect(),
        axis_open,
        profiles: profiles(population, members),
        breadth: niches.breadth(members.iter().map(|&at| population.rows[at])),
        dispersion: enough
            .then(|| dispersion::dispersion(population, label, options))
            .flatten(),
        split: enough
            .then(|| best_split(population, members, options))
            .flatten(),
        jingle: Vec::new(),
        verdict: Verdict::CannotTell {
            why: Why::TooFewProgrammes,
        },
        indicators,
    }
}

fn profiles(population: &Population, members: &[usize]) -> Profiles {
    let columns = population.columns;
    let mut counts: BTreeMap<(u64, &[u64]), usize> = BTreeMap::new();
    for &at in members {
        let row = population.rows[at];
        if columns.stated(row) != 0 {
            *counts
                .entry((columns.stated(row), columns.present(row)))
                .or_default() += 1;
        }
    }
    Profiles {
        programmes: counts.values().sum(),
        distinct: counts.len(),
        effective: effective_number(counts.values().map(|&count| count as f64)),
    }
}

fn best_split(population: &Population, members: &[usize], options: &Options) -> Option<Split> {
    let mut random = options.random(4);
    let sampled = sample(members, options.max_label_programmes, &mut random);
    let matrix = population.matrix(&sampled);
    let kept = matrix.complete();
    if kept.len() < options.enough() {
        return None;
    }
    let matrix = matrix.select(&kept);
    let second = split::average_linkage(&matrix)?;
    let silhouette = split::silhouette(&matrix, &second);
    let stability = split::stability(&matrix, &second, options.bootstraps, &mut random);
    let programmes: Vec<usize> = kept.iter().map(|&at| sampled[at]).collect();
    let rows: Vec<usize> = programmes.iter().map(|&at| population.rows[at]).collect();
    let groups: Vec<Vec<usize>> = second
        .iter()
        .map(|&second| vec![usize::from(second)])
        .collect();
    let grouping = Grouping {
        rows: &rows,
        groups: &groups,
        count: 2,
        strata: &vec![0; rows.len()],
        min_programmes: 1,
    };
    let (mut sum, mut pairs) = (0.0, 0usize);
    for i in 0..second.len() {
        for (j, distance) in matrix.row(i).iter().enumerate() {
            if second[i] != second[j] {
                sum += distance;
                pairs += 1;
            }
        }
    }
    let marks = indicator_values(population.columns, &grouping, 0, &mut random);
    let kind = |which: bool| {
        let in_kind = programmes.iter().zip(&second);
        let members: Vec<usize> = in_kind
            .filter_map(|(&at, &second)| (second == which).then_some(at))
            .collect();
        Kind {
            programmes: members.len(),
            rows: population.rows_of(&members),
            indicators: most_telling(
                population.columns,
                &marks[usize::from(which)],
                options.top_values,
            ),
        }
    };
    let mut kinds = [kind(false), kind(true)];
    if kinds[1].programmes > kinds[0].programmes {
        kinds.swap(0, 1);
    }
    Some(Split {
        silhouette,
        stability,
        stable: silhouette >= options.min_silhouette
            && stability >= options.min_stability
            && kinds[1].programmes >= options.min_kind,
        between: sum / pairs.max(1) as f64,
        dropped: sampled.len() - kept.len(),
        kinds,
    })
}

/// Sets false discovery rates over all labels with a null.
fn correct(reports: &mut [LabelReport]) {
    let mut nulls: Vec<&mut DispersionNull> = reports
        .iter_mut()
        .filter_map(|report| report.dispersion.as_mut()?.null.as_mut())
        .collect();
    let lower: Vec<f64> = nulls.iter().map(|null| null.p_lower).collect();
    let upper: Vec<f64> = nulls.iter().map(|null| null.p_upper).collect();
    let rates = benjamini_hochberg(&lower)
        .into_iter()
        .zip(benjamini_hochberg(&upper));
    for (null, (q_lower, q_upper)) in nulls.iter_mut().zip(rates) {
        null.q_lower = q_lower;
        null.q_upper = q_upper;
    }
}

fn judge(report: &mut LabelReport, options: &Options) {
    let enough = options.enough();
    if report.programmes < enough {
        return;
    }
    let dispersion = report
        .dispersion
        .as_ref()
        .filter(|dispersion| dispersion.pairs >= enough * (enough - 1) / 2);
    let null = dispersion.and_then(|dispersion| dispersion.null.as_ref());
    let split = report.split.as_ref().is_some_and(|split| {
        split.stable && null.is_none_or(|null| at_least(split.between, null.median))
    });
    if let Some(null) = null {
        if null.q_upper <= options.level {
            report.jingle.push(Jingle::MoreVariedThanChance);
        } else if null.q_lower > options.level {
            report.jingle.push(Jingle::NotBelowChance);
        }
    }
    if split {
        report.jingle.push(Jingle::StableSplit);
    }
    let cannot_tell = |why| Verdict::CannotTell { why };
    report.verdict = if split || report.jingle.contains(&Jingle::MoreVariedThanChance) {
        Verdict::SeveralKinds
    } else if dispersion.is_none() {
        cannot_tell(Why::TooFewComparable)
    } else if null.is_none() {
        cannot_tell(Why::NoOthersInItsSilos)
    } else if report.jingle.is_empty() {
        Verdict::OneKindOfWork
    } else {
        cannot_tell(Why::NotBelowChance)
    };
}

/// Programmes with exactly one label, by label; labels with fewer than `enough` fall out.
fn common_labels(programmes: &[(usize, usize)], enough: usize) -> Vec<(usize, usize)> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for &(_, label) in programmes {
        *counts.entry(label).or_default() += 1;
    }
    programmes
        .iter()
        .copied()
        .filter(|(_, label)| counts[label] >= enough)
        .collect()
}

fn explained(population: &Population, options: &Options) -> Explained {
    let mut random = options.random(5);
    let single: Vec<(usize, usize)> = population
        .rows
        .iter()
        .enumerate()
        .filter_map(|(at, &row)| match population.columns.labels_of(row) {
            &[label] => Some((at, label as usize)),
            _ => None,
        })
        .collect();
    let common = common_labels(&single, options.enough());
    let places: Vec<usize> = (0..common.len()).collect();
    let sampled: Vec<(usize, usize)> = sample(&places, options.max_programmes, &mut random)
        .into_iter()
        .map(|place| common[place])
        .collect();
    let programmes: Vec<usize> = sampled.iter().map(|&(at, _)| at).collect();
    let matrix = population.matrix(&programmes);
    let complete: Vec<(usize, usize)> = matrix
        .complete()
        .into_iter()
        .map(|place| sampled[place])
        .collect();
    drop(matrix);
    let left = common_labels(&complete, options.enough());
    let mut labels: Vec<usize> = Vec::new();
    let groups: Vec<usize> = left
        .iter()
        .map(|&(_, label)| {
            labels.iter().position(|&l| l == label).unwrap_or_else(|| {
                labels.push(label);
                labels.len() - 1
            })
        })
        .collect();
    let programmes: Vec<usize> = left.iter().map(|&(at, _)| at).collect();
    let strata: Vec<usize> = programmes.iter().map(|&at| population.strata[at]).collect();
    let result = if labels.len() < 2 {
        None
    } else {
        permanova(
            &population.matrix(&programmes),
            &groups,
            &strata,
            options.permutations,
            &mut random,
        )
    };
    Explained {
        labels,
        programmes: left.len(),
        several_labels: population.rows.len() - single.len(),
        rare_labels: (single.len() - common.len()) + (complete.len() - left.len()),
        not_sampled: common.len() - sampled.len(),
        incomparable: sampled.len() - complete.len(),
        result,
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
