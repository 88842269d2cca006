//! The native tables from the graph, in normal form: the same graph gives the same bytes.
//!
//! Programmes and sources are sorted by identifier; codings by programme, question and value in
//! the order of the map, then source and coder. Several values in a cell are sorted too. Reading
//! the tables back gives the same statements; see `import/tables`.

use std::collections::{BTreeMap, HashMap};

use oxrdf::vocab::rdfs;
use oxrdf::{NamedNodeRef, Term};

use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::map::ConceptualMap;
use crate::output::harmless;
use crate::query::{Rows, named, rows};
use crate::terms::short_name;
use crate::vocab::other::{
    DATE, DCTERMS_SOURCE, DESCRIPTION, DOI, GENERATED_AT_TIME, IS_PART_OF, IS_REFERENCED_BY, PAGE,
    RIGHTS, TITLE, TYPE, WAS_ATTRIBUTED_TO,
};
use crate::vocab::{
    AUTHORS, BASIS, CITED_REFERENCE, CODED_VALUE, CODING, CODING_OF, CONFIDENCE, COUNTRY,
    EARLIEST_YEAR, ENGAGES, EVIDENCE, FINDING, KIND, LATEST_YEAR, LOCATOR, ON_DIMENSION, PEER,
    PERIOD, PLACE, PROGRAMME, SOURCE, TREND,
};

/// The three tables: file name and text.
///
/// # Errors
/// A graph that cannot be read, or a statement whose term has no place in a table.
pub fn write(graph: &KnowledgeGraph, map: &ConceptualMap) -> Result<Vec<(&'static str, String)>> {
    let writer = Writer::read(graph, map)?;
    Ok(vec![
        ("programmes.csv", writer.programmes()?),
        ("codings.csv", writer.codings()?),
        ("sources.csv", writer.sources()?),
    ])
}

/// Statements of a class: values by property, by thing.
type Things = BTreeMap<String, HashMap<String, Vec<Term>>>;

struct Writer<'a> {
    map: &'a ConceptualMap,
    programmes: Things,
    peers: Things,
    codings: Things,
    sources: Things,
    /// Words of fixed terms, by IRI.
    words: HashMap<String, String>,
}

impl<'a> Writer<'a> {
    fn read(graph: &KnowledgeGraph, map: &'a ConceptualMap) -> Result<Self> {
        let mut words = HashMap::new();
        for row in Rows::new(&rows(graph, named("fixed-terms")?, Vec::new())?) {
            words.insert(row.iri("term")?.into_string(), row.text("notation")?);
        }
        Ok(Self {
            map,
            programmes: read(graph, PROGRAMME)?,
            peers: read(graph, PEER)?,
            codings: read(graph, CODING)?,
            sources: read(graph, SOURCE)?,
            words,
        })
    }

    fn programmes(&self) -> Result<String> {
        let mut header = vec!["id", "name", "kind", "country", "place", "period"];
        header.extend([
            "earliest_year",
            "latest_year",
            "label",
            "label_lang",
            "trend",
        ]);
        header.extend(self.map.axes.iter().map(|axis| axis.name.notation.as_str()));
        header.extend(["description", "source", "locator"]);
        let mut lines = Vec::new();
        for (iri, facts) in &self.programmes {
            let (labels, languages) = self.labels(facts);
            let mut line = vec![
                local(iri),
                text(facts, rdfs::LABEL),
                self.word(facts, KIND),
                list(facts, COUNTRY),
                text(facts, PLACE),
                text(facts, PERIOD),
                text(facts, EARLIEST_YEAR),
                text(facts, LATEST_YEAR),
                labels,
                languages,
                self.word(facts, TREND),
            ];
            for axis in &self.map.axes {
                let stated = values(facts, axis.property.as_ref());
                let mine = axis.values.clone().map(|v| &self.map.silo_values[v].name);
                let mine =
                    mine.filter(|name| stated.iter().any(|term| is_iri(term, name.iri.as_str())));
                line.push(
                    mine.map(|name| name.notation.as_str())
                        .collect::<Vec<_>>()
                        .join("|"),
                );
            }
            line.push(text(facts, DESCRIPTION));
            line.push(list(facts, DCTERMS_SOURCE));
            line.push(text(facts, LOCATOR));
            lines.push(line);
        }
        csv_text(&header, &lines)
    }

    /// Labels of the peers of a programme as used there, and their languages.
    fn labels(&self, facts: &HashMap<String, Vec<Term>>) -> (String, String) {
        let mut found: Vec<(String, String)> = values(facts, ENGAGES)
            .iter()
            .filter_map(|peer| match peer {
                Term::NamedNode(peer) => self.peers.get(peer.as_str()),
                _ => None,
            })
            .flat_map(|peer| values(peer, rdfs::LABEL))
            .filter_map(|label| match label {
                Term::Literal(literal) => Some((
                    literal.value().to_owned(),
                    literal.language().unwrap_or("en").to_owned(),
                )),
                _ => None,
            })
            .collect();
        found.sort();
        let (labels, languages): (Vec<String>, Vec<String>) = found.into_iter().unzip();
        (labels.join("|"), languages.join("|"))
    }

    fn codings(&self) -> Result<String> {
        let header = [
            "programme",
            "dimension",
            "value",
            "finding",
            "basis",
            "confidence",
            "evidence",
            "source",
            "locator",
            "cited",
            "coder",
            "date",
        ];
        let mut lines: Vec<(String, usize, usize, Vec<String>)> = Vec::new();
        for facts in self.codings.values() {
            let dimension = values(facts, ON_DIMENSION)
                .first()
                .and_then(|term| match term {
                    Term::NamedNode(node) => self.map.dimension(node.as_str()),
                    _ => None,
                });
            let value = values(facts, CODED_VALUE)
                .first()
                .and_then(|term| match term {
                    Term::NamedNode(node) => self.map.value(node.as_str()),
                    _ => None,
                });
            let notation = |d: usize| self.map.dimensions[d].name.notation.clone();
            let line = vec![
                list(facts, CODING_OF),
                dimension.map_or_else(|| list(facts, ON_DIMENSION), notation),
                value.map_or_else(
                    || list(facts, CODED_VALUE),
                    |v| self.map.values[v].name.notation.clone(),
                ),
                self.word(facts, FINDING),
                self.word(facts, BASIS),
                self.word(facts, CONFIDENCE),
                text(facts, EVIDENCE),
                list(facts, DCTERMS_SOURCE),
                text(facts, LOCATOR),
                list(facts, CITED_REFERENCE),
                list(facts, WAS_ATTRIBUTED_TO),
                text(facts, GENERATED_AT_TIME),
            ];
            let order = (dimension.unwrap_or(usize::MAX), value.unwrap_or(usize::MAX));
            lines.push((line[0].clone(), order.0, order.1, line));
        }
        lines.sort();
        csv_text(
            &header,
            &lines
                .into_iter()
                .map(|(_, _, _, line)| line)
                .collect::<Vec<_>>(),
        )
    }

    fn sources(&self) -> Result<String> {
        let header = [
            "id", "title", "authors", "year", "venue", "doi", "url", "type", "licence", "cited_by",
        ];
        let mut lines = Vec::new();
        for (iri, facts) in &self.sources {
            let doi = text(facts, DOI);
            let page = values(facts, PAGE)
                .first()
                .map_or_else(String::new, |term| match term {
                    Term::NamedNode(node) => node.as_str().to_owned(),
                    _ => String::new(),
                });
            let page = if page == format!("https://doi.org/{doi}") {
                String::new()
            } else {
                page
            };
            lines.push(vec![
                local(iri),
                text(facts, TITLE),
                text(facts, AUTHORS),
                text(facts, DATE),
                text(facts, IS_PART_OF),
                doi,
                page,
                text(facts, TYPE),
                text(facts, RIGHTS),
                list(facts, IS_REFERENCED_BY),
            ]);
        }
        csv_text(&header, &lines)
    }

    /// The words of the fixed terms that a property gives, sorted.
    fn word(&self, facts: &HashMap<String, Vec<Term>>, property: NamedNodeRef<'_>) -> String {
        let mut words: Vec<&str> = values(facts, property)
            .iter()
            .filter_map(|term| match term {
                Term::NamedNode(node) => self.words.get(node.as_str()).map(String::as_str),
                _ => None,
            })
            .collect();
        words.sort_unstable();
        words.join("|")
    }
}

fn read(graph: &KnowledgeGraph, class: NamedNodeRef<'_>) -> Result<Things> {
    let parameters = vec![("class".to_owned(), Term::from(class.into_owned()))];
    let mut things = Things::new();
    for row in Rows::new(&rows(graph, named("statements-of-a-class")?, parameters)?) {
        let Some(value) = row.get("value") else {
            continue;
        };
        let facts = things.entry(row.iri("thing")?.into_string()).or_default();
        facts
            .entry(row.iri("property")?.into_string())
            .or_default()
            .push(value.clone());
    }
    Ok(things)
}

fn values<'b>(facts: &'b HashMap<String, Vec<Term>>, property: NamedNodeRef<'_>) -> &'b [Term] {
    facts.get(property.as_str()).map_or(&[], Vec::as_slice)
}

fn is_iri(term: &Term, iri: &str) -> bool {
    matches!(term, Term::NamedNode(node) if node.as_str() == iri)
}

fn local(iri: &str) -> String {
    short_name(iri).to_owned()
}

/// The first text of a property.
fn text(facts: &HashMap<String, Vec<Term>>, property: NamedNodeRef<'_>) -> String {
    values(facts, property)
        .iter()
        .find_map(|term| match term {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        })
        .unwrap_or_default()
}

/// All values of a property, things by the last part of their IRI, sorted.
fn list(facts: &HashMap<String, Vec<Term>>, property: NamedNodeRef<'_>) -> String {
    let mut parts: Vec<String> = values(facts, property)
        .iter()
        .map(|term| match term {
            Term::NamedNode(node) => local(node.as_str()),
            Term::Literal(literal) => literal.value().to_owned(),
            other => other.to_string(),
        })
        .collect();
    parts.sort();
    parts.join("|")
}

fn csv_text<H: AsRef<[u8]>>(header: &[H], lines: &[Vec<String>]) -> Result<String> {
    let failed = |error: csv::Error| Error::Output(std::io::Error::other(error));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(failed)?;
    for line in lines {
        let cells = line.iter().map(|cell| harmless(cell).into_owned());
        writer.write_record(cells).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::Output(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| Error::Output(std::io::Error::other(error)))
}
