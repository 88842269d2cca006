//! Writing the graph out again, in forms that people and other programs work with.

pub mod tables;
