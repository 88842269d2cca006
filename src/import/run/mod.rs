//! From the rows of a sheet to statements: good rows go in, bad rows are left out and reported.

mod identifier;
mod rows;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use oxrdf::{Triple, TripleRef};

use super::draft::Reader;
use super::mapping::Mapping;
use super::problems::cells_error;
use super::read::{At, Sheet};
use super::table::plan_of_headers;
use super::tables::{FixedTerms, Writer};
use super::words::Words;
use rows::Run;

use crate::error::Result;
use crate::map::ConceptualMap;
use crate::output::findings::{Finding, Severity, Spot};

/// What an import is read against.
#[derive(Clone, Copy)]
pub struct Importer<'a> {
    /// The map.
    pub map: &'a ConceptualMap,
    /// The words of tables.
    pub words: &'a Words,
    /// The fixed terms.
    pub terms: &'a FixedTerms,
}

/// What became of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rows that hold anything.
    pub rows: u64,
    /// Rows that the mapping does not ask for.
    pub passed_over: u64,
    /// Rows that were left out because something in them is wrong.
    pub left_out: u64,
    /// Programmes made.
    pub programmes: u64,
    /// Codings made.
    pub codings: u64,
    /// Places on axes made.
    pub silos: u64,
    /// Sources made.
    pub sources: u64,
    /// Every problem, in the order of the file.
    pub findings: Vec<Finding>,
    /// Values that the mapping does not know, by column and text, with how often.
    pub unknown: BTreeMap<(String, String), u64>,
    /// What a person should know about how the file was read.
    pub notes: Vec<String>,
}

impl Outcome {
    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

impl Importer<'_> {
    /// Turns the rows of a sheet into statements. Without a mapping the sheet has the one-table
    /// form. `progress` hears how far it has come and how far it is, in bytes of text or in rows.
    ///
    /// A row with an error gives no statement at all; every other row gives all of its own. Linear
    /// in cells; holds the identifiers that were made.
    ///
    /// # Errors
    /// A mapping that does not fit the sheet; a header without the names of programmes.
    pub fn run(
        &self,
        sheet: &Sheet,
        mapping: Option<&Mapping>,
        sink: &mut dyn FnMut(TripleRef<'_>),
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome> {
        let mut outcome = Outcome {
            notes: sheet.notes.clone(),
            findings: sheet.problems.clone(),
            ..Outcome::default()
        };
        let plan = if let Some(mapping) = mapping {
            mapping.plan(sheet, self)?
        } else {
            let (plan, findings) = plan_of_headers(sheet, self.words, self.map);
            let unusable = findings.iter().any(|f| f.kind == "missing-header");
            outcome.findings.extend(findings);
            if unusable {
                return Err(cells_error(&outcome.findings));
            }
            plan
        };
        let bad_cells: HashSet<Spot> = sheet.problems.iter().map(|f| f.spot.clone()).collect();
        let bad_rows: HashSet<u32> = bad_cells
            .iter()
            .filter_map(|spot| match spot {
                Spot::Cell { row, .. } => Some(*row),
                _ => None,
            })
            .collect();
        let reader = Reader {
            sheet,
            plan: &plan,
            words: self.words,
            map: self.map,
        };
        let buffer: RefCell<Vec<Triple>> = RefCell::default();
        let mut into_buffer = |triple: TripleRef<'_>| buffer.borrow_mut().push(triple.into_owned());
        let file = Path::new(&sheet.file);
        let writer = Writer::new(file, self.map, self.terms, &mut into_buffer);
        let mut run = Run::new(&reader, self.map, writer);
        let broken: RefCell<Vec<Finding>> = RefCell::default();
        let (mut rows, mut left_out) = (0, 0);
        let whole = match sheet.row_count() {
            Some(rows) if sheet.bytes() == 0 => rows as u64,
            _ => sheet.bytes() as u64,
        };
        sheet.rows(
            &mut |row| {
                let is_bad = matches!(row.at, At::Row(at) if bad_rows.contains(&at));
                if !is_bad && row.cells.iter().all(|cell| cell.trim().is_empty()) {
                    return ControlFlow::Continue(());
                }
                rows += 1;
                let far = match row.at {
                    At::Text { byte, .. } | At::Record(byte) => byte as u64,
                    At::Row(_) | At::Subject(_) => rows,
                };
                progress(far, whole);
                let Some(draft) = reader.draft(row) else {
                    outcome.passed_over += 1;
                    return ControlFlow::Continue(());
                };
                for (column, text) in &draft.unknown {
                    let name = sheet.columns[*column].clone();
                    *outcome.unknown.entry((name, text.clone())).or_insert(0) += 1;
                }
                let mut made = run.write(row, rows, draft);
                // What was wrong with a cell before it was looked at is said once.
                made.findings
                    .retain(|finding| !bad_cells.contains(&finding.spot));
                let fails = made.findings.iter().any(|f| f.severity == Severity::Error);
                outcome.findings.extend(made.findings);
                if fails || is_bad {
                    left_out += 1;
                    buffer.borrow_mut().clear();
                    run.forget();
                } else {
                    outcome.programmes += made.programmes;
                    outcome.codings += made.codings;
                    outcome.silos += made.silos;
                    outcome.sources += made.sources;
                    run.keep();
                    for triple in buffer.borrow_mut().drain(..) {
                        sink(triple.as_ref());
                    }
                }
                ControlFlow::Continue(())
            },
            &mut |finding| {
                broken.borrow_mut().push(finding);
            },
        );
        let broken = broken.into_inner();
        outcome.rows = rows + broken.len() as u64;
        outcome.left_out = left_out + broken.len() as u64;
        outcome.findings.extend(broken);
        outcome.findings.sort_by(|a, b| a.spot.cmp(&b.spot));
        Ok(outcome)
    }
}
