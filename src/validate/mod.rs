//! Shapes over data, by SHACL: what breaks a rule, where, and in whose words.
//!
//! [`validate`] is the one way in. SHACL Core is judged by the `shacl` crate; its constraints in
//! SPARQL (`sh:sparql`) by our own query engine, since that crate leaves them out without a word.
//! What neither can judge is refused with its name. Messages are those of the shapes; a shape
//! without one gets a sentence for its kind of constraint, in English and in French.

mod engine;
mod messages;
mod path;
mod report;
mod shapes;
mod sparql;
mod terms;

use oxrdf::{Literal, NamedNode, Term, Triple};

pub use path::Path;
pub use report::to_triples;

use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::map::Language;
use shapes::Shapes;

/// How much a result weighs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The data is wrong or cannot be read safely.
    Violation,
    /// A gap that a reader would feel.
    Warning,
    /// What may well stay open.
    Info,
    /// A weight that the shapes name themselves.
    Other(NamedNode),
}

impl Severity {
    /// Its IRI.
    pub fn iri(&self) -> NamedNode {
        let shacl = |local: &str| NamedNode::new_unchecked(format!("{}{local}", terms::SHACL));
        match self {
            Self::Violation => shacl("Violation"),
            Self::Warning => shacl("Warning"),
            Self::Info => shacl("Info"),
            Self::Other(iri) => iri.clone(),
        }
    }

    fn from_term(term: Option<&Term>) -> Self {
        match term {
            Some(Term::NamedNode(node)) => match node.as_str().strip_prefix(terms::SHACL) {
                Some("Violation") => Self::Violation,
                Some("Warning") => Self::Warning,
                Some("Info" | "Debug" | "Trace") => Self::Info,
                _ => Self::Other(node.clone()),
            },
            _ => Self::Violation,
        }
    }
}

/// One rule broken at one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationResult {
    /// The node that was judged.
    pub focus_node: Term,
    /// The way from it to what is wrong.
    pub path: Option<Path>,
    /// What is wrong.
    pub value: Option<Term>,
    /// The shape that asks for more.
    pub source_shape: Term,
    /// The constraint in SPARQL, if it is one.
    pub source_constraint: Option<Term>,
    /// The kind of constraint.
    pub component: NamedNode,
    /// How much it weighs.
    pub severity: Severity,
    /// What to tell people, in every language there is.
    pub messages: Vec<Literal>,
}

impl ValidationResult {
    /// The message in a language, else in English, else without a language, else any.
    pub fn message(&self, language: Language) -> &str {
        let tagged = |tag: Option<&str>| self.messages.iter().find(|m| m.language() == tag);
        tagged(Some(language.tag()))
            .or_else(|| tagged(Some("en")))
            .or_else(|| tagged(None))
            .or_else(|| self.messages.first())
            .map_or("", Literal::value)
    }

    /// The rule by its own name: the constraint if that has one, else the shape.
    pub fn rule(&self) -> &Term {
        match &self.source_constraint {
            Some(constraint @ Term::NamedNode(_)) => constraint,
            _ => &self.source_shape,
        }
    }
}

/// What validation found, the heaviest first, then by rule, node and value.
#[derive(Clone, Debug, Default)]
pub struct ValidationReport {
    /// Each broken rule at each node.
    pub results: Vec<ValidationResult>,
}

impl ValidationReport {
    /// Whether nothing was found, of whatever weight, as SHACL has it.
    pub const fn conforms(&self) -> bool {
        self.results.is_empty()
    }
}

/// Judges the union of all graphs by shapes.
///
/// Prefixes that constraints in SPARQL name may be declared in the shapes or in the graph.
/// Cost: SHACL Core holds a second copy of the data in memory; each constraint in SPARQL is one
/// query, or, where its meaning depends on the node, one query a node.
///
/// # Errors
/// Shapes that cannot be used, and any part of SHACL that would be passed over in silence.
pub fn validate(graph: &KnowledgeGraph, shapes: &[Triple]) -> Result<ValidationReport> {
    let shapes = Shapes::new(shapes)?;
    let mut data: Vec<Triple> = graph
        .quads_outside(&[])?
        .into_iter()
        .map(Triple::from)
        .collect();
    data.dedup();
    let mut results = engine::core(&data, &shapes)?;
    results.extend(sparql::judge(graph, &shapes)?);
    for result in &mut results {
        messages::complete(result, &shapes);
    }
    results.sort_by_cached_key(|result| {
        (
            result.severity.clone(),
            result.rule().to_string(),
            result.focus_node.to_string(),
            result.path.as_ref().map(ToString::to_string),
            result.value.as_ref().map(ToString::to_string),
        )
    });
    Ok(ValidationReport { results })
}
