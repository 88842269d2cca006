//! The words of tables: names of columns and values, whatever their language, case and spelling.
//!
//! Questions, axes and values bring their labels from the map; words that are no part of the map
//! stand in `data/words.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};

use oxrdf::{NamedNode, Term};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::tables::FixedTerms;
use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::map::{ConceptualMap, Named};
use crate::query::{Rows, named, rows};

/// The words that ship with the program.
pub(super) const WORDS: &str = include_str!("../../data/words.toml");

/// `data/words.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    kind: String,
    evidence: BTreeMap<String, String>,
    columns: BTreeMap<String, Vec<String>>,
    aspects: BTreeMap<String, Vec<String>>,
    findings: FindingWords,
    /// Read by the template.
    #[serde(rename = "template")]
    _template: serde::de::IgnoredAny,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FindingWords {
    not_stated: Vec<String>,
    none: Vec<String>,
    present: Vec<String>,
    absent: Vec<String>,
    denied_before: Vec<String>,
    denied_after: Vec<String>,
    empty: Vec<String>,
}

/// What a cell says as a whole, apart from values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Say {
    /// Nothing stands there.
    Empty,
    /// The source is silent.
    NotStated,
    /// No value of the question holds.
    Nothing,
}

/// Every word that a table can use.
#[derive(Clone, Debug)]
pub struct Words {
    /// The kind of a programme whose table does not say.
    pub(super) kind: String,
    /// Evidence of answers for which a table gives none, by language.
    evidence: BTreeMap<String, String>,
    /// Columns of the native tables by their names.
    pub(super) columns: HashMap<String, String>,
    /// Parts of a coding by the words for them.
    pub(super) aspects: HashMap<String, String>,
    /// Values of each question by their names.
    values: Vec<HashMap<String, usize>>,
    /// Values of each axis by their names.
    silos: Vec<HashMap<String, usize>>,
    /// Words of tables for fixed terms, by class and name.
    fixed: FixedNames,
    /// Labels of fixed terms: class, language and text, in the order of the words.
    fixed_labels: FixedLabels,
    says: HashMap<String, Say>,
    present: HashSet<String>,
    absent: HashSet<String>,
    denied_before: Vec<String>,
    denied_after: Vec<String>,
}

impl Words {
    /// Collects the words of the map, of the fixed terms and of `data/words.toml`.
    ///
    /// # Errors
    /// A graph that cannot be queried.
    pub fn read(graph: &KnowledgeGraph, map: &ConceptualMap, terms: &FixedTerms) -> Result<Self> {
        let file: File = toml::from_str(WORDS).map_err(|error| Error::Ontology {
            reason: format!("data/words.toml cannot be read: {error}"),
            hint: None,
        })?;
        let table = |words: &BTreeMap<String, Vec<String>>| {
            let mut table = HashMap::new();
            for (column, names) in words {
                table.insert(plain_name(column), column.clone());
                for name in names {
                    table.entry(plain_name(name)).or_insert(column.clone());
                }
            }
            table
        };
        let of_range = |names: &mut dyn Iterator<Item = (usize, &Named)>| {
            let mut table = HashMap::new();
            for (at, name) in names {
                for text in name.texts() {
                    table.entry(plain_name(text)).or_insert(at);
                }
                table.insert(name.iri.as_str().to_owned(), at);
            }
            table
        };
        let values = map
            .dimensions
            .iter()
            .map(|d| of_range(&mut d.values.clone().map(|v| (v, &map.values[v].name))))
            .collect();
        let silos = map
            .axes
            .iter()
            .map(|a| of_range(&mut a.values.clone().map(|v| (v, &map.silo_values[v].name))))
            .collect();
        let mut says = HashMap::new();
        for (words, say) in [
            (&file.findings.empty, Say::Empty),
            (&file.findings.not_stated, Say::NotStated),
            (&file.findings.none, Say::Nothing),
        ] {
            for word in words {
                says.entry(say_name(word)).or_insert(say);
            }
        }
        let (fixed, fixed_labels) = fixed_names(graph, terms)?;
        let set = |words: &[String]| words.iter().map(|word| say_name(word)).collect();
        let mut denied_before: Vec<String> = file
            .findings
            .denied_before
            .iter()
            .map(|w| plain_name(w))
            .collect();
        denied_before.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Ok(Self {
            kind: file.kind.clone(),
            evidence: file.evidence.clone(),
            columns: table(&file.columns),
            aspects: table(&file.aspects),
            values,
            silos,
            fixed,
            fixed_labels,
            says,
            present: set(&file.findings.present),
            absent: set(&file.findings.absent),
            denied_before,
            denied_after: file
                .findings
                .denied_after
                .iter()
                .map(|w| plain_name(w))
                .collect(),
        })
    }

    /// The value of a question that a text names.
    pub(super) fn value(&self, dimension: usize, text: &str) -> Option<usize> {
        let table = &self.values[dimension];
        table
            .get(&plain_name(text))
            .or_else(|| table.get(text.trim()))
            .copied()
    }

    /// The value of an axis that a text names.
    pub(super) fn silo(&self, axis: usize, text: &str) -> Option<usize> {
        let table = &self.silos[axis];
        table
            .get(&plain_name(text))
            .or_else(|| table.get(text.trim()))
            .copied()
    }

    /// The word of tables for a fixed term of a class, by its word or a label in any language.
    pub(super) fn fixed(&self, class: &str, text: &str) -> Option<&str> {
        self.fixed
            .get(&(class.to_owned(), plain_name(text)))
            .map(String::as_str)
    }

    /// What a cell says, as evidence in a language; cut after twenty words.
    pub(super) fn evidence(&self, language: &str, column: &str, cell: &str) -> String {
        let words: Vec<&str> = cell.split_whitespace().take(20).collect();
        let form = self
            .evidence
            .get(language)
            .or_else(|| self.evidence.get("en"));
        form.map_or_else(String::new, |form| {
            form.replace("{column}", column)
                .replace("{cell}", &words.join(" "))
        })
    }

    /// The fixed term of a class that a word or a label in any language names.
    pub fn fixed_term(&self, terms: &FixedTerms, class: &str, text: &str) -> Option<NamedNode> {
        terms.find(class, self.fixed(class, text)?).cloned()
    }

    /// The words of a class of fixed terms, sorted.
    pub(super) fn fixed_words(&self, class: &str) -> Vec<&str> {
        let mut words: Vec<&str> = self
            .fixed
            .iter()
            .filter(|((of, _), _)| of == class)
            .map(|(_, word)| word.as_str())
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The labels of a class of fixed terms in a language.
    pub(super) fn fixed_labels(&self, class: &str, language: &str) -> Vec<String> {
        self.fixed_labels
            .iter()
            .filter(|(of, tag, _)| of == class && tag == language)
            .map(|(.., label)| label.clone())
            .collect()
    }

    /// What a cell says as a whole, if it is no value.
    pub(super) fn says(&self, text: &str) -> Option<Say> {
        self.says.get(&say_name(text)).copied()
    }

    /// Whether a cell says yes or no; `None` if neither.
    pub fn yes_or_no(&self, text: &str) -> Option<bool> {
        let name = say_name(text);
        if self.present.contains(&name) {
            Some(true)
        } else {
            self.absent.contains(&name).then_some(false)
        }
    }

    /// The rest of a text that denies something, such as "certification" of "no certification".
    pub(super) fn denied<'a>(&self, text: &'a str) -> Option<&'a str> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix('!') {
            return Some(rest.trim());
        }
        if let Some((rest, last)) = text
            .trim_end_matches(')')
            .rsplit_once([':', '=', '('])
            .filter(|(_, last)| self.denied_after.contains(&plain_name(last)))
        {
            let _ = last;
            return Some(rest.trim());
        }
        for (at, _) in text.match_indices([' ', '\'', '’', ':']) {
            let before = plain_name(&text[..at]);
            if self.denied_before.contains(&before) {
                let rest = text[at..].trim_start_matches([' ', '\'', '’', ':']);
                let longer = rest.split_once([' ', '\'', '’']).filter(|(next, _)| {
                    self.denied_before
                        .contains(&format!("{before} {}", plain_name(next)))
                });
                return Some(longer.map_or(rest, |(_, rest)| rest).trim());
            }
        }
        None
    }
}

type FixedNames = HashMap<(String, String), String>;
/// Class, language and text.
type FixedLabels = Vec<(String, String, String)>;

/// Words of tables for fixed terms by class and name, and labels by class and language.
fn fixed_names(graph: &KnowledgeGraph, terms: &FixedTerms) -> Result<(FixedNames, FixedLabels)> {
    let mut labels: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in Rows::new(&rows(graph, named("labels-of-things")?, Vec::new())?) {
        if let (Ok(thing), Some(Term::Literal(label))) = (row.iri("thing"), row.get("label")) {
            let language = label.language().unwrap_or("").to_owned();
            let held = labels.entry(thing.into_string()).or_default();
            held.push((language, label.value().to_owned()));
        }
    }
    let mut names = HashMap::new();
    let mut texts = Vec::new();
    let mut all: Vec<_> = terms.all().collect();
    all.sort_unstable_by_key(|(class, word, _)| (*class, *word));
    for (class, word, iri) in all {
        names.insert((class.to_owned(), plain_name(word)), word.to_owned());
        for (language, label) in labels.get(iri.as_str()).into_iter().flatten() {
            names
                .entry((class.to_owned(), plain_name(label)))
                .or_insert(word.to_owned());
            texts.push((class.to_owned(), language.clone(), label.clone()));
        }
    }
    Ok((names, texts))
}

/// A text as it is compared: lower case, no accents, words with one blank between, without plural
/// endings, and British and American spellings alike.
pub(super) fn plain_name(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .chain(std::iter::once(' '))
    {
        match c {
            'œ' => word.push_str("oe"),
            'æ' => word.push_str("ae"),
            c if c.is_alphanumeric() => word.push(c),
            _ if word.is_empty() => {}
            _ => words.push(std::mem::take(&mut word)),
        }
    }
    for word in &mut words {
        if word.chars().count() > 3 && word.ends_with('s') {
            word.pop();
        }
        *word = word
            .replace('z', "s")
            .replace("our", "or")
            .replace("centre", "center");
        if word == "programme" {
            "program".clone_into(word);
        }
    }
    words.join(" ")
}

/// A whole cell as it is compared with words such as "?" and "n/a", which are not letters alone.
fn say_name(text: &str) -> String {
    let name = plain_name(text);
    if name.is_empty() {
        text.trim().to_lowercase()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_case_and_plurals_do_not_matter() {
        for (a, b) in [
            ("Community Organisations", "community-organization"),
            ("Expérience vécue", "experience vecue"),
            ("Behaviour change", "behavior changes"),
            ("programmes", "program"),
            ("earliest_year", "Earliest  year"),
        ] {
            assert_eq!(plain_name(a), plain_name(b), "{a}");
        }
        assert_eq!(say_name(" ? "), "?");
    }
}
