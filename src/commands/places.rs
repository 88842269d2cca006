//! Where statements come from: the line of a file, or the cell of a table.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use oxrdfio::RdfFormat;

use crate::dataset::{Dataset, ONTOLOGY, Origin, bundled_tables};
use crate::error::Result;
use crate::graph::lines_of;
use crate::import::tables::{FixedTerms, RowPlace, Tables};

/// A place in a file that people can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// The file, as it was given.
    pub file: String,
    /// The line, from 1, where the format has lines.
    pub line: Option<u64>,
    /// The column of a table.
    pub column: Option<String>,
}

impl SourcePlace {
    /// `file:line: column name`, as far as each is known.
    pub fn text(&self) -> String {
        let mut text = self.file.clone();
        if let Some(line) = self.line {
            let _ = write!(text, ":{line}");
        }
        if let Some(column) = &self.column {
            let _ = write!(text, " [{column}]");
        }
        text
    }
}

/// Statements about some things with their places, read again from where they came.
pub struct Places<'a> {
    dataset: &'a Dataset,
    /// Statements of RDF files by subject, in the order of the files.
    lines: HashMap<String, Vec<(Triple, SourcePlace)>>,
    /// Rows of tables by subject, with the folder of the tables.
    rows: HashMap<String, (String, RowPlace)>,
    /// The thing that speaks of a blank node, and how.
    referrers: HashMap<String, (NamedOrBlankNode, NamedNode)>,
}

impl<'a> Places<'a> {
    /// Finds the places of all statements about some things.
    ///
    /// Every source of the dataset is read once more; linear in their size.
    ///
    /// # Errors
    /// A file that cannot be read any more.
    pub fn find(dataset: &'a Dataset, things: &[Term]) -> Result<Self> {
        let mut places = Self {
            dataset,
            lines: HashMap::new(),
            rows: HashMap::new(),
            referrers: HashMap::new(),
        };
        if things
            .iter()
            .any(|thing| matches!(thing, Term::BlankNode(_)))
        {
            for quad in dataset.graph.quads_outside(&[])? {
                if let Term::BlankNode(node) = quad.object {
                    let about = (quad.subject, quad.predicate);
                    places
                        .referrers
                        .entry(node.as_str().to_owned())
                        .or_insert(about);
                }
            }
        }
        let wanted: BTreeSet<String> = things
            .iter()
            .filter_map(|thing| places.named(thing))
            .map(|(node, _)| node.into_string())
            .collect();
        if wanted.is_empty() {
            return Ok(places);
        }
        for origin in &dataset.origins {
            match origin {
                Origin::Ontology(name) => {
                    let text = ONTOLOGY.iter().find(|(known, _)| known == name);
                    if let Some((name, text)) = text {
                        let found = lines_of(text.as_bytes(), RdfFormat::Turtle, name, &wanted);
                        places.add_lines(&format!("ontology/{name}.ttl"), found);
                    }
                }
                Origin::File(source) => {
                    let found = source.lines_of(&wanted)?;
                    places.add_lines(&source.path().display().to_string(), found);
                }
                Origin::Bundled(name) => {
                    if let Some(tables) = bundled_tables(name) {
                        places.add_rows(&format!("data/{name}"), &tables, &wanted)?;
                    }
                }
                // Its cells were checked when it was read, and are not kept.
                Origin::Sheet(_) => {}
                Origin::Tables(folder) => {
                    let tables = Tables::read(folder)?;
                    places.add_rows(&folder.display().to_string(), &tables, &wanted)?;
                }
            }
        }
        Ok(places)
    }

    fn add_lines(&mut self, file: &str, found: Vec<(Triple, u64)>) {
        for (triple, line) in found {
            if let NamedOrBlankNode::NamedNode(subject) = &triple.subject {
                let place = SourcePlace {
                    file: file.to_owned(),
                    line: Some(line),
                    column: None,
                };
                let list = self.lines.entry(subject.as_str().to_owned()).or_default();
                list.push((triple, place));
            }
        }
    }

    fn add_rows(&mut self, folder: &str, tables: &Tables, wanted: &BTreeSet<String>) -> Result<()> {
        let words = FixedTerms::read(&self.dataset.graph)?;
        for (subject, row) in tables.places(&self.dataset.map, &words, wanted)? {
            self.rows
                .entry(subject)
                .or_insert_with(|| (folder.to_owned(), row));
        }
        Ok(())
    }

    /// The nearest thing with an IRI that speaks of a thing, and the property by which it does.
    fn named(&self, thing: &Term) -> Option<(NamedNode, Option<NamedNode>)> {
        let mut node = match thing {
            Term::NamedNode(node) => return Some((node.clone(), None)),
            Term::BlankNode(node) => node.as_str().to_owned(),
            Term::Literal(_) | Term::Triple(_) => return None,
        };
        let mut seen = HashSet::new();
        while seen.insert(node.clone()) {
            match self.referrers.get(&node)? {
                (NamedOrBlankNode::NamedNode(subject), property) => {
                    return Some((subject.clone(), Some(property.clone())));
                }
                (NamedOrBlankNode::BlankNode(next), _) => next.as_str().clone_into(&mut node),
            }
        }
        None
    }

    /// The place of what a thing says, or fails to say, by some properties; of the value if it is
    /// given, else of the thing.
    pub fn of(
        &self,
        thing: &Term,
        properties: &[&NamedNode],
        value: Option<&Term>,
    ) -> Option<SourcePlace> {
        let (node, through) = self.named(thing)?;
        let properties: Vec<&NamedNode> = match &through {
            Some(property) => vec![property],
            None => properties.to_vec(),
        };
        if let Some(statements) = self.lines.get(node.as_str()) {
            let exact = statements.iter().find(|(triple, _)| {
                properties.contains(&&triple.predicate) && Some(&triple.object) == value
            });
            let by_property = || {
                let mut all = statements.iter();
                all.find(|(triple, _)| properties.contains(&&triple.predicate))
            };
            let place = exact.or_else(by_property).or_else(|| statements.first());
            if let Some((_, place)) = place {
                return Some(place.clone());
            }
        }
        let (folder, row) = self.rows.get(node.as_str())?;
        let column = properties
            .iter()
            .find_map(|property| row.column(property.as_ref(), &self.dataset.map));
        Some(SourcePlace {
            file: format!("{folder}/{}", row.file),
            line: Some(row.line),
            column: column.map(str::to_owned),
        })
    }
}
