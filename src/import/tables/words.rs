//! The words that tables use for fixed terms, and the labels that things already have.

use std::collections::HashMap;

use oxrdf::{NamedNode, Term};

use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::query::{Rows, named, rows};
use crate::vocab::BASE;
use crate::vocab::other::PREF_LABEL;

/// The words that tables use for findings, bases, confidences, kinds and trends.
#[derive(Clone, Debug, Default)]
pub struct FixedTerms {
    /// By class IRI and word.
    terms: HashMap<(String, String), NamedNode>,
    /// Preferred labels that things already have, by IRI and language.
    pub(super) labels: HashMap<(String, String), String>,
}

impl FixedTerms {
    /// Reads them from the graph.
    pub fn read(graph: &KnowledgeGraph) -> Result<Self> {
        let mut terms = HashMap::new();
        for row in Rows::new(&rows(graph, named("fixed-terms")?, Vec::new())?) {
            terms.insert(
                (row.iri("class")?.into_string(), row.text("notation")?),
                row.iri("term")?,
            );
        }
        let mut labels = HashMap::new();
        for row in Rows::new(&rows(graph, named("texts")?, Vec::new())?) {
            if let (Some(Term::Literal(text)), true) =
                (row.get("text"), row.iri("property")? == PREF_LABEL)
            {
                labels.insert(
                    (
                        row.iri("thing")?.into_string(),
                        text.language().unwrap_or("").to_owned(),
                    ),
                    text.value().to_owned(),
                );
            }
        }
        Ok(Self { terms, labels })
    }

    pub(super) fn find(&self, class: &str, word: &str) -> Option<&NamedNode> {
        self.terms.get(&(class_iri(class), word.to_owned()))
    }

    pub(super) fn words(&self, class: &str) -> Vec<&str> {
        let class = class_iri(class);
        let mut words: Vec<&str> = self
            .terms
            .keys()
            .filter(|(c, _)| *c == class)
            .map(|(_, word)| word.as_str())
            .collect();
        words.sort_unstable();
        words
    }
}

fn class_iri(class: &str) -> String {
    format!("{BASE}ns#{class}")
}
