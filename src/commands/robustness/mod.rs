//! `robustness`: which conclusions survive when part of the evidence is left out.

mod findings;

use std::collections::BTreeSet;
use std::num::NonZero;

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use self::findings::{Findings, Key};
use super::Context;
use super::comparing::{Comparing, Study, axes, default_axis, default_seed};
use super::gaps::facet;
use crate::analysis::columns::{Columns, Row};
use crate::analysis::gaps::Facet;
use crate::analysis::robustness::{Standing, Verdict, Weight, halves};
use crate::analysis::{bits, profiles};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::map::ConceptualMap;
use crate::output::cell::{text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};
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
        let parts: [(_, fn(&Statement) -> &str); 3] = [
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

/// The conclusions with how they stand.
struct Told<'a> {
    study: &'a Study<'a>,
    trials: &'a [Trial],
    first: &'a Findings,
    rows: Vec<(&'a Key, &'a Standing)>,
}

/// Kinds of conclusions: short code, heading.
const KINDS: [(&str, &str); 4] = [
    ("bridge", "Bridges"),
    ("label", "Labels"),
    ("silos", "Silos"),
    ("gap", "Surprising gaps"),
];

const fn kind(key: &Key) -> &'static str {
    match key {
        Key::Bridge(..) => "bridge",
        Key::Label(_) | Key::Twins(..) => "label",
        Key::Links | Key::Communities => "silos",
        Key::Gap(..) => "gap",
    }
}

impl Told<'_> {
    fn subject(&self, key: &Key) -> String {
        let short = |name: &str| crate::terms::short_name(name).to_owned();
        match key {
            Key::Bridge(a, b) => format!("{} ⟷ {}", short(a), short(b)),
            Key::Label(label) => label.clone(),
            Key::Twins(a, b) => format!("{a} and {b}"),
            Key::Links => "links".to_owned(),
            Key::Communities => "communities".to_owned(),
            Key::Gap(row, column) => format!("{row} × {column}"),
        }
    }

    fn trial(&self, at: usize) -> String {
        format!("{} {}", self.trials[at].kind, self.trials[at].name)
    }

    fn report(&self, request: &Robustness) -> Result<Report> {
        let comparison = request.comparing.comparison(&self.study.columns, &[])?;
        let omissions = self.trials.iter().filter(|trial| trial.half.is_none());
        let omissions: Vec<&Trial> = omissions.collect();
        let count = |verdict: Verdict| {
            let is = |(_, standing): &&(&Key, &Standing)| standing.verdict() == verdict;
            self.rows.iter().filter(is).count()
        };
        let paragraph = |text: String| Block::Paragraph(vec![Inline::text(text)]);
        let mut blocks = vec![
            paragraph(self.study.parameters_line(&comparison)),
            paragraph(format!(
                "{} omissions, one part of the evidence at a time · {} random halves of the programmes · axis {} · {} draws, seed {}",
                omissions.len(),
                request.halves,
                request.axis,
                request.permutations,
                request.seed
            )),
            Block::Paragraph(vec![Inline::strong(format!(
                "{} conclusions: {} stable, {} fragile{}.",
                self.rows.len(),
                count(Verdict::Stable),
                count(Verdict::Fragile),
                match count(Verdict::CannotTell) {
                    0 => String::new(),
                    untold => format!(", {untold} that no omission could test"),
                }
            ))]),
        ];
        for (code, heading) in KINDS {
            let these = self.rows.iter().filter(|(key, _)| kind(key) == code);
            let these: Vec<_> = these.collect();
            if these.is_empty() {
                continue;
            }
            let stable = these.iter().filter(|(_, s)| s.verdict() == Verdict::Stable);
            blocks.push(Block::Heading(format!(
                "{heading}: {} of {} stable",
                stable.count(),
                these.len()
            )));
            for (key, standing) in these {
                blocks.push(self.entry(key, standing));
            }
        }
        blocks.push(Block::Heading("What was left out".to_owned()));
        blocks.push(Block::Grid {
            columns: ["left out", "", "statements kept", "conclusions that fall"]
                .map(str::to_owned)
                .to_vec(),
            rows: omissions
                .iter()
                .enumerate()
                .map(|(at, trial)| {
                    let falls = |s: &Standing| {
                        let mut fallen = s.breaks.iter().chain(&s.told);
                        fallen.any(|(broken, _)| *broken == at)
                    };
                    let fallen = self.rows.iter().filter(|(_, s)| falls(s)).count();
                    vec![
                        Inline::text(trial.kind),
                        Inline::text(&trial.name),
                        Inline::text(format!("{:.0} %", trial.share)),
                        Inline::text(fallen.to_string()),
                    ]
                })
                .collect(),
        });
        blocks.push(Block::Paragraph(vec![Inline::faint(format!(
            "A bridge holds when it is still among the first {}; every other conclusion when the same is concluded. \
             Omissions that keep less than half of the statements, and halves, have so much less to go by that they are told and decide nothing. \
             A conclusion rests on a part when nothing of what it is about is left without it. \
             A coder who read a field alone takes the whole field along when left out. \
             Stable is not true: what all sources and coders have in common is in every trial.",
            2 * request.top
        ))]));
        let table = Table {
            columns: [
                "kind",
                "about",
                "conclusion",
                "verdict",
                "held",
                "asked",
                "falls_without",
                "rests_on",
                "halves_held",
                "halves_asked",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: self
                .rows
                .iter()
                .map(|(key, standing)| {
                    let broken = standing.breaks.iter().map(|(at, _)| self.trial(*at));
                    let rests_on = standing.rests_on.iter().map(|at| self.trial(*at));
                    vec![
                        text(kind(key)),
                        text(self.subject(key)),
                        text(self.first.says(key)),
                        text(standing.verdict().name()),
                        whole(standing.held()),
                        whole(standing.asked),
                        text(broken.collect::<Vec<_>>().join("|")),
                        text(rests_on.collect::<Vec<_>>().join("|")),
                        whole(standing.halves_held),
                        whole(standing.halves_asked),
                    ]
                })
                .collect(),
        };
        let data = json!({
            "parameters": self.study.parameters(&comparison), "axis": request.axis, "rows": request.rows, "columns": request.columns,
            "top": request.top, "halves": request.halves, "permutations": request.permutations, "seed": request.seed,
            "omissions": omissions.iter().map(|trial| json!({ "kind": trial.kind, "name": trial.name, "statements_kept": trial.share / 100.0 })).collect::<Vec<_>>(),
            "conclusions": self.rows.iter().map(|(key, standing)| json!({
                "kind": kind(key), "about": self.subject(key), "conclusion": self.first.says(key), "verdict": standing.verdict().name(),
                "held": standing.held(), "asked": standing.asked,
                "breaks": standing.breaks.iter().map(|(at, instead)| json!({ "without": self.trial(*at), "instead": instead })).collect::<Vec<_>>(),
                "falls_with_most_gone": standing.told.iter().map(|(at, instead)| json!({ "without": self.trial(*at), "instead": instead })).collect::<Vec<_>>(),
                "rests_on": standing.rests_on.iter().map(|at| self.trial(*at)).collect::<Vec<_>>(),
                "halves_held": standing.halves_held, "halves_asked": standing.halves_asked,
            })).collect::<Vec<_>>(),
        });
        Ok(Report {
            title: "Robustness: which conclusions survive".to_owned(),
            blocks,
            table,
            data,
            ..Report::default()
        })
    }

    fn entry(&self, key: &Key, standing: &Standing) -> Block {
        let title = vec![
            Inline::strong(self.subject(key)),
            Inline::text(format!(" · {}", standing.verdict().name())),
        ];
        let mut fields = vec![Field::text("found", self.first.says(key))];
        let lines = |trials: &[(usize, String)]| {
            let line = |(at, instead): &(usize, String)| {
                vec![Inline::text(format!("{}: {instead}", self.trial(*at)))]
            };
            trials.iter().map(line).collect::<Vec<_>>()
        };
        fields.push(Field::text(
            "holds",
            format!("in {} of {} omissions", standing.held(), standing.asked),
        ));
        for (name, trials) in [
            ("falls without", &standing.breaks),
            ("and most gone", &standing.told),
        ] {
            if !trials.is_empty() {
                fields.push(Field {
                    name: name.to_owned(),
                    lines: lines(trials),
                });
            }
        }
        if !standing.rests_on.is_empty() {
            let parts = standing.rests_on.iter().map(|at| self.trial(*at));
            fields.push(Field::text(
                "rests on",
                parts.collect::<Vec<_>>().join(", "),
            ));
        }
        if standing.halves_asked > 0 {
            fields.push(Field::text(
                "halves",
                format!(
                    "{} of {} that can ask",
                    standing.halves_held, standing.halves_asked
                ),
            ));
        }
        Block::Entry { title, fields }
    }
}
