//! One row at a time: its programme, its sources and its codings, through the writer of the native
//! tables, with what the writer finds wrong moved to the cells it came from.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use csv::StringRecord;

use super::identifier::identifier_of;
use crate::import::draft::{Cell, Coding, Draft, Reader};
use crate::import::plan::{FIELDS, Plan, SOURCE_FIELDS, Target, Template};
use crate::import::read::{At, Row};
use crate::import::tables::{SheetRow, Writer, minted};

use crate::map::ConceptualMap;
use crate::output::findings::{Finding, Spot};

/// Columns of the rows that codings are made from.
const CODING_FIELDS: [&str; 11] = [
    "programme",
    "dimension",
    "value",
    "finding",
    "basis",
    "confidence",
    "evidence",
    "source",
    "locator",
    "coder",
    "lang",
];

/// What one row became.
#[derive(Default)]
pub(super) struct Made {
    pub(super) findings: Vec<Finding>,
    pub(super) programmes: u64,
    pub(super) codings: u64,
    pub(super) silos: u64,
    pub(super) sources: u64,
}

impl Made {
    /// Adds what the writer found wrong, unless the cell is known to be wrong already.
    fn add(&mut self, finding: Finding) {
        if !self.findings.iter().any(|held| held.spot == finding.spot) {
            self.findings.push(finding);
        }
    }
}

/// The state of an import between rows.
pub(super) struct Run<'a> {
    reader: &'a Reader<'a>,
    map: &'a ConceptualMap,
    pub(super) writer: Writer<'a>,
    /// Columns of programme rows: the fixed ones, then the axes.
    programme_header: Rc<[String]>,
    source_header: Rc<[String]>,
    coding_header: Rc<[String]>,
    programmes: HashSet<String>,
    /// Places on axes of programmes that several rows tell of.
    places: HashSet<String>,
    sources: HashSet<String>,
    /// Identifiers of sources by the text that names them.
    source_ids: HashMap<String, String>,
    /// Sources of the row at hand.
    new_sources: Vec<(String, String)>,
    /// Places of the row at hand.
    new_places: Vec<String>,
    /// The programme of the row at hand, if it is new.
    new_programme: Option<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(reader: &'a Reader<'a>, map: &'a ConceptualMap, writer: Writer<'a>) -> Self {
        let axes = map.axes.iter().map(|axis| axis.name.notation.clone());
        let programme_header = FIELDS.iter().map(|f| (*f).to_owned()).chain(axes).collect();
        Self {
            reader,
            map,
            writer,
            programme_header,
            source_header: SOURCE_FIELDS.iter().map(|f| (*f).to_owned()).collect(),
            coding_header: CODING_FIELDS.iter().map(|f| (*f).to_owned()).collect(),
            programmes: HashSet::new(),
            places: HashSet::new(),
            sources: HashSet::new(),
            source_ids: HashMap::new(),
            new_sources: Vec::new(),
            new_places: Vec::new(),
            new_programme: None,
        }
    }

    /// Keeps what the row at hand brought.
    pub(super) fn keep(&mut self) {
        self.writer.keep();
        self.new_sources.clear();
        self.new_places.clear();
        self.new_programme = None;
    }

    /// Takes back what the row at hand brought.
    pub(super) fn forget(&mut self) {
        self.writer.forget();
        for place in self.new_places.drain(..) {
            self.places.remove(&place);
        }
        for (text, id) in self.new_sources.drain(..) {
            self.source_ids.remove(&text);
            self.sources.remove(&id);
        }
        if let Some(id) = self.new_programme.take() {
            self.programmes.remove(&id);
        }
    }

    fn plan(&self) -> &'a Plan {
        self.reader.plan
    }

    pub(super) fn write(&mut self, row: Row<'_>, number: u64, mut draft: Draft) -> Made {
        let mut made = Made {
            findings: std::mem::take(&mut draft.findings),
            ..Made::default()
        };
        let Some((id, id_column)) = self.identifier(row, &draft, &mut made) else {
            return made;
        };
        let place = match row.at {
            At::Record(_) => format!("record {number}"),
            at => match self.reader.sheet.spot(at, None) {
                Spot::Line { line, .. } => format!("line {line}"),
                Spot::Cell { row, .. } => format!("row {}", row + 1),
                Spot::Named(name) => name,
                Spot::File => format!("row {number}"),
            },
        };
        let main_source = draft.source_text.clone();
        let Some(source) = self.source(row, main_source.as_ref(), &draft.source, &mut made) else {
            return made;
        };
        let locator = draft
            .fields
            .get("locator")
            .map_or(place, |(text, _)| text.clone());
        let is_again = self.programmes.contains(&id);
        if is_again && !self.plan().merge {
            let value = draft.fields.get("name").map_or("", |(text, _)| text);
            let mut finding = self.reader.sheet.finding(
                row.at,
                id_column,
                "double",
                value,
                format!("the programme `{id}` stands here a second time"),
            );
            finding.hint = Some("merge the two rows, or give each an id of its own".to_owned());
            made.findings.push(finding);
            return made;
        }
        if self.plan().merge {
            draft.silos.retain(|(axis, value, _)| {
                let place = format!("{id} {axis} {value}");
                let is_new = self.places.insert(place.clone());
                if is_new {
                    self.new_places.push(place);
                }
                is_new
            });
        }
        self.programmes.insert(id.clone());
        if !is_again {
            self.new_programme = Some(id.clone());
        }
        let record = self.programme_record(&id, &source, &locator, &draft);
        if is_again {
            let programme = minted("programme", &id);
            self.writer.lists(&record, &programme);
        } else {
            self.writer.programme(&record, &self.sources);
            made.programmes = 1;
        }
        made.silos = draft.silos.len() as u64;
        self.collect(row, &draft, &mut made);
        for coding in &draft.codings {
            self.coding(row, &id, &source, &locator, coding, &mut made);
        }
        made
    }

    /// The identifier of the programme of a row: its id, else made from its name.
    fn identifier(
        &self,
        row: Row<'_>,
        draft: &Draft,
        made: &mut Made,
    ) -> Option<(String, Option<usize>)> {
        let Some((name, name_column)) = draft.fields.get("name") else {
            let column = self.column_of("name");
            let mut finding = self.reader.sheet.finding(
                row.at,
                column,
                "missing-name",
                "",
                "a programme needs a name",
            );
            finding.hint = Some("write what it is called, or take the row away".to_owned());
            made.findings.push(finding);
            return None;
        };
        let (text, column) = draft
            .fields
            .get("id")
            .map_or((name, *name_column), |(id, column)| (id, *column));
        Some((identifier_of(text), column))
    }

    /// The column of the sheet that feeds a field of programmes.
    fn column_of(&self, field: &str) -> Option<usize> {
        let of_field = self.plan().fields.iter().find(|(name, _)| *name == field);
        let mut templates = of_field.into_iter().flat_map(|(_, templates)| templates);
        templates.find_map(Template::first_column).or_else(|| {
            self.plan()
                .columns
                .iter()
                .find(|c| matches!(&c.target, Some(Target::Field(name)) if *name == field))
                .map(|c| c.column)
        })
    }

    /// The source of a row or of a coding, written the first time; `None` when it cannot be used.
    fn source(
        &mut self,
        row: Row<'_>,
        text: Option<&Cell>,
        fields: &HashMap<&'static str, Cell>,
        made: &mut Made,
    ) -> Option<String> {
        let file = Path::new(&self.reader.sheet.file);
        let file_name = file.file_name().map_or_else(
            || "data".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let held = |field: &str| fields.get(field).map(|(text, _)| text.clone());
        let key = text
            .map(|(text, _)| text.clone())
            .or_else(|| held("id"))
            .or_else(|| held("title"))
            .or_else(|| held("url"))
            .unwrap_or_else(|| file_name.clone());
        if let Some(id) = self.source_ids.get(&key) {
            return Some(id.clone());
        }
        let id = identifier_of(&held("id").unwrap_or_else(|| key.clone()));
        let mut record = vec![String::new(); SOURCE_FIELDS.len()];
        for (at, field) in SOURCE_FIELDS.iter().enumerate() {
            record[at] = held(field).unwrap_or_default();
        }
        let named = |field: &str| SOURCE_FIELDS.iter().position(|f| *f == field).unwrap_or(0);
        record[0].clone_from(&id);
        if let Some((text, _)) = text {
            let doi = text
                .strip_prefix("https://doi.org/")
                .or_else(|| text.strip_prefix("doi:"))
                .or_else(|| text.starts_with("10.").then_some(text));
            if let Some(doi) = doi {
                doi.trim().clone_into(&mut record[named("doi")]);
            } else if text.starts_with("http://") || text.starts_with("https://") {
                record[named("url")].clone_from(text);
            }
        }
        if record[named("title")].is_empty() {
            record[named("title")] = text.map_or(file_name, |(text, _)| text.clone());
        }
        let sheet_row = SheetRow {
            file: "",
            line: 0,
            header: Rc::clone(&self.source_header),
            record: StringRecord::from(record),
        };
        if !self.sources.contains(&id) {
            self.writer.source(&sheet_row, &HashSet::new());
            made.sources += 1;
        }
        let failed = !self.writer.errors.is_empty();
        for error in self.writer.errors.drain(..) {
            let column = text.and_then(|(_, column)| *column).or_else(|| {
                fields
                    .get(error.column.as_str())
                    .and_then(|(_, column)| *column)
            });
            let value = text.map_or("", |(text, _)| text);
            let mut finding =
                self.reader
                    .sheet
                    .finding(row.at, column, "source", value, error.reason);
            finding.hint = error.hint;
            made.add(finding);
        }
        if failed {
            return None;
        }
        self.sources.insert(id.clone());
        self.source_ids.insert(key.clone(), id.clone());
        self.new_sources.push((key, id.clone()));
        Some(id)
    }

    fn programme_record(&self, id: &str, source: &str, locator: &str, draft: &Draft) -> SheetRow {
        let plan = self.plan();
        let mut record = vec![String::new(); self.programme_header.len()];
        for (at, field) in FIELDS.iter().enumerate() {
            record[at] = match *field {
                "id" => id.to_owned(),
                "source" => source.to_owned(),
                "locator" => locator.to_owned(),
                "kind" => draft
                    .fields
                    .get("kind")
                    .map_or_else(|| self.reader.words.kind.clone(), |(text, _)| text.clone()),
                "lang" => draft
                    .fields
                    .get("lang")
                    .map_or_else(|| plan.language.clone(), |(text, _)| text.clone()),
                field => draft
                    .fields
                    .get(field)
                    .map(|(text, _)| text.clone())
                    .unwrap_or_default(),
            };
        }
        let position = |field: &str| FIELDS.iter().position(|f| *f == field).unwrap_or(0);
        if !draft.labels.is_empty() {
            let join = |part: fn(&(String, String)) -> &str| {
                draft.labels.iter().map(part).collect::<Vec<_>>().join("|")
            };
            record[position("label")] = join(|(text, _)| text);
            record[position("label_lang")] = join(|(_, language)| language);
        } else if record[position("label_lang")].is_empty() {
            let language = record[position("lang")].clone();
            record[position("label_lang")] = language;
        }
        for (axis, value, _) in &draft.silos {
            let cell = &mut record[FIELDS.len() + axis];
            if !cell.is_empty() {
                cell.push('|');
            }
            cell.push_str(&self.map.silo_values[*value].name.notation);
        }
        SheetRow {
            file: "",
            line: 0,
            header: Rc::clone(&self.programme_header),
            record: StringRecord::from(record),
        }
    }

    /// Moves what the writer found wrong with a programme to the cells it came from.
    fn collect(&mut self, row: Row<'_>, draft: &Draft, made: &mut Made) {
        for error in self.writer.errors.drain(..) {
            let cell = draft.fields.get(error.column.as_str());
            let column = cell.and_then(|(_, column)| *column);
            let mut finding = self.reader.sheet.finding(
                row.at,
                column,
                &error.column.replace('_', "-"),
                cell.map_or("", |(text, _)| text),
                error.reason,
            );
            finding.hint = error.hint;
            made.add(finding);
        }
    }

    fn coding(
        &mut self,
        row: Row<'_>,
        programme: &str,
        row_source: &str,
        row_locator: &str,
        coding: &Coding,
        made: &mut Made,
    ) {
        let source = match &coding.source {
            None => row_source.to_owned(),
            Some(cell) => match self.source(row, Some(cell), &HashMap::new(), made) {
                Some(source) => source,
                None => return,
            },
        };
        let plan = self.plan();
        let coder = coding.coder.as_deref().unwrap_or(&plan.coder);
        let coder = identifier_of(coder);
        let dimension = &self.map.dimensions[coding.dimension].name.notation;
        let value = coding
            .value
            .map_or("", |value| self.map.values[value].name.notation.as_str());
        let said = if value.is_empty() {
            coding.finding.word()
        } else {
            value
        };
        let id = format!("{programme}.{dimension}.{said}.{source}.{coder}");
        if plan.merge && self.writer.has(&minted("coding", &id)) {
            return;
        }
        let locator = coding.locator.as_deref().unwrap_or(row_locator);
        let record = [
            programme,
            dimension,
            value,
            coding.finding.word(),
            &coding.basis,
            &coding.confidence,
            &coding.evidence,
            &source,
            locator,
            &coder,
            &plan.language,
        ];
        let sheet_row = SheetRow {
            file: "",
            line: 0,
            header: Rc::clone(&self.coding_header),
            record: StringRecord::from(record.to_vec()),
        };
        self.writer
            .coding(&sheet_row, &self.programmes, &self.sources);
        if self.writer.errors.is_empty() {
            made.codings += 1;
        }
        for error in self.writer.errors.drain(..) {
            let mut finding = self.reader.sheet.finding(
                row.at,
                Some(coding.column),
                "coding",
                value,
                error.reason,
            );
            finding.hint = error.hint;
            made.add(finding);
        }
    }
}
