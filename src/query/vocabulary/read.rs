//! Reading the words of a graph by a few queries that any SPARQL endpoint answers.

use std::collections::HashMap;

use oxrdf::Term;

use super::index::Index;
use super::{Places, Predicate, Thing, Use, Vocabulary};
use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::output::{Body, Table};
use crate::query::{Options, run};
use crate::terms::{Prefixes, short_name};

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

const TYPES: &str = "SELECT ?thing ?class WHERE { ?thing a ?class FILTER (isIRI(?class)) }";

const PREDICATES: &str = "SELECT ?p (COUNT(*) AS ?n) (SUM(IF(isLiteral(?o), 1, 0)) AS ?literals) \
    WHERE { ?s ?p ?o } GROUP BY ?p";

const OF_CLASS: &str = "SELECT ?class ?p (COUNT(*) AS ?n) \
    WHERE { ?s a ?class . ?s ?p ?o FILTER (isIRI(?class)) } GROUP BY ?class ?p";

const VALUES: &str = "SELECT ?p ?o (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example) \
    WHERE { ?s ?p ?o FILTER (isIRI(?o)) } GROUP BY ?p ?o";

/// Properties that name things, the best name first.
const NAMES: &str = "PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?rank ?name WHERE {
  VALUES (?property ?rank) {
    (skos:prefLabel 1) (rdfs:label 2) (dcterms:title 3) (foaf:name 4) (skos:altLabel 5) (skos:notation 6)
  }
  ?thing ?property ?name FILTER (isIRI(?thing) && isLiteral(?name))
}";

const GRAPHS: &str = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g";

/// Names of this rank and better may be shown as a label; the others only find the thing.
const SHOWN: u64 = 4;

impl Vocabulary {
    /// Reads the words of a graph. Time and memory grow with the number of statements; keep the
    /// answer ([`super::VocabularyCache`]).
    ///
    /// # Errors
    /// What the store says when it cannot be read.
    pub fn read(graph: &KnowledgeGraph) -> Result<Self> {
        let options = Options {
            no_auto_prefix: true,
            ..Options::default()
        };
        Self::read_by(graph.prefixes().clone(), |text| {
            Ok(match run(graph, text, &options)?.body {
                Body::Table(table) => table,
                _ => Table::default(),
            })
        })
    }

    /// Reads the words of whatever answers queries, such as an endpoint.
    ///
    /// # Errors
    /// The first question that is not answered.
    pub fn read_by(prefixes: Prefixes, mut ask: impl FnMut(&str) -> Result<Table>) -> Result<Self> {
        let mut new = Self {
            prefixes,
            ..Self::default()
        };
        new.add_types(&ask(TYPES)?);
        new.add_predicates(&ask(PREDICATES)?);
        new.add_predicates_of_classes(&ask(OF_CLASS)?);
        new.add_values(&ask(VALUES)?);
        new.add_graphs(&ask(GRAPHS)?);
        new.add_names(&ask(NAMES)?);
        new.put_in_order();
        Ok(new)
    }

    fn intern(&mut self, iri: &str) -> u32 {
        if let Some(at) = self.by_iri.get(iri) {
            return *at;
        }
        let at = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.things.push(Thing {
            iri: iri.to_owned(),
            short: self.prefixes.display_iri(iri),
            ..Thing::default()
        });
        self.by_iri.insert(iri.to_owned(), at);
        at
    }

    fn add_types(&mut self, table: &Table) {
        let mut members: HashMap<u32, u64> = HashMap::new();
        for row in &table.rows {
            let Some(class) = iri(row, 1).map(|class| self.intern(class)) else {
                continue;
            };
            *members.entry(class).or_default() += 1;
            if let Some(thing) = iri(row, 0) {
                let thing = self.intern(thing) as usize;
                self.things[thing].classes.push(class);
            }
        }
        self.classes = self.by_use(members.into_iter().map(|(thing, count)| Use {
            thing,
            count,
            example: None,
        }));
    }

    fn add_predicates(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(predicate) = iri(row, 0).map(|p| self.intern(p)) else {
                continue;
            };
            let about = Predicate {
                count: number(row, 1),
                literals: number(row, 2),
                ..Predicate::default()
            };
            self.about.insert(predicate, about);
        }
        let uses: Vec<Use> = self
            .about
            .iter()
            .map(|(thing, about)| Use {
                thing: *thing,
                count: about.count,
                example: None,
            })
            .collect();
        self.predicates = self.by_use(uses.into_iter());
    }

    fn add_predicates_of_classes(&mut self, table: &Table) {
        let mut of_class: HashMap<u32, Vec<Use>> = HashMap::new();
        for row in &table.rows {
            if let (Some(class), Some(predicate)) = (iri(row, 0), iri(row, 1)) {
                let used = Use {
                    thing: self.intern(predicate),
                    count: number(row, 2),
                    example: None,
                };
                of_class.entry(self.intern(class)).or_default().push(used);
            }
        }
        self.of_class = of_class
            .into_iter()
            .map(|(class, uses)| (class, self.by_use(uses.into_iter())))
            .collect();
    }

    fn add_values(&mut self, table: &Table) {
        let mut values: HashMap<u32, Vec<Use>> = HashMap::new();
        for row in &table.rows {
            let (Some(predicate), Some(value)) = (iri(row, 0), iri(row, 1)) else {
                continue;
            };
            if predicate == TYPE {
                continue;
            }
            let example = match row.get(3) {
                Some(Some(Term::Literal(literal))) => self.by_iri.get(literal.value()).copied(),
                _ => None,
            };
            let used = Use {
                thing: self.intern(value),
                count: number(row, 2),
                example,
            };
            values.entry(self.intern(predicate)).or_default().push(used);
        }
        for (predicate, uses) in values {
            let uses = self.by_use(uses.into_iter());
            if let Some(about) = self.about.get_mut(&predicate) {
                about.places = Places::of(&uses, self.things.len());
                about.values = uses;
            }
        }
    }

    fn add_graphs(&mut self, table: &Table) {
        let mut graphs = Vec::new();
        for row in &table.rows {
            if let Some(graph) = iri(row, 0) {
                graphs.push(Use {
                    thing: self.intern(graph),
                    count: number(row, 1),
                    example: None,
                });
            }
        }
        self.graphs = self.by_use(graphs.into_iter());
    }

    /// Puts things into an order by name that never changes, and counts prefixes.
    fn put_in_order(&mut self) {
        let mut order: Vec<u32> = (0..).take(self.things.len()).collect();
        order.sort_by(|a, b| self.at(*a).short.cmp(&self.at(*b).short));
        self.ranks = vec![0; order.len()];
        for (rank, thing) in (0u32..).zip(&order) {
            self.ranks[*thing as usize] = rank;
        }
        self.typed = self
            .things
            .iter()
            .map(|thing| !thing.classes.is_empty())
            .collect();
        for thing in &self.things {
            if let Some((prefix, _)) = thing.short.split_once(':')
                && !prefix.starts_with('<')
            {
                *self.prefix_uses.entry(prefix.to_owned()).or_default() += 1;
            }
        }
    }

    fn add_names(&mut self, table: &Table) {
        let mut labels: HashMap<(u32, bool), (u64, String)> = HashMap::new();
        let mut names: Vec<(u32, String)> = Vec::new();
        for row in &table.rows {
            let (Some(thing), Some(Some(Term::Literal(name)))) = (iri(row, 0), row.get(2)) else {
                continue;
            };
            let thing = self.intern(thing);
            let rank = number(row, 1);
            let language = name.language().unwrap_or("");
            let french = language == "fr" || language.starts_with("fr-");
            let shown = french || language.is_empty() || language.starts_with("en");
            if rank <= SHOWN && shown {
                let candidate = (rank, name.value().to_owned());
                let best = labels.entry((thing, french)).or_insert(candidate.clone());
                if candidate < *best {
                    *best = candidate;
                }
            }
            names.push((thing, name.value().to_owned()));
        }
        for ((thing, french), (_, label)) in labels {
            let thing = &mut self.things[thing as usize];
            if french {
                thing.french = Some(label);
            } else {
                thing.english = Some(label);
            }
        }
        for (at, thing) in self.things.iter().enumerate() {
            if let Ok(at) = u32::try_from(at) {
                let short = short_name(&thing.iri);
                names.push((at, short.to_owned()));
                if let Some(words) = humps(short) {
                    names.push((at, words));
                }
            }
        }
        self.index = Index::new(names);
    }

    /// Most used first, then by name.
    fn by_use(&self, uses: impl Iterator<Item = Use>) -> Vec<Use> {
        let mut uses: Vec<Use> = uses.collect();
        uses.sort_by(|a, b| {
            b.count
                .cmp(&a.count)
                .then_with(|| self.at(a.thing).short.cmp(&self.at(b.thing).short))
        });
        uses
    }
}

/// `codedValue` as `coded Value`.
fn humps(name: &str) -> Option<String> {
    let mut words = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(c);
        before = c;
    }
    (words.len() > name.len()).then_some(words)
}

fn iri(row: &[Option<Term>], column: usize) -> Option<&str> {
    match row.get(column) {
        Some(Some(Term::NamedNode(node))) => Some(node.as_str()),
        _ => None,
    }
}

fn number(row: &[Option<Term>], column: usize) -> u64 {
    match row.get(column) {
        Some(Some(Term::Literal(literal))) => literal.value().parse().unwrap_or(0),
        _ => 0,
    }
}
