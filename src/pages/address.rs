//! Which page or file an address means.

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::Frame;
use super::{
    compare, data, gaps, home, labels, map, pair, programme, programmes, query, search, silos,
    situate, thing, vocabulary,
};
use crate::commands::Context;
use crate::commands::info::Info;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::nearest::did_you_mean;
use crate::output::{Format, Output};
use crate::query::Limits;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Counts, three questions, search.
    Home,
    /// All programmes, by facets.
    Programmes,
    /// The card of one programme.
    Programme(String),
    /// Two to six programmes side by side.
    Compare,
    /// The map of likeness.
    Map,
    /// The same for scripts, as JSON.
    Graph,
    /// Why two programmes are alike.
    Pair,
    /// Whether likeness follows silos.
    Silos,
    /// Where nothing is known.
    Gaps,
    /// Words for peers.
    Labels,
    /// One word for peers.
    Label(String),
    /// The wizard of six questions.
    Situate,
    /// SPARQL by a form.
    Query,
    /// What the data are.
    Data,
    /// Hits of a search.
    Search,
    /// The terms of the vocabulary.
    Vocabulary,
    /// The queries of the catalogue.
    Cookbook,
    /// Anything else of the data, by the rest of its IRI.
    Thing(String),
}

/// Pages without a name in their path.
const PAGES: [(&str, Address); 15] = [
    ("", Address::Home),
    ("programmes", Address::Programmes),
    ("compare", Address::Compare),
    ("map", Address::Map),
    ("map/graph", Address::Graph),
    ("pair", Address::Pair),
    ("silos", Address::Silos),
    ("gaps", Address::Gaps),
    ("labels", Address::Labels),
    ("situate", Address::Situate),
    ("query", Address::Query),
    ("data", Address::Data),
    ("search", Address::Search),
    ("vocabulary", Address::Vocabulary),
    ("cookbook", Address::Cookbook),
];

impl Address {
    /// Reads a path without the language; an ending that names a format asks for a file.
    ///
    /// # Errors
    /// A path that no page has.
    pub fn read(explorer: &Explorer, path: &str) -> Result<(Self, Option<Format>)> {
        let path = path.trim_matches('/');
        if let Some(address) = Self::page_at(explorer, path) {
            return Ok((address, None));
        }
        let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
        let stem = if stem == "index" { "" } else { stem };
        if let (Some(address), Ok(format)) =
            (Self::page_at(explorer, stem), Format::from_name(ending))
        {
            return Ok((address, Some(format)));
        }
        Err(Error::Unknown {
            what: "page",
            name: path.to_owned(),
            hint: did_you_mean(path, PAGES.iter().map(|(path, _)| *path)),
        })
    }

    fn page_at(explorer: &Explorer, path: &str) -> Option<Self> {
        if let Some((_, address)) = PAGES.iter().find(|(page, _)| *page == path) {
            return Some(address.clone());
        }
        let (kind, name) = path.split_once('/')?;
        let known = |path: &str| thing::exists(explorer, path);
        match kind {
            "programme" => {
                let mut all = explorer.profiles.list.iter();
                all.any(|p| p.id() == name)
                    .then(|| Self::Programme(name.to_owned()))
            }
            "label" => known(path).then(|| Self::Label(name.to_owned())),
            "value" | "silo" | "source" | "peer" | "trend" | "dimension" | "axis" | "facet"
            | "coder" | "coding" => known(path).then(|| Self::Thing(path.to_owned())),
            _ => None,
        }
    }

    /// Makes the page.
    pub(super) fn page(
        &self,
        explorer: &Explorer,
        ask: &Ask,
        frame: &mut Frame<'_>,
    ) -> Result<String> {
        match self {
            Self::Home => home::page(explorer, frame),
            Self::Programmes => programmes::page(explorer, ask, frame),
            Self::Programme(name) => programme::page(explorer, name, frame),
            Self::Compare => compare::page(explorer, ask, frame),
            Self::Map => map::page(explorer, ask, frame),
            Self::Graph => map::graph(explorer, ask, frame.language),
            Self::Pair => pair::page(explorer, ask, frame),
            Self::Silos => silos::page(explorer, ask, frame),
            Self::Gaps => gaps::page(explorer, ask, frame),
            Self::Labels => labels::page(explorer, ask, frame),
            Self::Label(name) => labels::passport(explorer, name, frame),
            Self::Situate => situate::page(explorer, ask, frame),
            Self::Query => query::page(explorer, ask, frame),
            Self::Data => data::page(explorer, frame),
            Self::Search => search::page(explorer, ask, frame),
            Self::Vocabulary => vocabulary::page(explorer, frame),
            Self::Cookbook => vocabulary::cookbook(frame),
            Self::Thing(path) => thing::page(explorer, path, frame),
        }
    }

    /// Makes what the formats write: the facts behind the page.
    pub(super) fn output(
        &self,
        explorer: &Explorer,
        ask: &Ask,
        language: Language,
        format: Format,
        limits: &Limits,
    ) -> Result<Output> {
        match self {
            Self::Programmes => programmes::output(explorer, ask),
            Self::Programme(name) => programme::output(explorer, name, language, format),
            Self::Compare => compare::output(explorer, ask, language),
            Self::Map | Self::Graph => map::output(explorer, ask, language),
            Self::Pair => pair::output(explorer, ask, language),
            Self::Silos => silos::output(explorer, ask, language),
            Self::Gaps => gaps::output(explorer, ask, language),
            Self::Labels => labels::output(explorer, ask, language),
            Self::Label(name) => labels::passport_output(explorer, name, format),
            Self::Situate => situate::output(explorer, ask, language),
            Self::Query => query::output(explorer, ask, limits),
            Self::Search => Ok(search::output(explorer, ask)),
            Self::Thing(path) => thing::output(explorer, path),
            Self::Home | Self::Data | Self::Vocabulary | Self::Cookbook => {
                Info::default().run(&explorer.dataset, Context { language })
            }
        }
    }
}
