//! One row of a sheet as what it says about a programme, with every problem at its cell.

mod feed;

use std::collections::HashMap;

use super::plan::{Condition, Finding as Found, Give, Plan, parts};
use super::read::{Row, Sheet};
use super::words::Words;
use crate::map::ConceptualMap;
use crate::output::findings::Finding;
use crate::output::plain;

/// A text with the column that it came from.
pub(super) type Cell = (String, Option<usize>);

/// One coding before it has an identifier.
#[derive(Clone, Debug)]
pub(super) struct Coding {
    pub(super) dimension: usize,
    pub(super) value: Option<usize>,
    pub(super) finding: Found,
    pub(super) basis: String,
    pub(super) confidence: String,
    pub(super) evidence: String,
    pub(super) locator: Option<String>,
    pub(super) coder: Option<String>,
    /// Text that names its source, where that is not the source of the row.
    pub(super) source: Option<Cell>,
    pub(super) column: usize,
}

/// What a row says.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) fields: HashMap<&'static str, Cell>,
    pub(super) silos: Vec<(usize, usize, usize)>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) codings: Vec<Coding>,
    pub(super) source: HashMap<&'static str, Cell>,
    /// Text that names the source of the row.
    pub(super) source_text: Option<Cell>,
    pub(super) findings: Vec<Finding>,
    /// Values that a mapping does not know, with their columns.
    pub(super) unknown: Vec<(usize, String)>,
}

/// What a row is read against.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) plan: &'a Plan,
    pub(super) words: &'a Words,
    pub(super) map: &'a ConceptualMap,
}

impl Reader<'_> {
    /// Reads a row; `None` when the plan leaves it out. Linear in cells and rules.
    pub(super) fn draft(&self, row: Row<'_>) -> Option<Draft> {
        let plan = self.plan;
        let mut cells: Vec<&str> = row
            .cells
            .iter()
            .map(|cell| {
                let cell = plain(cell.trim());
                if plan.missing.contains(&cell.to_lowercase()) {
                    ""
                } else {
                    cell
                }
            })
            .collect();
        for column in plan.columns.iter().filter(|c| !c.replace.is_empty()) {
            if let Some(cell) = cells.get_mut(column.column)
                && let Some(better) = column.replace.get(&cell.to_lowercase())
            {
                *cell = better;
            }
        }
        let holds = |condition: &Condition| condition.matched(&cells, plan).is_some();
        if !plan.keep.iter().all(holds) || plan.drop.iter().any(holds) {
            return None;
        }
        let mut draft = Draft::default();
        for (field, templates) in &plan.fields {
            let filled = templates
                .iter()
                .find_map(|t| t.fill(&cells).map(|text| (text, t.first_column())));
            if let Some(cell) = filled {
                draft.fields.insert(field, cell);
            }
        }
        for (field, templates) in &plan.source {
            let filled = templates
                .iter()
                .find_map(|t| t.fill(&cells).map(|text| (text, t.first_column())));
            if let Some(cell) = filled {
                draft.source.insert(field, cell);
            }
        }
        let aspects = self.aspects(row, &cells, &mut draft);
        for column in &plan.columns {
            let Some(cell) = cells.get(column.column).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            if let Some(target) = &column.target {
                self.feed(row, column.column, cell, target, &aspects, &mut draft);
            }
            let Some(values) = &column.values else {
                continue;
            };
            for part in parts(cell, column.split.as_deref()) {
                match values.get(&part.to_lowercase()) {
                    Some(gives) => {
                        let why = self.why("values", column.column, part);
                        give(gives, column.column, &why, &column.confidence, &mut draft);
                    }
                    None => draft.unknown.push((column.column, part.to_owned())),
                }
            }
        }
        for rule in &plan.rules {
            if let Some((column, text)) = rule.condition.matched(&cells, plan) {
                let why = self.why(&rule.id, column, text);
                give(&rule.gives, column, &why, &rule.confidence, &mut draft);
            }
        }
        if let Some((language, column)) = draft.fields.get("lang").cloned()
            && oxrdf::Literal::new_language_tagged_literal("x", &language).is_err()
        {
            let finding = self.sheet.finding(
                row.at,
                column,
                "language",
                &language,
                format!("`{language}` is not a language tag"),
            );
            draft.findings.push(finding);
        }
        Some(draft)
    }

    /// Evidence of a rule: which rule, which column, and the text that it found.
    fn why(&self, rule: &str, column: usize, text: &str) -> String {
        let name = self.sheet.columns.get(column).map_or("", String::as_str);
        let short: String = text.chars().take(160).collect();
        let short = short.split_whitespace().collect::<Vec<_>>().join(" ");
        format!(
            "Rule {}/{rule}: column {name} has \"{short}\".",
            self.plan.name
        )
    }
}

/// Adds what a value or a rule gives; what is there already gets the further reason.
fn give(gives: &[Give], column: usize, why: &str, confidence: &str, draft: &mut Draft) {
    for give in gives {
        match give {
            Give::Coding {
                dimension,
                value,
                finding,
            } => {
                let held = draft.codings.iter_mut().find(|coding| {
                    (coding.dimension, coding.value, coding.finding)
                        == (*dimension, *value, *finding)
                });
                if let Some(held) = held {
                    if !held.evidence.contains(why) {
                        held.evidence.push(' ');
                        held.evidence.push_str(why);
                    }
                    continue;
                }
                draft.codings.push(Coding {
                    dimension: *dimension,
                    value: *value,
                    finding: *finding,
                    basis: "machine".to_owned(),
                    confidence: confidence.to_owned(),
                    evidence: why.to_owned(),
                    locator: None,
                    coder: None,
                    source: None,
                    column,
                });
            }
            Give::Silo { axis, value } => {
                if !draft.silos.iter().any(|(a, v, _)| (a, v) == (axis, value)) {
                    draft.silos.push((*axis, *value, column));
                }
            }
            Give::Label { text, language } => {
                let label = (text.clone(), language.clone());
                if !draft.labels.contains(&label) {
                    draft.labels.push(label);
                }
            }
            Give::Field {
                column: field,
                word,
            } => {
                let held = draft
                    .fields
                    .entry(field)
                    .or_insert_with(|| (String::new(), Some(column)));
                if !held.0.split('|').any(|part| part == word) {
                    if !held.0.is_empty() {
                        held.0.push('|');
                    }
                    held.0.push_str(word);
                }
            }
        }
    }
}
