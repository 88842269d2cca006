//! What the columns of a row feed: fields, answers to questions, places on axes.

use std::collections::HashMap;

use super::{Cell, Coding, Draft, Reader};
use crate::import::cells::{self, Part, SPLIT};
use crate::import::plan::{Aspect, Finding as Found, Target, parts};
use crate::import::read::Row;
use crate::nearest::nearest;
use crate::output::findings::Finding;

impl Reader<'_> {
    /// The parts of codings that stand in columns of their own.
    pub(super) fn aspects(
        &self,
        row: Row<'_>,
        cells: &[&str],
        draft: &mut Draft,
    ) -> HashMap<(Aspect, Option<usize>), Cell> {
        let mut found = HashMap::new();
        for plan in &self.plan.columns {
            let Some(Target::Aspect(aspect, dimension)) = &plan.target else {
                continue;
            };
            let Some(cell) = cells.get(plan.column).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            let class = match aspect {
                Aspect::Basis => Some("Basis"),
                Aspect::Confidence => Some("Confidence"),
                _ => None,
            };
            let text = match class {
                None => (*cell).to_owned(),
                Some(class) => {
                    let Some(word) = self.words.fixed(class, cell) else {
                        let finding = self.not_fixed(row, plan.column, class, cell);
                        draft.findings.push(finding);
                        continue;
                    };
                    word.to_owned()
                }
            };
            found.insert((*aspect, *dimension), (text, Some(plan.column)));
        }
        if let Some(cell) = found.get(&(Aspect::Source, None)) {
            draft.source_text = Some(cell.clone());
        }
        if let Some(cell) = found.get(&(Aspect::Locator, None)) {
            draft.fields.insert("locator", cell.clone());
        }
        found
    }

    pub(super) fn feed(
        &self,
        row: Row<'_>,
        column: usize,
        cell: &str,
        target: &Target,
        aspects: &HashMap<(Aspect, Option<usize>), Cell>,
        draft: &mut Draft,
    ) {
        match target {
            Target::Field(field @ ("kind" | "trend")) => {
                let class = if *field == "kind" { "Kind" } else { "Trend" };
                let mut words = Vec::new();
                for part in cells::pieces(cell, |text| self.words.fixed(class, text).is_some()) {
                    match self.words.fixed(class, &part) {
                        Some(word) => words.push(word.to_owned()),
                        None if self.words.says(&part).is_some() => {}
                        None => draft
                            .findings
                            .push(self.not_fixed(row, column, class, &part)),
                    }
                }
                if *field == "kind" && words.len() > 1 {
                    draft.findings.push(self.sheet.finding(
                        row.at,
                        Some(column),
                        "several-kinds",
                        cell,
                        "a programme has one kind",
                    ));
                }
                if !words.is_empty() {
                    draft.fields.insert(field, (words.join("|"), Some(column)));
                }
            }
            Target::Field(field @ ("label" | "label_lang" | "country")) => {
                let several = parts(cell, Some(SPLIT)).join("|");
                let several = if *field == "country" {
                    several.replace(',', "|").replace(' ', "").to_uppercase()
                } else {
                    several
                };
                draft.fields.insert(field, (several, Some(column)));
            }
            Target::Field(field) => {
                draft
                    .fields
                    .entry(field)
                    .or_insert_with(|| (cell.to_owned(), Some(column)));
            }
            Target::Source(field) => {
                draft.source.insert(field, (cell.to_owned(), Some(column)));
            }
            Target::Aspect(..) => {}
            Target::Axis(axis) => {
                let (values, unknown) = cells::places(self.words, *axis, cell);
                for value in values {
                    draft.silos.push((*axis, value, column));
                }
                let name = &self.map.axes[*axis].name.notation;
                for text in unknown {
                    let mut finding = self.sheet.finding(
                        row.at,
                        Some(column),
                        "unknown-silo",
                        &text,
                        format!("`{text}` is no value of {name}"),
                    );
                    finding.near = near(&self.map.near_silo_values(*axis, &text));
                    finding.hint = Some(format!(
                        "`peermap import template` lists the values of {name}"
                    ));
                    draft.findings.push(finding);
                }
            }
            Target::Value(dimension, value) => match self.words.yes_or_no(cell) {
                Some(yes) => {
                    let finding = if yes { Found::Present } else { Found::Absent };
                    let coding =
                        self.coding(*dimension, Some(*value), finding, (column, cell), aspects);
                    draft.codings.push(coding);
                }
                None if self.words.says(cell).is_some() => {}
                None => {
                    let mut finding = self.sheet.finding(
                        row.at,
                        Some(column),
                        "not-yes-or-no",
                        cell,
                        format!("`{cell}` is neither yes nor no"),
                    );
                    finding.hint = Some("leave the cell empty where it is not stated".to_owned());
                    draft.findings.push(finding);
                }
            },
            Target::Dimension(dimension) => {
                self.answer(row, column, cell, *dimension, aspects, draft);
            }
        }
    }

    fn answer(
        &self,
        row: Row<'_>,
        column: usize,
        cell: &str,
        dimension: usize,
        aspects: &HashMap<(Aspect, Option<usize>), Cell>,
        draft: &mut Draft,
    ) {
        let found = cells::answer(self.words, dimension, cell);
        if let Some(reason) = cells::contradiction(self.map, &found) {
            let finding = self
                .sheet
                .finding(row.at, Some(column), "contradiction", cell, reason);
            draft.findings.push(finding);
        }
        for part in found {
            match part {
                Part::Found(value, finding) => {
                    draft.codings.push(self.coding(
                        dimension,
                        value,
                        finding,
                        (column, cell),
                        aspects,
                    ));
                }
                Part::Unknown(text) => {
                    draft
                        .findings
                        .push(self.unknown_value(row, column, dimension, &text));
                }
            }
        }
    }

    fn unknown_value(&self, row: Row<'_>, column: usize, dimension: usize, text: &str) -> Finding {
        let name = &self.map.dimensions[dimension].name.notation;
        let mut finding = self.sheet.finding(
            row.at,
            Some(column),
            "unknown-value",
            text,
            format!("`{text}` is no value of {name}"),
        );
        let elsewhere = (0..self.map.dimensions.len())
            .filter(|d| *d != dimension)
            .find(|d| self.words.value(*d, text).is_some());
        finding.hint = if let Some(other) = elsewhere {
            let other = &self.map.dimensions[other].name.notation;
            Some(format!("it is a value of {other}"))
        } else {
            finding.near = near(&self.map.near_values(dimension, text));
            Some(format!(
                "`peermap import template` lists the values of {name}"
            ))
        };
        finding
    }

    fn coding(
        &self,
        dimension: usize,
        value: Option<usize>,
        finding: Found,
        (column, cell): (usize, &str),
        aspects: &HashMap<(Aspect, Option<usize>), Cell>,
    ) -> Coding {
        let aspect = |aspect: Aspect| {
            aspects
                .get(&(aspect, Some(dimension)))
                .or_else(|| aspects.get(&(aspect, None)))
        };
        let text = |a: Aspect| aspect(a).map(|(text, _)| text.clone());
        Coding {
            dimension,
            value,
            finding,
            basis: text(Aspect::Basis).unwrap_or_else(|| self.plan.basis.clone()),
            confidence: text(Aspect::Confidence).unwrap_or_else(|| self.plan.confidence.clone()),
            evidence: text(Aspect::Evidence).unwrap_or_else(|| match finding {
                Found::NotReported => String::new(),
                Found::Present | Found::Absent => {
                    let name = &self.sheet.columns[column];
                    self.words.evidence(&self.plan.language, name, cell)
                }
            }),
            locator: text(Aspect::Locator),
            coder: text(Aspect::Coder),
            source: aspects.get(&(Aspect::Source, Some(dimension))).cloned(),
            column,
        }
    }

    fn not_fixed(&self, row: Row<'_>, column: usize, class: &str, text: &str) -> Finding {
        let what = class.to_lowercase();
        let known = self.words.fixed_words(class);
        let mut finding = self.sheet.finding(
            row.at,
            Some(column),
            &format!("unknown-{what}"),
            text,
            format!("`{text}` is not a {what}"),
        );
        finding.near = near(&nearest(text, known.iter().copied()));
        finding.hint = Some(format!("one of: {}", known.join(", ")));
        finding
    }
}

fn near(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
