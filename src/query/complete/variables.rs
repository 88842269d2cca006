//! What the triples of a text say about its variables: their classes and what they can be.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::terms::Terms;
use crate::query::names::{Resolved, TYPE};
use crate::query::vocabulary::Use;

/// How many objects of a predicate are asked for their class.
const SAMPLE: usize = 200;

impl Terms<'_> {
    /// Whether only IRIs can be the value of a variable, by the triples of the text.
    pub(super) fn is_never_literal(&self, variable: &str) -> bool {
        self.facts.iter().any(|fact| {
            let is = |term: &Resolved| matches!(term, Resolved::Variable(name) if name == variable);
            if is(&fact.subject) || is(&fact.predicate) {
                return true;
            }
            let Resolved::Iri(predicate) = &fact.predicate else {
                return false;
            };
            let about = self
                .vocabulary
                .position(predicate)
                .and_then(|at| self.vocabulary.about(at));
            is(&fact.object) && about.is_some_and(|about| about.count > 0 && about.literals == 0)
        })
    }

    /// What a variable stands for: its class if the text says so, else the predicate it is the
    /// object of.
    pub(super) fn about_variable(&self, variable: &str) -> String {
        let is = |term: &Resolved| matches!(term, Resolved::Variable(name) if name == variable);
        let class = self.facts.iter().find_map(|fact| match &fact.object {
            Resolved::Iri(class)
                if is(&fact.subject) && fact.predicate == Resolved::Iri(TYPE.to_owned()) =>
            {
                Some(self.names.write(class).0)
            }
            _ => None,
        });
        class
            .or_else(|| {
                self.facts.iter().find_map(|fact| match &fact.predicate {
                    Resolved::Iri(predicate) if is(&fact.object) && !fact.path => {
                        Some(self.names.write(predicate).0)
                    }
                    _ => None,
                })
            })
            .unwrap_or_default()
    }

    /// The predicates of the classes that a subject can have; `None` when nothing is known.
    pub(super) fn predicates_of(&self, subject: &Resolved) -> Option<Vec<Use>> {
        let classes = self.classes_of(subject);
        if classes.is_empty() {
            return None;
        }
        let mut best: HashMap<u32, Use> = HashMap::new();
        for class in classes {
            for used in self.vocabulary.predicates_of(class) {
                let entry = best.entry(used.thing).or_insert(*used);
                entry.count = entry.count.max(used.count);
            }
        }
        let mut uses: Vec<Use> = best.into_values().collect();
        uses.sort_by_key(|used| (Reverse(used.count), self.vocabulary.rank(used.thing)));
        Some(uses)
    }

    fn classes_of(&self, subject: &Resolved) -> Vec<u32> {
        let vocabulary = self.vocabulary;
        if let Resolved::Iri(iri) = subject {
            let at = vocabulary.position(iri);
            return at.map_or_else(Vec::new, |at| vocabulary.at(at).classes.clone());
        }
        let Resolved::Variable(_) = subject else {
            return Vec::new();
        };
        let own = self.facts.iter().filter(|fact| fact.subject == *subject);
        let mut stated: Vec<u32> = Vec::new();
        let mut used: Vec<u32> = Vec::new();
        for fact in own {
            match (&fact.predicate, &fact.object) {
                (Resolved::Iri(predicate), Resolved::Iri(class)) if predicate == TYPE => {
                    stated.extend(vocabulary.position(class));
                }
                (Resolved::Iri(predicate), _) if !fact.path && predicate != TYPE => {
                    used.extend(vocabulary.position(predicate));
                }
                _ => {}
            }
        }
        if !stated.is_empty() {
            return stated;
        }
        if !used.is_empty() {
            let has = |class: u32, predicate: u32| {
                vocabulary
                    .predicates_of(class)
                    .iter()
                    .any(|used| used.thing == predicate)
            };
            let implied: Vec<u32> = vocabulary
                .classes()
                .iter()
                .map(|class| class.thing)
                .filter(|class| used.iter().all(|predicate| has(*class, *predicate)))
                .collect();
            if !implied.is_empty() {
                return implied;
            }
        }
        self.classes_by_use(subject)
    }

    /// The classes of what the predicates lead to whose object the variable is.
    fn classes_by_use(&self, variable: &Resolved) -> Vec<u32> {
        let mut classes: Vec<u32> = Vec::new();
        for fact in self.facts.iter().filter(|fact| fact.object == *variable) {
            let Resolved::Iri(predicate) = &fact.predicate else {
                continue;
            };
            let about = self
                .vocabulary
                .position(predicate)
                .and_then(|at| self.vocabulary.about(at));
            for value in about
                .iter()
                .flat_map(|about| about.values.iter().take(SAMPLE))
            {
                for class in &self.vocabulary.at(value.thing).classes {
                    if !classes.contains(class) {
                        classes.push(*class);
                    }
                }
            }
        }
        classes
    }
}
