//! Delimited text: commas, semicolons, tabs or bars, found out from the first lines.

use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;

use super::guard::{MAX_CELL, check_cell};
use super::text::Decoded;
use super::{At, Content, Reading, Row, Sheet};
use crate::error::{Error, Result};
use crate::output::findings::{Finding, Spot};

/// What can stand between cells, best first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many rows the delimiter is found out from.
const SAMPLE: usize = 50;

pub(super) fn open(path: &Path, decoded: Decoded, form: &str, reading: &Reading) -> Result<Sheet> {
    let Decoded { text, notes } = decoded;
    let delimiter = match reading.delimiter {
        Some(delimiter) => u8::try_from(delimiter)
            .ok()
            .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r'))
            .ok_or_else(|| {
                Error::usage(
                    format!("`{delimiter}` cannot stand between cells"),
                    "use a comma, a semicolon, a tab or a bar",
                )
            })?,
        None if form == "tsv" => b'\t',
        None => likely_delimiter(&text),
    };
    let header_rows = reading.header.unwrap_or(1).max(1);
    let mut reader = reader(&text, delimiter);
    let mut record = StringRecord::new();
    for _ in 0..header_rows {
        if !reader.read_record(&mut record).unwrap_or(false) {
            record.clear();
        }
    }
    if record.iter().all(|cell| cell.trim().is_empty()) {
        return Err(Error::Syntax {
            reason: format!("{} has no header", path.display()),
            place: None,
            path: path.to_owned(),
            hint: Some("its first line should name the columns".to_owned()),
        });
    }
    for cell in &record {
        check_cell(path, "the header", cell)?;
    }
    let at = at_of(&record);
    let mut sheet = Sheet::of_rows(path, columns(&record), Vec::new());
    sheet.content = Content::Delimited {
        delimiter,
        header_rows,
    };
    sheet.header = at;
    sheet.notes = notes;
    sheet.text = text;
    check_cells(path, &sheet, delimiter)?;
    Ok(sheet)
}

/// Looks at every cell once, so that one that is too large stops the file before anything of it
/// is taken in.
fn check_cells(path: &Path, sheet: &Sheet, delimiter: u8) -> Result<()> {
    if sheet.text.len() <= MAX_CELL {
        return Ok(());
    }
    let mut reader = reader(&sheet.text, delimiter);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        if record.as_slice().len() <= MAX_CELL {
            continue;
        }
        for (column, cell) in record.iter().enumerate() {
            if cell.len() > MAX_CELL {
                let at = record.position().map_or(At::Row(0), |position| At::Text {
                    byte: usize::try_from(position.byte()).unwrap_or(0),
                    line: position.line(),
                });
                let place = sheet.spot(at, Some(column)).to_string();
                let text = String::from_utf8_lossy(cell);
                check_cell(path, place.trim_start_matches(':'), &text)?;
            }
        }
    }
    Ok(())
}

fn columns(record: &StringRecord) -> Vec<String> {
    record
        .iter()
        .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

fn at_of(record: &StringRecord) -> At {
    record.position().map_or(At::Row(0), |position| At::Text {
        byte: usize::try_from(position.byte()).unwrap_or(0),
        line: position.line(),
    })
}

/// The delimiter that cuts the most rows into as many cells as the header, then into the most.
fn likely_delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut rows = reader(text, delimiter)
            .into_records()
            .flatten()
            .take(SAMPLE);
        let width = rows.next().map_or(0, |header| header.len());
        let (mut all, mut fitting) = (0usize, 0usize);
        for row in rows {
            all += 1;
            fitting += usize::from(row.len() == width);
        }
        let is_steady = width > 1 && fitting * 10 >= all * 8;
        (is_steady, width)
    };
    let mut best = DELIMITERS[0];
    for &delimiter in &DELIMITERS[1..] {
        if score(delimiter) > score(best) {
            best = delimiter;
        }
    }
    best
}

pub(super) fn rows(
    sheet: &Sheet,
    delimiter: u8,
    header_rows: usize,
    each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    broken: &mut dyn FnMut(Finding),
) {
    let width = sheet.columns.len();
    let mut reader = reader(&sheet.text, delimiter);
    let mut record = StringRecord::new();
    let mut number = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let byte = error.position().map_or(0, csv::Position::byte);
                let at = At::Text {
                    byte: usize::try_from(byte).unwrap_or(0),
                    line,
                };
                broken(sheet.finding(
                    at,
                    None,
                    "broken-row",
                    "",
                    format!("this row cannot be read: {error}"),
                ));
                continue;
            }
        }
        number += 1;
        if number <= header_rows {
            continue;
        }
        let at = at_of(&record);
        if record.len() > width
            && record
                .iter()
                .skip(width)
                .any(|cell| !cell.trim().is_empty())
        {
            let mut finding = sheet.finding(
                at,
                None,
                "row-length",
                "",
                format!("the row has {} cells, the header {width}", record.len()),
            );
            finding.spot = sheet.spot(at, Some(width));
            finding.hint = Some("put a text that has the delimiter in double quotes".to_owned());
            broken(finding);
            continue;
        }
        while record.len() < width {
            record.push_field("");
        }
        record.truncate(width);
        if each(Row { cells: &record, at }).is_break() {
            break;
        }
    }
}

/// The line and column of a cell, by walking over the row that begins at a byte. Linear in the row.
pub(super) fn spot(text: &str, delimiter: u8, byte: usize, line: u64, column: usize) -> Spot {
    let mut start = byte.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let (mut line, mut place) = (line, 1u64);
    let (mut left, mut quoted) = (column, false);
    let mut chars = text[start..].chars().peekable();
    // A row counts from the end of the one before, so blank lines between belong to it.
    while let Some(c) = chars.next_if(|c| matches!(c, '\n' | '\r')) {
        line += u64::from(c == '\n');
    }
    for c in chars {
        if left == 0 {
            break;
        }
        match c {
            '"' => quoted = !quoted,
            '\n' if quoted => {
                line += 1;
                place = 0;
            }
            '\n' => break,
            c if !quoted && c == char::from(delimiter) => left -= 1,
            _ => {}
        }
        place += 1;
    }
    Spot::Line {
        line,
        column: place.max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        let decoded = Decoded {
            text: text.to_owned(),
            notes: Vec::new(),
        };
        open(Path::new("a.csv"), decoded, "csv", &Reading::default()).expect("a sheet")
    }

    fn places(sheet: &Sheet, column: usize) -> Vec<String> {
        let mut places = Vec::new();
        sheet.rows(
            &mut |row| {
                places.push(sheet.spot(row.at, Some(column)).to_string());
                ControlFlow::Continue(())
            },
            &mut |_| {},
        );
        places
    }

    #[test]
    fn delimiters_are_found_out() {
        for (text, columns) in [
            ("a,b\n1;2,3\n", 2),
            ("a;b;c\n1,5;2,5;3\n4;5;6\n", 3),
            ("a\tb\n1\t2\n", 2),
            ("a|b|c\n1|2|3\n", 3),
            ("name\nx\n", 1),
            ("a,b\n\"x;y;z\",1|2|3\n", 2),
        ] {
            assert_eq!(sheet(text).columns.len(), columns, "{text}");
        }
    }

    #[test]
    fn places_are_those_an_editor_shows() {
        let sheet = sheet("a,b\n\"x\ny\",é,z\n\nü,w\r\n1,2\r\n");
        assert_eq!(places(&sheet, 1), [":5:3", ":6:3"]);
        let text = "a,b\n\"x\ny\",é\n\nü,w\r\n1,2\r\n";
        assert_eq!(places(&self::sheet(text), 1), [":3:4", ":5:3", ":6:3"]);
        assert_eq!(places(&self::sheet(text), 0), [":2:1", ":5:1", ":6:1"]);
    }

    #[test]
    fn long_rows_are_broken_and_short_ones_filled_up() {
        let sheet = sheet("a,b\n1\n1,2,3\n1,2,\n");
        let (mut rows, mut broken) = (Vec::new(), Vec::new());
        sheet.rows(
            &mut |row| {
                rows.push(row.cells.len());
                ControlFlow::Continue(())
            },
            &mut |finding| broken.push(finding.place()),
        );
        assert_eq!(rows, [2, 2]);
        assert_eq!(broken, ["a.csv:3:5"]);
    }
}
