//! The knowledge graph: an embedded oxigraph store and what is known about what is in it.
//!
//! Every source is a named graph of its own; queries see the union of all of them as the default
//! graph. Loading is all or nothing per file. All oxigraph types stay here and in `query`.

mod endpoint;
mod entities;
mod lines;
mod load;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedNodeRef, Quad};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use oxrdf::{NamedOrBlankNode, Term, Triple, TripleRef};

use crate::error::{Error, Result};
use crate::terms::Prefixes;
use crate::vocab::BASE;

pub use endpoint::{Endpoint, Form};
pub use lines::lines_of;
pub use load::{Declared, Source, parse, rdf_format};

/// The graph that holds what is derived from codings.
pub const DERIVED: &str = "https://w3id.org/peermap/graph/derived";

/// RDF data of the map, the programmes and whatever else was loaded, ready to be queried.
#[derive(Clone)]
pub struct KnowledgeGraph {
    store: Store,
    prefixes: Prefixes,
    /// Shared with clones, as the store is.
    version: Arc<AtomicU64>,
    elsewhere: Option<Arc<Endpoint>>,
    services: Vec<Endpoint>,
    functions: Vec<Function>,
}

/// Versions that were given out: no two states of any graphs have the same.
static VERSIONS: AtomicU64 = AtomicU64::new(0);

/// A function that queries may call: its IRI and what it gives for its arguments, nothing for
/// arguments that make no sense.
#[derive(Clone)]
pub struct Function {
    /// What queries call it.
    pub name: NamedNode,
    /// What it gives.
    pub call: Call,
}

/// What a function gives for its arguments.
pub type Call = Arc<dyn Fn(&[Term]) -> Option<Term> + Send + Sync>;

impl KnowledgeGraph {
    /// An empty graph in memory.
    pub fn new() -> Result<Self> {
        Ok(Self {
            store: Store::new().map_err(|e| Error::Store(e.into()))?,
            prefixes: Prefixes::default(),
            version: Arc::new(AtomicU64::new(VERSIONS.fetch_add(1, Ordering::Relaxed))),
            elsewhere: None,
            services: Vec::new(),
            functions: Vec::new(),
        })
    }

    /// A number that changes with the statements, for keeping what was computed from them. Equal
    /// only for clones of one graph, which share its statements.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn changed(&self) {
        let next = VERSIONS.fetch_add(1, Ordering::Relaxed);
        self.version.store(next, Ordering::Release);
    }

    /// Adds quads in one go: either all of them or, on failure, none.
    pub fn insert(&mut self, quads: Vec<Quad>) -> Result<()> {
        let mut loader = self.store.bulk_loader();
        loader
            .load_quads(quads)
            .map_err(|e| Error::Store(e.into()))?;
        loader.commit().map_err(|e| Error::Store(e.into()))?;
        self.changed();
        Ok(())
    }

    /// Adds the statements that `fill` gives to the graph of one source, but for those that
    /// another source made before: the union of all graphs, which queries see, then has each
    /// statement once. When `fill` fails, nothing is added.
    pub fn add_source(
        &mut self,
        graph: &NamedNode,
        fill: impl FnOnce(&mut dyn FnMut(TripleRef<'_>)) -> Result<()>,
    ) -> Result<()> {
        let failed = |e: oxigraph::store::StorageError| Error::Store(e.into());
        let before = self.store.clone();
        // Statements come subject by subject, so whether a subject is known is asked once each.
        let mut last: Option<(NamedOrBlankNode, bool)> = None;
        let mut transaction = self.store.start_transaction().map_err(failed)?;
        fill(&mut |triple| {
            let subject = triple.subject;
            let mentioned = match &last {
                Some((known, mentioned)) if known.as_ref() == subject => *mentioned,
                _ => {
                    let found = before
                        .quads_for_pattern(Some(subject), None, None, None)
                        .next()
                        .is_some();
                    last = Some((subject.into_owned(), found));
                    found
                }
            };
            let (predicate, object) = (Some(triple.predicate), Some(triple.object));
            let said = mentioned
                && before
                    .quads_for_pattern(Some(subject), predicate, object, None)
                    .next()
                    .is_some();
            if !said {
                transaction.insert(triple.in_graph(graph));
            }
        })?;
        transaction.commit().map_err(failed)?;
        self.changed();
        Ok(())
    }

    /// Reads a source whole, then adds it; a broken source leaves the graph as it was.
    pub fn load(&mut self, source: &Source) -> Result<usize> {
        let quads = source.read()?;
        let count = quads.len();
        self.insert(quads)?;
        Ok(count)
    }

    /// Takes statements out and puts others in, in one go: either all of it or, on failure, nothing.
    pub fn change(&mut self, removed: &[Quad], added: &[Quad]) -> Result<()> {
        let failed = |e: oxigraph::store::StorageError| Error::Store(e.into());
        let mut transaction = self.store.start_transaction().map_err(failed)?;
        for quad in removed {
            transaction.remove(quad);
        }
        for quad in added {
            transaction.insert(quad);
        }
        transaction.commit().map_err(failed)?;
        self.changed();
        Ok(())
    }

    /// Runs a SPARQL update with the union of all graphs as what its patterns see.
    ///
    /// # Errors
    /// LOAD, SERVICE and syntax errors, as for queries; the graph is then as it was.
    pub fn update(&mut self, text: &str) -> Result<()> {
        let mut update =
            SparqlEvaluator::new()
                .parse_update(text)
                .map_err(|e| Error::Ontology {
                    reason: format!("an update is broken: {e}"),
                    hint: None,
                })?;
        for dataset in update.using_datasets_mut() {
            if dataset.is_default_dataset() {
                dataset.set_default_graph_as_union();
            }
        }
        let outcome = update
            .on_store(&self.store)
            .execute()
            .map_err(|e| Error::Evaluation(e.into()));
        self.changed();
        outcome
    }

    /// Recomputes what follows from the codings, by one update that ships with the program.
    pub fn derive(&mut self, update: &str) -> Result<()> {
        self.store
            .clear_graph(NamedNodeRef::new_unchecked(DERIVED))
            .map_err(|e| Error::Store(e.into()))?;
        self.update(update)
    }

    /// Learns the prefixes that the graph declares, by a query with columns `prefix`, `namespace`.
    pub fn read_prefixes(&mut self, query: &str) -> Result<()> {
        let mut entries = Vec::new();
        let prepared = SparqlEvaluator::new()
            .parse_query(query)
            .map_err(|e| Error::Ontology {
                reason: e.to_string(),
                hint: None,
            })?;
        let results = self.run(prepared)?;
        if let QueryResults::Solutions(rows) = results {
            for row in rows {
                let row = row.map_err(|e| Error::Evaluation(e.into()))?;
                let text = |name: &str| match row.get(name) {
                    Some(Term::Literal(literal)) => Some(literal.value().to_owned()),
                    Some(Term::NamedNode(node)) => Some(node.as_str().to_owned()),
                    _ => None,
                };
                if let (Some(prefix), Some(namespace)) = (text("prefix"), text("namespace")) {
                    entries.push((prefix, namespace));
                }
            }
        }
        self.prefixes = Prefixes::new(entries);
        self.changed();
        Ok(())
    }

    /// The prefixes that the graph declares.
    pub const fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// Runs a prepared query; its default graph becomes the union unless it names its own.
    pub(crate) fn run(
        &self,
        mut query: oxigraph::sparql::PreparedSparqlQuery,
    ) -> Result<QueryResults<'static>> {
        if query.dataset().is_default_dataset() {
            query.dataset_mut().set_default_graph_as_union();
        }
        query
            .on_store(&self.store)
            .execute()
            .map_err(|e| Error::Evaluation(e.into()))
    }

    /// Sends queries to an endpoint from now on, in place of the statements here.
    pub fn ask_elsewhere(&mut self, endpoint: Endpoint) {
        self.elsewhere = Some(Arc::new(endpoint));
    }

    /// The endpoint that queries go to, if not to the statements here.
    pub fn elsewhere(&self) -> Option<&Endpoint> {
        self.elsewhere.as_deref()
    }

    /// Lets SERVICE reach an endpoint.
    pub fn allow_service(&mut self, endpoint: Endpoint) {
        self.services.push(endpoint);
    }

    /// Whether SERVICE may reach an address.
    pub fn allows_service(&self, url: &str) -> bool {
        self.services.iter().any(|service| service.url() == url)
    }

    /// Gives queries a function.
    pub fn add_function(&mut self, function: Function) {
        self.functions.push(function);
    }

    /// Takes all functions away again.
    pub fn clear_functions(&mut self) {
        self.functions.clear();
    }

    /// The functions that queries may call, besides those of SPARQL.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// What evaluates queries here, with the functions and services of this graph.
    pub(crate) fn evaluator(&self) -> SparqlEvaluator {
        let mut evaluator = SparqlEvaluator::new();
        for function in &self.functions {
            let call = Arc::clone(&function.call);
            evaluator =
                evaluator.with_custom_function(function.name.clone(), move |terms| call(terms));
        }
        for service in &self.services {
            evaluator = evaluator
                .with_service_handler(NamedNode::new_unchecked(service.url()), service.clone());
        }
        evaluator
    }

    /// Runs a prepared query as [`Self::run`] does, and accounts for every step. What is told is
    /// whole when all results were taken.
    pub(crate) fn explain(
        &self,
        mut query: oxigraph::sparql::PreparedSparqlQuery,
    ) -> (
        std::result::Result<QueryResults<'static>, oxigraph::sparql::QueryEvaluationError>,
        oxigraph::sparql::QueryExplanation,
    ) {
        if query.dataset().is_default_dataset() {
            query.dataset_mut().set_default_graph_as_union();
        }
        query.on_store(&self.store).compute_statistics().explain()
    }

    /// How many statements fit the fixed terms of a pattern, counted up to `enough`.
    pub(crate) fn count_fitting(
        &self,
        pattern: &spargebra::term::TriplePattern,
        enough: usize,
    ) -> usize {
        let (subject, predicate, object) = crate::query::plan::fixed(pattern);
        self.store
            .quads_for_pattern(
                subject.as_ref().map(NamedOrBlankNode::as_ref),
                predicate.as_ref().map(NamedNode::as_ref),
                object.as_ref().map(Term::as_ref),
                None,
            )
            .take(enough)
            .count()
    }

    /// Whether any statement has this IRI as its subject or object.
    pub fn mentions(&self, iri: &NamedNode) -> bool {
        self.store
            .quads_for_pattern(Some(iri.as_ref().into()), None, None, None)
            .next()
            .is_some()
            || self
                .store
                .quads_for_pattern(None, None, Some(iri.as_ref().into()), None)
                .next()
                .is_some()
    }

    /// Whether a statement has this subject and predicate, in any graph.
    pub fn has(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> bool {
        self.store
            .quads_for_pattern(Some(subject.as_ref().into()), Some(predicate), None, None)
            .next()
            .is_some()
    }

    /// How many statements there are in all graphs, each counted once a graph; elsewhere, as many
    /// as the endpoint says.
    pub fn len(&self) -> Result<usize> {
        if let Some(endpoint) = &self.elsewhere {
            return endpoint.count();
        }
        self.store.len().map_err(|e| Error::Store(e.into()))
    }

    /// Whether there are no statements.
    pub fn is_empty(&self) -> Result<bool> {
        self.store.is_empty().map_err(|e| Error::Store(e.into()))
    }

    /// The statements of all graphs but those named, as quads in a stable order.
    pub fn quads_outside(&self, graphs: &[String]) -> Result<Vec<Quad>> {
        let mut quads = Vec::new();
        for quad in &self.store {
            let quad = quad.map_err(|e| Error::Store(e.into()))?;
            let left_out = matches!(&quad.graph_name, GraphName::NamedNode(name) if graphs.iter().any(|g| g == name.as_str()));
            if !left_out {
                quads.push(quad);
            }
        }
        quads.sort_by_cached_key(ToString::to_string);
        Ok(quads)
    }

    /// The statements of one graph, sorted.
    pub fn triples_of(&self, graph: &str) -> Result<Vec<Triple>> {
        let name = GraphNameRef::NamedNode(NamedNodeRef::new_unchecked(graph));
        let mut triples = Vec::new();
        for quad in self.store.quads_for_pattern(None, None, None, Some(name)) {
            triples.push(quad.map_err(|e| Error::Store(e.into()))?.into());
        }
        triples.sort_by_cached_key(ToString::to_string);
        Ok(triples)
    }

    /// A copy that shares nothing with this one.
    pub fn copy(&self) -> Result<Self> {
        let mut copy = Self::new()?;
        copy.insert(self.quads_outside(&[])?)?;
        copy.prefixes = self.prefixes.clone();
        Ok(copy)
    }
}

/// The name of the graph for a source called `name`.
pub fn graph_name(name: &str) -> NamedNode {
    let slug: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    NamedNode::new_unchecked(format!("{BASE}graph/{slug}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_of_all_graphs_is_what_a_query_sees() {
        let mut graph = KnowledgeGraph::new().expect("memory");
        for name in ["a", "b"] {
            let text = format!("<https://e.org/{name}> <https://e.org/p> 1 .");
            graph
                .insert(
                    parse(
                        text.as_bytes(),
                        oxrdfio::RdfFormat::Turtle,
                        name,
                        Some(graph_name(name)),
                        std::path::Path::new(name),
                    )
                    .expect("fine"),
                )
                .expect("stored");
        }
        let prepared = SparqlEvaluator::new()
            .parse_query("ASK { <https://e.org/a> ?p 1 . <https://e.org/b> ?p 1 }")
            .expect("fine");
        assert!(matches!(
            graph.run(prepared).expect("runs"),
            QueryResults::Boolean(true)
        ));
        assert_eq!(
            graph
                .triples_of("https://w3id.org/peermap/graph/a")
                .expect("read")
                .len(),
            1
        );
    }

    #[test]
    fn the_version_changes_with_the_statements() {
        let mut graph = KnowledgeGraph::new().expect("memory");
        let other = KnowledgeGraph::new().expect("memory");
        let clone = graph.clone();
        let before = graph.version();
        assert_ne!(before, other.version());
        graph
            .update("INSERT DATA { <https://e.org/a> <https://e.org/p> 1 }")
            .expect("runs");
        assert_ne!(before, graph.version());
        assert_eq!(clone.version(), graph.version());
    }

    #[test]
    fn a_broken_source_leaves_the_graph_as_it_was() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("half.ttl");
        std::fs::write(
            &path,
            "<https://e.org/a> <https://e.org/p> 1 .\n<https://e.org/b> <https://e.org/p> \"half",
        )
        .expect("written");
        let mut graph = KnowledgeGraph::new().expect("memory");
        assert!(
            graph
                .load(&Source::file(&path, None).expect("known ending"))
                .is_err()
        );
        assert_eq!(graph.len().expect("counted"), 0);
    }
}
