//! Turning other forms of data into statements of the graph.
//!
//! Import is a conversion: the same code gives triples for `--data` and, later, a file. To add a
//! form: a file here that yields quads, and a line in `dataset.rs`.

pub mod tables;
