//! `concepts`: which programmes share exactly which combination of values, and what comes with what.

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::Study;
use super::facts;
use crate::analysis::concepts::{
    Concept, Context as FormalContext, IcebergRequest, Implication, ImplicationRequest,
    Implications, Level, Ranking, concepts, rank,
};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::cell::{text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};

/// Formal concepts: combinations of values that programmes share, and what comes with what.
///
/// Only combinations with enough programmes are shown (an iceberg lattice). An implication is
/// tested only on programmes that answer the question of its conclusion.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Concepts {
    /// Fewest programmes of a combination; by default 5 or 1 % of the programmes
    #[arg(long, value_name = "N")]
    #[serde(default)]
    pub min_support: Option<u64>,
    /// How many combinations and rules to show
    #[arg(short = 'k', long, default_value_t = 20, value_name = "N")]
    #[serde(default = "default_top")]
    pub top: usize,
    /// Put combinations that stand out most first, instead of the most common
    #[arg(long)]
    #[serde(default)]
    pub by_delta: bool,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    #[serde(default)]
    pub as_sparql: bool,
}

const fn default_top() -> usize {
    20
}

/// Most combinations and premises to compute.
const LIMIT: usize = 200_000;

impl Concepts {
    /// Finds them.
    ///
    /// # Errors
    /// More combinations than can be computed.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Finds them among programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let dimensions: Vec<usize> = (0..study.columns.schema().dimensions.len()).collect();
        if self.as_sparql {
            let all: Vec<usize> = (0..study.columns.len()).collect();
            return facts::compared(study, &all, &dimensions, &[]);
        }
        let leaves = FormalContext::from_columns(&study.columns, Level::Leaves, &dimensions);
        let min_support = self
            .min_support
            .unwrap_or_else(|| leaves.usual_support())
            .max(1);
        let reached = |error: crate::analysis::concepts::Error| Error::Limit {
            reason: error.to_string(),
            hint: Some("raise --min-support".to_owned()),
        };
        let mut found = concepts(
            &leaves,
            &IcebergRequest {
                min_support,
                limit: LIMIT,
            },
        )
        .map_err(reached)?;
        found.retain(|concept| concept.intent.len() > 1);
        rank(
            &mut found,
            if self.by_delta {
                Ranking::Delta
            } else {
                Ranking::Support
            },
        );
        let request = ImplicationRequest {
            min_support: min_support.max(5),
            min_confidence: 0.9,
            max_premise: 2,
            limit: LIMIT,
        };
        let mut rules =
            Implications::of_programmes(&study.columns, &dimensions, &request).map_err(reached)?;
        // A rule says little when its conclusion holds for nearly everybody anyhow.
        let telling = |rule: &Implication| rule.lift > 1.2 && !rule.premise.is_empty();
        rules.exact.retain(telling);
        rules.near.retain(telling);
        let order = |a: &Implication, b: &Implication| {
            b.lift.total_cmp(&a.lift).then(b.support.cmp(&a.support))
        };
        rules.exact.sort_by(order);
        rules.near.sort_by(order);
        Ok(Output::new(Body::Report(self.report(
            study,
            min_support,
            &found,
            &rules,
        ))))
    }

    fn report(
        &self,
        study: &Study<'_>,
        min_support: u64,
        found: &[Concept],
        rules: &Implications,
    ) -> Report {
        let mut blocks = vec![Block::Paragraph(vec![Inline::text(format!(
            "{} programmes ({}) · {} combinations of two or more values with at least {min_support} programmes",
            study.columns.programmes(),
            study.dataset.origin.join(", "),
            found.len()
        ))])];
        blocks.push(Block::Heading(if self.by_delta {
            "Combinations that stand out".to_owned()
        } else {
            "Most common combinations".to_owned()
        }));
        for concept in found.iter().take(self.top) {
            let names: Vec<&str> = concept
                .extent
                .iter()
                .take(6)
                .map(|&p| study.id(p))
                .collect();
            let more = concept.extent.len().saturating_sub(6);
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            blocks.push(Block::Entry {
                title: vec![Inline::strong(study.values(&concept.intent))],
                fields: vec![
                    Field::text(
                        "programmes",
                        format!("{} (Δ {})", concept.support, concept.delta),
                    ),
                    Field::text("such as", format!("{}{rest}", names.join(", "))),
                ],
            });
        }
        for (heading, list) in [
            ("What always comes with what", &rules.exact),
            ("What nearly always comes with what", &rules.near),
        ] {
            blocks.push(Block::Heading(heading.to_owned()));
            if list.is_empty() {
                blocks.push(Block::Paragraph(vec![Inline::text(
                    "Nothing, with this much support.",
                )]));
            }
            for rule in list.iter().take(self.top) {
                let mut fields = vec![Field::text(
                    "counted",
                    format!(
                        "{} of {} that answer the question; {} leave it open; {:.1} times as often as among all",
                        rule.support, rule.tested, rule.open, rule.lift
                    ),
                )];
                if !rule.counter_examples.is_empty() {
                    let names: Vec<&str> =
                        rule.counter_examples.iter().map(|&p| study.id(p)).collect();
                    fields.push(Field::text("but not", names.join(", ")));
                }
                let title = vec![
                    Inline::strong(study.values(&rule.premise)),
                    Inline::text(" → "),
                    Inline::strong(study.value(rule.conclusion)),
                ];
                blocks.push(Block::Entry { title, fields });
            }
        }
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "Δ is how many programmes would have to go before the combination stopped being one of its own. Rules hold among the programmes read; a purposeful sample proves nothing of the world.",
        )]));
        let notations = |values: &[usize]| {
            values
                .iter()
                .map(|&v| study.columns.schema().values[v].notation.clone())
                .collect::<Vec<_>>()
        };
        let table = Table {
            columns: ["values", "support", "delta", "programmes"]
                .map(str::to_owned)
                .to_vec(),
            rows: found
                .iter()
                .map(|concept| {
                    let names: Vec<&str> = concept.extent.iter().map(|&p| study.id(p)).collect();
                    vec![
                        text(notations(&concept.intent).join("|")),
                        whole(concept.support),
                        whole(concept.delta),
                        text(names.join("|")),
                    ]
                })
                .collect(),
        };
        let rule_json = |rule: &Implication| {
            json!({
                "premise": notations(&rule.premise), "conclusion": notations(&[rule.conclusion]), "support": rule.support, "tested": rule.tested,
                "open": rule.open, "confidence": rule.confidence, "lift": rule.lift,
                "counter_examples": rule.counter_examples.iter().map(|&p| study.columns.name(p)).collect::<Vec<_>>(),
            })
        };
        let data = json!({
            "programmes": study.columns.programmes(), "min_support": min_support,
            "concepts": found.iter().map(|concept| json!({
                "values": notations(&concept.intent), "support": concept.support, "delta": concept.delta,
                "programmes": concept.extent.iter().map(|&p| study.columns.name(p)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "exact": rules.exact.iter().map(rule_json).collect::<Vec<_>>(),
            "near": rules.near.iter().map(rule_json).collect::<Vec<_>>(),
        });
        Report {
            title: "Formal concepts: what programmes have in common".to_owned(),
            blocks,
            table,
            data,
            ..Report::default()
        }
    }
}
