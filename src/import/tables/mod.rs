//! The native table form: `programmes.csv`, `codings.csv` and `sources.csv` in a folder.
//!
//! Reviewers edit these: one line a programme, one a coding, one a source. Every mistake in all
//! three is reported at its cell in one go, and then nothing is taken in. The identifier of a
//! coding is made from its programme, dimension, value, source and coder, so that adding or moving
//! a row changes no other.

mod codings;
mod places;
mod rows;
mod words;
mod writer;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use oxrdf::TripleRef;

use crate::error::{Error, Result};
use crate::graph::Source;
use crate::map::ConceptualMap;

pub use places::RowPlace;
pub use words::FixedTerms;
pub use writer::slug;
pub(super) use writer::{SheetRow, Writer, is_slug, minted};

/// Columns that each table must have.
const PROGRAMME_COLUMNS: &[&str] = &["id", "name", "kind"];
const CODING_COLUMNS: &[&str] = &[
    "programme",
    "dimension",
    "value",
    "finding",
    "basis",
    "confidence",
    "evidence",
    "source",
    "locator",
    "coder",
];
const SOURCE_COLUMNS: &[&str] = &["id", "title"];

/// The names of the three tables.
pub const FILES: [&str; 3] = ["programmes.csv", "codings.csv", "sources.csv"];

/// The text of the three tables of a set of programmes.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Where they come from, for messages.
    folder: PathBuf,
    programmes: String,
    codings: String,
    sources: String,
}

impl Tables {
    /// Tables that are already in memory.
    pub fn new(folder: impl Into<PathBuf>, programmes: &str, codings: &str, sources: &str) -> Self {
        Self {
            folder: folder.into(),
            programmes: programmes.to_owned(),
            codings: codings.to_owned(),
            sources: sources.to_owned(),
        }
    }

    /// Whether a folder holds the native tables.
    pub fn are_in(folder: &Path) -> bool {
        FILES.iter().all(|file| folder.join(file).is_file())
    }

    /// Reads the three files of a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let text = |file: &str| Source::text(&folder.join(file));
        Ok(Self {
            folder: folder.to_owned(),
            programmes: text(FILES[0])?,
            codings: text(FILES[1])?,
            sources: text(FILES[2])?,
        })
    }

    /// Converts the tables to statements, each of which goes to `sink`.
    ///
    /// # Errors
    /// All cells that cannot be used, of all three tables, in one error; what went to the sink until
    /// then is not to be kept.
    pub fn write(
        &self,
        map: &ConceptualMap,
        words: &FixedTerms,
        sink: &mut dyn FnMut(TripleRef<'_>),
    ) -> Result<()> {
        self.each_row(map, words, &|_, _| {}, sink)
    }

    /// As [`Tables::write`], with `at` told of each row, by file and line, before its statements.
    fn each_row(
        &self,
        map: &ConceptualMap,
        words: &FixedTerms,
        at: &dyn Fn(&'static str, u64),
        sink: &mut dyn FnMut(TripleRef<'_>),
    ) -> Result<()> {
        let mut writer = Writer::new(&self.folder, map, words, sink);
        let sources = writer.sheet(FILES[2], &self.sources, SOURCE_COLUMNS);
        let known_sources: HashSet<String> = sources
            .iter()
            .filter_map(|row| row.cell("id").map(str::to_owned))
            .collect();
        for row in &sources {
            at(row.file, row.line);
            writer.source(row, &known_sources);
        }
        let programmes = writer.sheet(FILES[0], &self.programmes, PROGRAMME_COLUMNS);
        let known_programmes: HashSet<String> = programmes
            .iter()
            .filter_map(|row| row.cell("id").map(str::to_owned))
            .collect();
        for row in &programmes {
            at(row.file, row.line);
            writer.programme(row, &known_sources);
        }
        for row in &writer.sheet(FILES[1], &self.codings, CODING_COLUMNS) {
            at(row.file, row.line);
            writer.coding(row, &known_programmes, &known_sources);
        }
        if writer.errors.is_empty() {
            Ok(())
        } else {
            Err(Error::Cells(writer.errors))
        }
    }
}
