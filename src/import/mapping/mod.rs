//! Mappings: what the columns of other people's files mean, declared in TOML.
//!
//! A mapping says how to read the file (`[read]`), which rows count (`[[keep]]`, `[[drop]]`), what
//! the fields of a programme are (`[programme]`), where it is from (`[source]`), and what columns
//! and rules give: places on axes, labels, and codings, which are marked as made by a machine.
//! `data/mappings/` has examples; `peermap import suggest FILE` writes a first draft.

mod bundled;
mod compile;
pub mod suggest;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::plan::Plan;
use super::read::{Reading, Sheet};
use super::run::Importer;
use crate::error::{Error, Place, Result};
use crate::graph::Source;
use crate::nearest::did_you_mean;
use crate::output::squeezed;

pub use bundled::MAPPINGS;

/// A mapping with its text, so that mistakes point at the line.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Where it came from, for messages.
    file: String,
    text: String,
    declared: Declared,
}

/// The TOML of a mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Declared {
    /// Short name: rules are cited by it, and it names the coder.
    name: Spanned<String>,
    /// One line about it.
    #[serde(default)]
    title: String,
    /// What it covers, and what it cannot know.
    #[serde(default)]
    about: String,
    /// Language of descriptions.
    #[serde(default = "english")]
    lang: String,
    /// Whether rows of one programme are put together.
    #[serde(default)]
    merge: bool,
    /// The decimal mark of numbers, a point or a comma.
    #[serde(default = "point")]
    decimal: char,
    /// Cells that mean nothing.
    #[serde(default)]
    missing: Vec<String>,
    /// Confidence of what rules give, unless they say otherwise.
    confidence: Option<Spanned<String>>,
    #[serde(default)]
    read: Reading,
    /// Fields of programmes.
    programme: BTreeMap<Spanned<String>, Texts>,
    /// Fields of the source.
    #[serde(default)]
    source: BTreeMap<Spanned<String>, Texts>,
    #[serde(default)]
    keep: Vec<DeclaredCondition>,
    #[serde(default)]
    drop: Vec<DeclaredCondition>,
    #[serde(default)]
    column: Vec<DeclaredColumn>,
    #[serde(default)]
    rule: Vec<DeclaredRule>,
}

fn english() -> String {
    "en".to_owned()
}

const fn point() -> char {
    '.'
}

/// One text, or several of which the first that is filled counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    Several(Vec<String>),
}

/// Texts with their place.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
struct Texts(Spanned<OneOrMore>);

impl Texts {
    fn all(&self) -> Vec<Spanned<String>> {
        let texts = match self.0.get_ref() {
            OneOrMore::One(text) => std::slice::from_ref(text),
            OneOrMore::Several(texts) => texts,
        };
        texts
            .iter()
            .map(|text| Spanned::new(self.0.span(), text.clone()))
            .collect()
    }
}

/// A test of columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct DeclaredCondition {
    column: Option<Spanned<String>>,
    columns: Vec<Spanned<String>>,
    equals: Option<Spanned<String>>,
    any: Option<Vec<Spanned<String>>>,
    matches: Option<Spanned<String>>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    filled: Option<bool>,
}

/// What one column is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct DeclaredColumn {
    name: Spanned<String>,
    /// A field, question or axis that it feeds as it stands.
    to: Option<Spanned<String>>,
    /// Characters between its values.
    split: Option<String>,
    #[serde(default)]
    replace: BTreeMap<String, String>,
    values: Option<BTreeMap<String, Texts>>,
    /// A table of terms that several mappings share, by name or by file.
    values_from: Option<Spanned<String>>,
    confidence: Option<Spanned<String>>,
}

/// A table of terms that mappings share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    #[serde(default, rename = "title")]
    _title: String,
    values: BTreeMap<String, Texts>,
}

/// A condition with what it gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct DeclaredRule {
    id: Spanned<String>,
    column: Option<Spanned<String>>,
    #[serde(default)]
    columns: Vec<Spanned<String>>,
    equals: Option<Spanned<String>>,
    any: Option<Vec<Spanned<String>>>,
    matches: Option<Spanned<String>>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    filled: Option<bool>,
    gives: Texts,
    confidence: Option<Spanned<String>>,
}

impl DeclaredRule {
    fn condition(&self) -> DeclaredCondition {
        DeclaredCondition {
            column: self.column.clone(),
            columns: self.columns.clone(),
            equals: self.equals.clone(),
            any: self.any.clone(),
            matches: self.matches.clone(),
            at_least: self.at_least,
            at_most: self.at_most,
            filled: self.filled,
        }
    }
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// The first mistake of its TOML, at its line. Whether it fits the map and a sheet is seen when
    /// it is used.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let declared: Declared = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Error::Syntax {
                reason: format!("the mapping {file} cannot be used: {}", squeezed(error.message())),
                place: Some(Place::at_offset(file, text, span.start, span.len().min(60))),
                path: file.into(),
                hint: Some(
                    "data/mappings has examples; `peermap import suggest FILE` writes a first draft"
                        .to_owned(),
                ),
            }
        })?;
        Ok(Self {
            file: file.to_owned(),
            text: text.to_owned(),
            declared,
        })
    }

    /// A mapping by the path of its file, or by the name of one that ships with the program.
    ///
    /// # Errors
    /// A file that cannot be read or used; an unknown name is answered with the nearest.
    pub fn open(name: &str) -> Result<Self> {
        let path = Path::new(name);
        if let Some((name, text)) = MAPPINGS.iter().find(|(known, _)| *known == name)
            && !path.is_file()
        {
            return Self::parse(&format!("data/mappings/{name}.toml"), text);
        }
        if !path.exists() && path.extension().is_none() {
            let known = || MAPPINGS.iter().map(|(name, _)| *name);
            return Err(Error::Unknown {
                what: "mapping",
                name: name.to_owned(),
                hint: did_you_mean(name, known()).or_else(|| {
                    let known: Vec<&str> = known().collect();
                    Some(format!("give a file, or one of: {}", known.join(", ")))
                }),
            });
        }
        let text = Source::text(path)?;
        Self::parse(name, &text)
    }

    /// Its short name.
    pub fn name(&self) -> &str {
        self.declared.name.get_ref()
    }

    /// One line about it.
    pub fn title(&self) -> &str {
        &self.declared.title
    }

    /// What it covers, and what it cannot know.
    pub fn about(&self) -> &str {
        &self.declared.about
    }

    /// How it wants the file to be read.
    pub fn reading(&self) -> &Reading {
        &self.declared.read
    }

    /// What it means for a sheet.
    ///
    /// # Errors
    /// All columns, values and rules that do not fit, each at its line.
    pub(super) fn plan(&self, sheet: &Sheet, importer: &Importer<'_>) -> Result<Plan> {
        compile::plan(self, sheet, importer)
    }
}
