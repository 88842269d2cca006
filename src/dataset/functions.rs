//! What SPARQL queries may call of the analysis: likeness of two programmes, by the same code as
//! the commands.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use oxrdf::{Literal, NamedNode, Term};

use super::Dataset;
use crate::analysis::columns::Columns;
use crate::analysis::similarity::{
    Comparer, Comparison, Explanation, InformationContent, Profile, Similarity, explain,
};
use crate::graph::Function;
use crate::vocab::BASE;

/// A function as people read about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionText {
    /// Its name behind the prefix `pm:`.
    pub name: &'static str,
    /// What it takes.
    pub arguments: &'static str,
    /// The datatype of what it gives.
    pub gives: &'static str,
    /// What it says, as a sentence.
    pub says: &'static str,
}

/// The functions of ours, in the order in which they are listed.
///
/// Each takes two programmes and leaves its variable unbound for anything else, and for two
/// programmes that answer fewer than three questions in common.
pub const FUNCTIONS: &[FunctionText] = &[
    FunctionText {
        name: "similarity",
        arguments: "?a, ?b",
        gives: "xsd:double",
        says: "How alike two programmes are, from 0 to 1, as `peermap similar` counts it.",
    },
    FunctionText {
        name: "similarityLow",
        arguments: "?a, ?b",
        gives: "xsd:double",
        says: "The least it can be, whatever the questions that are not stated hold.",
    },
    FunctionText {
        name: "similarityHigh",
        arguments: "?a, ?b",
        gives: "xsd:double",
        says: "The most it can be, whatever the questions that are not stated hold.",
    },
    FunctionText {
        name: "comparableQuestions",
        arguments: "?a, ?b",
        gives: "xsd:integer",
        says: "How many questions both programmes answer.",
    },
    FunctionText {
        name: "shared",
        arguments: "?a, ?b",
        gives: "xsd:string",
        says: "The narrowest values that both have, by their notations with `|` between them.",
    },
];

/// The programmes, ready to be compared.
struct Facts {
    columns: Columns,
    ic: InformationContent,
    comparison: Comparison,
    comparer: Comparer,
    looks: Vec<Profile>,
    positions: HashMap<String, usize>,
}

impl Facts {
    fn read(dataset: &Dataset) -> Option<Self> {
        let (_, columns) = dataset.programmes().ok()?;
        let ic = InformationContent::from_columns(&columns);
        let comparison = Comparison::default();
        let comparer = Comparer::new(columns.schema(), &ic, &comparison);
        let all = 0..columns.len();
        let looks = all
            .clone()
            .map(|at| comparer.profile(&columns, at))
            .collect();
        let positions = all.map(|at| (columns.name(at).to_owned(), at)).collect();
        Some(Self {
            columns,
            ic,
            comparison,
            comparer,
            looks,
            positions,
        })
    }

    fn pair(&self, terms: &[Term]) -> Option<(usize, usize)> {
        let position = |term: &Term| match term {
            Term::NamedNode(node) => self.positions.get(node.as_str()).copied(),
            _ => None,
        };
        match terms {
            [a, b] => Some((position(a)?, position(b)?)),
            _ => None,
        }
    }

    fn compare(&self, terms: &[Term]) -> Option<Similarity> {
        let (a, b) = self.pair(terms)?;
        self.comparer
            .compare(self.looks[a].view(), self.looks[b].view())
    }

    fn explain(&self, terms: &[Term]) -> Option<Explanation> {
        let (a, b) = self.pair(terms)?;
        explain(&self.columns, &self.ic, &self.comparison, a, b)
    }

    fn call(&self, name: &str, terms: &[Term]) -> Option<Term> {
        let schema = self.columns.schema();
        Some(match name {
            "similarity" => Literal::from(self.compare(terms)?.score).into(),
            "similarityLow" => Literal::from(self.compare(terms)?.low).into(),
            "similarityHigh" => Literal::from(self.compare(terms)?.high).into(),
            "comparableQuestions" => {
                Literal::from(i64::from(self.compare(terms)?.comparable)).into()
            }
            "shared" => {
                let shared = self.explain(terms)?.narrowest(schema);
                let notations: Vec<&str> = shared
                    .iter()
                    .map(|shared| schema.values[shared.value].notation.as_str())
                    .collect();
                Literal::new_simple_literal(notations.join("|")).into()
            }
            _ => return None,
        })
    }
}

impl Dataset {
    /// Gives queries the [`FUNCTIONS`], on the programmes as they are now. The programmes are
    /// read when a query first calls one.
    pub(super) fn offer_functions(&mut self) {
        // Without the functions offered before: they would keep what they stood on alive.
        self.graph.clear_functions();
        let source = Arc::new(self.clone());
        let facts: Arc<OnceLock<Option<Facts>>> = Arc::default();
        for text in FUNCTIONS {
            let (source, facts) = (Arc::clone(&source), Arc::clone(&facts));
            self.graph.add_function(Function {
                name: NamedNode::new_unchecked(format!("{BASE}ns#{}", text.name)),
                call: Arc::new(move |terms| {
                    let facts = facts.get_or_init(|| Facts::read(&source));
                    facts.as_ref()?.call(text.name, terms)
                }),
            });
        }
    }
}
