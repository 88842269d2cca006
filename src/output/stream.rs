//! Rows that are made while they are written, for tables that memory should not hold.

use std::fmt;
use std::io;
use std::sync::Arc;

use oxrdf::Term;

use super::Table;

/// What takes a row; its failure ends the making.
pub type Sink<'a> = &'a mut dyn FnMut(&[Option<Term>]) -> io::Result<()>;

type Producer = dyn Fn(Sink<'_>) -> io::Result<()> + Send + Sync;

/// A table whose rows are made one after the other each time they are asked for.
#[derive(Clone)]
pub struct RowStream {
    /// Column names, as of a [`Table`].
    pub columns: Vec<String>,
    produce: Arc<Producer>,
}

impl RowStream {
    /// A table from what gives its rows, as long as `columns`, to a sink, and stops when the sink
    /// fails.
    pub fn new(
        columns: Vec<String>,
        produce: impl Fn(Sink<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let produce = Arc::new(produce);
        Self { columns, produce }
    }

    /// Gives every row to a sink.
    ///
    /// # Errors
    /// What the sink fails with.
    pub fn for_each(&self, sink: Sink<'_>) -> io::Result<()> {
        (self.produce)(sink)
    }

    /// All rows at once, for forms that need to see them all.
    pub fn table(&self) -> Table {
        let mut rows = Vec::new();
        let done = self.for_each(&mut |row| {
            rows.push(row.to_vec());
            Ok(())
        });
        debug_assert!(done.is_ok(), "nothing fails in memory");
        Table {
            columns: self.columns.clone(),
            rows,
        }
    }
}

impl fmt::Debug for RowStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}
