//! Turning other people's data into statements of the graph.
//!
//! [`read`] makes sheets of cells with places out of files; an [`Importer`] turns their rows into
//! statements, by the headers of the one-table form or by a [`mapping`], through the writer of the
//! native [`tables`]; a [`template`] is the empty table. Whatever is wrong with a cell is a finding at
//! that cell. To add a form of file: see `read/mod.rs`; a word: `data/words.toml`.

mod cells;
mod draft;
mod headers;
pub mod mapping;
mod plan;
mod problems;
pub mod read;
mod run;
mod table;
pub mod tables;
pub mod template;
mod words;

pub use problems::cells_error;
pub use run::{Importer, Outcome};
pub use words::Words;
