//! One row of each table as statements.

use std::collections::HashSet;

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Literal, NamedNode};

use super::writer::{SheetRow, Writer, minted, slug};
use crate::vocab::other::{
    ALT_LABEL, CITATION, CONCEPT, CREATOR, DATE, DCTERMS_SOURCE, DESCRIPTION, DOI, IN_SCHEME,
    IS_PART_OF, IS_REFERENCED_BY, NOTATION, PAGE, PREF_LABEL, RIGHTS, TITLE, TOP_CONCEPT_OF, TYPE,
};
use crate::vocab::{
    AUTHORS, BASE, CALLED_BY, COUNTRY, EARLIEST_YEAR, ENGAGES, KIND, LATEST_YEAR, LOCATOR, PEER,
    PEER_LABEL, PERIOD, PLACE, PROGRAMME, SOURCE, TREND,
};
impl Writer<'_> {
    pub(in crate::import) fn source(&mut self, row: &SheetRow, known: &HashSet<String>) {
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

    pub(in crate::import) fn programme(&mut self, row: &SheetRow, known_sources: &HashSet<String>) {
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
                Literal::new_language_tagged_literal_unchecked(description, language(row)),
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
        self.lists(row, &programme);
        for id in row.list("source") {
            if let Some(source) = self.reference(row, "source", id, "source", known_sources) {
                self.add(&programme, DCTERMS_SOURCE, source);
            }
        }
        self.text(&programme, LOCATOR, row, "locator");
    }

    /// What a programme can have several of: labels, trends and places on the axes.
    pub(in crate::import) fn lists(&mut self, row: &SheetRow, programme: &NamedNode) {
        self.labels(row, programme);
        for word in row.list("trend") {
            if let Some(trend) = self.fixed_word(row, "trend", "Trend", word) {
                self.add(programme, TREND, trend);
            }
        }
        for axis in 0..self.map.axes.len() {
            let column = self.map.axes[axis].name.notation.clone();
            for text in row.list(&column) {
                if let Some(value) = self.map.find_silo_value(axis, text) {
                    let property = self.map.axes[axis].property.clone();
                    self.add(
                        programme,
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
            if !known && self.is_new(&label) {
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
                    self.add_label(&label, language, text);
                    self.add(&label, PREF_LABEL, name);
                }
                Some(preferred) if preferred.to_lowercase() != text.to_lowercase() => {
                    self.add(&label, ALT_LABEL, name);
                }
                Some(_) => {}
            }
        }
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

/// The language that texts of a row are in; English where it does not say.
pub(super) fn language(row: &SheetRow) -> &str {
    row.cell("lang").unwrap_or("en")
}

pub(super) fn quoted(near: &[&str]) -> Option<String> {
    (!near.is_empty()).then(|| {
        let list: Vec<String> = near.iter().map(|word| format!("`{word}`")).collect();
        format!("did you mean {}?", list.join(" or "))
    })
}
