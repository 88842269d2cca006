//! `update`: a SPARQL update on a copy of the data, which `-o` writes.

use clap::Args;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::graph::DERIVED;
use crate::output::{Body, Output};
use crate::query::check_update;

/// Run a SPARQL update on a copy of the data and write the copy with -o.
///
/// Statements of files that name no graph are in the default graph, where an update without
/// GRAPH acts. The ontology and what is derived from codings are not written.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// A file with an update, or `-` for standard input
    #[arg(value_name = "UPDATE")]
    pub source: Option<String>,
    /// The update itself
    #[arg(
        short = 'u',
        long = "update",
        value_name = "TEXT",
        conflicts_with = "source"
    )]
    pub text: Option<String>,
    /// Name of the text in messages.
    #[arg(skip)]
    pub name: Option<String>,
}

impl Update {
    /// Changes the data in memory and answers with all of it.
    ///
    /// # Errors
    /// Whatever is wrong with the update; the data is then as it was.
    pub fn run(&self, dataset: &mut Dataset) -> Result<Output> {
        let text = self.text.as_deref().ok_or_else(|| {
            Error::usage(
                "there is no update to run",
                "give a file, - or -u 'INSERT DATA { … }'",
            )
        })?;
        let name = self.name.as_deref().unwrap_or("update");
        let update = check_update(text, name, dataset.graph.prefixes())?;
        let mut left_out = dataset.ontology_graphs.clone();
        left_out.push(DERIVED.to_owned());
        let before = dataset.graph.quads_outside(&left_out)?;
        dataset.graph.update(&update)?;
        dataset.derive()?;
        let after = dataset.graph.quads_outside(&left_out)?;
        let added = after
            .iter()
            .filter(|quad| {
                before
                    .binary_search_by_key(&quad.to_string(), ToString::to_string)
                    .is_err()
            })
            .count();
        let removed = before.len() + added - after.len();
        let mut output = Output::new(Body::Dataset(after))
            .with_note(format!("{added} statements added, {removed} removed"));
        if added + removed == 0 {
            output = output.with_note(
                "nothing changed: statements of named graphs need GRAPH or WITH in the update",
            );
        }
        Ok(output)
    }
}
