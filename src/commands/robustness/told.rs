//! The conclusions and how they stand, in words, as a table and as JSON.

use serde_json::json;

use super::findings::{Findings, Key};
use super::{Robustness, Trial};
use crate::analysis::robustness::{Standing, Verdict};
use crate::commands::comparing::Study;
use crate::error::Result;
use crate::output::cell::{text, whole};
use crate::output::{Block, Field, Inline, Report, Table};

/// The conclusions with how they stand.
pub(super) struct Told<'a> {
    pub(super) study: &'a Study<'a>,
    pub(super) trials: &'a [Trial],
    pub(super) first: &'a Findings,
    pub(super) rows: Vec<(&'a Key, &'a Standing)>,
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
    fn subject(key: &Key) -> String {
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

    pub(super) fn report(&self, request: &Robustness) -> Result<Report> {
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
                        text(Self::subject(key)),
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
                "kind": kind(key), "about": Self::subject(key), "conclusion": self.first.says(key), "verdict": standing.verdict().name(),
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
            Inline::strong(Self::subject(key)),
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
