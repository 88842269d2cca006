//! `info`: what the data states and what it does not.

mod agreement;

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::cell::{text, whole};
use crate::output::{Block, Body, Inline, Output, Report, Table};
use crate::query::{Rows, named, rows};
use crate::terms::short_name;

/// What the data states and what it does not: programmes, questions, values, silos, sources.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Info {
    /// Show instead how far coders agree, with Cohen's kappa
    #[arg(long)]
    pub agreement: bool,
}

/// How programmes stand to one question; the four add up to all programmes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    stated: usize,
    only_absent: usize,
    not_reported: usize,
    nobody_looked: usize,
}

impl Info {
    /// Counts.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        if self.agreement {
            return agreement::run(dataset, context.language);
        }
        let map = &dataset.map;
        let profiles = dataset.profiles()?;
        let language = context.language;
        let standings = standings(dataset)?;
        let counts = profiles.counts(map);
        let classes = rows(&dataset.graph, named("counts")?, Vec::new())?;
        let mut totals: Vec<(String, usize)> = Vec::new();
        for row in Rows::new(&classes) {
            let label = match row.text("label") {
                Ok(label) => label,
                Err(_) => short_name(row.iri("class")?.as_str()).to_owned(),
            };
            totals.push((label, row.text("count")?.parse().unwrap_or(0)));
        }
        let mut blocks = vec![Block::Paragraph(vec![Inline::text(format!(
            "peermap {} · {} · {} statements · map {}",
            env!("CARGO_PKG_VERSION"),
            dataset.origin.join(", "),
            dataset.graph.len()?,
            version(dataset)?
        ))])];
        blocks.push(Block::Grid {
            columns: vec!["what".to_owned(), "how many".to_owned()],
            rows: totals
                .iter()
                .map(|(label, count)| {
                    vec![Inline::text(label.clone()), Inline::text(count.to_string())]
                })
                .collect(),
        });
        blocks.push(Block::Heading(
            "The questions: how many programmes answer them".to_owned(),
        ));
        let head = [
            "question",
            "values",
            "stated",
            "only absent",
            "not stated: source silent",
            "not stated: nobody looked",
        ];
        blocks.push(Block::Grid {
            columns: head.map(str::to_owned).to_vec(),
            rows: map
                .dimensions
                .iter()
                .zip(&standings)
                .map(|(dimension, s)| {
                    let mut row = vec![
                        Inline::text(dimension.name.label(language)),
                        Inline::text(dimension.values.len().to_string()),
                    ];
                    row.extend(
                        [s.stated, s.only_absent, s.not_reported, s.nobody_looked]
                            .map(|n| Inline::text(n.to_string())),
                    );
                    row
                })
                .collect(),
        });
        blocks.push(Block::Heading(
            "The silos: how many programmes state them".to_owned(),
        ));
        blocks.push(Block::Grid {
            columns: ["axis", "values", "values used", "stated", "not stated"]
                .map(str::to_owned)
                .to_vec(),
            rows: map
                .axes
                .iter()
                .enumerate()
                .map(|(at, axis)| {
                    let stated = profiles
                        .list
                        .iter()
                        .filter(|p| p.silo_stated.contains(at))
                        .count();
                    let used = axis
                        .values
                        .clone()
                        .filter(|&v| profiles.list.iter().any(|p| p.silos.contains(v)))
                        .count();
                    let numbers = [
                        axis.values.len(),
                        used,
                        stated,
                        profiles.list.len() - stated,
                    ];
                    std::iter::once(Inline::text(axis.name.label(language)))
                        .chain(numbers.map(|n| Inline::text(n.to_string())))
                        .collect()
                })
                .collect(),
        });
        let unused: Vec<usize> = (0..map.values.len()).filter(|&v| counts[v] == 0).collect();
        blocks.push(Block::Heading(
            "Values of the map that no programme has".to_owned(),
        ));
        let lines = map
            .dimensions
            .iter()
            .enumerate()
            .filter_map(|(at, dimension)| {
                let here: Vec<&str> = unused
                    .iter()
                    .filter(|&&v| map.values[v].scheme == at)
                    .map(|&v| map.values[v].name.label(language))
                    .collect();
                (!here.is_empty())
                    .then(|| format!("{}: {}", dimension.name.label(language), here.join(", ")))
            });
        let lines: Vec<String> = lines.collect();
        for line in &lines {
            blocks.push(Block::Paragraph(vec![Inline::text(line.clone())]));
        }
        if lines.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text("Every value is used.")]));
        }
        blocks.push(Block::Heading("Limits".to_owned()));
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "The map is introductory and its categories overlap; programmes are a purposeful sample. Not stated is never no. Code: MIT or Apache-2.0. Ontology and data: CC BY 4.0.",
        )]));
        let data = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "origin": dataset.origin,
            "statements": dataset.graph.len()?,
            "totals": totals.iter().map(|(label, count)| (label.clone(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "dimensions": map.dimensions.iter().zip(&standings).map(|(dimension, s)| json!({
                "notation": dimension.name.notation, "values": dimension.values.len(), "stated": s.stated,
                "only_absent": s.only_absent, "not_reported": s.not_reported, "nobody_looked": s.nobody_looked,
            })).collect::<Vec<_>>(),
            "unused_values": unused.iter().map(|&v| map.values[v].name.iri.as_str()).collect::<Vec<_>>(),
        });
        let table = Table {
            columns: [
                "dimension",
                "values",
                "stated",
                "only_absent",
                "not_reported",
                "nobody_looked",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: map
                .dimensions
                .iter()
                .zip(&standings)
                .map(|(dimension, s)| {
                    vec![
                        text(&dimension.name.notation),
                        whole(dimension.values.len()),
                        whole(s.stated),
                        whole(s.only_absent),
                        whole(s.not_reported),
                        whole(s.nobody_looked),
                    ]
                })
                .collect(),
        };
        Ok(Output::new(Body::Report(Report {
            title: "What is stated and what is not".to_owned(),
            blocks,
            table,
            data,
            ..Report::default()
        })))
    }
}

/// The version that the ontology gives itself.
fn version(dataset: &Dataset) -> Result<String> {
    let table = rows(&dataset.graph, named("version")?, Vec::new())?;
    let found = Rows::new(&table)
        .next()
        .and_then(|row| row.text("version").ok());
    Ok(found.unwrap_or_else(|| "without a version".to_owned()))
}

/// How programmes stand to each question, by the query that anyone can run too.
fn standings(dataset: &Dataset) -> Result<Vec<Standing>> {
    let mut standings = vec![Standing::default(); dataset.map.dimensions.len()];
    for row in Rows::new(&rows(
        &dataset.graph,
        named("stated-by-question")?,
        Vec::new(),
    )?) {
        let Some(dimension) = dataset.map.dimension(row.iri("dimension")?.as_str()) else {
            continue;
        };
        let number = |column: &str| row.text(column).map(|text| text.parse().unwrap_or(0));
        standings[dimension] = Standing {
            stated: number("stated")?,
            only_absent: number("only_absent")?,
            not_reported: number("not_reported")?,
            nobody_looked: number("nobody_looked")?,
        };
    }
    Ok(standings)
}
