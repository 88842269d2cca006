//! `compare`: two to six programmes side by side.

use clap::Args;
use oxrdf::{Literal, Term};
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::{Comparing, Study, score, shared};
use super::facts;
use crate::analysis::bits;
use crate::analysis::similarity::explain;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};

/// Two to six programmes side by side: what they share, what differs, what is not stated.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Compare {
    /// The programmes: IRI, short name or name, or a part that fits only one
    #[arg(required = true, num_args = 2..=6, value_name = "PROGRAMME")]
    pub programmes: Vec<String>,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    #[serde(default)]
    pub as_sparql: bool,
    /// How to compare
    #[command(flatten)]
    #[serde(flatten)]
    pub comparing: Comparing,
}

impl Compare {
    /// Compares them.
    ///
    /// # Errors
    /// Fewer than two programmes, one named twice, or names that are not known.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Compares them among programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let comparison = self.comparing.comparison(&study.columns, &[])?;
        let mut chosen = Vec::new();
        for text in &self.programmes {
            let at = study.find(text)?;
            if chosen.contains(&at) {
                return Err(Error::usage(
                    format!("{} is named twice", study.id(at)),
                    "name two to six different programmes",
                ));
            }
            chosen.push(at);
        }
        if !(2..=6).contains(&chosen.len()) {
            return Err(Error::usage(
                format!("{} programmes cannot be compared", chosen.len()),
                "name two to six",
            ));
        }
        if self.as_sparql {
            let dimensions: Vec<usize> = (0..study.dataset.map.dimensions.len()).collect();
            let axes: Vec<usize> = (0..study.dataset.map.axes.len()).collect();
            return facts::compared(study, &chosen, &dimensions, &axes);
        }
        let model = study.chance()?;
        let schema = study.columns.schema();
        let mut header = vec![String::new()];
        header.extend(chosen.iter().map(|&at| study.name(at).to_owned()));
        let mut table = Table {
            columns: vec!["question".to_owned()],
            rows: Vec::new(),
        };
        table
            .columns
            .extend(chosen.iter().map(|&at| study.id(at).to_owned()));
        let mut grid = Vec::new();
        for (d, dimension) in schema.dimensions.iter().enumerate() {
            let mut line = vec![Inline::text(study.dimension(d))];
            let mut row = vec![Some(Term::from(Literal::new_simple_literal(
                &dimension.notation,
            )))];
            for &at in &chosen {
                let leaves = study.columns.leaves(at);
                let values: Vec<usize> = bits::ones(&leaves)
                    .filter(|v| dimension.values.contains(v))
                    .collect();
                let text = match (values.is_empty(), study.columns.states(at, d)) {
                    (false, _) => study.values(&values),
                    (true, true) => "none".to_owned(),
                    (true, false) => "not stated".to_owned(),
                };
                let notations: Vec<&str> = values
                    .iter()
                    .map(|&v| schema.values[v].notation.as_str())
                    .collect();
                row.push(
                    (!values.is_empty())
                        .then(|| Term::from(Literal::new_simple_literal(notations.join("|")))),
                );
                line.push(Inline::text(text));
            }
            grid.push(line);
            table.rows.push(row);
        }
        for axis in 0..schema.axes.len() {
            let mut line = vec![Inline::text(
                study.dataset.map.axes[axis].name.label(study.language),
            )];
            line.extend(chosen.iter().map(|&at| Inline::text(study.silos(at, axis))));
            grid.push(line);
        }
        let mut blocks = vec![
            Block::Paragraph(vec![Inline::text(study.parameters_line(&comparison))]),
            Block::Grid {
                columns: header,
                rows: grid,
            },
        ];
        let mut json = Vec::new();
        for (i, &a) in chosen.iter().enumerate() {
            for &b in &chosen[i + 1..] {
                let title = vec![study.link(a), Inline::text(" and "), study.link(b)];
                let Some(why) = explain(&study.columns, &study.ic, &comparison, a, b) else {
                    let text = format!(
                        "fewer than {} questions are answered by both",
                        comparison.min_comparable
                    );
                    blocks.push(Block::Entry {
                        title,
                        fields: vec![Field::text("score", text)],
                    });
                    continue;
                };
                let chance = model.pair(a, b);
                let mut fields = vec![
                    Field::text("score", score(&why.similarity, schema.dimensions.len())),
                    Field::text("share", shared(study, &why).join(", ")),
                ];
                if let Some(chance) = chance {
                    let lift = chance
                        .lift
                        .map_or_else(String::new, |lift| format!(", {lift:.1} times as many"));
                    fields.push(Field::text(
                        "by chance",
                        format!("{} values where {:.1} were to be expected{lift}; p {:.4} for this many or more", chance.shared, chance.expected, chance.p),
                    ));
                } else {
                    fields.push(Field::text(
                        "by chance",
                        "cannot be judged: nothing is left to chance in what both state",
                    ));
                }
                for (at, values) in [(a, &why.only_a), (b, &why.only_b)] {
                    if !values.is_empty() {
                        fields.push(Field::text(
                            format!("only {}", study.id(at)),
                            study.values(values),
                        ));
                    }
                }
                if !why.not_comparable.is_empty() {
                    fields.push(Field::text(
                        "not comparable",
                        study.dimensions(&why.not_comparable),
                    ));
                }
                blocks.push(Block::Entry { title, fields });
                json.push(json!({
                    "a": study.json(a), "b": study.json(b),
                    "score": why.similarity.score, "low": why.similarity.low, "high": why.similarity.high, "comparable": why.similarity.comparable,
                    "p": chance.map(|chance| chance.p), "expected": chance.map(|chance| chance.expected), "lift": chance.and_then(|chance| chance.lift),
                    "shared": why.shared.iter().map(|shared| { let mut value = study.value_json(shared.value); value["contribution"] = json!(shared.contribution); value }).collect::<Vec<_>>(),
                    "only_a": why.only_a.iter().map(|&v| study.value_json(v)).collect::<Vec<_>>(),
                    "only_b": why.only_b.iter().map(|&v| study.value_json(v)).collect::<Vec<_>>(),
                    "not_comparable": why.not_comparable.iter().map(|&d| schema.dimensions[d].notation.clone()).collect::<Vec<_>>(),
                }));
            }
        }
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "`peermap show PROGRAMME` gives the evidence and the source of each value.",
        )]));
        let data = json!({ "parameters": study.parameters(&comparison), "pairs": json });
        Ok(Output::new(Body::Report(Report {
            title: "Programmes side by side".to_owned(),
            blocks,
            table,
            data,
            ..Report::default()
        })))
    }
}
