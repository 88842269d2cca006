//! Tables of a folder that belong together, such as a tabular data package: one is read row by
//! row, and columns of the others are added.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;

use super::{At, Join, Reading, Sheet, open as open_file};
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;
use crate::output::findings::{Finding, Severity, Spot};

pub(super) fn open(folder: &Path, reading: &Reading) -> Result<Sheet> {
    let Some(main) = &reading.sheet else {
        return Err(Error::usage(
            format!("{} is a folder of tables", folder.display()),
            "say with --map how they belong together, or name one file",
        ));
    };
    let of_file = Reading {
        sheet: None,
        join: Vec::new(),
        ..reading.clone()
    };
    let mut sheet = open_file(&file_in(folder, main)?, &of_file)?;
    for join in &reading.join {
        let path = folder.join(&join.file);
        if !path.is_file() {
            sheet.notes.push(format!(
                "there is no {}: its columns stay empty",
                path.display()
            ));
            continue;
        }
        let other = open_file(&path, &of_file)?;
        add(&mut sheet, &other, join)?;
    }
    Ok(sheet)
}

/// The file of a folder with this name; its ending may be left out.
fn file_in(folder: &Path, name: &str) -> Result<std::path::PathBuf> {
    for ending in ["", ".csv", ".tsv", ".json"] {
        let path = folder.join(format!("{name}{ending}"));
        if path.is_file() {
            return Ok(path);
        }
    }
    let files: Vec<String> = std::fs::read_dir(folder)
        .map_err(Error::unreadable(folder))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    Err(Error::Unknown {
        what: "table",
        name: name.to_owned(),
        hint: did_you_mean(name, files.iter().map(String::as_str))
            .or_else(|| Some(format!("{} should hold it", folder.display()))),
    })
}

/// Adds the columns of another table to the rows that it belongs to.
fn add(sheet: &mut Sheet, other: &Sheet, join: &Join) -> Result<()> {
    let column = |sheet: &Sheet, name: &str| {
        sheet
            .columns
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| Error::Unknown {
                what: "column",
                name: name.to_owned(),
                hint: did_you_mean(name, sheet.columns.iter().map(String::as_str))
                    .or_else(|| Some(format!("{} has no such column", sheet.file))),
            })
    };
    let on = column(sheet, &join.on)?;
    let key = column(other, &join.key)?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    let mut problems: Vec<Finding> = Vec::new();
    other.rows(
        &mut |row| {
            let name = row.cells[key].trim();
            if !name.is_empty() {
                merge(&mut found, name, row.cells);
            }
            ControlFlow::Continue(())
        },
        &mut |problem| problems.push(problem),
    );
    let mut rows: Vec<(At, StringRecord)> = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    sheet.rows(
        &mut |row| {
            let mut record = row.cells.clone();
            // A cell may name several rows of the other table.
            let names = row.cells[on].split([',', '|', ';']).map(str::trim);
            let hits: Vec<&Vec<String>> = names
                .filter(|name| !name.is_empty())
                .filter_map(|name| {
                    let hit = found.get(name);
                    if hit.is_none() {
                        missing.push(name.to_owned());
                    }
                    hit
                })
                .collect();
            for at in 0..other.columns.len() {
                let cells: Vec<&str> = hits
                    .iter()
                    .map(|cells| cells[at].as_str())
                    .filter(|cell| !cell.is_empty())
                    .collect();
                record.push_field(&cells.join("|"));
            }
            rows.push((row.at, record));
            ControlFlow::Continue(())
        },
        &mut |problem| problems.push(problem),
    );
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        problems.push(Finding {
            severity: Severity::Note,
            kind: "missing-reference".to_owned(),
            file: sheet.file.clone(),
            spot: Spot::File,
            field: join.on.clone(),
            value: missing.join("|"),
            reason: format!(
                "{} of its references are not in {}, so those columns stay empty",
                missing.len(),
                join.file
            ),
            near: Vec::new(),
            hint: None,
        });
    }
    for name in &other.columns {
        sheet.columns.push(format!("{}.{name}", join.prefix));
    }
    sheet.join(rows);
    sheet.notes.extend(other.notes.iter().cloned());
    sheet.problems.extend(problems);
    Ok(())
}

fn merge(found: &mut HashMap<String, Vec<String>>, name: &str, cells: &StringRecord) {
    let held = found
        .entry(name.to_owned())
        .or_insert_with(|| vec![String::new(); cells.len()]);
    for (held, cell) in held.iter_mut().zip(cells) {
        if cell.is_empty() || held.split('|').any(|part| part == cell) {
            continue;
        }
        if !held.is_empty() {
            held.push('|');
        }
        held.push_str(cell);
    }
}
