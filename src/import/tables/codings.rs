//! One row of the table of codings as statements.

use std::collections::HashSet;

use oxrdf::Literal;
use oxrdf::vocab::{rdf, rdfs, xsd};

use super::rows::{language, quoted};
use super::writer::{SheetRow, Writer, is_slug, minted, slug};
use crate::nearest::near_or_all;
use crate::vocab::other::{DCTERMS_SOURCE, GENERATED_AT_TIME, WAS_ATTRIBUTED_TO};
use crate::vocab::{
    BASIS, CITED_REFERENCE, CODED_VALUE, CODER, CODING, CODING_OF, CONFIDENCE, EVIDENCE, FINDING,
    LOCATOR, ON_DIMENSION,
};

impl Writer<'_> {
    pub(in crate::import) fn coding(
        &mut self,
        row: &SheetRow,
        programmes: &HashSet<String>,
        sources: &HashSet<String>,
    ) {
        let before = self.errors.len();
        let mut part = |column: &str| {
            row.cell(column).map(str::to_owned).or_else(|| {
                self.error(row, column, "something is needed here", None);
                None
            })
        };
        let (programme_id, dimension_text, source_id, coder, locator) = (
            part("programme"),
            part("dimension"),
            part("source"),
            part("coder"),
            part("locator"),
        );
        let finding = self.fixed(row, "finding", "Finding");
        let basis = self.fixed(row, "basis", "Basis");
        let confidence = self.fixed(row, "confidence", "Confidence");
        let programme = programme_id
            .as_deref()
            .and_then(|id| self.reference(row, "programme", id, "programme", programmes));
        let source = source_id
            .as_deref()
            .and_then(|id| self.reference(row, "source", id, "source", sources));
        let dimension = dimension_text.as_deref().and_then(|text| {
            self.map.dimension(text).or_else(|| {
                let notations: Vec<&str> = self
                    .map
                    .dimensions
                    .iter()
                    .map(|d| d.name.notation.as_str())
                    .collect();
                let hint = near_or_all(text, notations.iter().copied());
                self.error(
                    row,
                    "dimension",
                    format!("`{text}` is not a dimension"),
                    Some(hint),
                );
                None
            })
        });
        let value = self.coded_value(row, dimension);
        if let Some(coder) = coder.as_deref().filter(|coder| !is_slug(coder)) {
            self.error(
                row,
                "coder",
                format!("`{coder}` is no identifier"),
                Some(format!("for example {}", slug(coder))),
            );
        }
        if self.errors.len() > before {
            return;
        }
        let (
            Some(programme),
            Some(dimension),
            Some(source),
            Some(coder),
            Some(finding),
            Some(basis),
            Some(confidence),
            Some(locator),
        ) = (
            programme, dimension, source, coder, finding, basis, confidence, locator,
        )
        else {
            return;
        };
        let dimension = &self.map.dimensions[dimension].name;
        let value_part = value.map_or_else(
            || row.cell("finding").unwrap_or("none"),
            |v| self.map.values[v].name.notation.as_str(),
        );
        let id = format!(
            "{}.{}.{value_part}.{}.{coder}",
            programme_id.unwrap_or_default(),
            dimension.notation,
            source_id.unwrap_or_default()
        );
        let dimension_iri = dimension.iri.clone();
        let coding = self.claim(row, "value", minted("coding", &id));
        self.add(&coding, rdf::TYPE, CODING);
        self.add(&coding, CODING_OF, programme);
        self.add(&coding, ON_DIMENSION, dimension_iri);
        if let Some(value) = value {
            self.add(
                &coding,
                CODED_VALUE,
                self.map.values[value].name.iri.clone(),
            );
        }
        self.add(&coding, FINDING, finding);
        self.add(&coding, BASIS, basis);
        self.add(&coding, CONFIDENCE, confidence);
        if let Some(evidence) = row.cell("evidence") {
            self.add(
                &coding,
                EVIDENCE,
                Literal::new_language_tagged_literal_unchecked(evidence, language(row)),
            );
        }
        self.add(&coding, DCTERMS_SOURCE, source);
        self.add(&coding, LOCATOR, Literal::new_simple_literal(locator));
        for id in row.list("cited") {
            if let Some(cited) = self.reference(row, "cited", id, "source", sources) {
                self.add(&coding, CITED_REFERENCE, cited);
            }
        }
        let coder_iri = minted("coder", &coder);
        if self.is_new(&coder_iri) {
            self.add(&coder_iri, rdf::TYPE, CODER);
            self.add(
                &coder_iri,
                rdfs::LABEL,
                Literal::new_simple_literal(coder.replace('-', " ")),
            );
        }
        self.add(&coding, WAS_ATTRIBUTED_TO, coder_iri);
        if let Some(date) = row.cell("date") {
            self.add(
                &coding,
                GENERATED_AT_TIME,
                Literal::new_typed_literal(date, xsd::DATE_TIME),
            );
        }
    }

    /// The value of a coding; a finding of presence needs one, and silence must have none.
    fn coded_value(&mut self, row: &SheetRow, dimension: Option<usize>) -> Option<usize> {
        let Some(text) = row.cell("value") else {
            if row.cell("finding") == Some("present") {
                self.error(
                    row,
                    "value",
                    "what is present is not said",
                    Some("name a value, or make the finding not-reported".to_owned()),
                );
            }
            return None;
        };
        if row.cell("finding") == Some("not-reported") {
            self.error(
                row,
                "value",
                "a value stands beside not-reported",
                Some("leave the value empty, or make the finding present or absent".to_owned()),
            );
        }
        let dimension = dimension?;
        let value = self.map.find_value(dimension, text);
        if value.is_none() {
            let name = self.map.dimensions[dimension].name.notation.clone();
            let elsewhere = (0..self.map.dimensions.len())
                .find(|&d| d != dimension && self.map.find_value(d, text).is_some());
            let hint = match elsewhere {
                Some(other) => Some(format!(
                    "it is a value of {}",
                    self.map.dimensions[other].name.notation
                )),
                None => quoted(&self.map.near_values(dimension, text))
                    .or_else(|| Some("see ontology/map.ttl for the values".to_owned())),
            };
            self.error(
                row,
                "value",
                format!("`{text}` is no value of {name}"),
                hint,
            );
        }
        value
    }
}
