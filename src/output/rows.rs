//! Rows written as they come, for answers too long to hold.

use std::io::{self, Write};

use oxrdf::{Term, Variable};
use sparesults::{QueryResultsFormat, QueryResultsSerializer};

use super::{Format, delimited};
use crate::error::{Error, Result};

/// Whether [`write_rows`] writes this format.
pub const fn writes_rows(format: Format) -> bool {
    matches!(
        format,
        Format::Csv | Format::Tsv | Format::SparqlJson | Format::SparqlXml
    )
}

/// Writes rows one by one, holding none of them. The bytes are those of [`super::write()`].
///
/// # Errors
/// A row that is a failure; a stream that cannot be written; a format that needs all rows at
/// once (see [`writes_rows`]).
pub fn write_rows(
    columns: &[String],
    rows: &mut dyn Iterator<Item = Result<Vec<Option<Term>>>>,
    format: Format,
    out: &mut dyn Write,
) -> Result<()> {
    match format {
        Format::Csv => {
            let mut writer = csv::WriterBuilder::new().from_writer(out);
            writer
                .write_record(columns)
                .map_err(|e| Error::Output(e.into()))?;
            for row in rows {
                let row = row?;
                let cells = row.iter().map(|cell| delimited::value(cell.as_ref()));
                writer
                    .write_record(cells)
                    .map_err(|e| Error::Output(e.into()))?;
            }
            writer.flush().map_err(Error::Output)
        }
        Format::Tsv => {
            let header: Vec<String> = columns.iter().map(|name| format!("?{name}")).collect();
            writeln!(out, "{}", header.join("\t")).map_err(Error::Output)?;
            for row in rows {
                let cells: Vec<String> = row?
                    .iter()
                    .map(|cell| cell.as_ref().map_or_else(String::new, delimited::tsv_term))
                    .collect();
                writeln!(out, "{}", cells.join("\t")).map_err(Error::Output)?;
            }
            Ok(())
        }
        Format::SparqlJson => results(columns, rows, QueryResultsFormat::Json, out),
        Format::SparqlXml => results(columns, rows, QueryResultsFormat::Xml, out),
        other => Err(Error::usage(
            format!("{} needs all rows at once", other.name()),
            "use csv, tsv, srj or srx",
        )),
    }
}

fn results(
    columns: &[String],
    rows: &mut dyn Iterator<Item = Result<Vec<Option<Term>>>>,
    format: QueryResultsFormat,
    out: &mut dyn Write,
) -> Result<()> {
    let variables: Vec<Variable> = columns
        .iter()
        .map(|name| Variable::new(name.replace('-', "_")))
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| Error::Output(io::Error::other(error)))?;
    let mut writer = QueryResultsSerializer::from_format(format)
        .serialize_solutions_to_writer(&mut *out, variables.clone())
        .map_err(Error::Output)?;
    for row in rows {
        let row = row?;
        let bound = variables
            .iter()
            .zip(&row)
            .filter_map(|(variable, cell)| Some((variable, cell.as_ref()?)));
        writer.serialize(bound).map_err(Error::Output)?;
    }
    writer.finish().map_err(Error::Output)?;
    writeln!(out).map_err(Error::Output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Body, Output, Style, Table, write};
    use oxrdf::{Literal, NamedNode};

    #[test]
    fn rows_are_written_as_the_whole_table_is() {
        let table = Table {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![
                vec![
                    Some(NamedNode::new_unchecked("https://e.org/a").into()),
                    None,
                ],
                vec![
                    Some(Literal::from(3).into()),
                    Some(Literal::new_language_tagged_literal_unchecked("é,\"\n\t", "fr").into()),
                ],
            ],
        };
        for format in Format::ALL.iter().copied().filter(|f| writes_rows(*f)) {
            let mut whole = Vec::new();
            let body = Body::Table(table.clone());
            write(&Output::new(body), format, &Style::default(), &mut whole).expect("memory");
            let mut one_by_one = Vec::new();
            let mut rows = table.rows.iter().cloned().map(Ok);
            write_rows(&table.columns, &mut rows, format, &mut one_by_one).expect("memory");
            assert_eq!(whole, one_by_one, "{}", format.name());
        }
    }
}
