//! The words that a graph uses, ready for completion and for "did you mean": classes, predicates
//! and values with counts and labels. Nothing is in it that no statement has.

mod index;
mod read;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) use index::{Fit, fold};

use self::index::Index;
use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::terms::Prefixes;

/// Something with an IRI that the graph speaks of.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    /// Its IRI.
    pub iri: String,
    /// `prefix:name`, or `<iri>` where no prefix fits.
    pub short: String,
    /// Its label in English, or in no language.
    pub english: Option<String>,
    /// Its label in French.
    pub french: Option<String>,
    /// Its classes, as positions of things.
    pub(super) classes: Vec<u32>,
}

/// A thing and how often it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Position of the thing.
    pub(super) thing: u32,
    /// In how many statements.
    pub(super) count: u64,
    /// The first subject that uses it, by IRI.
    pub(super) example: Option<u32>,
}

/// What is known of a predicate.
#[derive(Clone, Debug, Default)]
pub(super) struct Predicate {
    /// In how many statements it stands.
    pub(super) count: u64,
    /// In how many of them the object is a literal.
    pub(super) literals: u64,
    /// The IRIs that stand as its object, most used first.
    pub(super) values: Vec<Use>,
    /// Where a thing stands in `values`.
    pub(super) places: Places,
}

/// Where each of some things stands in a list. A long list has a place for every thing there is,
/// which is looked up without hashing.
#[derive(Clone, Debug)]
pub(super) enum Places {
    Few(HashMap<u32, u32>),
    Many(Vec<u32>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Few(HashMap::new())
    }
}

impl Places {
    /// Lists at least this long are long.
    const LONG: usize = 1000;

    pub(super) fn of(uses: &[Use], things: usize) -> Self {
        let pairs = (0u32..).zip(uses).map(|(at, used)| (used.thing, at));
        if uses.len() < Self::LONG {
            return Self::Few(pairs.collect());
        }
        let mut all = vec![u32::MAX; things];
        for (thing, at) in pairs {
            if let Some(place) = all.get_mut(thing as usize) {
                *place = at;
            }
        }
        Self::Many(all)
    }

    pub(super) fn get(&self, thing: u32) -> Option<u32> {
        match self {
            Self::Few(few) => few.get(&thing).copied(),
            Self::Many(all) => all
                .get(thing as usize)
                .copied()
                .filter(|place| *place != u32::MAX),
        }
    }
}

/// The words that a graph uses.
#[derive(Debug, Default)]
pub struct Vocabulary {
    prefixes: Prefixes,
    things: Vec<Thing>,
    by_iri: HashMap<String, u32>,
    /// Classes with members, most members first.
    classes: Vec<Use>,
    /// Predicates, most used first.
    predicates: Vec<Use>,
    about: HashMap<u32, Predicate>,
    /// For each class the predicates of its members, most used first.
    of_class: HashMap<u32, Vec<Use>>,
    /// Named graphs, largest first.
    graphs: Vec<Use>,
    index: Index,
    /// Where each thing stands by name.
    ranks: Vec<u32>,
    /// Which things have a class.
    typed: Vec<bool>,
    /// How many things each prefix shortens.
    prefix_uses: HashMap<String, u64>,
}

impl Vocabulary {
    /// The prefixes that the graph declares.
    pub const fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// A thing by its IRI.
    pub fn thing(&self, iri: &str) -> Option<&Thing> {
        self.by_iri.get(iri).map(|at| &self.things[*at as usize])
    }

    /// How many things are known.
    pub const fn len(&self) -> usize {
        self.things.len()
    }

    /// Whether nothing is known.
    pub const fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// In how many statements an IRI is the predicate.
    pub fn uses_of_predicate(&self, iri: &str) -> u64 {
        let at = self.by_iri.get(iri);
        at.and_then(|at| self.about.get(at)).map_or(0, |p| p.count)
    }

    /// How many members a class has.
    pub fn members(&self, iri: &str) -> u64 {
        let at = self.by_iri.get(iri).copied();
        let used = self.classes.iter().find(|used| Some(used.thing) == at);
        used.map_or(0, |used| used.count)
    }

    pub(super) fn position(&self, iri: &str) -> Option<u32> {
        self.by_iri.get(iri).copied()
    }

    pub(super) fn at(&self, position: u32) -> &Thing {
        &self.things[position as usize]
    }

    pub(super) fn classes(&self) -> &[Use] {
        &self.classes
    }

    pub(super) fn predicates(&self) -> &[Use] {
        &self.predicates
    }

    pub(super) fn about(&self, predicate: u32) -> Option<&Predicate> {
        self.about.get(&predicate)
    }

    pub(super) fn predicates_of(&self, class: u32) -> &[Use] {
        self.of_class.get(&class).map_or(&[], Vec::as_slice)
    }

    pub(super) fn graphs(&self) -> &[Use] {
        &self.graphs
    }

    /// Where a thing stands among all by name.
    pub(super) fn rank(&self, thing: u32) -> u32 {
        self.ranks.get(thing as usize).copied().unwrap_or(u32::MAX)
    }

    /// Whether a thing has a class.
    pub(super) fn has_class(&self, thing: u32) -> bool {
        self.typed.get(thing as usize).copied().unwrap_or(false)
    }

    /// How many things a prefix shortens.
    pub(super) fn uses_of_prefix(&self, prefix: &str) -> u64 {
        self.prefix_uses.get(prefix).copied().unwrap_or(0)
    }

    pub(super) const fn index(&self) -> &Index {
        &self.index
    }

    /// What people call a thing: its labels in English and French, one if they are the same.
    pub(super) fn names(&self, position: u32) -> String {
        let thing = self.at(position);
        match (&thing.english, &thing.french) {
            (Some(english), Some(french)) if english != french => format!("{english} · {french}"),
            (Some(one), _) | (None, Some(one)) => one.clone(),
            (None, None) => String::new(),
        }
    }
}

/// Keeps the vocabulary of a graph until the graph changes. Shared by reference between threads.
#[derive(Debug, Default)]
pub struct VocabularyCache {
    kept: Mutex<Option<(u64, Arc<Vocabulary>)>>,
}

impl VocabularyCache {
    /// The vocabulary of a graph as it is now; reading it again only after a change.
    ///
    /// # Errors
    /// What the store says when it cannot be read.
    pub fn get(&self, graph: &KnowledgeGraph) -> Result<Arc<Vocabulary>> {
        let version = graph.version();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, vocabulary)) = &*kept
            && *of == version
        {
            return Ok(Arc::clone(vocabulary));
        }
        let vocabulary = Arc::new(Vocabulary::read(graph)?);
        *kept = Some((version, Arc::clone(&vocabulary)));
        Ok(vocabulary)
    }
}
