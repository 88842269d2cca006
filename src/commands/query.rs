//! `query`: any SPARQL query, from text, a file or the catalogue.

use std::collections::HashSet;
use std::time::Duration;

use clap::Args;
use oxrdf::Term;
use serde::Deserialize;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::map::{Named, matches};
use crate::nearest::did_you_mean;
use crate::output::{Body, Output};
use crate::query::{Limits, NamedQuery, Options, ParameterType, Stop, named, plan, run, why};

/// Run a SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE.
///
/// The union of all graphs is the default graph. Prefixes that the ontology declares need no
/// PREFIX line.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Query {
    /// A file with a query, `-` for standard input, or the name of a query of the catalogue
    #[arg(value_name = "QUERY")]
    #[serde(skip)]
    pub source: Option<String>,
    /// The query itself
    #[arg(short = 'q', long = "query", value_name = "TEXT", conflicts_with_all = ["source", "named"])]
    #[serde(rename = "query")]
    pub text: Option<String>,
    /// A query of the catalogue
    #[arg(long, value_name = "NAME", conflicts_with = "source")]
    pub named: Option<String>,
    /// A value for a variable, as a term: role=function:navigation, year=1990, name='"text"@en'
    #[arg(long = "param", value_name = "NAME=TERM")]
    #[serde(rename = "param")]
    pub parameters: Vec<String>,
    /// Take only the prefixes that the query declares
    #[arg(long)]
    pub no_auto_prefix: bool,
    /// End with exit code 1 when there are rows, when there are none, or when the answer is false
    #[arg(long, value_enum, value_name = "WHEN")]
    #[serde(skip)]
    pub fail_on: Option<FailOn>,
    /// How long it may take: 30s, 500ms, 2m; past it, exit code 4
    #[arg(long, value_name = "TIME", value_parser = duration)]
    #[serde(skip)]
    pub timeout: Option<Duration>,
    /// How long to look for the reason of an empty answer
    #[arg(
        long,
        value_name = "TIME",
        value_parser = duration,
        default_value = "200ms",
        conflicts_with = "no_why"
    )]
    #[serde(skip)]
    pub why: Option<Duration>,
    /// Look for no reason of an empty answer
    #[arg(long)]
    #[serde(skip)]
    pub no_why: bool,
    /// How many rows or triples it may give; past it, exit code 4
    #[arg(long, value_name = "N")]
    #[serde(skip)]
    pub max_rows: Option<usize>,
    /// Say how it is answered, step by step, in place of the answer; json for programs
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "plan")]
    #[serde(skip)]
    pub explain: Option<Explain>,
    /// Name of the text in messages.
    #[arg(skip)]
    #[serde(skip)]
    pub name: Option<String>,
    /// Stops it from outside.
    #[arg(skip)]
    #[serde(skip)]
    pub stop: Option<Stop>,
}

/// Answers that end with exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// At least one row or triple.
    Rows,
    /// No row or triple.
    Empty,
    /// ASK answers false.
    False,
}

/// How to say how a query is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Explain {
    /// A tree for people.
    Plan,
    /// The same as JSON.
    Json,
}

impl Query {
    /// Runs it.
    ///
    /// # Errors
    /// No query at all; whatever is wrong with it.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let from_catalogue = self.named.as_deref().map(named).transpose()?;
        let text = match (&self.text, from_catalogue) {
            (Some(text), _) => text.as_str(),
            (None, Some(query)) => query.text,
            (None, None) => {
                return Err(Error::usage(
                    "there is no query to run",
                    "give a file, -, a name, or -q 'SELECT …'; `peermap named list` shows names",
                ));
            }
        };
        let options = Options {
            parameters: parameters(dataset, &self.parameters, from_catalogue)?,
            no_auto_prefix: self.no_auto_prefix,
            name: self
                .name
                .clone()
                .or_else(|| from_catalogue.map(|query| format!("{}.rq", query.name))),
            limits: Limits {
                timeout: self.timeout,
                max_rows: self.max_rows,
                stop: self.stop.clone(),
            },
            ..Options::default()
        };
        if let Some(how) = self.explain {
            let told = plan::explain(&dataset.graph, text, &options)?;
            return Ok(match (how, told.body) {
                (Explain::Json, Body::Report(report)) => {
                    Output::new(Body::Text(format!("{:#}", report.data)))
                }
                (_, body) => Output::new(body),
            });
        }
        let mut output = run(&dataset.graph, text, &options)?;
        if let Some(budget) = self.why.filter(|_| !self.no_why)
            && is_empty(&output.body)
            && dataset.graph.elsewhere().is_none()
        {
            output
                .notes
                .extend(why(&dataset.graph, None, text, &options, budget)?.notes());
        }
        Ok(output)
    }
}

/// Whether an answer has nothing in it. False is an answer.
fn is_empty(body: &Body) -> bool {
    match body {
        Body::Table(table) => table.rows.is_empty(),
        Body::Graph(triples) => triples.is_empty(),
        _ => false,
    }
}

/// Reads `name=term` pairs. Where a parameter takes an IRI, any label or notation of the map
/// stands for its value; where it takes text, plain words need no quotes.
pub fn parameters(
    dataset: &Dataset,
    pairs: &[String],
    query: Option<&NamedQuery>,
) -> Result<Vec<(String, Term)>> {
    let declared = query.map(NamedQuery::parameters).unwrap_or_default();
    let mut bound: HashSet<&str> = HashSet::new();
    let mut terms = Vec::new();
    for pair in pairs {
        let (name, text) = pair.split_once('=').ok_or_else(|| {
            Error::usage(
                format!("`{pair}` is not a parameter"),
                "write --param name=term",
            )
        })?;
        let name = name.trim_start_matches(['?', '$']);
        if !bound.insert(name) {
            return Err(Error::usage(
                format!("the parameter `{name}` is given twice"),
                "give each parameter once",
            ));
        }
        if !declared.is_empty() && declared.iter().all(|parameter| parameter.name != name) {
            let names = declared.iter().map(|parameter| parameter.name);
            let hint = did_you_mean(name, names.clone())
                .unwrap_or_else(|| format!("it has: {}", names.collect::<Vec<_>>().join(", ")));
            return Err(Error::Unknown {
                what: "parameter",
                name: name.to_owned(),
                hint: Some(hint),
            });
        }
        let kind = declared
            .iter()
            .find(|parameter| parameter.name == name)
            .map(|parameter| parameter.kind);
        terms.push((name.to_owned(), term(dataset, text, kind)?));
    }
    Ok(terms)
}

fn term(dataset: &Dataset, text: &str, kind: Option<ParameterType>) -> Result<Term> {
    let plain = || oxrdf::Literal::new_simple_literal(text);
    let parsed = dataset.graph.prefixes().parse(text);
    match kind {
        Some(ParameterType::Text | ParameterType::Language) if !text.starts_with('"') => {
            Ok(plain().into())
        }
        Some(ParameterType::Integer) => match parsed {
            Ok(Term::Literal(literal)) if literal.datatype() == oxrdf::vocab::xsd::INTEGER => {
                Ok(literal.into())
            }
            _ => Err(Error::usage(
                format!("`{text}` is not a whole number"),
                "write digits only",
            )),
        },
        Some(ParameterType::Iri) => match parsed {
            Ok(term @ Term::NamedNode(_)) => Ok(term),
            other => {
                let mut fitting = dataset.map.names().filter(|name| matches(name, text));
                match (fitting.next(), fitting.next()) {
                    (Some(one), None) => Ok(one.iri.clone().into()),
                    (Some(one), Some(two)) => Err(Error::Ambiguous {
                        what: "thing",
                        name: text.to_owned(),
                        candidates: [one, two]
                            .map(|n| dataset.graph.prefixes().display_iri(n.iri.as_str()))
                            .to_vec(),
                    }),
                    _ if text.contains(':') => other.and_then(|_| Err(not_an_iri(text, None))),
                    _ => Err(not_an_iri(
                        text,
                        did_you_mean(text, dataset.map.names().flat_map(Named::texts)),
                    )),
                }
            }
        },
        _ => parsed,
    }
}

fn not_an_iri(text: &str, near: Option<String>) -> Error {
    let hint =
        near.unwrap_or_else(|| "write <https://…>, prefix:name, or a label of the map".to_owned());
    Error::usage(
        format!("`{text}` names nothing that an IRI stands for"),
        hint,
    )
}

/// Reads a time such as `30s`, `500ms`, `2m` or `1.5` (seconds).
///
/// # Errors
/// A sentence for people about what is no time, or none at all.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time: write 30s, 500ms or 2m");
    let digits = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_mins(2)));
        assert_eq!(duration("1.5"), Ok(Duration::from_millis(1500)));
        for wrong in ["", "0s", "s", "-1s", "3 weeks", "1e400s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
