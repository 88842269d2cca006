//! `export`: the programmes as the three native tables.

use std::path::PathBuf;

use clap::Args;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::{Body, Output, replace_file};
use crate::publish::tables;

/// Write the programmes as the three native tables (`-f tables`) into the folder that -o names.
///
/// Reviewers edit the tables and `import` reads them. The same data gives the same bytes,
/// whatever order it was loaded in.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The folder to write.
    #[arg(skip)]
    pub folder: Option<PathBuf>,
}

impl Export {
    /// Writes the tables and says how many rows each has.
    ///
    /// # Errors
    /// No folder, or one that cannot be made or written.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let folder = self
            .folder
            .as_ref()
            .ok_or_else(|| Error::usage("an export needs a folder", "add -o DIR"))?;
        std::fs::create_dir_all(folder).map_err(|source| Error::Unwritable {
            path: folder.clone(),
            source,
        })?;
        let mut said = Vec::new();
        for (name, text) in tables::write(&dataset.graph, &dataset.map)? {
            replace_file(&folder.join(name), text.as_bytes())?;
            let rows = csv::Reader::from_reader(text.as_bytes())
                .into_records()
                .count();
            said.push(format!("{}: {rows} rows", folder.join(name).display()));
        }
        Ok(Output::new(Body::Text(said.join("\n"))))
    }
}
