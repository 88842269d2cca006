//! `labels`: one word for different work, different words for one work.

use clap::Args;
use oxrdf::Term;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::{Comparing, Study, axes, default_axis, default_seed};
use super::facts;
use super::results::{Results, label_iri};
use crate::analysis::bits;
use crate::analysis::labels::{
    Dispersion, LabelReport, Options, Twin, TwinVerdict, Verdict, Why, labels,
};
use crate::analysis::similarity::{Comparison, similarity};
use crate::analysis::svg::{Caption, fingerprints};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::cell::{self, text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Picture, Report, Table};

/// Labels of peers: one word for different work, different words for one work.
///
/// Labels are compared by what the peers do, never by spelling. A label that few programmes use
/// gets the answer that nobody can tell.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Labels {
    /// Silo axis within which programmes are drawn for comparison by chance
    #[arg(long, default_value = "issue", value_name = "AXIS")]
    #[serde(default = "default_axis")]
    pub within: String,
    /// Fewest programmes of a label that anything is said of
    #[arg(long, default_value_t = 5, value_name = "N")]
    #[serde(default = "default_fewest")]
    pub min_programmes: usize,
    /// Random draws of every test
    #[arg(long, default_value_t = 999, value_name = "N")]
    #[serde(default = "default_permutations")]
    pub permutations: usize,
    /// Seed of all random draws
    #[arg(long, default_value_t = 1, value_name = "N")]
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Answer with the labels that mean the same work as RDF proposals in a named graph of their own, to be kept and queried
    #[arg(long)]
    #[serde(default)]
    pub save: bool,
    /// When the results were made, to be written with --save, such as 2026-11-25T09:30:00Z
    #[arg(long, value_name = "TIME", requires = "save")]
    #[serde(default)]
    pub at: Option<String>,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    #[serde(default)]
    pub as_sparql: bool,
    /// How to compare
    #[command(flatten)]
    #[serde(flatten)]
    pub comparing: Comparing,
}

const fn default_fewest() -> usize {
    5
}
const fn default_permutations() -> usize {
    999
}

impl Labels {
    /// Compares labels.
    ///
    /// # Errors
    /// An axis or measure that is not known.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Compares the labels of programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let axis = axes(&study.dataset.map, std::slice::from_ref(&self.within))?;
        let comparison = self.comparing.comparison(&study.columns, &[])?;
        let options = Options {
            axis: axis.first().copied(),
            permutations: self.permutations,
            min_programmes: self.min_programmes,
            seed: self.seed,
            ..Options::default()
        };
        let distance = |a: usize, b: usize| {
            similarity(&study.columns, &study.ic, &comparison, a, b)
                .map(|similarity| 1.0 - similarity.score)
        };
        if self.as_sparql {
            return self.facts(study, &comparison);
        }
        let found = labels(&study.columns, &distance, &options);
        if self.save {
            let settings = study.settings(
                &comparison,
                json!({ "within": self.within, "min_programmes": self.min_programmes,
                    "permutations": self.permutations, "seed": self.seed }),
            );
            let mut results = Results::new(study, "labels", &settings, self.at.as_deref())?;
            let same = |twin: &&Twin| twin.verdict == TwinVerdict::SameWork;
            for twin in found.twins.iter().filter(same) {
                results.proposal(study, twin)?;
            }
            return Ok(results.finish("proposed-matches"));
        }
        let mut blocks = vec![
            Block::Paragraph(vec![Inline::text(study.parameters_line(&comparison))]),
            Block::Paragraph(vec![Inline::text(format!(
                "{} programmes carry a label, {} do not · {} labels, of which {} are used by fewer than {} programmes and not judged · drawn within {}, {} draws, seed {}",
                found.programmes,
                found.unlabelled,
                found.reports.len(),
                found.too_few,
                self.min_programmes,
                self.within,
                self.permutations,
                self.seed
            ))]),
        ];
        let explained = match &found.explained.result {
            Some(test) => format!(
                "Labels explain {:.0} % of the differences between {} programmes with one label each (PERMANOVA R² {:.2}; {:.2} by chance, p {:.3}).",
                test.r2 * 100.0,
                found.explained.programmes,
                test.r2,
                test.r2_by_chance,
                test.p
            ),
            None => {
                "Too few programmes with one label each to say how much labels explain.".to_owned()
            }
        };
        blocks.push(Block::Paragraph(vec![Inline::strong(explained)]));
        blocks.push(Block::Heading(
            "One word: is it one kind of work?".to_owned(),
        ));
        let mut judged: Vec<&LabelReport> = found
            .reports
            .iter()
            .filter(|report| report.programmes >= self.min_programmes)
            .collect();
        judged.sort_by_key(|report| std::cmp::Reverse(report.programmes));
        for report in &judged {
            blocks.push(entry(study, report));
        }
        blocks.push(Block::Heading(
            "Different words: is it the same work?".to_owned(),
        ));
        let same: Vec<&Twin> = found
            .twins
            .iter()
            .filter(|twin| twin.verdict == TwinVerdict::SameWork)
            .collect();
        if same.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text("No pair of labels lies within the noise floor, so none is shown to be the same work.")]));
        }
        for twin in &same {
            blocks.push(twin_entry(study, twin));
        }
        blocks.push(Block::Heading("How to read this".to_owned()));
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "Dispersion is the mean of 1 - similarity inside a label; chance is the same for programmes drawn from the same silos. \
             The noise floor is the 5th percentile of the Jensen-Shannon divergence between random halves of one label: it is high for labels of few programmes, so below about 20 programmes each \"the same work\" is a proposal for a person to judge. \
             Not shown to be the same is not shown to be different.",
        )]));
        let table = Table {
            columns: [
                "label",
                "programmes",
                "dispersion",
                "by_chance",
                "q_lower",
                "q_upper",
                "profiles",
                "verdict",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: judged.iter().map(|report| row(study, report)).collect(),
        };
        let data = json!({
            "parameters": study.parameters(&comparison),
            "within": self.within, "permutations": self.permutations, "seed": self.seed,
            "r2": found.explained.result.as_ref().map(|test| test.r2),
            "r2_by_chance": found.explained.result.as_ref().map(|test| test.r2_by_chance),
            "p": found.explained.result.as_ref().map(|test| test.p),
            "labels": judged.iter().map(|report| json!({
                "label": study.columns.labels()[report.label], "programmes": report.programmes,
                "dispersion": report.dispersion.as_ref().map(|d| d.mean),
                "by_chance": report.dispersion.as_ref().and_then(|d| d.null.as_ref()).map(|null| null.mean),
                "effective_profiles": report.profiles.effective,
                "verdict": verdict(report.verdict),
                "marked_by": report.indicators.iter().map(|i| { let mut value = study.value_json(i.value); value["indicator_value"] = json!(i.indicator_value); value }).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "twins": found.twins.iter().map(|twin| json!({
                "labels": twin.labels.map(|label| study.columns.labels()[label].clone()),
                "programmes": twin.programmes, "both": twin.both, "divergence": twin.divergence, "overlap": twin.overlap, "noise_floor": twin.floor,
                "verdict": twin_verdict(twin.verdict),
            })).collect::<Vec<_>>(),
        });
        Ok(Output::new(Body::Report(Report {
            title: "Labels: names that mislead and names that fit".to_owned(),
            blocks,
            table,
            data,
            picture: (!judged.is_empty()).then(|| picture(study, &judged)),
            ..Report::default()
        })))
    }

    fn facts(&self, study: &Study<'_>, comparison: &Comparison) -> Result<Output> {
        let columns = &study.columns;
        let mut uses = vec![0usize; columns.labels().len()];
        for programme in 0..columns.len() {
            for &label in columns.labels_of(programme) {
                uses[label as usize] += columns.count(programme) as usize;
            }
        }
        let mut labels = Vec::new();
        for (notation, &uses) in columns.labels().iter().zip(&uses) {
            if uses >= self.min_programmes {
                labels.push(label_iri(study.dataset, notation)?);
            }
        }
        let dimensions = facts::dimensions(study, comparison);
        let map = &study.dataset.map;
        let dimensions = dimensions.iter().map(|&d| &map.dimensions[d].name.iri);
        let parameters = [
            ("label", facts::terms(labels.iter())),
            ("dimension", facts::terms(dimensions)),
        ];
        facts::query(study, "facts-behind-labels", &parameters)
    }
}

/// A verdict on a label in few words.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OneKindOfWork => "one kind of work",
        Verdict::SeveralKinds => "several kinds of work",
        Verdict::CannotTell { why } => match why {
            Why::TooFewProgrammes => "cannot tell: too few programmes",
            Why::TooFewComparable => "cannot tell: too few can be compared",
            Why::NoOthersInItsSilos => "cannot tell: no other labels in its silos",
            Why::NotBelowChance => "cannot tell: no more alike than chance",
        },
    }
}

/// A verdict on two labels in few words.
pub(super) const fn twin_verdict(verdict: TwinVerdict) -> &'static str {
    match verdict {
        TwinVerdict::SameWork => "same work",
        TwinVerdict::NotShown => "not shown",
        TwinVerdict::TooFew => "too few programmes",
        TwinVerdict::TooFewDimensions => "too few questions stated",
    }
}

/// What share of the programmes of each label has each top value, among those that answer its
/// question; values that none of them has are left out.
fn picture(study: &Study<'_>, judged: &[&LabelReport]) -> Picture {
    let columns = &study.columns;
    let schema = columns.schema();
    let mut having = vec![vec![0u32; schema.values.len()]; judged.len()];
    let mut stating = vec![vec![0u32; schema.dimensions.len()]; judged.len()];
    for programme in 0..columns.len() {
        let closure = columns.closure(programme);
        for (row, report) in judged.iter().enumerate() {
            let labels = columns.labels_of(programme);
            if !labels.iter().any(|&label| label as usize == report.label) {
                continue;
            }
            for value in bits::ones(&closure) {
                having[row][value] += columns.count(programme);
            }
            for dimension in bits::ones(&[columns.stated(programme)]) {
                stating[row][dimension] += columns.count(programme);
            }
        }
    }
    let shown: Vec<usize> = (0..schema.values.len())
        .filter(|&value| schema.values[value].ancestors.is_empty())
        .filter(|&value| having.iter().any(|row| row[value] > 0))
        .collect();
    let names: Vec<String> = judged
        .iter()
        .map(|report| columns.labels()[report.label].clone())
        .collect();
    let values: Vec<String> = shown
        .iter()
        .map(|&value| study.value(value).to_owned())
        .collect();
    let caption = Caption {
        id: "fingerprints",
        title: "The work behind labels",
    };
    fingerprints(caption, &names, &values, |row, column| {
        let value = shown[column];
        let stated = stating[row][schema.values[value].scheme];
        (stated > 0).then(|| f64::from(having[row][value]) / f64::from(stated))
    })
}

fn entry(study: &Study<'_>, report: &LabelReport) -> Block {
    let title = vec![
        Inline::strong(study.columns.labels()[report.label].clone()),
        Inline::text(format!(
            " · {} programmes · {}",
            report.programmes,
            verdict(report.verdict)
        )),
    ];
    let mut fields = Vec::new();
    if let Some(Dispersion {
        mean, pairs, null, ..
    }) = &report.dispersion
    {
        let chance = null.as_ref().map_or_else(
            || "nothing to compare with in its silos".to_owned(),
            |null| {
                format!(
                    "{:.2} by chance ({:.2} to {:.2}), q {:.3} for more alike",
                    null.mean, null.interval.0, null.interval.1, null.q_lower
                )
            },
        );
        fields.push(Field::text(
            "dispersion",
            format!("{mean:.2} over {pairs} pairs; {chance}"),
        ));
    }
    let profiles = &report.profiles;
    fields.push(Field::text(
        "profiles",
        format!(
            "{} distinct among {} programmes, as many as {:.1} equally common ones",
            profiles.distinct, profiles.programmes, profiles.effective
        ),
    ));
    let mut silos: Vec<String> = report
        .silos
        .iter()
        .map(|&v| {
            study.dataset.map.silo_values[v]
                .name
                .label(study.language)
                .to_owned()
        })
        .collect();
    let more = silos.len().saturating_sub(8);
    silos.truncate(8);
    if !silos.is_empty() {
        fields.push(Field::text(
            "silos",
            format!(
                "{}{}",
                silos.join(", "),
                if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                }
            ),
        ));
    }
    let marks = |indicators: &[crate::analysis::labels::indicator::Indicator]| {
        indicators
            .iter()
            .take(4)
            .map(|i| format!("{} ({:.2})", study.value(i.value), i.indicator_value))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !report.indicators.is_empty() {
        fields.push(Field::text("marked by", marks(&report.indicators)));
    }
    if let Some(split) = report.split.as_ref().filter(|split| split.stable) {
        for kind in &split.kinds {
            fields.push(Field::text(
                "a kind",
                format!(
                    "{} programmes, marked by {}",
                    kind.programmes,
                    marks(&kind.indicators)
                ),
            ));
        }
    }
    Block::Entry { title, fields }
}

fn twin_entry(study: &Study<'_>, twin: &Twin) -> Block {
    let names = twin
        .labels
        .map(|label| study.columns.labels()[label].clone());
    let number =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    let title = vec![
        Inline::strong(names[0].clone()),
        Inline::text(" and "),
        Inline::strong(names[1].clone()),
    ];
    let mut fields = vec![
        Field::text(
            "programmes",
            format!(
                "{} and {}; {} carry both labels",
                twin.programmes[0], twin.programmes[1], twin.both
            ),
        ),
        Field::text(
            "divergence",
            format!(
                "{} bits, noise floor {}; niche overlap {}",
                number(twin.divergence),
                number(twin.floor),
                number(twin.overlap)
            ),
        ),
    ];
    let parts = twin.dimensions.iter().map(|d| {
        format!(
            "{} {:.2} ({} and {} state it)",
            study.dimension(d.dimension),
            d.divergence,
            d.programmes[0],
            d.programmes[1]
        )
    });
    fields.push(Field::text(
        "by question",
        parts.collect::<Vec<_>>().join(", "),
    ));
    Block::Entry { title, fields }
}

fn row(study: &Study<'_>, report: &LabelReport) -> Vec<Option<Term>> {
    let decimal = |value: Option<f64>| value.and_then(|value| cell::decimal(value, 4));
    let null = report
        .dispersion
        .as_ref()
        .and_then(|dispersion| dispersion.null.as_ref());
    vec![
        text(&study.columns.labels()[report.label]),
        whole(report.programmes),
        decimal(report.dispersion.as_ref().map(|dispersion| dispersion.mean)),
        decimal(null.map(|null| null.mean)),
        decimal(null.map(|null| null.q_lower)),
        decimal(null.map(|null| null.q_upper)),
        decimal(Some(report.profiles.effective)),
        text(verdict(report.verdict)),
    ]
}
