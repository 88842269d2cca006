//! The queries that ship with the program, each a file of `queries/` that any SPARQL tool runs.
//!
//! To add a question: write `queries/<name>.rq` with its header and add its name below; a test
//! checks that no file is left out. The header is comments: `title`, `description`, `cq` (number
//! of the competency question), and a `param` line for each `VALUES ?name { … }` that may be
//! given from outside.

use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// A query of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct NamedQuery {
    /// Its name, which is the file's name without `.rq`.
    pub name: &'static str,
    /// Its text, header included.
    pub text: &'static str,
}

/// What kind of term a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// An IRI; a value of the map may be given by any of its labels.
    Iri,
    /// Plain text.
    Text,
    /// A whole number.
    Integer,
    /// A language tag, as text.
    Language,
}

/// A parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name of the variable.
    pub name: &'static str,
    /// What kind of term it takes.
    pub kind: ParameterType,
    /// What it is for.
    pub about: &'static str,
}

macro_rules! catalogue {
    ($($name:literal),* $(,)?) => {
        /// Every named query, by name.
        pub const CATALOGUE: &[NamedQuery] = &[$(NamedQuery {
            name: $name,
            text: include_str!(concat!("../../queries/", $name, ".rq")),
        }),*];
    };
}

catalogue! {
    "acknowledged-by-whom",
    "advocacy-by-affiliation",
    "affiliation-apart-from-space",
    "all-functions-together",
    "axes",
    "bases-of-connection",
    "circular-axes",
    "circumstances",
    "codings",
    "codings-by-coder",
    "codings-of-a-statement",
    "combinations-for-a-community",
    "counts",
    "daily-life-by-affiliation",
    "different-labels-same-work",
    "disagreements",
    "evidence-for-a-value",
    "external-codes",
    "facts-behind-labels",
    "facts-compared",
    "facts-of-a-gap-map",
    "fixed-terms",
    "functions-combined",
    "gaps-between-silos",
    "how-sure",
    "informal-like-formal",
    "labels-by-use",
    "labels-of-things",
    "labels-used",
    "map",
    "map-in-a-language",
    "most-like-a-programme",
    "not-stated-and-denied",
    "one-label-different-work",
    "peer-labels",
    "prefixes",
    "profiles",
    "programme-facts",
    "programme-sources",
    "programmes",
    "programmes-sharing-functions-across-silos",
    "programmes-with-a-value",
    "proposed-matches",
    "push-down",
    "saved-resemblances",
    "silo-values",
    "stated-by-question",
    "statements-of-a-class",
    "texts",
    "trends-over-place-and-time",
    "values-on-inference-only",
    "version",
    "work-of-a-label",
}

/// The update that turns codings into direct triples.
pub const DERIVE: &str = include_str!("../../queries/derive.ru");

impl NamedQuery {
    fn header(&self, key: &str) -> impl Iterator<Item = &'static str> {
        let lead = format!("# {key}:");
        self.text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .filter_map(move |line| line.strip_prefix(lead.as_str()).map(str::trim))
    }

    /// A short title.
    pub fn title(&self) -> &'static str {
        self.header("title").next().unwrap_or(self.name)
    }

    /// One sentence.
    pub fn description(&self) -> &'static str {
        self.header("description").next().unwrap_or("")
    }

    /// The number of the competency question that it answers, if it answers one.
    pub fn competency_question(&self) -> Option<u8> {
        self.header("cq").next()?.parse().ok()
    }

    /// Its parameters, in the order of the header.
    pub fn parameters(&self) -> Vec<Parameter> {
        self.header("param")
            .map(|line| {
                let (what, about) = line.split_once('—').unwrap_or((line, ""));
                let mut words = what.split_whitespace();
                let name = words.next().unwrap_or("");
                let kind = match words.next() {
                    Some("string") => ParameterType::Text,
                    Some("integer") => ParameterType::Integer,
                    Some("lang") => ParameterType::Language,
                    _ => ParameterType::Iri,
                };
                Parameter {
                    name,
                    kind,
                    about: about.trim(),
                }
            })
            .collect()
    }
}

/// Finds a query by name, with or without `.rq`.
pub fn named(name: &str) -> Result<&'static NamedQuery> {
    let wanted = name.strip_suffix(".rq").unwrap_or(name);
    CATALOGUE
        .iter()
        .find(|query| query.name == wanted)
        .ok_or_else(|| Error::Unknown {
            what: "query",
            name: name.to_owned(),
            hint: did_you_mean(wanted, CATALOGUE.iter().map(|query| query.name))
                .or_else(|| Some("`peermap named list` shows them all".to_owned())),
        })
}
