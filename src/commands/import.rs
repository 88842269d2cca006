//! `import`: programmes from other forms, checked and turned into RDF.

use std::path::PathBuf;

use clap::Args;

use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::{Body, Output};

/// Check a folder with the three native tables and turn it into RDF.
///
/// Every mistake is reported at its cell, all in one run. Without -o it says what it found; with
/// -o FILE it writes the statements, in the format of the file's ending.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// A folder with programmes.csv, codings.csv and sources.csv
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Say what would be made, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Whether a file is to be written.
    #[arg(skip)]
    pub to_file: bool,
}

impl Import {
    /// Reads the tables.
    ///
    /// # Errors
    /// Tables that cannot be read, and all cells that cannot be used.
    pub fn run(&self, dataset: &mut Dataset) -> Result<Output> {
        let quads = dataset.read_tables(&self.folder)?;
        let count = |class: oxrdf::NamedNodeRef<'_>| {
            let is = |quad: &&oxrdf::Quad| {
                quad.predicate == oxrdf::vocab::rdf::TYPE
                    && quad.object == class.into_owned().into()
            };
            quads.iter().filter(is).count()
        };
        let found = format!(
            "{} programmes, {} codings, {} sources: {} statements",
            count(crate::vocab::PROGRAMME),
            count(crate::vocab::CODING),
            count(crate::vocab::SOURCE),
            quads.len()
        );
        if self.dry_run || !self.to_file {
            return Ok(Output::new(Body::Text(found)));
        }
        let mut sorted = quads;
        sorted.sort_by_cached_key(ToString::to_string);
        Ok(Output::new(Body::Dataset(sorted)).with_note(found))
    }
}
