//! Workbooks: XLSX, ODS and the older forms, one sheet by name.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, ExcelDateTime, Reader, SheetVisible, Sheets, open_workbook_auto_from_rs};
use csv::StringRecord;

use super::guard::{MAX_CELLS, check_archive, check_cell, limit};
use super::{At, Reading, Sheet};
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;
use crate::output::findings::{Finding, Spot, letters};

/// More columns than a table of programmes can have.
const MAX_COLUMNS: u32 = 2_000;

/// The filled cells of a row: row, then column and content.
type Cells = Vec<(u32, Vec<(u32, Data)>)>;

pub(super) fn open(path: &Path, bytes: Vec<u8>, reading: &Reading) -> Result<Sheet> {
    if bytes.starts_with(b"PK") {
        check_archive(path, &bytes)?;
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| broken(path, &error.to_string()))?;
    let (name, mut notes) = choose(path, &book, reading.sheet.as_deref())?;
    let rows = filled(path, &mut book, &name)?;
    let skipped = reading.header.unwrap_or(1).max(1) - 1;
    let mut rows = rows.into_iter().skip(skipped);
    let Some((header_row, header)) = rows.next() else {
        return Err(Error::Syntax {
            reason: format!("the sheet {name} of {} is empty", path.display()),
            place: None,
            path: path.to_owned(),
            hint: Some("its first row should name the columns; --sheet names another".to_owned()),
        });
    };
    let first_column = header.first().map_or(0, |(column, _)| *column);
    let last = header.last().map_or(first_column, |(column, _)| *column);
    let width = (last - first_column + 1) as usize;
    let mut columns = vec![String::new(); width];
    for (column, data) in &header {
        let text = content(data).unwrap_or_default();
        columns[(column - first_column) as usize] =
            text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut problems = Vec::new();
    let mut body = Vec::new();
    for (row, cells) in rows {
        let mut record = vec![String::new(); width];
        for (column, data) in cells {
            let place = format!("{name}!{}{}", letters(column), row + 1);
            let at = column
                .checked_sub(first_column)
                .map(|at| at as usize)
                .filter(|at| *at < width);
            let problem = |kind: &str, value: &str, reason: String, hint: &str| Finding {
                severity: crate::output::findings::Severity::Error,
                kind: kind.to_owned(),
                file: path.display().to_string(),
                spot: Spot::Cell {
                    sheet: name.clone(),
                    row,
                    column,
                },
                field: at.map(|at| columns[at].clone()).unwrap_or_default(),
                value: value.to_owned(),
                reason,
                near: Vec::new(),
                hint: Some(hint.to_owned()),
            };
            match (content(&data), at) {
                (Err(error), _) => problems.push(problem(
                    "formula-error",
                    &error,
                    format!("the formula of this cell failed with {error}"),
                    "mend the formula, or write the value itself",
                )),
                (Ok(text), Some(at)) => {
                    check_cell(path, &place, &text)?;
                    record[at] = text;
                }
                (Ok(text), None) => problems.push(problem(
                    "no-header",
                    &text,
                    "this cell stands under no header".to_owned(),
                    "name its column, or take it away",
                )),
            }
        }
        body.push((At::Row(row), StringRecord::from(record)));
    }
    let unnamed: Vec<String> = (0..width)
        .filter(|at| columns[*at].is_empty())
        .filter(|at| body.iter().any(|(_, cells)| !cells[*at].trim().is_empty()))
        .map(|at| letters(first_column + u32::try_from(at).unwrap_or(0)))
        .collect();
    if !unnamed.is_empty() {
        notes.push(format!(
            "no name for column {}: not used",
            unnamed.join(", ")
        ));
    }
    let mut sheet = Sheet::of_rows(path, columns, body);
    sheet.header = At::Row(header_row);
    sheet.name = Some(name);
    sheet.notes = notes;
    sheet.problems = problems;
    sheet.first_column = first_column;
    Ok(sheet)
}

fn broken(path: &Path, reason: &str) -> Error {
    Error::Syntax {
        reason: format!("{} cannot be read as a workbook: {reason}", path.display()),
        place: None,
        path: path.to_owned(),
        hint: Some("open it in a spreadsheet program and save it again".to_owned()),
    }
}

/// The sheet that was named, else the first that is not hidden, with a note of the others.
fn choose<RS: std::io::Read + std::io::Seek>(
    path: &Path,
    book: &Sheets<RS>,
    wanted: Option<&str>,
) -> Result<(String, Vec<String>)> {
    let sheets = book.sheets_metadata();
    let names = || sheets.iter().map(|sheet| sheet.name.as_str());
    if let Some(wanted) = wanted {
        let lower = wanted.to_lowercase();
        return match names().find(|name| name.to_lowercase() == lower) {
            Some(name) => Ok((name.to_owned(), Vec::new())),
            None => Err(Error::Unknown {
                what: "sheet",
                name: wanted.to_owned(),
                hint: did_you_mean(wanted, names()).or_else(|| {
                    Some(format!(
                        "one of: {}",
                        names().collect::<Vec<_>>().join(", ")
                    ))
                }),
            }),
        };
    }
    let visible: Vec<&str> = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let Some((first, others)) = visible.split_first() else {
        return Err(broken(path, "it has no sheet"));
    };
    let mut notes = Vec::new();
    if !others.is_empty() {
        notes.push(format!(
            "read the sheet {first}; not read: {} (--sheet names one)",
            others.join(", ")
        ));
    }
    Ok(((*first).to_owned(), notes))
}

/// The rows that hold anything, in order. XLSX is read cell by cell, so that one cell far away
/// costs nothing.
fn filled<RS: std::io::Read + std::io::Seek>(
    path: &Path,
    book: &mut Sheets<RS>,
    name: &str,
) -> Result<Cells> {
    let mut rows: Cells = Vec::new();
    let mut count = 0;
    let mut add = |row: u32, column: u32, data: Data| -> Result<()> {
        if matches!(&data, Data::Empty)
            || matches!(&data, Data::String(text) if text.trim().is_empty())
        {
            return Ok(());
        }
        count += 1;
        if count > MAX_CELLS || column >= MAX_COLUMNS {
            return Err(limit(
                path,
                &format!(
                    "has more than {MAX_CELLS} cells or more than {MAX_COLUMNS} columns: {name}!{}{}",
                    letters(column),
                    u64::from(row) + 1
                ),
                "take away what does not belong to the table",
            ));
        }
        match rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push((column, data)),
            _ => rows.push((row, vec![(column, data)])),
        }
        Ok(())
    };
    if let Sheets::Xlsx(book) = book {
        let mut reader = book
            .worksheet_cells_reader(name)
            .map_err(|error| broken(path, &error.to_string()))?;
        while let Some(cell) = reader
            .next_cell()
            .map_err(|error| broken(path, &error.to_string()))?
        {
            let (row, column) = cell.get_position();
            add(row, column, cell.get_value().clone().into())?;
        }
    } else {
        let range = book
            .worksheet_range(name)
            .map_err(|error| broken(path, &error.to_string()))?;
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let place = |start: u32, offset: usize| start + u32::try_from(offset).unwrap_or(0);
            add(place(top, row), place(left, column), data.clone())?;
        }
    }
    rows.sort_by_key(|(row, _)| *row);
    for (_, cells) in &mut rows {
        cells.sort_by_key(|(column, _)| *column);
    }
    Ok(rows)
}

/// A cell as text; whole numbers without a point, dates as ISO 8601.
///
/// # Errors
/// The code of a formula that failed, such as `#REF!`.
fn content(data: &Data) -> std::result::Result<String, String> {
    Ok(match data {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(true) => "yes".to_owned(),
        Data::Bool(false) => "no".to_owned(),
        Data::DateTime(time) => date(time),
        Data::Error(error) => return Err(error.to_string()),
    })
}

fn date(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}
