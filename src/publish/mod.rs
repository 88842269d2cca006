//! Writing the graph out again, in forms that people and other programs work with.
//!
//! `fmt` lays out hand-written Turtle, `tables` are the three native tables, `split` one set of statements a class, `lexical` gives
//! literals back the form in which they were written, `reify` is the view of codings in RDF 1.2.

pub mod fmt;
pub mod lexical;
pub mod reify;
pub mod split;
pub mod tables;
