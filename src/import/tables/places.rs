//! Which row of the tables says something of a thing, and which column says what.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};

use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNodeRef, NamedOrBlankNodeRef};

use super::{FILES, FixedTerms, Tables};
use crate::error::Result;
use crate::map::ConceptualMap;
use crate::vocab::other::{
    ALT_LABEL, CITATION, CREATOR, DATE, DCTERMS_SOURCE, DESCRIPTION, DOI, GENERATED_AT_TIME,
    IS_PART_OF, IS_REFERENCED_BY, PAGE, PREF_LABEL, RIGHTS, TITLE, TYPE, WAS_ATTRIBUTED_TO,
};
use crate::vocab::{
    AUTHORS, BASIS, CALLED_BY, CITED_REFERENCE, CODED_VALUE, CODING_OF, CONFIDENCE, COUNTRY,
    EARLIEST_YEAR, ENGAGES, EVIDENCE, FINDING, KIND, LATEST_YEAR, LOCATOR, ON_DIMENSION, PERIOD,
    PLACE, TREND,
};

/// A row of one of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// Its file, one of [`FILES`].
    pub file: &'static str,
    /// Its line, from 1; the header is line 1.
    pub line: u64,
}

impl RowPlace {
    /// The column of the row's file that states a property, if there is one.
    pub fn column<'a>(
        &self,
        property: NamedNodeRef<'_>,
        map: &'a ConceptualMap,
    ) -> Option<&'a str> {
        let of_axis = || {
            let axes = map.axes.iter();
            axes.filter(|axis| axis.property.as_ref() == property)
                .map(|axis| axis.name.notation.as_str())
                .next()
        };
        let known: &[(NamedNodeRef<'_>, &'static str)] = if self.file == FILES[0] {
            PROGRAMMES
        } else if self.file == FILES[1] {
            CODINGS
        } else {
            SOURCES
        };
        let plain = known.iter().find(|(known, _)| *known == property);
        plain
            .map(|(_, column)| *column)
            .or_else(|| (self.file == FILES[0]).then(of_axis).flatten())
    }
}

const PROGRAMMES: &[(NamedNodeRef<'_>, &str)] = &[
    (rdfs::LABEL, "name"),
    (KIND, "kind"),
    (COUNTRY, "country"),
    (PLACE, "place"),
    (PERIOD, "period"),
    (EARLIEST_YEAR, "earliest_year"),
    (LATEST_YEAR, "latest_year"),
    (ENGAGES, "label"),
    (CALLED_BY, "label"),
    (PREF_LABEL, "label"),
    (ALT_LABEL, "label"),
    (TREND, "trend"),
    (DESCRIPTION, "description"),
    (DCTERMS_SOURCE, "source"),
    (LOCATOR, "locator"),
    (rdf::TYPE, "id"),
];

const CODINGS: &[(NamedNodeRef<'_>, &str)] = &[
    (CODING_OF, "programme"),
    (ON_DIMENSION, "dimension"),
    (CODED_VALUE, "value"),
    (FINDING, "finding"),
    (BASIS, "basis"),
    (CONFIDENCE, "confidence"),
    (EVIDENCE, "evidence"),
    (DCTERMS_SOURCE, "source"),
    (LOCATOR, "locator"),
    (CITED_REFERENCE, "cited"),
    (WAS_ATTRIBUTED_TO, "coder"),
    (GENERATED_AT_TIME, "date"),
];

const SOURCES: &[(NamedNodeRef<'_>, &str)] = &[
    (TITLE, "title"),
    (AUTHORS, "authors"),
    (CREATOR, "authors"),
    (CITATION, "title"),
    (DATE, "year"),
    (IS_PART_OF, "venue"),
    (DOI, "doi"),
    (PAGE, "url"),
    (TYPE, "type"),
    (RIGHTS, "licence"),
    (IS_REFERENCED_BY, "cited_by"),
    (rdf::TYPE, "id"),
];

impl Tables {
    /// The first row that says something of each of some things, given by their IRIs.
    ///
    /// # Errors
    /// As of [`Tables::write`].
    pub fn places(
        &self,
        map: &ConceptualMap,
        words: &FixedTerms,
        subjects: &BTreeSet<String>,
    ) -> Result<HashMap<String, RowPlace>> {
        let here = Cell::new(RowPlace {
            file: FILES[0],
            line: 1,
        });
        let mut found = HashMap::new();
        self.each_row(
            map,
            words,
            &|file, line| here.set(RowPlace { file, line }),
            &mut |triple| {
                if let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject
                    && subjects.contains(subject.as_str())
                {
                    found
                        .entry(subject.as_str().to_owned())
                        .or_insert_with(|| here.get());
                }
            },
        )?;
        Ok(found)
    }
}
