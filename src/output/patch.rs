//! RDF Patch: statements added and taken away, one a line.

use std::io::{self, Write};

use oxrdf::{GraphName, Quad};

/// Statements by which one dataset becomes another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// Taken away, in the order they are written.
    pub deleted: Vec<Quad>,
    /// Added, in the order they are written.
    pub added: Vec<Quad>,
}

/// Writes the patch as one transaction.
pub(super) fn write(patch: &Patch, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TX .")?;
    for (sign, quads) in [("D", &patch.deleted), ("A", &patch.added)] {
        for quad in quads {
            match &quad.graph_name {
                GraphName::DefaultGraph => writeln!(
                    out,
                    "{sign} {} {} {} .",
                    quad.subject, quad.predicate, quad.object
                )?,
                graph => writeln!(
                    out,
                    "{sign} {} {} {} {graph} .",
                    quad.subject, quad.predicate, quad.object
                )?,
            }
        }
    }
    writeln!(out, "TC .")
}
