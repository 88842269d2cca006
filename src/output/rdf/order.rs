//! The order of a document: what kind of thing comes first, and what is said of a thing first.

use oxrdf::LiteralRef;
use oxrdf::vocab::xsd;

/// What a document is about comes before everything else.
const HEADERS: &[&str] = &[
    "http://www.w3.org/2002/07/owl#Ontology",
    "http://rdfs.org/ns/void#DatasetDescription",
    "http://www.w3.org/ns/dcat#Catalog",
    "http://www.w3.org/ns/dcat#Dataset",
    "http://rdfs.org/ns/void#Dataset",
];

/// Kinds of terms in the order of an ontology, with their headings.
const VOCABULARY: &[(&str, &str)] = &[
    ("http://www.w3.org/2002/07/owl#Class", "Classes"),
    ("http://www.w3.org/2000/01/rdf-schema#Class", "Classes"),
    (
        "http://www.w3.org/2002/07/owl#ObjectProperty",
        "Object properties",
    ),
    (
        "http://www.w3.org/2002/07/owl#DatatypeProperty",
        "Datatype properties",
    ),
    (
        "http://www.w3.org/2002/07/owl#AnnotationProperty",
        "Annotation properties",
    ),
    (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
        "Properties",
    ),
];

/// Types that say little beside another type.
const GENERAL: &[&str] = &[
    "http://www.w3.org/2004/02/skos/core#Concept",
    "http://www.w3.org/2004/02/skos/core#ConceptScheme",
    "http://www.w3.org/2002/07/owl#NamedIndividual",
    "http://www.w3.org/2002/07/owl#Thing",
    "http://www.w3.org/2000/01/rdf-schema#Resource",
    "http://www.w3.org/ns/prov#Entity",
];

/// What is said first: type, names, meaning, place in a hierarchy.
const FIRST: &[&str] = &[
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://purl.org/dc/terms/title",
    "http://xmlns.com/foaf/0.1/name",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel",
    "http://www.w3.org/2004/02/skos/core#notation",
    "http://purl.org/dc/terms/identifier",
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "http://purl.org/dc/terms/description",
    "http://www.w3.org/2004/02/skos/core#scopeNote",
    "http://www.w3.org/2004/02/skos/core#example",
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf",
    "http://www.w3.org/2000/01/rdf-schema#domain",
    "http://www.w3.org/2000/01/rdf-schema#range",
    "http://www.w3.org/2004/02/skos/core#inScheme",
    "http://www.w3.org/2004/02/skos/core#topConceptOf",
    "http://www.w3.org/2004/02/skos/core#broader",
    "http://www.w3.org/ns/shacl#prefix",
    "http://www.w3.org/ns/shacl#targetClass",
    "http://www.w3.org/ns/shacl#path",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
];

/// What is said last: where it comes from and where it leads.
const LAST: &[&str] = &[
    "http://purl.org/dc/terms/source",
    "http://www.w3.org/ns/prov#wasAttributedTo",
    "http://www.w3.org/ns/prov#generatedAtTime",
    "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
];

/// The section of a document that a thing belongs to; sections sort by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Section {
    rank: u8,
    /// The IRI of the type, for kinds that have no fixed place.
    pub(super) kind: String,
}

impl Section {
    /// The section of a thing with these types.
    pub(super) fn of(types: &[&str]) -> Self {
        let at = |rank: usize| Self {
            rank: u8::try_from(rank).unwrap_or(u8::MAX),
            kind: String::new(),
        };
        if let Some(rank) = HEADERS.iter().position(|header| types.contains(header)) {
            return at(rank);
        }
        if let Some(rank) = VOCABULARY.iter().position(|(kind, _)| types.contains(kind)) {
            return at(HEADERS.len() + rank);
        }
        let named = types
            .iter()
            .min_by_key(|kind| (GENERAL.contains(kind), **kind));
        match named {
            Some(kind) => Self {
                rank: 100,
                kind: (*kind).to_owned(),
            },
            None => at(101),
        }
    }

    /// The heading, if it has a fixed one.
    pub(super) fn heading(&self) -> Option<&'static str> {
        let at = usize::from(self.rank).checked_sub(HEADERS.len())?;
        VOCABULARY.get(at).map(|(_, heading)| *heading)
    }

    /// Whether it is about the document itself.
    pub(super) fn is_header(&self) -> bool {
        usize::from(self.rank) < HEADERS.len()
    }
}

/// Predicates sort by this, then by name.
pub(super) fn predicate_rank(predicate: &str) -> usize {
    if let Some(rank) = FIRST.iter().position(|first| *first == predicate) {
        rank
    } else {
        LAST.iter()
            .position(|last| *last == predicate)
            .map_or(FIRST.len(), |rank| FIRST.len() + 1 + rank)
    }
}

/// Objects sort by this: IRIs, literals by language and value, blank nodes, triple terms.
#[derive(Clone, Debug)]
pub(super) struct ObjectKey {
    kind: u8,
    language: String,
    number: f64,
    text: String,
}

impl ObjectKey {
    /// The key of an IRI (0), a blank node (2) or a triple term (3) by how it is written.
    pub(super) fn written(kind: u8, text: &str) -> Self {
        Self {
            kind,
            language: String::new(),
            number: 0.0,
            text: text.to_owned(),
        }
    }

    /// The key of a literal: no language before languages, numbers by their value.
    pub(super) fn literal(literal: LiteralRef<'_>, written: &str) -> Self {
        let is_number = [
            xsd::INTEGER,
            xsd::DECIMAL,
            xsd::DOUBLE,
            xsd::FLOAT,
            xsd::INT,
            xsd::LONG,
            xsd::NON_NEGATIVE_INTEGER,
            xsd::POSITIVE_INTEGER,
        ]
        .contains(&literal.datatype());
        let number = literal.value().parse().ok().filter(|_| is_number);
        Self {
            kind: 1,
            language: literal.language().unwrap_or("").to_owned(),
            number: number.unwrap_or(0.0),
            text: written.to_owned(),
        }
    }

    /// Compares two keys.
    pub(super) fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.kind
            .cmp(&other.kind)
            .then_with(|| self.language.cmp(&other.language))
            .then_with(|| self.number.total_cmp(&other.number))
            .then_with(|| self.text.cmp(&other.text))
    }
}
