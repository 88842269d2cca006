//! Rows of the tables, and writing statements or errors from their cells.

use std::collections::HashSet;
use std::path::Path;
use std::rc::Rc;

use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, TripleRef};
use unicode_normalization::UnicodeNormalization;

use super::words::{FixedTerms, Labels};
use crate::error::CellError;
use crate::map::ConceptualMap;
use crate::nearest::{did_you_mean, near_or_all};
use crate::output::plain;
use crate::vocab::BASE;

/// One row with its cells by column.
pub(in crate::import) struct SheetRow {
    pub(in crate::import) file: &'static str,
    pub(in crate::import) line: u64,
    pub(in crate::import) header: Rc<[String]>,
    pub(in crate::import) record: csv::StringRecord,
}

impl SheetRow {
    /// A row that only says where an error is.
    fn at(file: &'static str, line: u64) -> Self {
        Self {
            file,
            line,
            header: Rc::from([]),
            record: csv::StringRecord::new(),
        }
    }

    /// The trimmed text of a cell, if there is any.
    pub(super) fn cell(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|name| name == column)?;
        self.record
            .get(at)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// The parts of a cell that takes several values.
    pub(super) fn list(&self, column: &str) -> Vec<&str> {
        self.cell(column).map_or_else(Vec::new, |text| {
            text.split('|')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect()
        })
    }
}

/// Turns rows of the native tables into statements, or into errors at their cells.
pub(in crate::import) struct Writer<'a> {
    /// Where statements go.
    sink: &'a mut dyn FnMut(TripleRef<'_>),
    pub(in crate::import) errors: Vec<CellError>,
    pub(super) folder: &'a Path,
    pub(super) map: &'a ConceptualMap,
    pub(super) words: &'a FixedTerms,
    /// Identifiers written so far.
    pub(super) seen: HashSet<String>,
    /// Labels written so far.
    pub(super) new_labels: Labels,
    /// What was written since the last [`Writer::keep`], to be able to forget it.
    journal: Vec<String>,
    /// Labels since then.
    label_journal: Vec<(NamedNode, String)>,
}

impl<'a> Writer<'a> {
    /// A writer for one set of tables.
    pub(in crate::import) fn new(
        folder: &'a Path,
        map: &'a ConceptualMap,
        words: &'a FixedTerms,
        sink: &'a mut dyn FnMut(TripleRef<'_>),
    ) -> Self {
        Self {
            sink,
            errors: Vec::new(),
            folder,
            map,
            words,
            seen: HashSet::new(),
            new_labels: Labels::default(),
            journal: Vec::new(),
            label_journal: Vec::new(),
        }
    }

    /// Whether an identifier is written for the first time.
    pub(super) fn is_new(&mut self, iri: &NamedNode) -> bool {
        let is_new = self.seen.insert(iri.as_str().to_owned());
        if is_new {
            self.journal.push(iri.as_str().to_owned());
        }
        is_new
    }

    /// Whether an identifier was written.
    pub(in crate::import) fn has(&self, iri: &NamedNode) -> bool {
        self.seen.contains(iri.as_str())
    }

    pub(super) fn add_label(&mut self, label: &NamedNode, language: &str, text: &str) {
        self.new_labels.add(label, language, text);
        self.label_journal
            .push((label.clone(), language.to_owned()));
    }

    /// Keeps what was written since the last time.
    pub(in crate::import) fn keep(&mut self) {
        self.journal.clear();
        self.label_journal.clear();
    }

    /// Forgets what was written since the last [`Writer::keep`], as if it had never come.
    pub(in crate::import) fn forget(&mut self) {
        for iri in self.journal.drain(..) {
            self.seen.remove(&iri);
        }
        for (label, language) in self.label_journal.drain(..) {
            self.new_labels.remove(&label, &language);
        }
    }

    pub(super) fn error(
        &mut self,
        row: &SheetRow,
        column: &str,
        reason: impl Into<String>,
        hint: Option<String>,
    ) {
        let file = self.folder.join(row.file).display().to_string();
        self.errors.push(CellError {
            file,
            line: row.line,
            spot: None,
            column: column.to_owned(),
            reason: reason.into(),
            hint,
        });
    }

    /// Reads a table; a header without the needed columns, or a row of another length, is an error
    /// at its line.
    pub(super) fn sheet(
        &mut self,
        file: &'static str,
        text: &str,
        needed: &[&str],
    ) -> Vec<SheetRow> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let header: Rc<[String]> = match reader.headers() {
            Ok(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
            Err(error) => {
                let row = SheetRow::at(file, 1);
                self.error(&row, "header", format!("cannot be read: {error}"), None);
                return Vec::new();
            }
        };
        let head = SheetRow::at(file, 1);
        let mut complete = true;
        for column in needed {
            if !header.iter().any(|name| name == column) {
                complete = false;
                let hint = did_you_mean(column, header.iter().map(String::as_str))
                    .map(|near| near.replace("did you mean", "is it"));
                self.error(&head, column, "this column is missing", hint);
            }
        }
        if !complete {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let row = SheetRow::at(file, line);
                    self.error(&row, "row", format!("cannot be read: {error}"), None);
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let length = record.len();
            let record = record.iter().map(plain).collect();
            let row = SheetRow {
                file,
                line,
                header: Rc::clone(&header),
                record,
            };
            if length == header.len() {
                rows.push(row);
            } else {
                let reason = format!(
                    "the row has {} cells but the header has {}",
                    length,
                    header.len()
                );
                self.error(
                    &row,
                    "row",
                    reason,
                    Some("put a text that has a comma in double quotes".to_owned()),
                );
            }
        }
        rows
    }

    pub(super) fn add<'b>(
        &mut self,
        subject: &NamedNode,
        predicate: impl Into<NamedNodeRef<'b>>,
        object: impl Into<Term>,
    ) {
        let object = object.into();
        (self.sink)(TripleRef::new(subject, predicate.into(), &object));
    }

    pub(super) fn text(
        &mut self,
        subject: &NamedNode,
        predicate: NamedNodeRef<'_>,
        row: &SheetRow,
        column: &str,
    ) {
        if let Some(text) = row.cell(column) {
            self.add(subject, predicate, Literal::new_simple_literal(text));
        }
    }

    /// An identifier that is given once; the second time is an error.
    pub(super) fn claim(&mut self, row: &SheetRow, column: &str, iri: NamedNode) -> NamedNode {
        if !self.is_new(&iri) {
            self.error(
                row,
                column,
                format!("`{}` stands here a second time", short(&iri)),
                Some("merge the two rows, or tell them apart".to_owned()),
            );
        }
        iri
    }

    pub(super) fn id(&mut self, row: &SheetRow, kind: &str) -> Option<NamedNode> {
        let Some(id) = row.cell("id") else {
            self.error(
                row,
                "id",
                "an identifier is needed",
                Some("use lower-case letters, digits and hyphens".to_owned()),
            );
            return None;
        };
        if !is_slug(id) {
            self.error(
                row,
                "id",
                format!("`{id}` is no identifier"),
                Some(format!(
                    "use lower-case letters, digits and hyphens, for example {}",
                    slug(id)
                )),
            );
            return None;
        }
        let iri = minted(kind, id);
        Some(self.claim(row, "id", iri))
    }

    pub(super) fn fixed(&mut self, row: &SheetRow, column: &str, class: &str) -> Option<NamedNode> {
        let Some(word) = row.cell(column) else {
            let words = self.words.words(class).join(", ");
            self.error(
                row,
                column,
                "a word is needed here",
                Some(format!("one of: {words}")),
            );
            return None;
        };
        self.fixed_word(row, column, class, word)
    }

    pub(super) fn fixed_word(
        &mut self,
        row: &SheetRow,
        column: &str,
        class: &str,
        word: &str,
    ) -> Option<NamedNode> {
        if let Some(term) = self.words.find(class, word) {
            return Some(term.clone());
        }
        let words = self.words.words(class);
        let hint = near_or_all(word, words.iter().copied());
        self.error(
            row,
            column,
            format!("`{word}` is not a {}", class.to_lowercase()),
            Some(hint),
        );
        None
    }

    pub(super) fn reference(
        &mut self,
        row: &SheetRow,
        column: &str,
        id: &str,
        kind: &str,
        known: &HashSet<String>,
    ) -> Option<NamedNode> {
        if known.contains(id) {
            return Some(minted(kind, id));
        }
        let mut sorted: Vec<&str> = known.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let hint = did_you_mean(id, sorted).or_else(|| Some(format!("add it to {kind}s.csv")));
        self.error(row, column, format!("no {kind} is called `{id}`"), hint);
        None
    }
}

pub(in crate::import) fn minted(kind: &str, id: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{BASE}{kind}/{id}"))
}

pub(super) fn short(iri: &NamedNode) -> &str {
    iri.as_str().rsplit('/').next().unwrap_or_default()
}

pub(in crate::import) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        && !text.starts_with('-')
}

/// An identifier made from words: lower case, accents dropped, hyphens between words.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        let c = match c {
            'œ' => {
                slug.push('o');
                'e'
            }
            'æ' => {
                slug.push('a');
                'e'
            }
            'ß' => {
                slug.push('s');
                's'
            }
            'ø' => 'o',
            c => c,
        };
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && !matches!(c, '\'' | '’') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
