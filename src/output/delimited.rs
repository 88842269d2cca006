//! CSV and TSV as in the W3C note "SPARQL 1.1 Query Results CSV and TSV Formats", with line feeds.
//!
//! Results of queries are exact. The tables of our own reports are read in spreadsheets, so texts
//! in their CSV that a spreadsheet would run are made [`harmless`]; TSV quotes every text anyway.

use std::io::{self, Write};

use oxrdf::Term;

use super::{Body, Table, harmless};
use crate::terms::Prefixes;

/// CSV: plain values, quoted only where needed.
pub(super) fn write_csv(body: &Body, out: &mut dyn Write) -> io::Result<()> {
    if let Body::Rows(stream) = body {
        let mut writer = csv::WriterBuilder::new().from_writer(out);
        writer.write_record(&stream.columns)?;
        stream.for_each(&mut |row| {
            let cells = row.iter().map(|cell| value(cell.as_ref()));
            writer.write_record(cells).map_err(io::Error::from)
        })?;
        return writer.flush();
    }
    let Some(table) = table_of(body) else {
        return write_boolean(body, out);
    };
    let mut writer = csv::WriterBuilder::new().from_writer(out);
    writer.write_record(&table.columns)?;
    let exact = matches!(body, Body::Table(_));
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| {
            let value = value(cell.as_ref());
            if exact {
                value
            } else {
                harmless(&value).into_owned()
            }
        }))?;
    }
    writer.flush()
}

/// TSV: terms in Turtle notation, so that types and languages survive.
pub(super) fn write_tsv(body: &Body, out: &mut dyn Write) -> io::Result<()> {
    let header = |columns: &[String]| -> String {
        let names: Vec<String> = columns.iter().map(|name| format!("?{name}")).collect();
        names.join("\t")
    };
    let line = |row: &[Option<Term>]| -> String {
        let cell = |cell: &Option<Term>| cell.as_ref().map_or_else(String::new, tsv_term);
        row.iter().map(cell).collect::<Vec<_>>().join("\t")
    };
    if let Body::Rows(stream) = body {
        writeln!(out, "{}", header(&stream.columns))?;
        return stream.for_each(&mut |row| writeln!(out, "{}", line(row)));
    }
    let Some(table) = table_of(body) else {
        return write_boolean(body, out);
    };
    writeln!(out, "{}", header(&table.columns))?;
    for row in &table.rows {
        writeln!(out, "{}", line(row))?;
    }
    Ok(())
}

fn table_of(body: &Body) -> Option<&Table> {
    match body {
        Body::Table(table) => Some(table),
        Body::Report(report) => Some(&report.table),
        _ => None,
    }
}

fn write_boolean(body: &Body, out: &mut dyn Write) -> io::Result<()> {
    match body {
        Body::Boolean(value) => writeln!(out, "{value}"),
        _ => Ok(()),
    }
}

pub(super) fn value(cell: Option<&Term>) -> String {
    match cell {
        None => String::new(),
        Some(Term::NamedNode(node)) => node.as_str().to_owned(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        Some(other) => other.to_string(),
    }
}

/// Turtle notation with IRIs in full and numbers bare; tabs inside literals become `\t`, which
/// N-Triples writing leaves as they are.
pub(super) fn tsv_term(term: &Term) -> String {
    Prefixes::default().display(term).replace('\t', "\\t")
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::{Literal, NamedNode};

    #[test]
    fn both_forms_keep_columns_and_quote_what_must_be() {
        let body = Body::Table(Table {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![
                Some(NamedNode::new_unchecked("https://a.b/c").into()),
                Some(Literal::new_language_tagged_literal_unchecked("x, \"y\"\tz", "en").into()),
            ]],
        });
        let mut csv = Vec::new();
        write_csv(&body, &mut csv).expect("memory");
        assert_eq!(
            String::from_utf8_lossy(&csv),
            "a,b\nhttps://a.b/c,\"x, \"\"y\"\"\tz\"\n"
        );
        let mut tsv = Vec::new();
        write_tsv(&body, &mut tsv).expect("memory");
        assert_eq!(
            String::from_utf8_lossy(&tsv),
            "?a\t?b\n<https://a.b/c>\t\"x, \\\"y\\\"\\tz\"@en\n"
        );
    }
}
