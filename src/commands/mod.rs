//! Requests: one verb, one file; the same struct serves the command line, the prompt and the web.
//!
//! [`Command`] asks and only needs a shared reference, so whatever holds one cannot change data.
//! [`Local`] changes data or files and belongs to the command line and the prompt. To add a verb:
//! a file here with a struct that derives `clap::Args` and `serde::Deserialize`, a variant, and
//! an arm. The doc comment of the struct is its help.
//! `comparing`, `facts`, `places`, `resemblances` and `results` hold what several verbs share.

pub mod bridges;
pub mod compare;
pub mod comparing;
pub mod concepts;
pub mod export;
pub mod facts;
pub mod fmt;
pub mod gaps;
pub mod import;
pub mod info;
pub mod labels;
pub mod named;
pub mod network;
pub mod places;
pub mod profiles;
pub mod query;
pub mod report;
pub mod resemblances;
pub mod results;
pub mod review;
pub mod robustness;
pub mod show;
pub mod silos;
pub mod similar;
pub mod update;
pub mod validate;

use clap::Subcommand;

use crate::dataset::Dataset;
use crate::error::Result;
use crate::map::Language;
use crate::output::Output;

/// What can be asked.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Command {
    /// Programmes in different silos that share roles or settings
    Bridges(bridges::Bridges),
    /// The programmes most like one, with reasons
    Similar(similar::Similar),
    /// Two to six programmes side by side
    Compare(compare::Compare),
    /// Whether likeness follows silos, and who spans them
    Silos(silos::Silos),
    /// Programmes linked by likeness, as a network
    Network(network::Network),
    /// Names that mislead and names that fit
    Labels(labels::Labels),
    /// Where nothing is known, and where that is a surprise
    Gaps(gaps::Gaps),
    /// What programmes have in common, and what comes with what
    Concepts(concepts::Concepts),
    /// Which conclusions survive leaving out a coder, a question or a type of source
    Robustness(robustness::Robustness),
    /// Everything on one page, to read offline and to print
    Report(report::Report),
    /// The card of one programme: every question, evidence and source
    Show(show::Show),
    /// What is stated and what is not
    Info(info::Info),
    /// Every programme as a row, a column a question
    Profiles(profiles::Profiles),
    /// Check data by SHACL shapes, at the line or the cell
    Validate(validate::Validate),
    /// Run a SPARQL query: a file, `-`, a named query, or -q TEXT
    Query(query::Query),
    /// The named queries: list, show, run, check
    Named(named::Named),
}

/// What changes data.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Local {
    /// Run a SPARQL update and write the changed copy
    Update(update::Update),
    /// Programmes from other people's files, checked and turned into RDF
    Import(import::Import),
    /// Codings that a rule proposed: list them, and take them back confirmed
    Review(review::Review),
    /// Write the graph to files, the same data always as the same bytes
    Export(export::Export),
    /// Lay out Turtle files alike, comments and order as they are
    Fmt(fmt::Fmt),
}

/// What a face says for all commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Language of labels.
    pub language: Language,
}

impl Command {
    /// Answers.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        match self {
            Self::Bridges(request) => request.run(dataset, context),
            Self::Similar(request) => request.run(dataset, context),
            Self::Compare(request) => request.run(dataset, context),
            Self::Silos(request) => request.run(dataset, context),
            Self::Network(request) => request.run(dataset, context),
            Self::Labels(request) => request.run(dataset, context),
            Self::Gaps(request) => request.run(dataset, context),
            Self::Concepts(request) => request.run(dataset, context),
            Self::Robustness(request) => request.run(dataset, context),
            Self::Report(request) => request.run(dataset, context),
            Self::Show(request) => request.run(dataset, context),
            Self::Info(request) => request.run(dataset, context),
            Self::Profiles(request) => request.run(dataset),
            Self::Validate(request) => request.run(dataset, context),
            Self::Query(request) => request.run(dataset),
            Self::Named(request) => request.run(dataset),
        }
    }
}

impl Command {
    /// Answers about programmes that were read before, where the verb reads them at all: several
    /// answers need to read them only once.
    pub fn on(&self, study: &comparing::Study<'_>, context: Context) -> Result<Output> {
        match self {
            Self::Bridges(request) => request.on(study),
            Self::Silos(request) => request.on(study),
            Self::Network(request) => request.on(study),
            Self::Labels(request) => request.on(study),
            Self::Gaps(request) => request.on(study),
            Self::Concepts(request) => request.on(study),
            Self::Robustness(request) => request.on(study),
            other => other.run(study.dataset, context),
        }
    }
}

impl Local {
    /// Changes and answers with the changed data.
    pub fn run(&self, dataset: &mut Dataset) -> Result<Output> {
        match self {
            Self::Update(request) => request.run(dataset),
            Self::Import(request) => request.run(dataset),
            Self::Review(request) => request.run(dataset),
            Self::Export(request) => request.run(dataset),
            Self::Fmt(request) => request.run(),
        }
    }
}
