//! N-Triples and N-Quads: the canonical form of RDFC-1.0, sorted by code point.

use std::fmt::Write as _;

use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, TermRef};

use super::labels::Labels;
use super::model::Model;

/// One line a statement; in the default graph there is no graph name.
pub(super) fn write(model: &Model<'_>, labels: &Labels<'_>) -> String {
    let mut lines: Vec<String> = model
        .quads
        .iter()
        .map(|quad| {
            let mut line = String::new();
            subject(quad.subject, labels, &mut line);
            let _ = write!(line, " {} ", quad.predicate);
            term(quad.object, labels, &mut line);
            match quad.graph_name {
                GraphNameRef::DefaultGraph => {}
                GraphNameRef::NamedNode(node) => {
                    let _ = write!(line, " {node}");
                }
                GraphNameRef::BlankNode(node) => {
                    let _ = write!(line, " _:{}", labels[node.as_str()]);
                }
            }
            line.push_str(" .\n");
            line
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}

fn subject(node: NamedOrBlankNodeRef<'_>, labels: &Labels<'_>, line: &mut String) {
    let _ = match node {
        NamedOrBlankNodeRef::NamedNode(node) => write!(line, "{node}"),
        NamedOrBlankNodeRef::BlankNode(node) => write!(line, "_:{}", labels[node.as_str()]),
    };
}

fn term(term_: TermRef<'_>, labels: &Labels<'_>, line: &mut String) {
    match term_ {
        TermRef::BlankNode(node) => {
            let _ = write!(line, "_:{}", labels[node.as_str()]);
        }
        TermRef::Triple(triple) => {
            line.push_str("<<( ");
            subject(triple.subject.as_ref(), labels, line);
            let _ = write!(line, " {} ", triple.predicate);
            term(triple.object.as_ref(), labels, line);
            line.push_str(" )>>");
        }
        other => {
            let _ = write!(line, "{other}");
        }
    }
}
