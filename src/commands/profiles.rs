//! `profiles`: every programme as one row of a table, by the notations of the map.

use clap::Args;
use oxrdf::{Literal, NamedNode, Term};
use serde::Deserialize;

use crate::analysis::profiles::{cells, counted};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::{Body, Output, Table};

/// Every programme as a row: labels of its peers, silos, and a column a question.
///
/// Several values stand with `|` between them, as coded. An empty cell is not stated; `none` says
/// that a source denies every value of the question. What `--push-down` counts, or a table given by
/// `--profiles`, comes out in the same form.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Profiles {
    /// Each profile once, without names, with the number of programmes that have it
    #[arg(long)]
    pub count: bool,
}

impl Profiles {
    /// Makes the table, sorted by programme.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let (_, columns) = dataset.programmes()?;
        let columns = if self.count {
            counted(&columns)
        } else {
            columns
        };
        let mut names = vec!["programme".to_owned(), "label".to_owned()];
        let schema = columns.schema();
        names.extend(
            schema
                .axes
                .iter()
                .map(|axis| format!("silo:{}", axis.notation)),
        );
        names.extend(
            schema
                .dimensions
                .iter()
                .map(|dimension| dimension.notation.clone()),
        );
        names.push("count".to_owned());
        let text = |text: String| {
            (!text.is_empty()).then(|| Term::from(Literal::new_simple_literal(text)))
        };
        let rows = (0..columns.len()).map(|at| {
            let name = columns.name(at);
            let name =
                NamedNode::new(name).map_or_else(|_| text(name.to_owned()), |iri| Some(iri.into()));
            let mut row = vec![name];
            row.extend(cells(&columns, at).into_iter().map(text));
            row.push(Some(Literal::from(columns.count(at)).into()));
            row
        });
        Ok(Output::new(Body::Table(Table {
            columns: names,
            rows: rows.collect(),
        })))
    }
}
