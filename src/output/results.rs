//! SPARQL results in their standard formats.

use std::io::{self, Write};

use oxrdf::Variable;
use sparesults::{QueryResultsFormat, QueryResultsSerializer};

use super::{Body, Table};

/// Writes rows or a yes/no as SPARQL results.
pub(super) fn write(
    body: &Body,
    format: QueryResultsFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    let serializer = QueryResultsSerializer::from_format(format);
    let table: &Table = match body {
        Body::Table(table) => table,
        Body::Report(report) => &report.table,
        Body::Boolean(value) => {
            serializer.serialize_boolean_to_writer(&mut *out, *value)?;
            return writeln!(out);
        }
        _ => return Ok(()),
    };
    let variables: Vec<Variable> = table
        .columns
        .iter()
        .map(|name| Variable::new(name.replace('-', "_")))
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    let mut writer = serializer.serialize_solutions_to_writer(&mut *out, variables.clone())?;
    for row in &table.rows {
        writer.serialize(
            variables
                .iter()
                .zip(row)
                .filter_map(|(variable, cell)| Some((variable, cell.as_ref()?))),
        )?;
    }
    writer.finish()?;
    writeln!(out)
}
