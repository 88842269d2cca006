//! One row of each table as statements.

use std::collections::HashSet;

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Literal, NamedNode};

use super::writer::{SheetRow, Writer, is_slug, minted, slug};
use crate::nearest::near_or_all;
use crate::vocab::other::{
    ALT_LABEL, CITATION, CONCEPT, CREATOR, DATE, DCTERMS_SOURCE, DESCRIPTION, DOI,
    GENERATED_AT_TIME, IN_SCHEME, IS_PART_OF, IS_REFERENCED_BY, NOTATION, PAGE, PREF_LABEL, RIGHTS,
    TITLE, TOP_CONCEPT_OF, TYPE, WAS_ATTRIBUTED_TO,
};
use crate::vocab::{
    AUTHORS, BASE, BASIS, CALLED_BY, CITED_REFERENCE, CODED_VALUE, CODER, CODING, CODING_OF,
    CONFIDENCE, COUNTRY, EARLIEST_YEAR, ENGAGES, EVIDENCE, FINDING, KIND, LATEST_YEAR, LOCATOR,
    ON_DIMENSION, PEER, PEER_LABEL, PERIOD, PLACE, PROGRAMME, SOURCE, TREND,
};
impl Writer<'_> {
    pub(super) fn source(&mut self, row: &SheetRow, known: &HashSet<String>) {
        let Some(source) = self.id(row, "source") else {
            return;
        };
        self.add(&source, rdf::TYPE, SOURCE);
        match row.cell("title") {
            Some(title) => self.add(&source, TITLE, Literal::new_simple_literal(title)),
            None => self.error(row, "title", "a source needs a title", None),
        }
        let authors: Vec<&str> = row.cell("authors").map_or_else(Vec::new, |text| {
            text.split(';')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect()
        });
        for author in authors.iter().filter(|name| **name != "et al.") {
            self.add(&source, CREATOR, Literal::new_simple_literal(*author));
        }
        self.text(&source, DATE, row, "year");
        self.text(&source, IS_PART_OF, row, "venue");
        self.text(&source, TYPE, row, "type");
        self.text(&source, RIGHTS, row, "licence");
        self.text(&source, DOI, row, "doi");
        let page = row
            .cell("url")
            .map(str::to_owned)
            .or_else(|| row.cell("doi").map(|doi| format!("https://doi.org/{doi}")));
        if let Some(page) = page {
            match NamedNode::new(&page) {
                Ok(page) => self.add(&source, PAGE, page),
                Err(_) => self.error(
                    row,
                    "url",
                    format!("`{page}` is not an address"),
                    Some("write it with https:// and without spaces".to_owned()),
                ),
            }
        }
        if let Some(authors) = row.cell("authors") {
            self.add(&source, AUTHORS, Literal::new_simple_literal(authors));
        }
        self.text(&source, AUTHORS, row, "authors");
        self.add(
            &source,
            CITATION,
            Literal::new_simple_literal(citation(row, &authors)),
        );
        for id in row.list("cited_by") {
            if let Some(citing) = self.reference(row, "cited_by", id, "source", known) {
                self.add(&source, IS_REFERENCED_BY, citing);
            }
        }
    }

    pub(super) fn programme(&mut self, row: &SheetRow, known_sources: &HashSet<String>) {
        let Some(programme) = self.id(row, "programme") else {
            return;
        };
        self.add(&programme, rdf::TYPE, PROGRAMME);
        match row.cell("name") {
            Some(name) => self.add(&programme, rdfs::LABEL, Literal::new_simple_literal(name)),
            None => self.error(row, "name", "a programme needs a name", None),
        }
        if let Some(kind) = self.fixed(row, "kind", "Kind") {
            self.add(&programme, KIND, kind);
        }
        if let Some(description) = row.cell("description") {
            self.add(
                &programme,
                DESCRIPTION,
                Literal::new_language_tagged_literal_unchecked(description, "en"),
            );
        }
        for code in row.list("country") {
            if code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) {
                self.add(&programme, COUNTRY, Literal::new_simple_literal(code));
            } else {
                self.error(
                    row,
                    "country",
                    format!("`{code}` is not a country code"),
                    Some("use the two capitals of ISO 3166-1, for example CA".to_owned()),
                );
            }
        }
        self.text(&programme, PLACE, row, "place");
        self.text(&programme, PERIOD, row, "period");
        let mut years = [None, None];
        for (year, (column, property)) in years.iter_mut().zip([
            ("earliest_year", EARLIEST_YEAR),
            ("latest_year", LATEST_YEAR),
        ]) {
            if let Some(text) = row.cell(column) {
                match text.parse::<i32>() {
                    Ok(number) => {
                        *year = Some(number);
                        self.add(
                            &programme,
                            property,
                            Literal::new_typed_literal(number.to_string(), xsd::INTEGER),
                        );
                    }
                    Err(_) => self.error(
                        row,
                        column,
                        format!("`{text}` is not a year"),
                        Some("write digits only, for example 1990".to_owned()),
                    ),
                }
            }
        }
        if let [Some(first), Some(last)] = years
            && first > last
        {
            self.error(
                row,
                "latest_year",
                format!("{last} comes before {first}"),
                None,
            );
        }
        self.labels(row, &programme);
        for word in row.list("trend") {
            if let Some(trend) = self.fixed_word(row, "trend", "Trend", word) {
                self.add(&programme, TREND, trend);
            }
        }
        for axis in 0..self.map.axes.len() {
            let column = self.map.axes[axis].name.notation.clone();
            for text in row.list(&column) {
                if let Some(value) = self.map.find_silo_value(axis, text) {
                    let property = self.map.axes[axis].property.clone();
                    self.add(
                        &programme,
                        &property,
                        self.map.silo_values[value].name.iri.clone(),
                    );
                } else {
                    let hint = quoted(&self.map.near_silo_values(axis, text))
                        .or_else(|| Some("add it to ontology/silos.ttl if it is new".to_owned()));
                    self.error(
                        row,
                        &column,
                        format!("`{text}` is no value of the axis {column}"),
                        hint,
                    );
                }
            }
        }
        for id in row.list("source") {
            if let Some(source) = self.reference(row, "source", id, "source", known_sources) {
                self.add(&programme, DCTERMS_SOURCE, source);
            }
        }
        self.text(&programme, LOCATOR, row, "locator");
    }

    /// One kind of peer for the programme, with the labels in use for it.
    fn labels(&mut self, row: &SheetRow, programme: &NamedNode) {
        let labels = row.list("label");
        if labels.is_empty() {
            return;
        }
        let languages = row.list("label_lang");
        if languages.len() > 1 && languages.len() != labels.len() {
            let reason = format!(
                "{} languages stand against {} labels",
                languages.len(),
                labels.len()
            );
            self.error(
                row,
                "label_lang",
                reason,
                Some("give one language for all labels, or one a label".to_owned()),
            );
            return;
        }
        let peer = minted(
            "peer",
            programme.as_str().rsplit('/').next().unwrap_or_default(),
        );
        self.add(programme, ENGAGES, peer.clone());
        self.add(&peer, rdf::TYPE, PEER);
        for (at, text) in labels.iter().enumerate() {
            let language = languages
                .get(at)
                .or(languages.first())
                .copied()
                .unwrap_or("en");
            let Ok(name) = Literal::new_language_tagged_literal(*text, language) else {
                self.error(
                    row,
                    "label_lang",
                    format!("`{language}` is not a language tag"),
                    Some("write for example en or fr".to_owned()),
                );
                continue;
            };
            self.add(&peer, rdfs::LABEL, name.clone());
            let id = slug(text);
            let named = self.words.labels.named(&id, language).cloned();
            let known = named.is_some();
            let label = named.unwrap_or_else(|| minted("label", &id));
            self.add(&peer, CALLED_BY, label.clone());
            if !known && self.seen.insert(label.as_str().to_owned()) {
                let scheme = NamedNode::new_unchecked(format!("{BASE}label"));
                self.add(&label, rdf::TYPE, PEER_LABEL);
                self.add(&label, rdf::TYPE, CONCEPT);
                self.add(&label, IN_SCHEME, scheme.clone());
                self.add(&label, TOP_CONCEPT_OF, scheme);
                self.add(&label, NOTATION, Literal::new_simple_literal(id));
            }
            let preferred = self.words.labels.preferred(&label, language);
            match preferred.or(self.new_labels.preferred(&label, language)) {
                None => {
                    self.new_labels.add(&label, language, text);
                    self.add(&label, PREF_LABEL, name);
                }
                Some(preferred) if preferred.to_lowercase() != text.to_lowercase() => {
                    self.add(&label, ALT_LABEL, name);
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn coding(
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
                Literal::new_language_tagged_literal_unchecked(evidence, "en"),
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
        if self.seen.insert(coder_iri.as_str().to_owned()) {
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

/// Authors in their order, title, venue, year and where to open it.
fn citation(row: &SheetRow, authors: &[&str]) -> String {
    let address = row
        .cell("doi")
        .map(|doi| format!("https://doi.org/{doi}"))
        .or_else(|| row.cell("url").map(str::to_owned));
    let parts = [
        (!authors.is_empty()).then(|| authors.join(", ")),
        row.cell("title").map(str::to_owned),
        row.cell("venue").map(str::to_owned),
        row.cell("year").map(str::to_owned),
        address,
    ];
    parts
        .into_iter()
        .flatten()
        .map(|part| part.trim_end_matches('.').to_owned())
        .collect::<Vec<_>>()
        .join(". ")
}

fn quoted(near: &[&str]) -> Option<String> {
    (!near.is_empty()).then(|| {
        let list: Vec<String> = near.iter().map(|word| format!("`{word}`")).collect();
        format!("did you mean {}?", list.join(" or "))
    })
}
