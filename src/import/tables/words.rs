//! The words that tables use for fixed terms, and the labels that things already have.

use std::collections::HashMap;

use oxrdf::{NamedNode, Term};

use super::writer::slug;
use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::query::{Rows, named, rows};
use crate::vocab::BASE;

/// The words that tables use for findings, bases, confidences, kinds and trends.
#[derive(Clone, Debug, Default)]
pub struct FixedTerms {
    /// By class IRI and word.
    terms: HashMap<(String, String), NamedNode>,
    /// Labels of peers that are there already.
    pub(super) labels: Labels,
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
        let mut labels = Labels::default();
        for row in Rows::new(&rows(graph, named("peer-labels")?, Vec::new())?) {
            if let Some(Term::Literal(text)) = row.get("text") {
                let language = text.language().unwrap_or("").to_owned();
                labels.add(&row.iri("label")?, &language, text.value());
            }
        }
        Ok(Self { terms, labels })
    }

    pub(in crate::import) fn find(&self, class: &str, word: &str) -> Option<&NamedNode> {
        self.terms.get(&(class_iri(class), word.to_owned()))
    }

    /// Every term with the last part of its class's name and its word.
    pub(in crate::import) fn all(&self) -> impl Iterator<Item = (&str, &str, &NamedNode)> {
        let base = class_iri("").len();
        self.terms
            .iter()
            .map(move |((class, word), term)| (&class[base..], word.as_str(), term))
    }

    pub(in crate::import) fn words(&self, class: &str) -> Vec<&str> {
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

/// Labels of peers with their preferred texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// Preferred text, by IRI and language.
    preferred: HashMap<(String, String), String>,
    /// The label, by the slug of its preferred text and language.
    named: HashMap<(String, String), NamedNode>,
}

impl Labels {
    pub(super) fn add(&mut self, label: &NamedNode, language: &str, text: &str) {
        self.preferred.insert(
            (label.as_str().to_owned(), language.to_owned()),
            text.to_owned(),
        );
        self.named
            .insert((slug(text), language.to_owned()), label.clone());
    }

    pub(super) fn remove(&mut self, label: &NamedNode, language: &str) {
        let key = (label.as_str().to_owned(), language.to_owned());
        if let Some(text) = self.preferred.remove(&key) {
            self.named.remove(&(slug(&text), key.1));
        }
    }

    /// The preferred text of a label in a language.
    pub(super) fn preferred(&self, label: &NamedNode, language: &str) -> Option<&str> {
        self.preferred
            .get(&(label.as_str().to_owned(), language.to_owned()))
            .map(String::as_str)
    }

    /// The label whose preferred text in a language has this slug: spelling and case aside, it is
    /// the same word.
    pub(super) fn named(&self, slug: &str, language: &str) -> Option<&NamedNode> {
        self.named.get(&(slug.to_owned(), language.to_owned()))
    }
}
