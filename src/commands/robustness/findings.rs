//! The headline conclusions of an analysis, in a form that two runs can be held against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::Robustness;

use crate::analysis::agreement::agreement;
use crate::analysis::bridges::bridges;
use crate::analysis::chance::Chance;
use crate::analysis::communities::{Settings, communities};
use crate::analysis::gaps::{self, Facet, gap_map};
use crate::analysis::labels::{Options, TwinVerdict, Verdict, Why, labels};
use crate::analysis::membership::Membership;
use crate::analysis::mixing::mixing;
use crate::analysis::robustness::Outcome;
use crate::analysis::similarity::similarity;
use crate::commands::bridges::Bridges;
use crate::commands::comparing::Study;
use crate::commands::gaps::verdict as gap_verdict;
use crate::commands::labels::{twin_verdict, verdict as label_verdict};
use crate::commands::resemblances::{resemblances, web};
use crate::error::{Error, Result};

/// What a conclusion is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Two programmes, by name: among the first bridges.
    Bridge(String, String),
    /// A label, by short code: its verdict.
    Label(String),
    /// Two labels: the same work.
    Twins(String, String),
    /// Whether links stay inside silos.
    Links,
    /// Whether communities follow silos.
    Communities,
    /// A row and a column, by short code: a surprising gap.
    Gap(String, String),
}

/// Where a number lies against chance.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Against {
    number: f64,
    chance: Chance,
}

impl Against {
    fn side(self) -> std::cmp::Ordering {
        if self.number < self.chance.low {
            std::cmp::Ordering::Less
        } else if self.number > self.chance.high {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        }
    }

    fn words(self) -> String {
        format!(
            "{:.2}, where {:.2} to {:.2} is chance",
            self.number, self.chance.low, self.chance.high
        )
    }
}

/// What one run finds.
pub(super) struct Findings {
    /// Programmes that state at least one of the questions that bridges compare.
    known: BTreeSet<String>,
    /// Ranks from 1.
    bridges: BTreeMap<(String, String), usize>,
    labels: BTreeMap<String, Verdict>,
    twins: BTreeMap<(String, String), TwinVerdict>,
    links: Option<Against>,
    communities: Option<Against>,
    gaps: BTreeMap<(String, String), gaps::Verdict>,
}

impl Findings {
    /// Makes everything that conclusions are drawn from.
    pub(super) fn of(study: &Study<'_>, request: &Robustness, axis: usize) -> Result<Self> {
        let columns = &study.columns;
        let map = &study.dataset.map;
        let name = |at: usize| columns.name(at).to_owned();
        let compared = Bridges::default().request(map)?;
        let found = bridges(map, &study.profiles, &compared);
        let states = |at: &usize| compared.dimensions.iter().any(|&d| columns.states(*at, d));
        let ranks = found.iter().zip(1..);
        let bridges = ranks.map(|(bridge, rank)| ((name(bridge.a), name(bridge.b)), rank));

        let comparison = request.comparing.comparison(columns, &[])?;
        let distance = |a: usize, b: usize| {
            similarity(columns, &study.ic, &comparison, a, b).map(|found| 1.0 - found.score)
        };
        let options = Options {
            axis: Some(axis),
            permutations: request.permutations,
            seed: request.seed,
            ..Options::default()
        };
        let judged = labels(columns, &distance, &options);
        let label = |at: usize| columns.labels()[at].clone();

        let across = request.comparing.comparison(columns, &[axis])?;
        let links = resemblances(study, &across, &[], 10)?;
        let web = web(study, &links);
        let membership = Membership::new(columns, axis);
        let mixed = mixing(&web, &membership, request.permutations, request.seed);
        let settings = Settings {
            seed: request.seed,
            ..Settings::default()
        };
        let groups = communities(&web, &settings);
        let of = |node: usize| groups.as_ref().map(|groups| groups.of[node]);
        let groups: Vec<Option<usize>> = (0..web.len())
            .map(|node| (web.degree(node) > 0).then(|| of(node)).flatten())
            .collect();
        let agreed = agreement(&groups, &membership, request.permutations, request.seed);
        let against = |number: Option<f64>, chance: Option<Chance>| {
            number
                .zip(chance)
                .map(|(number, chance)| Against { number, chance })
        };

        let facets = request.facets(map)?;
        let gaps = gap_map(columns, &gaps::Request::new(facets.0, facets.1))
            .map_err(|error| Error::usage(error.to_string(), "choose two different facets"))?;
        let notation = |facet: Facet, value: usize| match facet {
            Facet::Dimension(_) => columns.schema().values[value].notation.clone(),
            Facet::Axis(_) => columns.schema().silo_values[value].notation.clone(),
        };
        let gaps = gaps.cells.iter().map(|cell| {
            let key = (
                notation(facets.0, cell.row),
                notation(facets.1, cell.column),
            );
            (key, cell.verdict)
        });
        Ok(Self {
            known: (0..columns.len()).filter(states).map(name).collect(),
            bridges: bridges.collect(),
            labels: judged
                .reports
                .iter()
                .map(|report| (label(report.label), report.verdict))
                .collect(),
            twins: judged
                .twins
                .iter()
                .map(|twin| ((label(twin.labels[0]), label(twin.labels[1])), twin.verdict))
                .collect(),
            links: against(mixed.ei, mixed.ei_chance),
            communities: agreed.and_then(|found| against(Some(found.ami), found.ami_chance)),
            gaps: gaps.collect(),
        })
    }

    /// The conclusions of this run, in the order in which they are told.
    pub(super) fn conclusions(&self, top: usize) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut first: Vec<_> = self
            .bridges
            .iter()
            .filter(|(_, rank)| **rank <= top)
            .collect();
        first.sort_by_key(|(_, rank)| **rank);
        keys.extend(
            first
                .iter()
                .map(|((a, b), _)| Key::Bridge(a.clone(), b.clone())),
        );
        let told = |verdict: &Verdict| !matches!(verdict, Verdict::CannotTell { .. });
        let labels = self.labels.iter().filter(|(_, verdict)| told(verdict));
        keys.extend(labels.map(|(label, _)| Key::Label(label.clone())));
        let same = |twins: &TwinVerdict| *twins == TwinVerdict::SameWork;
        let twins = self.twins.iter().filter(|(_, verdict)| same(verdict));
        keys.extend(twins.map(|((a, b), _)| Key::Twins(a.clone(), b.clone())));
        keys.extend(self.links.map(|_| Key::Links));
        keys.extend(self.communities.map(|_| Key::Communities));
        let gap = |verdict: &gaps::Verdict| *verdict == gaps::Verdict::SurprisingGap;
        let gaps = self.gaps.iter().filter(|(_, verdict)| gap(verdict));
        keys.extend(gaps.map(|((row, column), _)| Key::Gap(row.clone(), column.clone())));
        keys
    }

    /// What this run says of a conclusion, in words.
    pub(super) fn says(&self, key: &Key) -> String {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match key {
            Key::Bridge(a, b) => match self.bridges.get(&(a.clone(), b.clone())) {
                Some(rank) => format!("bridge number {rank} of {}", self.bridges.len()),
                None => "no bridge".to_owned(),
            },
            Key::Label(label) => match self.labels.get(label) {
                Some(verdict) => label_verdict(*verdict).to_owned(),
                None => "not in use".to_owned(),
            },
            Key::Twins(a, b) => match self.twins.get(&(a.clone(), b.clone())) {
                Some(verdict) => twin_verdict(*verdict).to_owned(),
                None => "too few programmes".to_owned(),
            },
            Key::Links => self.links.map_or_else(nothing, |links| {
                let side = match links.side() {
                    Less => "links stay inside silos more than chance",
                    Greater => "links cross silos more than chance",
                    Equal => "links cross silos as chance would",
                };
                format!("{side}: E-I index {}", links.words())
            }),
            Key::Communities => self.communities.map_or_else(nothing, |found| {
                let side = match found.side() {
                    Greater => "communities follow silos more than chance",
                    Less => "communities follow silos less than chance",
                    Equal => "communities follow silos as chance would",
                };
                format!("{side}: AMI {}", found.words())
            }),
            Key::Gap(row, column) => match self.gaps.get(&(row.clone(), column.clone())) {
                Some(verdict) => gap_verdict(*verdict).to_owned(),
                None => "no such cell".to_owned(),
            },
        }
    }

    /// Whether a conclusion of the `first` run is drawn here too. A bridge holds among twice as
    /// many as are shown, since the last of a list is easily overtaken; nothing is
    /// asked where nothing is left of what it is about; `half` is a run on half the programmes, of
    /// which less is to be expected in a cell.
    pub(super) fn outcome(&self, key: &Key, first: &Self, top: usize, half: bool) -> Outcome {
        let falls = || Outcome::Falls(self.says(key));
        let when = |holds: bool| if holds { Outcome::Holds } else { falls() };
        match key {
            Key::Bridge(a, b) => {
                if !(self.known.contains(a) && self.known.contains(b)) {
                    return Outcome::NotAsked;
                }
                let rank = self.bridges.get(&(a.clone(), b.clone()));
                when(rank.is_some_and(|rank| *rank <= 2 * top))
            }
            Key::Label(label) => match (self.labels.get(label), first.labels.get(label)) {
                (
                    Some(Verdict::CannotTell {
                        why: Why::TooFewProgrammes | Why::TooFewComparable,
                    }),
                    _,
                ) => Outcome::NotAsked,
                (Some(found), Some(before)) => when(found == before),
                _ => Outcome::NotAsked,
            },
            Key::Twins(a, b) => match self.twins.get(&(a.clone(), b.clone())) {
                Some(TwinVerdict::SameWork) => Outcome::Holds,
                Some(TwinVerdict::NotShown) => falls(),
                _ => Outcome::NotAsked,
            },
            Key::Links => same_side(self.links, first.links).map_or(Outcome::NotAsked, when),
            Key::Communities => {
                same_side(self.communities, first.communities).map_or(Outcome::NotAsked, when)
            }
            Key::Gap(row, column) => match self.gaps.get(&(row.clone(), column.clone())) {
                Some(gaps::Verdict::SurprisingGap) => Outcome::Holds,
                None | Some(gaps::Verdict::CannotTell) => Outcome::NotAsked,
                Some(gaps::Verdict::NothingToExpect) if half => Outcome::NotAsked,
                Some(_) => falls(),
            },
        }
    }
}

fn nothing() -> String {
    "nothing to judge by".to_owned()
}

fn same_side(found: Option<Against>, before: Option<Against>) -> Option<bool> {
    Some(found?.side() == before?.side())
}
