//! `named`: the catalogue of queries.

use clap::{Args, Subcommand};
use oxrdf::{Literal, Term};
use serde::Deserialize;

use super::query::parameters;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::{Body, Output, Table};
use crate::query::{CATALOGUE, Options, named, run};

/// The queries that ship with the program.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// What to do with them
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the catalogue.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// List all named queries with their parameters
    List,
    /// Print the text of a query
    Show {
        /// Name of the query
        name: String,
    },
    /// Run a query
    Run {
        /// Name of the query
        name: String,
        /// A value for a parameter, as a term or a label of the map
        #[arg(long = "param", value_name = "NAME=TERM")]
        #[serde(default, rename = "param")]
        parameters: Vec<String>,
    },
    /// Run every query on the data and say how many rows each gives
    Check,
}

impl Named {
    /// Does it.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        match &self.action {
            Action::List => Ok(Output::new(Body::Table(list()))),
            Action::Show { name } => Ok(Output::new(Body::Text(named(name)?.text.to_owned()))),
            Action::Run {
                name,
                parameters: pairs,
            } => {
                let query = named(name)?;
                let options = Options {
                    parameters: parameters(dataset, pairs, Some(query))?,
                    no_auto_prefix: true,
                    name: Some(format!("{}.rq", query.name)),
                    ..Options::default()
                };
                run(&dataset.graph, query.text, &options)
            }
            Action::Check => check(dataset),
        }
    }
}

fn text(text: impl Into<String>) -> Term {
    Literal::new_simple_literal(text).into()
}

fn list() -> Table {
    let rows = CATALOGUE
        .iter()
        .map(|query| {
            let parameters: Vec<&str> = query
                .parameters()
                .iter()
                .map(|parameter| parameter.name)
                .collect();
            let question = query
                .competency_question()
                .map(|number| Literal::from(i64::from(number)).into());
            vec![
                Some(text(query.name)),
                question,
                Some(text(query.title())),
                Some(text(parameters.join(" "))),
            ]
        })
        .collect();
    Table {
        columns: ["name", "cq", "title", "parameters"]
            .map(str::to_owned)
            .to_vec(),
        rows,
    }
}

/// Runs everything with default parameters; a query that fails stops the check with its reason.
fn check(dataset: &Dataset) -> Result<Output> {
    let mut rows = Vec::new();
    for query in CATALOGUE {
        let options = Options {
            no_auto_prefix: true,
            name: Some(format!("{}.rq", query.name)),
            ..Options::default()
        };
        let started = std::time::Instant::now();
        let output = run(&dataset.graph, query.text, &options)?;
        let count = match &output.body {
            Body::Table(table) => table.rows.len(),
            Body::Graph(triples) => triples.len(),
            _ => 1,
        };
        let count = i64::try_from(count)
            .map_err(|_| Error::usage("too many rows to count", "ask for fewer"))?;
        let milliseconds = format!("{:.1}", started.elapsed().as_secs_f64() * 1000.0);
        let milliseconds = Literal::new_typed_literal(milliseconds, oxrdf::vocab::xsd::DECIMAL);
        rows.push(vec![
            Some(text(query.name)),
            Some(Literal::from(count).into()),
            Some(milliseconds.into()),
        ]);
    }
    Ok(Output::new(Body::Table(Table {
        columns: ["name", "rows", "milliseconds"].map(str::to_owned).to_vec(),
        rows,
    })))
}
