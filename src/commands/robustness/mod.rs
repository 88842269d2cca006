//! `robustness`: which conclusions survive when part of the evidence is left out.

mod findings;
mod told;

use std::collections::BTreeSet;
use std::num::NonZero;

use clap::Args;
use serde::Deserialize;

use self::findings::Findings;
use self::told::Told;
use super::Context;
use super::comparing::{Comparing, Study, axes, default_axis, default_seed};
use super::gaps::facet;
use crate::analysis::columns::{Columns, Row};
use crate::analysis::gaps::Facet;
use crate::analysis::robustness::{Standing, Weight, halves};
use crate::analysis::{bits, profiles};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::map::ConceptualMap;
use crate::output::{Body, Output};
use crate::profile::{Evidence, Profiles, Statement};

/// Which conclusions survive leaving out one coder, one question, one type of source or one basis.
///
/// The first bridges, the verdicts on labels, the silo figures and the surprising gaps are made
/// anew each time, and on random halves of the programmes. A conclusion that holds without any one
/// part of the evidence is stable; one that falls is fragile, and it is said what it fell with.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Robustness {
    /// How many of the first bridges to test
    #[arg(short = 'k', long, default_value_t = default_top(), value_name = "N")]
    #[serde(default = "default_top")]
    pub top: usize,
    /// Silo axis that likeness and labels are held against
    #[arg(long, default_value = "issue", value_name = "AXIS")]
    #[serde(default = "default_axis")]
    pub axis: String,
    /// Question or silo axis along the rows of the gap map
    #[arg(long, default_value = "function", value_name = "FACET")]
    #[serde(default = "default_rows")]
    pub rows: String,
    /// Question or silo axis along its columns
    #[arg(long, default_value = "community", value_name = "FACET")]
    #[serde(default = "default_columns")]
    pub columns: String,
    /// Random halves of the programmes; 0 leaves them out
    #[arg(long, default_value_t = default_halves(), value_name = "N")]
    #[serde(default = "default_halves")]
    pub halves: usize,
    /// Random draws of every test
    #[arg(long, default_value_t = default_permutations(), value_name = "N")]
    #[serde(default = "default_permutations")]
    pub permutations: usize,
    /// Seed of all random draws
    #[arg(long, default_value_t = 1, value_name = "N")]
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// How to compare
    #[command(flatten)]
    #[serde(flatten)]
    pub comparing: Comparing,
}

const fn default_top() -> usize {
    10
}
fn default_rows() -> String {
    "function".to_owned()
}
fn default_columns() -> String {
    "community".to_owned()
}
const fn default_halves() -> usize {
    10
}
const fn default_permutations() -> usize {
    199
}

/// A part of the evidence that a statement belongs to, by name.
type Part = fn(&Statement) -> &str;

/// One thing left out, or a half kept.
struct Trial {
    kind: &'static str,
    name: String,
    /// Programmes kept, where not all are.
    half: Option<Vec<usize>>,
    /// Statements kept, in percent.
    share: f64,
    profiles: Profiles,
}

impl Trial {
    fn weight(&self) -> Weight {
        if self.half.is_some() {
            Weight::Half
        } else if self.share >= 50.0 {
            Weight::Decides
        } else {
            Weight::Told
        }
    }
}

impl Robustness {
    /// Tests the conclusions.
    ///
    /// # Errors
    /// An axis, facet or measure that is not known.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Tests the conclusions on programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let map = &study.dataset.map;
        let axis = axes(map, std::slice::from_ref(&self.axis))?[0];
        let evidence = if study.dataset.is_table() {
            Evidence::of(map, &study.profiles)
        } else {
            Evidence::read(&study.dataset.graph, map, &study.profiles)?
        };
        let first = Findings::of(study, self, axis)?;
        let keys = first.conclusions(self.top);
        let trials = self.trials(study, &evidence);
        let found = self.make(study, &trials, axis)?;
        let mut standings = vec![Standing::default(); keys.len()];
        for (at, (trial, found)) in trials.iter().zip(&found).enumerate() {
            let weight = trial.weight();
            for (key, standing) in keys.iter().zip(&mut standings) {
                let half = weight == Weight::Half;
                standing.add(at, weight, found.outcome(key, &first, self.top, half));
            }
        }
        let told = Told {
            study,
            trials: &trials,
            first: &first,
            rows: keys.iter().zip(&standings).collect(),
        };
        Ok(Output::new(Body::Report(told.report(self)?)))
    }

    fn facets(&self, map: &ConceptualMap) -> Result<(Facet, Facet)> {
        Ok((facet(map, &self.rows)?, facet(map, &self.columns)?))
    }

    fn trials(&self, study: &Study<'_>, evidence: &Evidence) -> Vec<Trial> {
        let map = &study.dataset.map;
        let all = evidence.statements.len().max(1) as f64;
        let mut trials = Vec::new();
        let mut leave_out = |kind, name: &str, keep: &dyn Fn(&Statement) -> bool| {
            let kept = evidence
                .statements
                .iter()
                .filter(|statement| keep(statement));
            let kept = kept.count();
            if kept < evidence.statements.len() {
                trials.push(Trial {
                    kind,
                    name: name.to_owned(),
                    half: None,
                    share: 100.0 * kept as f64 / all,
                    profiles: evidence.profiles(map, &study.profiles, keep),
                });
            }
        };
        for (d, dimension) in map.dimensions.iter().enumerate() {
            let name = dimension.name.label(study.language);
            leave_out("question", name, &|statement| statement.dimension != d);
        }
        let parts: [(_, Part); 3] = [
            ("coder", |statement| &statement.coder),
            ("source type", |statement| &statement.source_type),
            ("basis", |statement| &statement.basis),
        ];
        for (kind, of) in parts {
            let names: BTreeSet<&str> = evidence.statements.iter().map(of).collect();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                leave_out(kind, name, &|statement| of(statement) != name);
            }
        }
        for (number, half) in halves(study.columns.len(), self.halves, self.seed)
            .into_iter()
            .enumerate()
        {
            let kept = evidence.statements.iter();
            let kept = kept.filter(|statement| half.binary_search(&statement.programme).is_ok());
            trials.push(Trial {
                kind: "half",
                name: (number + 1).to_string(),
                share: 100.0 * kept.count() as f64 / all,
                profiles: Profiles {
                    list: half
                        .iter()
                        .map(|&at| study.profiles.list[at].clone())
                        .collect(),
                },
                half: Some(half),
            });
        }
        trials
    }

    /// Makes every analysis anew, on as many threads as there are processors.
    fn make(&self, study: &Study<'_>, trials: &[Trial], axis: usize) -> Result<Vec<Findings>> {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = trials.len().div_ceil(threads).max(1);
        let one = |trial: &Trial| {
            let columns = columns(study, trial);
            let mut changed = Study::of(
                study.dataset,
                study.language,
                trial.profiles.clone(),
                columns,
            );
            // Half the programmes would weigh values by half the counts; the scale stays.
            if trial.half.is_some() {
                changed.ic = study.ic.clone();
            }
            Findings::of(&changed, self, axis)
        };
        let made: Vec<Result<Vec<Findings>>> = std::thread::scope(|scope| {
            let workers: Vec<_> = trials
                .chunks(share)
                .map(|some| scope.spawn(move || some.iter().map(one).collect()))
                .collect();
            workers
                .into_iter()
                .map(|worker| match worker.join() {
                    Ok(made) => made,
                    Err(panic) => std::panic::resume_unwind(panic),
                })
                .collect()
        });
        let mut all = Vec::new();
        for some in made {
            all.extend(some?);
        }
        Ok(all)
    }
}

/// The columns of a trial: values as its profiles have them, everything else as before.
fn columns(study: &Study<'_>, trial: &Trial) -> Columns {
    let map = &study.dataset.map;
    let all: Vec<usize> = (0..study.columns.len()).collect();
    let kept = trial.half.as_ref().unwrap_or(&all);
    let rows = kept.iter().zip(&trial.profiles.list).map(|(&at, profile)| {
        let holds = |d: &usize| {
            let mut values = map.dimensions[*d].values.clone();
            values.any(|value| profile.present.contains(value))
        };
        let labels = study.columns.labels_of(at).iter();
        Row {
            name: study.columns.name(at).to_owned(),
            labels: labels
                .map(|&label| study.columns.labels()[label as usize].clone())
                .collect(),
            values: profile.present.ones().collect(),
            none: profile.stated.ones().filter(|d| !holds(d)).collect(),
            silo_values: bits::ones(study.columns.silos(at)).collect(),
            count: study.columns.count(at),
        }
    });
    Columns::new(profiles::schema(map), rows.collect())
}
