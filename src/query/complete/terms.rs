//! Terms of the data: those that exist, fit what was typed and fit the place.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Candidate, CandidateKind, MAX_CANDIDATES};
use crate::query::Vocabulary;
use crate::query::lex::Token;
use crate::query::names::{Names, Resolved, TYPE, Triple};
use crate::query::outline::Term;
use crate::query::vocabulary::{Fit, Places, Use, fold};

/// How many objects of a predicate are looked at for their prefixes.
const SAMPLE: usize = 200;

pub(super) struct Terms<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) names: &'a Names<'a>,
    /// The triples of the whole text.
    pub(super) facts: Vec<Triple>,
    typed: &'a str,
}

/// A thing with how well it fits and how often it is used.
struct Found {
    fit: Fit,
    used: Use,
}

impl<'a> Terms<'a> {
    pub(super) fn new(
        vocabulary: &'a Vocabulary,
        names: &'a Names<'a>,
        facts: Vec<Triple>,
        typed: &'a str,
    ) -> Self {
        Self {
            vocabulary,
            names,
            facts,
            typed,
        }
    }

    pub(super) fn resolve(&self, text: &str, tokens: &[Token], term: &Term) -> Resolved {
        self.names.resolve(text, tokens, term)
    }

    /// Predicates for a subject: those of its class if it is known, and all others only when
    /// none of those fits.
    pub(super) fn predicates(&self, subject: &Resolved, inside_path: bool) -> Vec<Candidate> {
        if self.is_variable() {
            return Vec::new();
        }
        let fitting = if inside_path {
            None
        } else {
            self.predicates_of(subject)
        };
        let mut found = match &fitting {
            Some(uses) => self.fitting(uses),
            None => Vec::new(),
        };
        if found.is_empty() {
            found = self.fitting(self.vocabulary.predicates());
        }
        let mut candidates = self.listed(found, CandidateKind::Predicate);
        for candidate in &mut candidates {
            if candidate.display == "rdf:type" && !self.typed.contains(':') {
                "a".clone_into(&mut candidate.insert);
                "a".clone_into(&mut candidate.display);
                candidate.declares = None;
            }
        }
        candidates.extend(self.prefixes(self.vocabulary.predicates()));
        candidates
    }

    /// Objects for a predicate: classes behind `a`, else the things that stand there.
    pub(super) fn objects(&self, predicate: &Resolved) -> Vec<Candidate> {
        if self.is_variable() {
            return Vec::new();
        }
        match predicate {
            Resolved::Iri(iri) if iri == TYPE => {
                let classes = self.vocabulary.classes();
                let mut found = self.listed(self.fitting(classes), CandidateKind::Class);
                found.extend(self.prefixes(classes));
                found
            }
            Resolved::Iri(iri) => {
                let about = self
                    .vocabulary
                    .position(iri)
                    .and_then(|at| self.vocabulary.about(at));
                about.map_or_else(Vec::new, |about| {
                    let found = self.fitting_among(&about.values, &about.places);
                    let mut found = self.listed(found, CandidateKind::Value);
                    found.extend(self.prefixes(&about.values[..about.values.len().min(SAMPLE)]));
                    found
                })
            }
            _ => self.things(),
        }
    }

    /// What a variable can stand for, by the predicates whose object it is.
    pub(super) fn values_of_variable(&self, variable: &str) -> Vec<Candidate> {
        let predicate = self.facts.iter().find_map(|fact| match &fact.object {
            Resolved::Variable(name) if name == variable => match &fact.predicate {
                Resolved::Iri(_) => Some(&fact.predicate),
                _ => None,
            },
            _ => None,
        });
        match predicate {
            Some(predicate) => self.objects(predicate),
            None => Vec::new(),
        }
    }

    /// Things of any class by name; nothing before a letter is typed.
    pub(super) fn things(&self) -> Vec<Candidate> {
        if self.typed.is_empty() || self.is_variable() {
            return Vec::new();
        }
        let all = self.matching(|thing| self.vocabulary.has_class(thing));
        let found = all
            .into_iter()
            .map(|(thing, fit)| Found {
                fit,
                used: Use {
                    thing,
                    count: 0,
                    example: None,
                },
            })
            .collect();
        let mut candidates = self.listed(found, CandidateKind::Thing);
        for candidate in &mut candidates {
            candidate.count = None;
        }
        let prefixes: Vec<Candidate> =
            self.prefix_candidates(|prefix| self.vocabulary.uses_of_prefix(prefix));
        candidates.extend(prefixes);
        candidates
    }

    pub(super) fn graphs(&self) -> Vec<Candidate> {
        let found = self.fitting(self.vocabulary.graphs());
        self.listed(found, CandidateKind::Thing)
    }

    /// Known prefixes behind PREFIX.
    pub(super) fn prefix_lines(&self) -> Vec<Candidate> {
        self.vocabulary
            .prefixes()
            .iter()
            .filter(|(prefix, _)| prefix.starts_with(self.typed.trim_end_matches(':')))
            .map(|(prefix, namespace)| Candidate {
                insert: format!("{prefix}: <{namespace}>"),
                display: format!("{prefix}:"),
                detail: namespace.to_owned(),
                kind: CandidateKind::Prefix,
                count: None,
                declares: None,
            })
            .collect()
    }

    /// The namespace that belongs behind `PREFIX name:`, if the name is known.
    pub(super) fn namespace(&self, before: &str) -> Vec<Candidate> {
        let name = before.split_whitespace().next_back().unwrap_or("");
        let Some(namespace) = self
            .vocabulary
            .prefixes()
            .namespace(name.trim_end_matches(':'))
        else {
            return Vec::new();
        };
        let written = format!("<{namespace}>");
        if !written.starts_with(self.typed) {
            return Vec::new();
        }
        vec![Candidate {
            insert: written.clone(),
            display: written,
            detail: String::new(),
            kind: CandidateKind::Prefix,
            count: None,
            declares: None,
        }]
    }

    fn is_variable(&self) -> bool {
        self.typed.starts_with(['?', '$'])
    }

    /// The things that fit what was typed, by position.
    fn matching(&self, keep: impl Fn(u32) -> bool) -> Vec<(u32, Fit)> {
        let vocabulary = self.vocabulary;
        if let Some(start) = self.start_of_iri() {
            return (0u32..)
                .take(vocabulary.len())
                .filter(|thing| keep(*thing) && vocabulary.at(*thing).iri.starts_with(&*start))
                .map(|thing| (thing, Fit::Start))
                .collect();
        }
        let Some((prefix, local)) = self.typed.split_once(':') else {
            return vocabulary.index().find(self.typed, keep);
        };
        let Some(namespace) = self.names.namespace(prefix) else {
            return Vec::new();
        };
        let wanted = fold(local);
        let inside = |thing: u32| keep(thing) && vocabulary.at(thing).iri.starts_with(namespace);
        let mut found = vocabulary.index().find(local, inside);
        for (thing, fit) in &mut found {
            let own = fold(&vocabulary.at(*thing).iri[namespace.len()..]);
            if own.starts_with(&wanted) {
                *fit = if own == wanted {
                    Fit::Whole
                } else {
                    Fit::Start
                };
            } else if *fit < Fit::Word {
                *fit = Fit::Word;
            }
        }
        found
    }

    /// Those of a short list that fit.
    fn fitting(&self, uses: &[Use]) -> Vec<Found> {
        self.fitting_among(uses, &Places::of(uses, self.vocabulary.len()))
    }

    fn fitting_among(&self, uses: &[Use], places: &Places) -> Vec<Found> {
        if let Some(start) = self.start_of_iri() {
            // All fit equally well, and the list is in order already.
            return uses
                .iter()
                .filter(|used| self.vocabulary.at(used.thing).iri.starts_with(&*start))
                .take(MAX_CANDIDATES)
                .map(|used| Found {
                    fit: Fit::Start,
                    used: *used,
                })
                .collect();
        }
        self.matching(|thing| places.get(thing).is_some())
            .into_iter()
            .filter_map(|(thing, fit)| {
                let used = *uses.get(places.get(thing)? as usize)?;
                Some(Found { fit, used })
            })
            .collect()
    }

    /// The beginning of an IRI, when that is all that was typed: nothing, `<…` or `prefix:`.
    fn start_of_iri(&self) -> Option<Cow<'_, str>> {
        if let Some(start) = self.typed.strip_prefix('<') {
            return Some(start.into());
        }
        match self.typed.split_once(':') {
            None if self.typed.is_empty() => Some("".into()),
            Some((prefix, "")) => {
                let namespace = self.names.namespace(prefix);
                // No IRI begins with a blank.
                Some(namespace.map_or_else(|| " ".into(), |namespace| namespace.to_owned().into()))
            }
            _ => None,
        }
    }

    /// The best of them as candidates: by fit, by use, by name.
    fn listed(&self, mut found: Vec<Found>, kind: CandidateKind) -> Vec<Candidate> {
        let key = |found: &Found| {
            (
                found.fit,
                Reverse(found.used.count),
                self.vocabulary.rank(found.used.thing),
            )
        };
        if found.len() > MAX_CANDIDATES {
            found.select_nth_unstable_by_key(MAX_CANDIDATES, key);
            found.truncate(MAX_CANDIDATES);
        }
        found.sort_by_key(key);
        found
            .iter()
            .map(|found| self.candidate(found, kind))
            .collect()
    }

    fn candidate(&self, found: &Found, kind: CandidateKind) -> Candidate {
        let thing = self.vocabulary.at(found.used.thing);
        let (insert, declares) = self.names.write(&thing.iri);
        let mut detail = self.vocabulary.names(found.used.thing);
        if kind == CandidateKind::Value
            && let Some(example) = found.used.example
        {
            let example = self.names.write(&self.vocabulary.at(example).iri).0;
            let gap = if detail.is_empty() { "" } else { ", " };
            detail = format!("{detail}{gap}as in {example}");
        }
        Candidate {
            display: insert.clone(),
            insert,
            detail,
            kind,
            count: Some(found.used.count),
            declares,
        }
    }

    /// Prefixes that begin as typed and shorten some of these terms.
    fn prefixes(&self, uses: &[Use]) -> Vec<Candidate> {
        if self.typed.is_empty() || self.typed.contains([':', '<']) {
            return Vec::new();
        }
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for used in uses {
            let short = &self.vocabulary.at(used.thing).short;
            if let Some((prefix, _)) = short.split_once(':') {
                *counts.entry(prefix).or_default() += 1;
            }
        }
        self.prefix_candidates(|prefix| counts.get(prefix).copied().unwrap_or(0))
    }

    fn prefix_candidates(&self, count: impl Fn(&str) -> u64) -> Vec<Candidate> {
        if self.typed.is_empty() || self.typed.contains([':', '<']) {
            return Vec::new();
        }
        self.names
            .prefixes()
            .filter(|(prefix, _)| prefix.starts_with(self.typed))
            .filter_map(|(prefix, namespace)| {
                let terms = count(prefix);
                (terms > 0).then(|| Candidate {
                    insert: format!("{prefix}:"),
                    display: format!("{prefix}:"),
                    detail: namespace.to_owned(),
                    kind: CandidateKind::Prefix,
                    count: Some(terms),
                    declares: self.names.declares(prefix),
                })
            })
            .collect()
    }
}
