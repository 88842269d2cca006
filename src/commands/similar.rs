//! `similar`: the programmes most like one, each with its reasons.

use clap::Args;
use oxrdf::NamedNode;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::{Comparing, Study, axes, default_axes, score, shared};
use super::facts;
use super::results::{Found, Results};
use crate::analysis::nearest::{Neighbour, Request, Silos, nearest};
use crate::analysis::significance::{Adjustment, Pairs};
use crate::analysis::similarity::{Comparison, explain};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::cell::{self, text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};

/// The programmes most like one, with what they share, what they do not, and what is unknown.
///
/// Programmes are compared by what their peers do, on what basis and where, never by what they are
/// called. A question that one of the two leaves open drops out and widens the interval.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Similar {
    /// The programme: IRI, short name or name, or a part that fits only one
    pub programme: String,
    /// How many to show
    #[arg(short = 'k', long, default_value_t = default_top(), value_name = "N")]
    #[serde(default = "default_top")]
    pub top: usize,
    /// Only programmes in other silos, on the axes of --across
    #[arg(long)]
    #[serde(default)]
    pub other_silo: bool,
    /// Silo axes for --other-silo
    #[arg(long, value_delimiter = ',', default_values_t = default_axes(), value_name = "AXIS,…")]
    #[serde(default = "default_axes")]
    pub across: Vec<String>,
    /// From 0 (variety alone) to 1 (likeness alone): prefer neighbours unlike each other
    #[arg(long, value_name = "LAMBDA")]
    #[serde(default)]
    pub diversity: Option<f64>,
    /// Answer with the results as RDF in a named graph of their own, to be kept and queried
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

const fn default_top() -> usize {
    5
}

impl Similar {
    /// Finds them.
    ///
    /// # Errors
    /// A programme, axis or measure that is not known; a number out of its range.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Finds them among programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let axes = axes(&study.dataset.map, &self.across)?;
        let chosen: &[usize] = if self.other_silo { &axes } else { &[] };
        let comparison = self.comparing.comparison(&study.columns, chosen)?;
        if let Some(lambda) = self.diversity
            && !(0.0..=1.0).contains(&lambda)
        {
            return Err(Error::usage(
                format!("--diversity {lambda} is not between 0 and 1"),
                "1 is likeness alone, 0 variety alone",
            ));
        }
        let programme = study.find(&self.programme)?;
        let request = Request {
            comparison,
            k: if self.top == 0 { usize::MAX } else { self.top },
            axes: axes.clone(),
            silos: if self.other_silo {
                Silos::Other
            } else {
                Silos::Any
            },
            lambda: self.diversity,
        };
        let found = nearest(&study.columns, &study.ic, &request, programme);
        if self.as_sparql {
            let mut programmes = vec![programme];
            programmes.extend(found.iter().map(|neighbour| neighbour.programme));
            let compared = facts::dimensions(study, &comparison);
            return facts::compared(study, &programmes, &compared, &axes);
        }
        if self.save {
            return self.saved(study, programme, &found, &comparison);
        }
        let report = self.report(study, programme, &found, &comparison, &axes);
        let mut output = Output::new(Body::Report(report));
        let dropped: Vec<&str> = (0..study.columns.schema().dimensions.len())
            .filter(|d| comparison.dimensions >> d & 1 == 0)
            .map(|d| study.dimension(d))
            .collect();
        if !dropped.is_empty() {
            output = output.with_note(format!(
                "left out, since they are made of the same stuff as a chosen silo axis: {}",
                dropped.join(", ")
            ));
        }
        Ok(output)
    }

    fn saved(
        &self,
        study: &Study<'_>,
        programme: usize,
        found: &[Neighbour],
        comparison: &Comparison,
    ) -> Result<Output> {
        let settings = study.settings(
            comparison,
            json!({ "programme": study.columns.name(programme), "top": self.top, "diversity": self.diversity,
                "other_silo": self.other_silo.then(|| self.across.clone()) }),
        );
        let mut results = Results::new(study, "similar", &settings, self.at.as_deref())?;
        let model = study.chance()?;
        let family = model.false_discovery(Pairs::All);
        for neighbour in found {
            let chance = model.pair(programme, neighbour.programme).map(|chance| {
                let q = family.q_value(chance.p, Adjustment::BenjaminiHochberg);
                (chance, q)
            });
            let found = Found::explained(study, comparison, programme, neighbour.programme);
            results.resemblance(study, &found.judged(chance))?;
        }
        Ok(results.finish("saved-resemblances"))
    }

    fn report(
        &self,
        study: &Study<'_>,
        programme: usize,
        found: &[Neighbour],
        comparison: &Comparison,
        axes: &[usize],
    ) -> Report {
        let dimensions = study.columns.schema().dimensions.len();
        let mut blocks = vec![Block::Paragraph(vec![Inline::text(
            study.parameters_line(comparison),
        )])];
        if found.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text(format!(
                "No programme{} answers at least {} of the questions that this one answers and shares a value with it.",
                if self.other_silo { " in another silo" } else { "" },
                comparison.min_comparable
            ))]));
        }
        let mut json = Vec::new();
        let mut rows = Vec::new();
        for (number, neighbour) in found.iter().enumerate() {
            let other = neighbour.programme;
            let Some(why) = explain(&study.columns, &study.ic, comparison, programme, other) else {
                continue;
            };
            let mut fields = vec![
                Field::text("score", score(&neighbour.similarity, dimensions)),
                Field::text("share", shared(study, &why).join(", ")),
            ];
            for (name, values) in [
                (study.id(programme), &why.only_a),
                (study.id(other), &why.only_b),
            ] {
                if !values.is_empty() {
                    fields.push(Field::text(format!("only {name}"), study.values(values)));
                }
            }
            if !why.not_comparable.is_empty() {
                fields.push(Field::text(
                    "not comparable",
                    study.dimensions(&why.not_comparable),
                ));
            }
            for &axis in axes {
                let label = study.dataset.map.axes[axis].name.label(study.language);
                fields.push(Field::text(
                    label,
                    format!(
                        "{} | {}",
                        study.silos(programme, axis),
                        study.silos(other, axis)
                    ),
                ));
            }
            let title = vec![Inline::text(format!("{}. ", number + 1)), study.link(other)];
            blocks.push(Block::Entry { title, fields });
            json.push(json!({
                "programme": study.json(other),
                "score": why.similarity.score, "low": why.similarity.low, "high": why.similarity.high,
                "comparable": why.similarity.comparable,
                "shared": why.shared.iter().map(|shared| {
                    let mut value = study.value_json(shared.value);
                    value["contribution"] = json!(shared.contribution);
                    value
                }).collect::<Vec<_>>(),
                "only_a": why.only_a.iter().map(|&v| study.value_json(v)).collect::<Vec<_>>(),
                "only_b": why.only_b.iter().map(|&v| study.value_json(v)).collect::<Vec<_>>(),
                "not_comparable": why.not_comparable.iter().map(|&d| study.columns.schema().dimensions[d].notation.clone()).collect::<Vec<_>>(),
            }));
            let decimal = |value: f64| cell::decimal(value, 6);
            let notations: Vec<&str> = why
                .narrowest(study.columns.schema())
                .iter()
                .map(|s| study.columns.schema().values[s.value].notation.as_str())
                .collect();
            rows.push(vec![
                Some(NamedNode::new_unchecked(study.columns.name(other)).into()),
                text(study.name(other)),
                decimal(why.similarity.score),
                decimal(why.similarity.low),
                decimal(why.similarity.high),
                whole(why.similarity.comparable),
                text(notations.join("|")),
            ]);
        }
        let columns = [
            "programme",
            "name",
            "score",
            "low",
            "high",
            "comparable",
            "shared",
        ];
        Report {
            title: format!("Programmes most like {}", study.name(programme)),
            blocks,
            table: Table {
                columns: columns.map(str::to_owned).to_vec(),
                rows,
            },
            data: json!({ "parameters": study.parameters(comparison), "programme": study.json(programme), "similar": json }),
            ..Report::default()
        }
    }
}
