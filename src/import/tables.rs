//! The native table form: `programmes.csv`, `codings.csv` and `sources.csv` in a folder.
//!
//! Reviewers edit these: one line a programme, one a coding, one a source. Every mistake in all
//! three is reported at its cell in one go, and then nothing is taken in. The identifier of a
//! coding is made from its programme, dimension, value, source and coder, so that adding or moving
//! a row changes no other.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use unicode_normalization::UnicodeNormalization;

use crate::error::{CellError, Error, Result};
use crate::graph::KnowledgeGraph;
use crate::map::{ConceptualMap, Rows};
use crate::nearest::did_you_mean;
use crate::query::{named, rows};
use crate::vocab::other::{
    ALT_LABEL, CONCEPT, CREATOR, DATE, DCTERMS_SOURCE, DESCRIPTION, DOI, GENERATED_AT_TIME, IN_SCHEME, IS_PART_OF, IS_REFERENCED_BY, NOTATION, PAGE,
    PREF_LABEL, RIGHTS, TITLE, TOP_CONCEPT_OF, TYPE, WAS_ATTRIBUTED_TO,
};
use crate::vocab::{
    BASE, BASIS, CALLED_BY, CITED_REFERENCE, CODED_VALUE, CODER, CODING, CODING_OF, CONFIDENCE, COUNTRY, EARLIEST_YEAR, ENGAGES, EVIDENCE,
    FINDING, KIND, LATEST_YEAR, LOCATOR, ON_DIMENSION, PEER, PEER_LABEL, PERIOD, PLACE, PROGRAMME, SOURCE, TREND,
};

/// Columns that each table must have.
const PROGRAMME_COLUMNS: &[&str] = &["id", "name", "kind"];
const CODING_COLUMNS: &[&str] = &["programme", "dimension", "value", "finding", "basis", "confidence", "evidence", "source", "locator", "coder"];
const SOURCE_COLUMNS: &[&str] = &["id", "title"];

/// The names of the three tables.
pub const FILES: [&str; 3] = ["programmes.csv", "codings.csv", "sources.csv"];

/// The text of the three tables of a set of programmes.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Where they come from, for messages.
    folder: PathBuf,
    programmes: String,
    codings: String,
    sources: String,
}

impl Tables {
    /// Tables that are already in memory.
    pub fn new(folder: impl Into<PathBuf>, programmes: &str, codings: &str, sources: &str) -> Self {
        Self { folder: folder.into(), programmes: programmes.to_owned(), codings: codings.to_owned(), sources: sources.to_owned() }
    }

    /// Whether a folder holds the native tables.
    pub fn are_in(folder: &Path) -> bool {
        FILES.iter().all(|file| folder.join(file).is_file())
    }

    /// Reads the three files of a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let text = |file: &str| {
            let path = folder.join(file);
            let bytes = std::fs::read(&path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
            String::from_utf8(bytes).map_err(|error| {
                let offset = error.utf8_error().valid_up_to();
                Error::NotUtf8 { path, offset, byte: error.as_bytes()[offset] }
            })
        };
        Ok(Self { folder: folder.to_owned(), programmes: text(FILES[0])?, codings: text(FILES[1])?, sources: text(FILES[2])? })
    }

    /// Converts the tables to statements of a named graph.
    ///
    /// # Errors
    /// All cells that cannot be used, of all three tables, in one error.
    pub fn quads(&self, graph: NamedNode, map: &ConceptualMap, words: &FixedTerms) -> Result<Vec<Quad>> {
        let mut writer = Writer { graph: graph.into(), quads: Vec::new(), errors: Vec::new(), folder: &self.folder, map, words, seen: HashSet::new(), new_labels: HashMap::new() };
        let sources = writer.sheet(FILES[2], &self.sources, SOURCE_COLUMNS);
        let known_sources: HashSet<String> = sources.iter().filter_map(|row| row.cell("id").map(str::to_owned)).collect();
        for row in &sources {
            writer.source(row, &known_sources);
        }
        let programmes = writer.sheet(FILES[0], &self.programmes, PROGRAMME_COLUMNS);
        let known_programmes: HashSet<String> = programmes.iter().filter_map(|row| row.cell("id").map(str::to_owned)).collect();
        for row in &programmes {
            writer.programme(row, &known_sources);
        }
        for row in &writer.sheet(FILES[1], &self.codings, CODING_COLUMNS) {
            writer.coding(row, &known_programmes, &known_sources);
        }
        if writer.errors.is_empty() { Ok(writer.quads) } else { Err(Error::Cells(writer.errors)) }
    }
}

/// The words that tables use for findings, bases, confidences, kinds and trends.
#[derive(Clone, Debug, Default)]
pub struct FixedTerms {
    /// By class IRI and word.
    terms: HashMap<(String, String), NamedNode>,
    /// Preferred labels that things already have, by IRI and language.
    labels: HashMap<(String, String), String>,
}

impl FixedTerms {
    /// Reads them from the graph.
    pub fn read(graph: &KnowledgeGraph) -> Result<Self> {
        let mut terms = HashMap::new();
        for row in Rows::new(&rows(graph, named("fixed-terms")?, Vec::new())?) {
            terms.insert((row.iri("class")?.into_string(), row.text("notation")?), row.iri("term")?);
        }
        let mut labels = HashMap::new();
        for row in Rows::new(&rows(graph, named("texts")?, Vec::new())?) {
            if let (Some(Term::Literal(text)), true) = (row.get("text"), row.iri("property")? == PREF_LABEL) {
                labels.insert((row.iri("thing")?.into_string(), text.language().unwrap_or("").to_owned()), text.value().to_owned());
            }
        }
        Ok(Self { terms, labels })
    }

    fn find(&self, class: &str, word: &str) -> Option<&NamedNode> {
        self.terms.get(&(class_iri(class), word.to_owned()))
    }

    fn words(&self, class: &str) -> Vec<&str> {
        let class = class_iri(class);
        let mut words: Vec<&str> = self.terms.keys().filter(|(c, _)| *c == class).map(|(_, word)| word.as_str()).collect();
        words.sort_unstable();
        words
    }
}

fn class_iri(class: &str) -> String {
    format!("{BASE}ns#{class}")
}

/// One row with its cells by column.
struct SheetRow {
    file: &'static str,
    line: u64,
    cells: HashMap<String, String>,
}

impl SheetRow {
    /// The trimmed text of a cell, if there is any.
    fn cell(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The parts of a cell that takes several values.
    fn list(&self, column: &str) -> Vec<&str> {
        self.cell(column).map_or_else(Vec::new, |text| text.split('|').map(str::trim).filter(|part| !part.is_empty()).collect())
    }
}

struct Writer<'a> {
    graph: GraphName,
    quads: Vec<Quad>,
    errors: Vec<CellError>,
    folder: &'a Path,
    map: &'a ConceptualMap,
    words: &'a FixedTerms,
    /// Identifiers written so far.
    seen: HashSet<String>,
    /// Preferred labels written so far.
    new_labels: HashMap<(String, String), String>,
}

impl Writer<'_> {
    fn error(&mut self, row: &SheetRow, column: &str, reason: impl Into<String>, hint: Option<String>) {
        let file = self.folder.join(row.file).display().to_string();
        self.errors.push(CellError { file, line: row.line, column: column.to_owned(), reason: reason.into(), hint });
    }

    /// Reads a table; a header without the needed columns, or a row of another length, is an error
    /// at its line.
    fn sheet(&mut self, file: &'static str, text: &str, needed: &[&str]) -> Vec<SheetRow> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
            Err(error) => {
                let row = SheetRow { file, line: 1, cells: HashMap::new() };
                self.error(&row, "header", format!("cannot be read: {error}"), None);
                return Vec::new();
            }
        };
        let head = SheetRow { file, line: 1, cells: HashMap::new() };
        let mut complete = true;
        for column in needed {
            if !header.iter().any(|name| name == column) {
                complete = false;
                let hint = did_you_mean(column, header.iter().map(String::as_str)).map(|near| near.replace("did you mean", "is it"));
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
                    let row = SheetRow { file, line, cells: HashMap::new() };
                    self.error(&row, "row", format!("cannot be read: {error}"), None);
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cells = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
            let row = SheetRow { file, line, cells };
            if record.len() == header.len() {
                rows.push(row);
            } else {
                let reason = format!("the row has {} cells but the header has {}", record.len(), header.len());
                self.error(&row, "row", reason, Some("put a text that has a comma in double quotes".to_owned()));
            }
        }
        rows
    }

    fn add<'b>(&mut self, subject: &NamedNode, predicate: impl Into<NamedNodeRef<'b>>, object: impl Into<Term>) {
        self.quads.push(Quad::new(subject.clone(), predicate.into().into_owned(), object, self.graph.clone()));
    }

    fn text(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, row: &SheetRow, column: &str) {
        if let Some(text) = row.cell(column) {
            self.add(subject, predicate, Literal::new_simple_literal(text));
        }
    }

    /// An identifier that is given once; the second time is an error.
    fn claim(&mut self, row: &SheetRow, column: &str, iri: NamedNode) -> NamedNode {
        if !self.seen.insert(iri.as_str().to_owned()) {
            self.error(row, column, format!("`{}` stands here a second time", short(&iri)), Some("merge the two rows, or tell them apart".to_owned()));
        }
        iri
    }

    fn id(&mut self, row: &SheetRow, kind: &str) -> Option<NamedNode> {
        let Some(id) = row.cell("id") else {
            self.error(row, "id", "an identifier is needed", Some("use lower-case letters, digits and hyphens".to_owned()));
            return None;
        };
        if !is_slug(id) {
            self.error(row, "id", format!("`{id}` is no identifier"), Some(format!("use lower-case letters, digits and hyphens, for example {}", slug(id))));
            return None;
        }
        let iri = minted(kind, id);
        Some(self.claim(row, "id", iri))
    }

    fn fixed(&mut self, row: &SheetRow, column: &str, class: &str) -> Option<NamedNode> {
        let Some(word) = row.cell(column) else {
            let words = self.words.words(class).join(", ");
            self.error(row, column, "a word is needed here", Some(format!("one of: {words}")));
            return None;
        };
        self.fixed_word(row, column, class, word)
    }

    fn fixed_word(&mut self, row: &SheetRow, column: &str, class: &str, word: &str) -> Option<NamedNode> {
        if let Some(term) = self.words.find(class, word) {
            return Some(term.clone());
        }
        let words = self.words.words(class);
        let hint = did_you_mean(word, words.iter().copied()).unwrap_or_else(|| format!("one of: {}", words.join(", ")));
        self.error(row, column, format!("`{word}` is not a {}", class.to_lowercase()), Some(hint));
        None
    }

    fn reference(&mut self, row: &SheetRow, column: &str, id: &str, kind: &str, known: &HashSet<String>) -> Option<NamedNode> {
        if known.contains(id) {
            return Some(minted(kind, id));
        }
        let mut sorted: Vec<&str> = known.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let hint = did_you_mean(id, sorted).or_else(|| Some(format!("add it to {kind}s.csv")));
        self.error(row, column, format!("no {kind} is called `{id}`"), hint);
        None
    }

    fn source(&mut self, row: &SheetRow, known: &HashSet<String>) {
        let Some(source) = self.id(row, "source") else { return };
        self.add(&source, rdf::TYPE, SOURCE);
        match row.cell("title") {
            Some(title) => self.add(&source, TITLE, Literal::new_simple_literal(title)),
            None => self.error(row, "title", "a source needs a title", None),
        }
        for author in row.cell("authors").into_iter().flat_map(|text| text.split(';')).map(str::trim).filter(|name| !name.is_empty()) {
            self.add(&source, CREATOR, Literal::new_simple_literal(author));
        }
        self.text(&source, DATE, row, "year");
        self.text(&source, IS_PART_OF, row, "venue");
        self.text(&source, TYPE, row, "type");
        self.text(&source, RIGHTS, row, "licence");
        self.text(&source, DOI, row, "doi");
        let page = row.cell("url").map(str::to_owned).or_else(|| row.cell("doi").map(|doi| format!("https://doi.org/{doi}")));
        if let Some(page) = page {
            match NamedNode::new(&page) {
                Ok(page) => self.add(&source, PAGE, page),
                Err(_) => self.error(row, "url", format!("`{page}` is not an address"), Some("write it with https:// and without spaces".to_owned())),
            }
        }
        for id in row.list("cited_by") {
            if let Some(citing) = self.reference(row, "cited_by", id, "source", known) {
                self.add(&source, IS_REFERENCED_BY, citing);
            }
        }
    }

    fn programme(&mut self, row: &SheetRow, known_sources: &HashSet<String>) {
        let Some(programme) = self.id(row, "programme") else { return };
        self.add(&programme, rdf::TYPE, PROGRAMME);
        match row.cell("name") {
            Some(name) => self.add(&programme, rdfs::LABEL, Literal::new_simple_literal(name)),
            None => self.error(row, "name", "a programme needs a name", None),
        }
        if let Some(kind) = self.fixed(row, "kind", "Kind") {
            self.add(&programme, KIND, kind);
        }
        if let Some(description) = row.cell("description") {
            self.add(&programme, DESCRIPTION, Literal::new_language_tagged_literal_unchecked(description, "en"));
        }
        for code in row.list("country") {
            if code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) {
                self.add(&programme, COUNTRY, Literal::new_simple_literal(code));
            } else {
                self.error(row, "country", format!("`{code}` is not a country code"), Some("use the two capitals of ISO 3166-1, for example CA".to_owned()));
            }
        }
        self.text(&programme, PLACE, row, "place");
        self.text(&programme, PERIOD, row, "period");
        let mut years = [None, None];
        for (year, (column, property)) in years.iter_mut().zip([("earliest_year", EARLIEST_YEAR), ("latest_year", LATEST_YEAR)]) {
            if let Some(text) = row.cell(column) {
                match text.parse::<i32>() {
                    Ok(number) => {
                        *year = Some(number);
                        self.add(&programme, property, Literal::new_typed_literal(number.to_string(), xsd::INTEGER));
                    }
                    Err(_) => self.error(row, column, format!("`{text}` is not a year"), Some("write digits only, for example 1990".to_owned())),
                }
            }
        }
        if let [Some(first), Some(last)] = years
            && first > last
        {
            self.error(row, "latest_year", format!("{last} comes before {first}"), None);
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
                    self.add(&programme, &property, self.map.silo_values[value].name.iri.clone());
                } else {
                    let hint = quoted(&self.map.near_silo_values(axis, text)).or_else(|| Some("add it to ontology/silos.ttl if it is new".to_owned()));
                    self.error(row, &column, format!("`{text}` is no value of the axis {column}"), hint);
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
            let reason = format!("{} languages stand against {} labels", languages.len(), labels.len());
            self.error(row, "label_lang", reason, Some("give one language for all labels, or one a label".to_owned()));
            return;
        }
        let peer = minted("peer", programme.as_str().rsplit('/').next().unwrap_or_default());
        self.add(programme, ENGAGES, peer.clone());
        self.add(&peer, rdf::TYPE, PEER);
        for (at, text) in labels.iter().enumerate() {
            let language = languages.get(at).or(languages.first()).copied().unwrap_or("en");
            let Ok(name) = Literal::new_language_tagged_literal(*text, language) else {
                self.error(row, "label_lang", format!("`{language}` is not a language tag"), Some("write for example en or fr".to_owned()));
                continue;
            };
            let id = slug(text);
            let label = minted("label", &id);
            self.add(&peer, CALLED_BY, label.clone());
            if self.seen.insert(label.as_str().to_owned()) {
                let scheme = NamedNode::new_unchecked(format!("{BASE}label"));
                self.add(&label, rdf::TYPE, PEER_LABEL);
                self.add(&label, rdf::TYPE, CONCEPT);
                self.add(&label, IN_SCHEME, scheme.clone());
                self.add(&label, TOP_CONCEPT_OF, scheme);
                self.add(&label, NOTATION, Literal::new_simple_literal(id));
            }
            let key = (label.as_str().to_owned(), language.to_owned());
            match self.words.labels.get(&key).or(self.new_labels.get(&key)) {
                None => {
                    self.new_labels.insert(key, (*text).to_owned());
                    self.add(&label, PREF_LABEL, name);
                }
                Some(preferred) if preferred != text => self.add(&label, ALT_LABEL, name),
                Some(_) => {}
            }
        }
    }

    fn coding(&mut self, row: &SheetRow, programmes: &HashSet<String>, sources: &HashSet<String>) {
        let before = self.errors.len();
        let mut part = |column: &str| {
            row.cell(column).map(str::to_owned).or_else(|| {
                self.error(row, column, "something is needed here", None);
                None
            })
        };
        let (programme_id, dimension_text, source_id, coder, locator) = (part("programme"), part("dimension"), part("source"), part("coder"), part("locator"));
        let finding = self.fixed(row, "finding", "Finding");
        let basis = self.fixed(row, "basis", "Basis");
        let confidence = self.fixed(row, "confidence", "Confidence");
        let programme = programme_id.as_deref().and_then(|id| self.reference(row, "programme", id, "programme", programmes));
        let source = source_id.as_deref().and_then(|id| self.reference(row, "source", id, "source", sources));
        let dimension = dimension_text.as_deref().and_then(|text| {
            self.map.dimension(text).or_else(|| {
                let notations: Vec<&str> = self.map.dimensions.iter().map(|d| d.name.notation.as_str()).collect();
                let hint = did_you_mean(text, notations.iter().copied()).unwrap_or_else(|| format!("one of: {}", notations.join(", ")));
                self.error(row, "dimension", format!("`{text}` is not a dimension"), Some(hint));
                None
            })
        });
        let value = self.coded_value(row, dimension);
        if let Some(coder) = coder.as_deref().filter(|coder| !is_slug(coder)) {
            self.error(row, "coder", format!("`{coder}` is no identifier"), Some(format!("for example {}", slug(coder))));
        }
        if self.errors.len() > before {
            return;
        }
        let (Some(programme), Some(dimension), Some(source), Some(coder), Some(finding), Some(basis), Some(confidence), Some(locator)) =
            (programme, dimension, source, coder, finding, basis, confidence, locator)
        else {
            return;
        };
        let dimension = &self.map.dimensions[dimension].name;
        let value_part = value.map_or_else(|| row.cell("finding").unwrap_or("none"), |v| self.map.values[v].name.notation.as_str());
        let id = format!("{}.{}.{value_part}.{}.{coder}", programme_id.unwrap_or_default(), dimension.notation, source_id.unwrap_or_default());
        let dimension_iri = dimension.iri.clone();
        let coding = self.claim(row, "value", minted("coding", &id));
        self.add(&coding, rdf::TYPE, CODING);
        self.add(&coding, CODING_OF, programme);
        self.add(&coding, ON_DIMENSION, dimension_iri);
        if let Some(value) = value {
            self.add(&coding, CODED_VALUE, self.map.values[value].name.iri.clone());
        }
        self.add(&coding, FINDING, finding);
        self.add(&coding, BASIS, basis);
        self.add(&coding, CONFIDENCE, confidence);
        if let Some(evidence) = row.cell("evidence") {
            self.add(&coding, EVIDENCE, Literal::new_language_tagged_literal_unchecked(evidence, "en"));
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
            self.add(&coder_iri, rdfs::LABEL, Literal::new_simple_literal(coder.replace('-', " ")));
        }
        self.add(&coding, WAS_ATTRIBUTED_TO, coder_iri);
        if let Some(date) = row.cell("date") {
            self.add(&coding, GENERATED_AT_TIME, Literal::new_typed_literal(date, xsd::DATE_TIME));
        }
    }

    /// The value of a coding; a finding of presence needs one, and silence must have none.
    fn coded_value(&mut self, row: &SheetRow, dimension: Option<usize>) -> Option<usize> {
        let Some(text) = row.cell("value") else {
            if row.cell("finding") == Some("present") {
                self.error(row, "value", "what is present is not said", Some("name a value, or make the finding not-reported".to_owned()));
            }
            return None;
        };
        if row.cell("finding") == Some("not-reported") {
            self.error(row, "value", "a value stands beside not-reported", Some("leave the value empty, or make the finding present or absent".to_owned()));
        }
        let dimension = dimension?;
        let value = self.map.find_value(dimension, text);
        if value.is_none() {
            let name = self.map.dimensions[dimension].name.notation.clone();
            let elsewhere = (0..self.map.dimensions.len()).find(|&d| d != dimension && self.map.find_value(d, text).is_some());
            let hint = match elsewhere {
                Some(other) => Some(format!("it is a value of {}", self.map.dimensions[other].name.notation)),
                None => quoted(&self.map.near_values(dimension, text)).or_else(|| Some("see ontology/map.ttl for the values".to_owned())),
            };
            self.error(row, "value", format!("`{text}` is no value of {name}"), hint);
        }
        value
    }
}

fn quoted(near: &[&str]) -> Option<String> {
    (!near.is_empty()).then(|| {
        let list: Vec<String> = near.iter().map(|word| format!("`{word}`")).collect();
        format!("did you mean {}?", list.join(" or "))
    })
}

fn minted(kind: &str, id: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{BASE}{kind}/{id}"))
}

fn short(iri: &NamedNode) -> &str {
    iri.as_str().rsplit('/').next().unwrap_or_default()
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')) && !text.starts_with('-')
}

/// An identifier made from words: lower case, accents dropped, hyphens between words.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let c = match c {
            'œ' => { slug.push('o'); 'e' }
            'æ' => { slug.push('a'); 'e' }
            'ß' => { slug.push('s'); 's' }
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
