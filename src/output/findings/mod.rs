//! Problems of data with their places, and how they are written: text, CSV, JSON and SARIF.
//!
//! Whatever checks data (an import, a validation) collects [`Finding`]s; [`write_findings`] turns
//! them into a file whose ending tells the format. To add a form: a function here and its ending.

mod junit;
mod sarif;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;

use serde_json::json;

pub(super) use junit::write as write_junit;

use super::harmless;
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// Endings of report files.
const ENDINGS: [&str; 4] = ["txt", "csv", "json", "sarif"];

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What it concerns is left out.
    Error,
    /// It was taken in, with a doubt.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word for it, as in SARIF.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// The file as a whole.
    File,
    /// A line of text and a column in characters, both from 1.
    Line {
        /// Line.
        line: u64,
        /// Column.
        column: u64,
    },
    /// A cell of a workbook, row and column from 0.
    Cell {
        /// Sheet.
        sheet: String,
        /// Row.
        row: u32,
        /// Column.
        column: u32,
    },
    /// Something that a name tells, such as a node of a graph.
    Named(String),
}

impl fmt::Display for Spot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Line { line, column } => write!(out, ":{line}:{column}"),
            Self::Cell { sheet, row, column } => {
                write!(out, ":{sheet}!{}{}", letters(*column), u64::from(*row) + 1)
            }
            Self::Named(name) => write!(out, ": {name}"),
        }
    }
}

/// The letters of a spreadsheet column, from 0: A, B, …, Z, AA.
pub fn letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The kind of problem, a stable word with hyphens.
    pub kind: String,
    /// The file.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
    /// The column, or whatever else the place is part of; may be empty.
    pub field: String,
    /// What stands there; may be empty.
    pub value: String,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
    /// The nearest terms that would be right, best first.
    pub near: Vec<String>,
    /// Another way out.
    pub hint: Option<String>,
}

impl Finding {
    /// File and place, as `file:sheet!B17` or `file:line:column`.
    pub fn place(&self) -> String {
        format!("{}{}", self.file, self.spot)
    }

    /// The way out in one sentence: the nearest terms, else the hint.
    pub fn way_out(&self) -> Option<String> {
        if self.near.is_empty() {
            return self.hint.clone();
        }
        let near: Vec<String> = self.near.iter().map(|word| format!("`{word}`")).collect();
        Some(format!("did you mean {}?", near.join(" or ")))
    }

    /// The finding as people read it, in one or two lines.
    pub fn text(&self) -> String {
        let mut text = format!("{}: ", self.place());
        if self.severity != Severity::Error {
            let _ = write!(text, "{}: ", self.severity.word());
        }
        if !self.field.is_empty() {
            let _ = write!(text, "column {}: ", self.field);
        }
        text.push_str(&self.reason);
        if let Some(way_out) = self.way_out() {
            let _ = write!(text, "\n    {way_out}");
        }
        text
    }
}

/// How many findings of each kind, by kind.
pub fn by_kind(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.kind.as_str()).or_insert(0) += 1;
    }
    counts
}

/// Findings as a file with this name would hold them.
///
/// # Errors
/// An ending that is none of `.txt`, `.csv`, `.json` and `.sarif`.
pub fn write_findings(path: &Path, findings: &[Finding]) -> Result<Vec<u8>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    match ending.to_lowercase().as_str() {
        "txt" => Ok(text(findings).into_bytes()),
        "csv" => csv(findings),
        "json" => Ok(pretty(&json(findings))),
        "sarif" => Ok(pretty(&sarif::log(findings))),
        _ => Err(Error::UnknownFormat {
            what: format!("the report {}", path.display()),
            hint: did_you_mean(ending, ENDINGS)
                .unwrap_or_else(|| format!("let it end in one of: {}", ENDINGS.join(", "))),
        }),
    }
}

/// Writes SARIF 2.1.0.
pub(super) fn write_sarif(findings: &[Finding], out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(&pretty(&sarif::log(findings)))
}

/// All findings as text, one after the other.
pub fn text(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut all, finding| {
        all.push_str(&finding.text());
        all.push('\n');
        all
    })
}

fn csv(findings: &[Finding]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut bytes);
    let written = (|| {
        writer.write_record([
            "severity", "kind", "place", "column", "value", "reason", "nearest", "hint",
        ])?;
        for finding in findings {
            let place = finding.place();
            let near = finding.near.join("|");
            let cells = [
                finding.severity.word(),
                &finding.kind,
                &place,
                &finding.field,
                &finding.value,
                &finding.reason,
                &near,
                finding.hint.as_deref().unwrap_or(""),
            ];
            writer.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
        }
        writer.flush().map_err(csv::Error::from)
    })();
    written.map_err(|error| Error::Output(io::Error::other(error)))?;
    drop(writer);
    Ok(bytes)
}

fn json(findings: &[Finding]) -> serde_json::Value {
    let item = |finding: &Finding| {
        let mut item = json!({
            "severity": finding.severity.word(),
            "kind": finding.kind,
            "place": finding.place(),
            "file": finding.file,
        });
        match &finding.spot {
            Spot::Line { line, column } => {
                item["line"] = json!(line);
                item["column"] = json!(column);
            }
            Spot::Cell { sheet, row, column } => {
                item["sheet"] = json!(sheet);
                item["cell"] = json!(format!("{}{}", letters(*column), u64::from(*row) + 1));
            }
            Spot::Named(name) => item["name"] = json!(name),
            Spot::File => {}
        }
        item["field"] = json!(finding.field);
        item["value"] = json!(finding.value);
        item["reason"] = json!(finding.reason);
        item["nearest"] = json!(finding.near);
        item["hint"] = json!(finding.hint);
        item
    };
    json!({
        "findings": findings.iter().map(item).collect::<Vec<_>>(),
        "counts": by_kind(findings),
    })
}

fn pretty(value: &serde_json::Value) -> Vec<u8> {
    let mut bytes = format!("{value:#}").into_bytes();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(spot: Spot) -> Finding {
        Finding {
            severity: Severity::Error,
            kind: "unknown-value".to_owned(),
            file: "a.xlsx".to_owned(),
            spot,
            field: "kind".to_owned(),
            value: "=1+1".to_owned(),
            reason: "`=1+1` is not a kind".to_owned(),
            near: vec!["group".to_owned()],
            hint: None,
        }
    }

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, shown) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), shown);
        }
    }

    #[test]
    fn places_read_as_people_and_editors_write_them() {
        let cell = Spot::Cell {
            sheet: "data".to_owned(),
            row: 16,
            column: 1,
        };
        assert_eq!(finding(cell).place(), "a.xlsx:data!B17");
        let line = Spot::Line { line: 3, column: 9 };
        assert_eq!(finding(line).place(), "a.xlsx:3:9");
    }

    #[test]
    fn every_form_holds_every_finding() {
        let findings = [finding(Spot::File), finding(Spot::Named("x".to_owned()))];
        for (name, mark, times) in [
            ("r.txt", "is not a kind", 2),
            ("r.csv", "'=1+1,", 2),
            ("r.json", "\"value\": \"=1+1\"", 2),
            ("r.sarif", "\"ruleId\": \"unknown-value\"", 2),
        ] {
            let bytes = write_findings(Path::new(name), &findings).expect(name);
            let text = String::from_utf8(bytes).expect(name);
            assert_eq!(text.matches(mark).count(), times, "{name}\n{text}");
        }
    }

    #[test]
    fn an_unknown_ending_is_answered_with_the_nearest() {
        let error = write_findings(Path::new("r.sarf"), &[]).expect_err("unknown");
        assert_eq!(
            error.report(),
            "error: the report r.sarf has no known format\nhint: did you mean `sarif`?\n"
        );
    }
}
