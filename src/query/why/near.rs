//! What exists that is near a name or a text that finds nothing.

use oxrdf::Term;
use oxrdf::vocab::xsd;

use super::trial::Trial;
use super::{Near, Subject};
use crate::nearest::nearest;
use crate::output::Table;
use crate::query::Vocabulary;
use crate::query::names::{Names, TYPE};
use crate::query::vocabulary::fold;
use crate::terms::short_name;

/// How many literals of a predicate are compared.
const LITERALS: usize = 3000;

/// A term with its names and how often it is used.
struct Known {
    term: Term,
    names: Vec<String>,
    count: u64,
}

/// Looks things up, in the vocabulary if there is one, else by asking.
pub(super) struct Nearby<'a> {
    pub(super) trial: &'a Trial<'a>,
    pub(super) vocabulary: Option<&'a Vocabulary>,
    pub(super) names: &'a Names<'a>,
}

impl Nearby<'_> {
    /// In how many statements an IRI is the predicate; `None` when that is not known in time.
    pub(super) fn uses(&self, predicate: &str) -> Option<u64> {
        if let Some(vocabulary) = self.vocabulary {
            return Some(vocabulary.uses_of_predicate(predicate));
        }
        let found = self.trial.has(&format!("?s <{predicate}> ?o"))?;
        Some(u64::from(found))
    }

    /// Whether a class has members.
    pub(super) fn has_members(&self, class: &str) -> Option<bool> {
        match self.vocabulary {
            Some(vocabulary) => Some(vocabulary.members(class) > 0),
            None => self.trial.has(&format!("?s <{TYPE}> <{class}>")),
        }
    }

    /// Predicates near a name.
    pub(super) fn predicates(&self, written: &str) -> Vec<Near> {
        let known = match self.vocabulary {
            Some(vocabulary) => vocabulary
                .predicates()
                .iter()
                .map(|used| known(vocabulary, used.thing, used.count))
                .collect(),
            None => self.counted("SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"),
        };
        self.near(written, &known)
    }

    /// Classes near a name.
    pub(super) fn classes(&self, written: &str) -> Vec<Near> {
        let known = match self.vocabulary {
            Some(vocabulary) => vocabulary
                .classes()
                .iter()
                .map(|used| known(vocabulary, used.thing, used.count))
                .collect(),
            None => self.counted("SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"),
        };
        self.near(written, &known)
    }

    /// Objects of a predicate near a name or a text, in other places of use last.
    pub(super) fn objects(&self, predicate: &str, written: &str) -> Vec<Near> {
        self.near(written, &self.all_objects(predicate))
    }

    /// The most used objects of a predicate.
    pub(super) fn examples(&self, predicate: &str) -> Vec<Near> {
        let mut known = self.all_objects(predicate);
        known.truncate(3);
        known
            .into_iter()
            .map(|known| self.written(&known))
            .collect()
    }

    fn all_objects(&self, predicate: &str) -> Vec<Known> {
        let from_words = self.vocabulary.and_then(|vocabulary| {
            let about = vocabulary.about(vocabulary.position(predicate)?)?;
            (about.literals == 0).then(|| {
                about
                    .values
                    .iter()
                    .map(|used| known(vocabulary, used.thing, used.count))
                    .collect()
            })
        });
        from_words.unwrap_or_else(|| {
            self.counted(&format!(
                "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) (GROUP_CONCAT(DISTINCT STR(?l); SEPARATOR=\"\\n\") AS ?names) WHERE {{ ?s <{predicate}> ?o OPTIONAL {{ ?o <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#altLabel> ?l }} }} GROUP BY ?o ORDER BY DESC(?n) LIMIT {LITERALS}"
            ))
        })
    }

    /// Predicates that things of the subject have, most used first.
    pub(super) fn of_subject(&self, subject: &Subject) -> Vec<Near> {
        let pattern = match subject {
            Subject::Thing(iri) => format!("<{iri}> ?p ?o"),
            Subject::Class(class) => format!("?s <{TYPE}> <{class}> . ?s ?p ?o"),
            Subject::Unknown => return Vec::new(),
        };
        let mut known = self.counted(&format!(
            "SELECT ?p (COUNT(*) AS ?n) WHERE {{ {pattern} }} GROUP BY ?p ORDER BY DESC(?n)"
        ));
        known.truncate(3);
        known
            .into_iter()
            .map(|known| self.written(&known))
            .collect()
    }

    /// Things of any kind near a name.
    pub(super) fn things(&self, written: &str) -> Vec<Near> {
        let Some(vocabulary) = self.vocabulary else {
            return Vec::new();
        };
        let words = short_name(written).replace(['-', '_'], " ");
        let mut found = vocabulary
            .index()
            .find(&words, |thing| vocabulary.has_class(thing));
        found.sort_by_key(|(thing, fit)| (*fit, vocabulary.rank(*thing)));
        found.truncate(3);
        found
            .into_iter()
            .map(|(thing, _)| {
                let count = 1;
                self.written(&known(vocabulary, thing, count))
            })
            .collect()
    }

    /// The nearest three. A name that is the same but for case and accents comes before all.
    fn near(&self, written: &str, known: &[Known]) -> Vec<Near> {
        let wanted = short_name(written);
        let wanted = wanted.rsplit(':').next().unwrap_or(wanted);
        let mut found: Vec<&Known> = known
            .iter()
            .filter(|known| known.names.iter().any(|name| fold(name) == fold(wanted)))
            .collect();
        let names: Vec<&str> = known
            .iter()
            .flat_map(|known| known.names.iter().map(String::as_str))
            .collect();
        for name in nearest(wanted, names) {
            found.extend(
                known
                    .iter()
                    .filter(|known| known.names.iter().any(|own| own == name)),
            );
        }
        let mut near: Vec<Near> = Vec::new();
        for known in found {
            let candidate = self.written(known);
            if !near.iter().any(|other| other.term == candidate.term) {
                near.push(candidate);
            }
        }
        near.truncate(3);
        near
    }

    fn written(&self, known: &Known) -> Near {
        Near {
            term: self.term(&known.term),
            label: known.names.get(1).cloned().unwrap_or_default(),
            count: known.count,
        }
    }

    /// A term as it is written in the query.
    pub(super) fn term(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(node) => self.names.write(node.as_str()).0,
            Term::Literal(literal) if is_bare(literal) => literal.value().to_owned(),
            Term::Literal(literal) => match self.names.write(literal.datatype().as_str()).0 {
                short if !short.starts_with('<') && literal.language().is_none() => {
                    shown(literal, &short)
                }
                _ => literal.to_string(),
            },
            other => other.to_string(),
        }
    }

    fn counted(&self, query: &str) -> Vec<Known> {
        let Some(table) = self.trial.rows(query) else {
            return Vec::new();
        };
        let mut all = from_table(table);
        all.sort_by(|a, b| {
            b.count
                .cmp(&a.count)
                .then_with(|| a.term.to_string().cmp(&b.term.to_string()))
        });
        all
    }
}

/// Whether a literal is written without quotes.
fn is_bare(literal: &oxrdf::Literal) -> bool {
    let datatype = literal.datatype();
    let value = literal.value();
    let digits = |value: &str| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    (datatype == xsd::INTEGER && digits(value.strip_prefix('-').unwrap_or(value)))
        || (datatype == xsd::BOOLEAN && matches!(value, "true" | "false"))
}

fn shown(literal: &oxrdf::Literal, datatype: &str) -> String {
    let quoted = oxrdf::Literal::new_simple_literal(literal.value()).to_string();
    if literal.datatype() == xsd::STRING {
        quoted
    } else {
        format!("{quoted}^^{datatype}")
    }
}

fn known(vocabulary: &Vocabulary, thing: u32, count: u64) -> Known {
    let about = vocabulary.at(thing);
    let mut names = vec![short_name(&about.iri).to_owned()];
    names.extend(about.english.clone());
    names.extend(about.french.clone());
    Known {
        term: oxrdf::NamedNode::new_unchecked(about.iri.clone()).into(),
        names,
        count,
    }
}

fn from_table(table: Table) -> Vec<Known> {
    table
        .rows
        .into_iter()
        .filter_map(|row| {
            let mut cells = row.into_iter();
            let term = cells.next()??;
            let count = match cells.next()?? {
                Term::Literal(literal) => literal.value().parse().ok()?,
                _ => return None,
            };
            let mut names = match &term {
                Term::NamedNode(node) => vec![short_name(node.as_str()).to_owned()],
                Term::Literal(literal) => vec![literal.value().to_owned()],
                _ => Vec::new(),
            };
            if let Some(Some(Term::Literal(labels))) = cells.next() {
                names.extend(
                    labels
                        .value()
                        .lines()
                        .filter(|line| !line.is_empty())
                        .map(str::to_owned),
                );
            }
            Some(Known { term, names, count })
        })
        .collect()
}
