//! Flags that all verbs share, by topic, so that the prompt can take some and leave others.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::dataset::{Choice, PushDown};
use crate::error::Result;
use crate::graph::Endpoint;
use crate::map::Language;

/// Which data.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct DataFlags {
    /// Data in place of the bundled programmes: files, folders, or names of bundled sets
    #[arg(
        long,
        global = true,
        value_name = "FILE|DIR",
        env = "PEERMAP_DATA",
        value_delimiter = ',',
        help_heading = "Data"
    )]
    pub data: Vec<String>,
    /// Format of the data files, whatever their endings say
    #[arg(long, global = true, value_name = "FORMAT", help_heading = "Data")]
    pub data_format: Option<String>,
    /// A folder in place of the embedded ontology
    #[arg(long, global = true, value_name = "DIR", help_heading = "Data")]
    pub ontology: Option<PathBuf>,
    /// A table of profiles in place of the graph, for the analysis
    #[arg(long, global = true, value_name = "FILE.csv", help_heading = "Data")]
    pub profiles: Option<PathBuf>,
    /// Data elsewhere
    #[command(flatten)]
    pub elsewhere: EndpointFlags,
}

impl DataFlags {
    /// The same flags as arguments for another run of the program.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        let mut add = |flag: &str, value: OsString| arguments.extend([flag.into(), value]);
        for data in &self.data {
            add("--data", data.into());
        }
        if let Some(format) = &self.data_format {
            add("--data-format", format.into());
        }
        if let Some(folder) = &self.ontology {
            add("--ontology", folder.into());
        }
        if let Some(table) = &self.profiles {
            add("--profiles", table.into());
        }
        arguments
    }

    /// The choice that these flags make.
    ///
    /// # Errors
    /// An address or a header that makes no sense.
    pub fn choice(&self, into_default_graph: bool) -> Result<Choice> {
        let flags = &self.elsewhere;
        let endpoint = |url: &str| Endpoint::new(url, &flags.headers, flags.get, None);
        let service = |url: &String| Endpoint::new(url, &[], false, None);
        Ok(Choice {
            data: self.data.clone(),
            data_format: self.data_format.clone(),
            ontology: self.ontology.clone(),
            profiles: self.profiles.clone(),
            endpoint: flags.endpoint.as_deref().map(endpoint).transpose()?,
            push_down: flags.push_down.then_some(PushDown {
                min_cell: flags.min_cell,
            }),
            services: flags.services.iter().map(service).collect::<Result<_>>()?,
            into_default_graph,
        })
    }
}

/// Data that live elsewhere.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct EndpointFlags {
    /// A SPARQL endpoint that holds the programmes, in place of data here
    #[arg(
        short,
        long,
        global = true,
        value_name = "URL",
        conflicts_with_all = ["data", "profiles"],
        env = "PEERMAP_ENDPOINT",
        help_heading = "Endpoint"
    )]
    pub endpoint: Option<String>,
    /// A header for the endpoint, such as 'Authorization: Bearer …'; may be given several times
    #[arg(
        long = "header",
        global = true,
        value_name = "NAME: VALUE",
        env = "PEERMAP_HEADERS",
        hide_env_values = true,
        value_delimiter = '\n',
        help_heading = "Endpoint"
    )]
    pub headers: Vec<String>,
    /// Send queries by GET, for caches and for endpoints that refuse POST
    #[arg(long, global = true, help_heading = "Endpoint")]
    pub get: bool,
    /// Have the endpoint count profiles by one query, and analyse the counts
    #[arg(long, global = true, requires = "endpoint", help_heading = "Endpoint")]
    pub push_down: bool,
    /// Leave out counted profiles of fewer programmes, or persons, than this
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 1,
        help_heading = "Endpoint"
    )]
    pub min_cell: u32,
    /// Let SERVICE in queries reach this endpoint, and no other
    #[arg(
        long = "service",
        global = true,
        value_name = "URL",
        help_heading = "Endpoint"
    )]
    pub services: Vec<String>,
}

/// How the answer looks and where it goes.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct LookFlags {
    /// How to write the answer: text, line, csv, tsv, json, srj, srx, md, html, ttl, nt, trig, nq, rdf, jsonld; networks, findings and changes have formats of their own
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        visible_alias = "results",
        help_heading = "Output"
    )]
    pub format: Option<String>,
    /// Write to a file; its ending tells the format
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Output"
    )]
    pub output: Option<PathBuf>,
    /// Language of labels
    #[arg(long, global = true, value_enum, default_value_t = Language::En, help_heading = "Output")]
    pub lang: Language,
    /// Labels of IRIs in tables: off, beside or instead
    #[arg(long, global = true, value_enum, default_value_t = ShowLabels::Off, help_heading = "Output")]
    pub labels: ShowLabels,
    /// When to use colours; `NO_COLOR` turns them off
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, alias = "colour", help_heading = "Output")]
    pub color: Colour,
    /// Print no remarks, only the answer and errors
    #[arg(long, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Say how long it took
    #[arg(long, global = true, help_heading = "Output")]
    pub time: bool,
}

/// Labels beside IRIs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ShowLabels {
    /// IRIs alone
    #[default]
    Off,
    /// The IRI, then its label
    Beside,
    /// The label alone where there is one
    Instead,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// At a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
