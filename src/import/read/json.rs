//! JSON: a list of records, records line by line, or records inside an object.
//!
//! Fields of nested objects become columns such as `organization.name`; lists become cells with
//! `|` between their items. Where a record stands is found by walking over the text.

use std::collections::HashMap;
use std::path::Path;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::guard::{MAX_CELLS, check_cell, limit};
use super::text::Decoded;
use super::{At, Pivot, Reading, Sheet};
use crate::error::{Error, Place, Result};
use crate::output::findings::Spot;

/// A record with its first byte.
type Record = (usize, Vec<(String, String)>);

pub(super) fn open(path: &Path, decoded: Decoded, reading: &Reading) -> Result<Sheet> {
    let Decoded { text, notes } = decoded;
    let mut records: Vec<Record> = Vec::new();
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    let mut start = 0;
    while let Some(value) = values.next() {
        match value {
            Ok(value) => {
                let first = start + blank(&text[start..]);
                take(&value, first, &text, reading, &mut records);
                start = values.byte_offset();
            }
            // Where a first record is whole, the others stand line by line.
            Err(_) if !records.is_empty() => return by_lines(path, text, notes, reading),
            Err(error) => return Err(syntax_error(path, &text, &error)),
        }
    }
    finish(path, text, notes, records, &[])
}

/// JSON Lines with a broken line among them.
fn by_lines(path: &Path, text: String, notes: Vec<String>, reading: &Reading) -> Result<Sheet> {
    let mut records = Vec::new();
    let mut problems = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let first = start + blank(line);
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Value>(line) {
            Ok(value) => take(&value, first, &text, reading, &mut records),
            Err(error) => problems.push((first, error.to_string())),
        }
    }
    finish(path, text, notes, records, &problems)
}

fn syntax_error(path: &Path, text: &str, error: &serde_json::Error) -> Error {
    let file = path.display().to_string();
    let line = error.line() as u64;
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or(&message);
    Error::Syntax {
        reason: format!("{file} cannot be read as JSON: {reason}"),
        place: Some(Place::at_line(
            &file,
            text,
            line,
            error.column().max(1) as u64,
        )),
        path: path.to_owned(),
        hint: Some("nothing of this file was taken in".to_owned()),
    }
}

/// Takes the records of one value: a list, an object around a list, or a record by itself.
fn take(value: &Value, start: usize, text: &str, reading: &Reading, out: &mut Vec<Record>) {
    match value {
        Value::Array(items) => {
            for (item, first) in items.iter().zip(items_of(text, start)) {
                take(item, first, text, reading, out);
            }
        }
        Value::Object(fields) => {
            let list = reading
                .records
                .iter()
                .find_map(|key| fields.get(key).and_then(Value::as_array).map(|l| (key, l)));
            let Some((key, items)) = list else {
                let mut cells = Vec::new();
                flatten(fields, "", &reading.pivot, &mut cells);
                out.push((start, cells));
                return;
            };
            let around: Vec<(String, String)> = reading
                .around
                .iter()
                .flat_map(|prefix| {
                    fields.iter().filter_map(move |(name, value)| {
                        Some((format!("{prefix}.{name}"), scalar(value)?))
                    })
                })
                .collect();
            let inner = member(text, start, key).unwrap_or(start);
            for (item, first) in items.iter().zip(items_of(text, inner)) {
                let before = out.len();
                take(item, first, text, reading, out);
                for (_, cells) in &mut out[before..] {
                    for field in &around {
                        if !cells.iter().any(|(name, _)| *name == field.0) {
                            cells.push(field.clone());
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The fields of an object as columns and cells; the parser keeps nesting below 128.
fn flatten(
    fields: &Map<String, Value>,
    prefix: &str,
    pivots: &[Pivot],
    out: &mut Vec<(String, String)>,
) {
    for (name, value) in fields {
        let column = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Value::Array(items) => {
                let pivot = pivots.iter().find(|pivot| pivot.list == column);
                for item in items {
                    match (item, pivot) {
                        (Value::Object(item), Some(pivot)) => {
                            let part = |key: &str| item.get(key).and_then(scalar);
                            if let (Some(name), Some(cell)) =
                                (part(&pivot.name), part(&pivot.value))
                            {
                                add(out, format!("{column}.{}", name.trim()), cell);
                            }
                        }
                        (Value::Object(item), None) => {
                            let mut inner = Vec::new();
                            flatten(item, &column, pivots, &mut inner);
                            for (column, cell) in inner {
                                add(out, column, cell);
                            }
                        }
                        (other, _) => {
                            if let Some(cell) = scalar(other) {
                                add(out, column.clone(), cell);
                            }
                        }
                    }
                }
            }
            Value::Object(inner) => flatten(inner, &column, pivots, out),
            other => {
                if let Some(cell) = scalar(other) {
                    add(out, column, cell);
                }
            }
        }
    }
}

/// Adds a cell; a second one under the same column makes a list.
fn add(out: &mut Vec<(String, String)>, column: String, cell: String) {
    if let Some((_, held)) = out.iter_mut().find(|(name, _)| *name == column) {
        held.push('|');
        held.push_str(&cell);
    } else {
        out.push((column, cell));
    }
}

fn finish(
    path: &Path,
    text: String,
    notes: Vec<String>,
    records: Vec<Record>,
    problems: &[(usize, String)],
) -> Result<Sheet> {
    let mut columns: Vec<String> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for (_, cells) in &records {
        for (name, _) in cells {
            if !positions.contains_key(name) {
                positions.insert(name.clone(), columns.len());
                columns.push(name.clone());
            }
        }
    }
    if columns.len().saturating_mul(records.len()) > MAX_CELLS {
        return Err(limit(
            path,
            &format!("has {} records of {} fields", records.len(), columns.len()),
            "split it; several files can be imported in one go",
        ));
    }
    let mut rows = Vec::with_capacity(records.len());
    for (start, cells) in records {
        let mut record = vec![""; columns.len()];
        for (name, cell) in &cells {
            check_cell(path, name, cell)?;
            record[positions[name]] = cell;
        }
        rows.push((At::Record(start), StringRecord::from(record)));
    }
    let mut sheet = Sheet::of_rows(path, columns, rows);
    sheet.header = At::Record(0);
    sheet.notes = notes;
    sheet.text = text;
    for (start, reason) in problems {
        let reason = reason.split(" at line ").next().unwrap_or(reason);
        let finding = sheet.finding(
            At::Record(*start),
            None,
            "broken-row",
            "",
            format!("this record cannot be read: {reason}"),
        );
        sheet.problems.push(finding);
    }
    Ok(sheet)
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Where the value that begins at a byte ends.
fn end_of(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut quoted, mut at) = (0usize, false, start);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return at + 1;
                }
            }
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                if depth <= 1 {
                    return if depth == 0 { at } else { at + 1 };
                }
                depth -= 1;
            }
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The first bytes of the items of the list that begins at a byte.
fn items_of(text: &str, start: usize) -> impl Iterator<Item = usize> {
    let mut at = start + 1;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let first = at + rest.find(|c: char| !c.is_whitespace() && c != ',')?;
        if text.as_bytes().get(first) == Some(&b']') {
            return None;
        }
        at = end_of(text, first);
        Some(first)
    })
}

/// Where the value of a field of the object that begins at a byte begins.
fn member(text: &str, start: usize, key: &str) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let name = at + text.get(at..)?.find('"')?;
        let after = end_of(text, name);
        let colon = after + text.get(after..)?.find(':')? + 1;
        let value = colon + blank(text.get(colon..)?);
        if text.get(name + 1..after - 1) == Some(key) {
            return Some(value);
        }
        at = end_of(text, value);
        if text.as_bytes().get(at) == Some(&b'}') {
            return None;
        }
        at += 1;
    }
}

/// The line and column of a record, or of one of its fields where it can be told. Linear in the
/// text before it.
pub(super) fn spot(text: &str, byte: usize, column: Option<&String>) -> Spot {
    let mut at = byte.min(text.len());
    if let Some(column) = column {
        let record = &text[at..end_of(text, at)];
        let last = column.rsplit('.').next().unwrap_or(column);
        if let Some(found) = record.find(&format!("\"{last}\"")) {
            at += found;
        }
    }
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    Spot::Line {
        line: before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1,
        column: text[line..at].chars().count() as u64 + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn sheet(text: &str, reading: &Reading) -> Sheet {
        let decoded = Decoded {
            text: text.to_owned(),
            notes: Vec::new(),
        };
        open(Path::new("a.json"), decoded, reading).expect("a sheet")
    }

    fn shown(sheet: &Sheet) -> Vec<(String, Vec<String>)> {
        let mut rows = Vec::new();
        sheet.rows(
            &mut |row| {
                let place = sheet.spot(row.at, Some(0)).to_string();
                rows.push((place, row.cells.iter().map(str::to_owned).collect()));
                ControlFlow::Continue(())
            },
            &mut |_| {},
        );
        rows
    }

    #[test]
    fn lists_lines_and_objects_give_records_with_places() {
        let list = sheet(
            "[\n {\"a\": 1},\n {\"b\": [\"x\", \"y\"], \"a\": 2}]",
            &Reading::default(),
        );
        assert_eq!(list.columns, ["a", "b"]);
        assert_eq!(
            shown(&list),
            [
                (":2:3".to_owned(), vec!["1".to_owned(), String::new()]),
                (":3:20".to_owned(), vec!["2".to_owned(), "x|y".to_owned()]),
            ]
        );
        let lines = sheet("{\"a\":1}\n{\"a\":2}\n", &Reading::default());
        assert_eq!(shown(&lines).len(), 2);
        assert_eq!(shown(&lines)[1].0, ":2:2");
        let inside = Reading {
            records: vec!["contents".to_owned()],
            around: Some("page".to_owned()),
            ..Reading::default()
        };
        let inside = sheet(
            "{\"size\": 2, \"contents\": [{\"a\": {\"b\": true}},\n {\"a\": {\"b\": \"}\"}}]}",
            &inside,
        );
        assert_eq!(inside.columns, ["a.b", "page.size"]);
        assert_eq!(shown(&inside)[1].1, ["}", "2"]);
        assert_eq!(shown(&inside)[1].0, ":2:9");
    }

    #[test]
    fn pairs_of_names_and_values_become_columns() {
        let reading = Reading {
            pivot: vec![Pivot {
                list: "s".to_owned(),
                name: "f1".to_owned(),
                value: "f3".to_owned(),
            }],
            ..Reading::default()
        };
        let sheet = sheet(
            r#"[{"s": [{"f1": "Type", "f3": "x; y"}, {"f1": "Age ", "f3": "z"}]}]"#,
            &reading,
        );
        assert_eq!(sheet.columns, ["s.Type", "s.Age"]);
    }

    #[test]
    fn a_broken_line_costs_that_line_alone() {
        let sheet = sheet("{\"a\":1}\n{\"a\":}\n{\"a\":3}\n", &Reading::default());
        assert_eq!(shown(&sheet).len(), 2);
        assert_eq!(sheet.problems.len(), 1);
        assert_eq!(sheet.problems[0].place(), "a.json:2:1");
    }

    #[test]
    fn a_broken_list_is_no_sheet() {
        let decoded = Decoded {
            text: "[{\"a\":1},\n{\"a\":]".to_owned(),
            notes: Vec::new(),
        };
        let error = open(Path::new("a.json"), decoded, &Reading::default()).expect_err("broken");
        assert!(
            error.report().contains("--> a.json:2:6"),
            "{}",
            error.report()
        );
    }
}
