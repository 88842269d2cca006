//! Reading the rows of an answer by column name.

use oxrdf::{NamedNode, Term};

use crate::error::{Error, Result};
use crate::output::Table;

/// Rows of a table with their cells by column name.
pub struct Rows<'a> {
    table: &'a Table,
    next: usize,
}

impl<'a> Rows<'a> {
    /// The rows of a table, from the first.
    pub const fn new(table: &'a Table) -> Self {
        Self { table, next: 0 }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let cells = self.table.rows.get(self.next)?;
        self.next += 1;
        Some(Row {
            columns: &self.table.columns,
            cells,
        })
    }
}

/// One row of a table.
pub struct Row<'a> {
    columns: &'a [String],
    cells: &'a [Option<Term>],
}

impl<'a> Row<'a> {
    /// The term in a cell, if there is one.
    pub fn get(&self, column: &str) -> Option<&'a Term> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)?.as_ref()
    }

    /// The IRI in a cell.
    pub fn iri(&self, column: &str) -> Result<NamedNode> {
        match self.get(column) {
            Some(Term::NamedNode(node)) => Ok(node.clone()),
            other => Err(self.missing(column, "an IRI", other)),
        }
    }

    /// The text of the literal in a cell.
    pub fn text(&self, column: &str) -> Result<String> {
        match self.get(column) {
            Some(Term::Literal(literal)) => Ok(literal.value().to_owned()),
            other => Err(self.missing(column, "a text", other)),
        }
    }

    fn missing(&self, column: &str, wanted: &str, found: Option<&Term>) -> Error {
        let about = self
            .cells
            .iter()
            .flatten()
            .find(|term| matches!(term, Term::NamedNode(_)));
        let about = about.map_or_else(String::new, |term| format!(" of {term}"));
        let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        Error::Ontology {
            reason: format!("the {column}{about} should be {wanted} but is {found}"),
            hint: None,
        }
    }
}
