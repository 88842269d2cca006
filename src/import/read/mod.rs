//! Files of other people as sheets of cells with places.
//!
//! Delimited text, workbooks, JSON, XML and RDF all become [`Sheet`]s: named columns and rows of
//! texts, each of which can say where it stands. To add a form: a file here that makes a sheet,
//! its ending in [`form_of`], and an arm in [`open`]. Whoever reads sheets needs to know nothing
//! about forms.

mod delimited;
mod folder;
mod guard;
mod json;
mod rdf;
mod text;
mod workbook;
mod xml;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::nearest::did_you_mean;
use crate::output::findings::{Finding, Severity, Spot};

pub use guard::{MAX_CELL, MAX_CELLS, MAX_FILE, MAX_UNPACKED};

/// How to read a file; what is not said is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Reading {
    /// The form, whatever the ending says: csv, tsv, xlsx, ods, json, jsonl, xml, or a form of RDF.
    pub form: Option<String>,
    /// What stands between the cells of delimited text.
    pub delimiter: Option<char>,
    /// The encoding of text, by its label on the web.
    pub encoding: Option<String>,
    /// The sheet of a workbook, or the table of a folder.
    pub sheet: Option<String>,
    /// The line of the header among those that hold anything, from 1.
    pub header: Option<usize>,
    /// Keys that lead to the list of records in JSON, tried in turn.
    pub records: Vec<String>,
    /// What the fields around a list of records are called, before a point.
    pub around: Option<String>,
    /// Lists of names and values in JSON that become columns.
    pub pivot: Vec<Pivot>,
    /// Other tables of the same folder whose columns are added.
    pub join: Vec<Join>,
    /// The class of the things that are records in RDF.
    pub class: Option<String>,
    /// Prefixes of column names in RDF.
    pub prefixes: BTreeMap<String, String>,
    /// The elements that are records in XML, with `|` between them.
    pub element: Option<String>,
    /// Files that a folder has when it is of this kind.
    pub recognise: Vec<String>,
}

/// A list of objects, each with a name and a value, as columns of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pivot {
    /// The field that holds the list.
    pub list: String,
    /// The field of an item that names the column.
    pub name: String,
    /// The field of an item that holds the cell.
    pub value: String,
}

/// Another table of the same folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Its file.
    pub file: String,
    /// The column of the first table that names its rows.
    pub on: String,
    /// The column of the other table with those names; several rows of one name make a list.
    pub key: String,
    /// What its columns are called, before a point.
    #[serde(rename = "as")]
    pub prefix: String,
}

/// Where a row stands; turned into a [`Spot`] only when something is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Delimited text: a byte and its line, from 1.
    Text {
        /// Byte.
        byte: usize,
        /// Line.
        line: u64,
    },
    /// Workbook: the row, from 0.
    Row(u32),
    /// A record that begins at a byte of the text.
    Record(usize),
    /// A thing of a graph, by position in [`Sheet::subjects`].
    Subject(usize),
}

/// One row with its place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its cells, as many as the sheet has columns.
    pub cells: &'a StringRecord,
    /// Where it stands.
    pub at: At,
}

/// Rows of cells under named columns.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The file, as it was named.
    pub file: String,
    /// The sheet of a workbook.
    pub name: Option<String>,
    /// Names of the columns, as they stand there.
    pub columns: Vec<String>,
    /// Where the header stands.
    pub header: At,
    /// What a person should know about how it was read.
    pub notes: Vec<String>,
    /// What was wrong before any cell was looked at.
    pub problems: Vec<Finding>,
    /// Names of the things of a graph.
    pub subjects: Vec<String>,
    content: Content,
    /// The text that places are looked up in.
    text: String,
    /// Column of the workbook that the first cell stands in.
    first_column: u32,
}

#[derive(Clone, Debug)]
enum Content {
    /// Read row by row out of `text`.
    Delimited { delimiter: u8, header_rows: usize },
    /// Held in memory.
    Rows(Vec<(At, StringRecord)>),
    /// Held in memory, with places in the delimited text they came from.
    Joined {
        delimiter: u8,
        rows: Vec<(At, StringRecord)>,
    },
}

impl Sheet {
    /// A sheet whose rows are held in memory.
    fn of_rows(file: &Path, columns: Vec<String>, rows: Vec<(At, StringRecord)>) -> Self {
        Self {
            file: file.display().to_string(),
            name: None,
            columns,
            header: At::Row(0),
            notes: Vec::new(),
            problems: Vec::new(),
            subjects: Vec::new(),
            content: Content::Rows(rows),
            text: String::new(),
            first_column: 0,
        }
    }

    /// Gives every row to `each`, in order, until it breaks off; rows of delimited text that have
    /// more cells than there are columns, or cannot be read, go to `broken` instead. Short rows are
    /// filled up, since many programs leave out empty cells at the end.
    pub fn rows(
        &self,
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
        broken: &mut dyn FnMut(Finding),
    ) {
        match &self.content {
            Content::Delimited {
                delimiter,
                header_rows,
            } => delimited::rows(self, *delimiter, *header_rows, each, broken),
            Content::Rows(rows) | Content::Joined { rows, .. } => {
                for (at, cells) in rows {
                    if each(Row { cells, at: *at }).is_break() {
                        break;
                    }
                }
            }
        }
    }

    /// Replaces the rows by longer ones.
    fn join(&mut self, rows: Vec<(At, StringRecord)>) {
        self.content = match self.content {
            Content::Delimited { delimiter, .. } | Content::Joined { delimiter, .. } => {
                Content::Joined { delimiter, rows }
            }
            Content::Rows(_) => Content::Rows(rows),
        };
    }

    /// Whether a column of this name may be missing only because no record has it: fields of JSON,
    /// XML and RDF, and of other tables.
    pub(super) fn may_lack(&self, column: &str) -> bool {
        let of_records = match &self.content {
            Content::Delimited { .. } => false,
            Content::Joined { .. } => column.contains('.'),
            Content::Rows(_) => self.name.is_none(),
        };
        of_records || column.contains('/') && !self.subjects.is_empty()
    }

    /// How many rows there are; `None` where they are counted only by reading them.
    pub fn row_count(&self) -> Option<usize> {
        match &self.content {
            Content::Delimited { .. } => None,
            Content::Rows(rows) | Content::Joined { rows, .. } => Some(rows.len()),
        }
    }

    /// How many bytes of text stand behind it, for a measure of progress.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The place of a cell, or of the row where no column is given.
    pub fn spot(&self, at: At, column: Option<usize>) -> Spot {
        match at {
            At::Text { byte, line } => {
                let (Content::Delimited { delimiter, .. } | Content::Joined { delimiter, .. }) =
                    &self.content
                else {
                    return Spot::Line { line, column: 1 };
                };
                delimited::spot(&self.text, *delimiter, byte, line, column.unwrap_or(0))
            }
            At::Row(row) => Spot::Cell {
                sheet: self.name.clone().unwrap_or_default(),
                row,
                column: self.first_column + column.and_then(|c| u32::try_from(c).ok()).unwrap_or(0),
            },
            At::Record(byte) => {
                json::spot(&self.text, byte, column.and_then(|c| self.columns.get(c)))
            }
            At::Subject(at) => Spot::Named(self.subjects.get(at).cloned().unwrap_or_default()),
        }
    }

    /// A finding about a cell of a row, or about a whole row.
    pub fn finding(
        &self,
        at: At,
        column: Option<usize>,
        kind: &str,
        value: &str,
        reason: impl Into<String>,
    ) -> Finding {
        Finding {
            severity: Severity::Error,
            kind: kind.to_owned(),
            file: self.file.clone(),
            spot: self.spot(at, column),
            field: column
                .and_then(|c| self.columns.get(c))
                .cloned()
                .unwrap_or_default(),
            value: value.to_owned(),
            reason: reason.into(),
            near: Vec::new(),
            hint: None,
        }
    }
}

/// Endings with the forms they stand for.
const FORMS: &[(&str, &str)] = &[
    ("csv", "csv"),
    ("tsv", "tsv"),
    ("tab", "tsv"),
    ("txt", "csv"),
    ("xlsx", "workbook"),
    ("xlsm", "workbook"),
    ("xls", "workbook"),
    ("xlsb", "workbook"),
    ("ods", "workbook"),
    ("json", "json"),
    ("jsonl", "json"),
    ("ndjson", "json"),
    ("xml", "xml"),
    ("ttl", "rdf"),
    ("nt", "rdf"),
    ("nq", "rdf"),
    ("trig", "rdf"),
    ("rdf", "rdf"),
    ("owl", "rdf"),
    ("jsonld", "rdf"),
];

/// The form of a file: what was asked for, or what its ending tells.
///
/// # Errors
/// An unknown form is answered with the nearest.
pub fn form_of(path: &Path, asked: Option<&str>) -> Result<&'static str> {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("")
        .to_lowercase();
    let name = asked.unwrap_or(&ending);
    FORMS
        .iter()
        .find(|(ending, _)| *ending == name)
        .map(|(_, form)| *form)
        .ok_or_else(|| Error::UnknownFormat {
            what: match asked {
                Some(asked) => format!("`{asked}`"),
                None => path.display().to_string(),
            },
            hint: did_you_mean(name, FORMS.iter().map(|(ending, _)| *ending)).unwrap_or_else(
                || "use .csv, .tsv, .xlsx, .ods, .json, .jsonl, .xml or a form of RDF".to_owned(),
            ),
        })
}

/// Whether a file of this name is one that becomes a sheet without a mapping.
pub fn is_table(path: &Path) -> bool {
    matches!(form_of(path, None), Ok("csv" | "tsv" | "workbook" | "json"))
        && path.extension().is_some_and(|ending| ending != "txt")
}

/// Reads a file, or the tables of a folder, as a sheet.
///
/// # Errors
/// A file that cannot be read, has no known form, is broken as a whole, or passes a limit: nothing
/// of it is taken in.
pub fn open(path: &Path, reading: &Reading) -> Result<Sheet> {
    if path.is_dir() {
        return folder::open(path, reading);
    }
    let form = form_of(path, reading.form.as_deref())?;
    let bytes = guard::read(path)?;
    match form {
        "workbook" => workbook::open(path, bytes, reading),
        "rdf" => rdf::open(path, &bytes, reading),
        "json" => json::open(path, text::decode(path, bytes, reading)?, reading),
        "xml" => xml::open(path, text::decode(path, bytes, reading)?, reading),
        _ => delimited::open(path, text::decode(path, bytes, reading)?, form, reading),
    }
}
