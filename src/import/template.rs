//! The table to fill in: one row a programme, a column a question and an axis of the map.
//!
//! Made from the map and `data/words.toml`, so that a new value or a new question is in it at once.

use std::collections::HashMap;

use oxrdf::{Literal, NamedNode};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula, Note,
    Workbook, XlsxError,
};
use serde::Deserialize;

use super::words::{WORDS, Words};
use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::map::{ConceptualMap, Language};
use crate::output::findings::letters;
use crate::output::harmless;
use crate::query::{Rows, named, rows};

/// How many rows of the workbook offer lists.
const ROWS: u32 = 2_000;

#[derive(Deserialize)]
struct File {
    template: Declared,
}

#[derive(Deserialize)]
struct Declared {
    sheet: Bilingual,
    lists: Bilingual,
    several: Bilingual,
    silence: Bilingual,
    columns: Vec<DeclaredColumn>,
}

#[derive(Deserialize)]
struct DeclaredColumn {
    column: String,
    class: Option<String>,
    header: Bilingual,
    note: Bilingual,
}

#[derive(Deserialize)]
struct Bilingual {
    en: String,
    fr: String,
}

impl Bilingual {
    fn text(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }
}

/// A column of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// What to write there.
    pub note: String,
    /// What can be chosen; empty for free text.
    pub values: Vec<String>,
}

/// The template in one language.
#[derive(Clone, Debug)]
pub struct Template {
    /// The columns in their order.
    pub columns: Vec<Column>,
    sheet: String,
    lists: String,
}

impl Template {
    /// Makes the template from the map.
    ///
    /// # Errors
    /// A graph that cannot be queried.
    pub fn new(
        graph: &KnowledgeGraph,
        map: &ConceptualMap,
        words: &Words,
        language: Language,
    ) -> Result<Self> {
        let File { template } = toml::from_str(WORDS).map_err(|error| Error::Ontology {
            reason: format!("data/words.toml cannot be read: {error}"),
            hint: None,
        })?;
        let questions = questions(graph, language)?;
        let mut columns = Vec::new();
        for declared in &template.columns {
            if declared.column != "*" {
                let values = declared
                    .class
                    .as_deref()
                    .map_or_else(Vec::new, |class| words.fixed_labels(class, language.tag()));
                columns.push(Column {
                    header: declared.header.text(language).to_owned(),
                    note: declared.note.text(language).to_owned(),
                    values,
                });
                continue;
            }
            for dimension in &map.dimensions {
                let question = questions
                    .get(&dimension.name.iri)
                    .map_or("", String::as_str);
                columns.push(Column {
                    header: dimension.name.label(language).to_owned(),
                    note: [
                        question,
                        template.several.text(language),
                        template.silence.text(language),
                    ]
                    .join(" ")
                    .trim()
                    .to_owned(),
                    values: map.values[dimension.values.clone()]
                        .iter()
                        .map(|value| value.name.label(language).to_owned())
                        .collect(),
                });
            }
            for axis in &map.axes {
                columns.push(Column {
                    header: axis.name.label(language).to_owned(),
                    note: template.several.text(language).to_owned(),
                    values: map.silo_values[axis.values.clone()]
                        .iter()
                        .map(|value| value.name.label(language).to_owned())
                        .collect(),
                });
            }
        }
        Ok(Self {
            columns,
            sheet: template.sheet.text(language).to_owned(),
            lists: template.lists.text(language).to_owned(),
        })
    }

    /// The header as CSV.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let headers = self
            .columns
            .iter()
            .map(|column| harmless(&column.header).into_owned());
        let written = writer
            .write_record(headers)
            .and_then(|()| writer.flush().map_err(csv::Error::from));
        written.map_err(|error| Error::Output(std::io::Error::other(error)))?;
        let bytes = writer
            .into_inner()
            .map_err(|error| Error::Output(std::io::Error::other(error.to_string())))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A workbook: the table with notes and lists to choose from, and a sheet with the lists. Texts
    /// are written as texts, so that no program takes one for a formula. The same map gives the
    /// same bytes.
    ///
    /// # Errors
    /// A map whose lists pass the limits of a workbook.
    pub fn xlsx(&self) -> Result<Vec<u8>> {
        self.workbook()
            .map_err(|error| Error::Output(std::io::Error::other(error)))
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // A fixed date, so that the bytes depend on the map alone.
        let date = ExcelDateTime::from_ymd(2024, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&date));
        let head = Format::new().set_bold().set_text_wrap();
        let text = Format::new().set_num_format("@");
        let lists_name = self.lists.clone();
        let sheet = book.add_worksheet().set_name(&self.sheet)?;
        sheet.set_freeze_panes(1, 1)?;
        let mut at_list = 0;
        for (at, column) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, &column.header, &head)?;
            sheet.set_column_width(at, 18)?;
            // Years and codes stay as they are typed.
            sheet.set_column_format(at, &text)?;
            if !column.note.is_empty() {
                let note = Note::new(&column.note)
                    .add_author_prefix(false)
                    .set_width(260)
                    .set_height(120);
                sheet.insert_note(0, at, &note)?;
            }
            if !column.values.is_empty() {
                let letter = letters(at_list);
                let last = column.values.len() + 1;
                let range = Formula::new(format!("='{lists_name}'!${letter}$2:${letter}${last}"));
                // Several values in a cell are not in the list, and are right all the same.
                let validation = DataValidation::new()
                    .allow_list_formula(range)
                    .set_error_style(DataValidationErrorStyle::Information)
                    .show_error_message(false);
                sheet.add_data_validation(1, at, ROWS, at, &validation)?;
                at_list += 1;
            }
        }
        let lists = book.add_worksheet().set_name(&lists_name)?;
        lists.set_freeze_panes(1, 0)?;
        let of_lists = self
            .columns
            .iter()
            .filter(|column| !column.values.is_empty());
        for (at, column) in (0u16..).zip(of_lists) {
            lists.write_string_with_format(0, at, &column.header, &head)?;
            lists.set_column_width(at, 32)?;
            for (row, value) in (1u32..).zip(&column.values) {
                lists.write_string(row, at, value)?;
            }
        }
        book.save_to_buffer()
    }
}

/// The questions of the map in a language, by dimension.
fn questions(graph: &KnowledgeGraph, language: Language) -> Result<HashMap<NamedNode, String>> {
    let parameters = vec![(
        "language".to_owned(),
        Literal::new_simple_literal(language.tag()).into(),
    )];
    let mut questions = HashMap::new();
    for row in Rows::new(&rows(graph, named("map-in-a-language")?, parameters)?) {
        if let (Ok(dimension), Ok(question)) = (row.iri("dimension"), row.text("question")) {
            questions.insert(dimension, question);
        }
    }
    Ok(questions)
}
