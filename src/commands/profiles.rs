//! `profiles`: every programme as one row of a table, by the notations of the map.

use clap::Args;
use oxrdf::{Literal, Term};
use serde::Deserialize;

use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::{Body, Output, Table};

/// Every programme as a row: labels of its peers, silos, and a column a question.
///
/// Several values stand with `|` between them, as coded. An empty cell is not stated; `none` says
/// that a source denies every value of the question.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Profiles {}

impl Profiles {
    /// Makes the table, sorted by programme.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let map = &dataset.map;
        let profiles = dataset.profiles()?;
        let labels = dataset.labels_used()?;
        let mut columns = vec!["programme".to_owned(), "label".to_owned()];
        columns.extend(
            map.axes
                .iter()
                .map(|axis| format!("silo:{}", axis.name.notation)),
        );
        columns.extend(
            map.dimensions
                .iter()
                .map(|dimension| dimension.name.notation.clone()),
        );
        columns.push("count".to_owned());
        let text = |parts: Vec<&str>| {
            (!parts.is_empty()).then(|| Term::from(Literal::new_simple_literal(parts.join("|"))))
        };
        let mut table = Table {
            columns,
            rows: Vec::new(),
        };
        for profile in &profiles.list {
            let mine = labels
                .iter()
                .filter(|(programme, _)| programme == profile.iri.as_str());
            let mut row = vec![
                Some(profile.iri.clone().into()),
                text(mine.map(|(_, label)| label.as_str()).collect()),
            ];
            for axis in &map.axes {
                let values = axis.values.clone().filter(|&v| profile.silos.contains(v));
                row.push(text(
                    values
                        .map(|v| map.silo_values[v].name.notation.as_str())
                        .collect(),
                ));
            }
            for (at, dimension) in map.dimensions.iter().enumerate() {
                let values: Vec<&str> = dimension
                    .values
                    .clone()
                    .filter(|&v| profile.present.contains(v))
                    .map(|v| map.values[v].name.notation.as_str())
                    .collect();
                row.push(if values.is_empty() && profile.stated.contains(at) {
                    text(vec!["none"])
                } else {
                    text(values)
                });
            }
            row.push(Some(Literal::from(1).into()));
            table.rows.push(row);
        }
        Ok(Output::new(Body::Table(table)))
    }
}
