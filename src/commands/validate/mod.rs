//! `validate`: the shapes over the data, told as what is wrong, where, and what to do.

mod report;

use std::collections::HashSet;

use clap::{Args, ValueEnum};
use oxrdf::{NamedOrBlankNode, Term, Triple};
use serde::Deserialize;

use super::Context;
use super::places::{Places, SourcePlace};
use crate::dataset::{Dataset, Origin, SHAPES};
use crate::error::Result;
use crate::graph::{DERIVED, graph_name, parse, rdf_format};
use crate::output::{Body, Output};
use crate::validate::{Severity, ValidationReport, ValidationResult};

/// Check data by SHACL shapes: what is wrong, in plain sentences, at the line or the cell.
///
/// The exit code is 1 when there are violations; warnings count with `--deny warnings`. Nothing
/// that the ontology says of its own terms is reported once there is data of yours, but for
/// violations.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Validate {
    /// Data: files, folders or names of bundled sets, in place of --data
    #[arg(value_name = "DATA")]
    #[serde(skip)]
    pub given: Vec<String>,
    /// Shapes in place of those that ship with the program
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub shapes: Vec<String>,
    /// What else makes the answer a no
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Show every place of a rule, not only the first ten
    #[arg(long)]
    pub all: bool,
    /// The shapes that were read: name of the file and its bytes.
    #[arg(skip)]
    #[serde(skip)]
    pub shapes_read: Vec<(String, Vec<u8>)>,
}

/// What else counts as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Deny {
    /// Warnings too
    Warnings,
    /// Everything that is found
    Info,
}

/// A result with its place and whether it counts.
struct Placed {
    result: ValidationResult,
    place: Option<SourcePlace>,
    fails: bool,
}

impl Validate {
    /// Judges the data.
    ///
    /// # Errors
    /// Shapes that cannot be read or judged in full.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        let shapes = self.shapes()?;
        let mut found = crate::validate::validate(&dataset.graph, &shapes)?;
        let before = found.results.len();
        if let Some(own) = subjects_of_own_data(dataset)? {
            found.results.retain(|result| {
                result.severity == Severity::Violation || own.contains(&result.focus_node)
            });
        }
        let left_out = before - found.results.len();
        let things: Vec<Term> = found
            .results
            .iter()
            .map(|result| result.focus_node.clone())
            .collect();
        let places = Places::find(dataset, &things)?;
        let statements = crate::validate::to_triples(&found);
        let placed: Vec<Placed> = found
            .results
            .into_iter()
            .map(|result| {
                let properties = result
                    .path
                    .as_ref()
                    .map_or_else(Vec::new, |path| path.properties());
                let place = places.of(&result.focus_node, &properties, result.value.as_ref());
                let fails = self.counts(&result.severity);
                Placed {
                    result,
                    place,
                    fails,
                }
            })
            .collect();
        let is_no = placed.iter().any(|placed| placed.fails);
        let shown = if self.all { usize::MAX } else { 10 };
        let mut report = report::write(dataset, &placed, context.language, shown);
        report.graph = statements;
        let mut output = Output::new(Body::Report(report));
        output.is_no = is_no;
        if left_out > 0 {
            output = output.with_note(format!(
                "{left_out} remarks on what ships with the program are left out; `peermap validate` alone shows them"
            ));
        }
        Ok(output)
    }

    const fn counts(&self, severity: &Severity) -> bool {
        match severity {
            Severity::Violation | Severity::Other(_) => true,
            Severity::Warning => self.deny.is_some(),
            Severity::Info => matches!(self.deny, Some(Deny::Info)),
        }
    }

    fn shapes(&self) -> Result<Vec<Triple>> {
        let own = [("shapes.ttl".to_owned(), SHAPES.as_bytes().to_vec())];
        let files: &[(String, Vec<u8>)] = if self.shapes_read.is_empty() {
            &own
        } else {
            &self.shapes_read
        };
        let mut triples = Vec::new();
        for (name, bytes) in files {
            let path = std::path::Path::new(name);
            let ending = path.extension().and_then(|ending| ending.to_str());
            let format = rdf_format(ending.unwrap_or("ttl"));
            let format = format.unwrap_or(oxrdfio::RdfFormat::Turtle);
            let quads = parse(bytes, format, "shapes", None, path)?;
            triples.extend(quads.into_iter().map(Triple::from));
        }
        Ok(triples)
    }
}

/// The things that data from outside the program speaks of, if there is such data.
fn subjects_of_own_data(dataset: &Dataset) -> Result<Option<HashSet<Term>>> {
    let ships = |origin: &&Origin| matches!(origin, Origin::Ontology(_) | Origin::Bundled(_));
    let shipped = dataset.origins.iter().filter(ships).count();
    let embedded = matches!(dataset.origins.first(), Some(Origin::Ontology(_)));
    if !embedded || shipped == dataset.origins.len() {
        return Ok(None);
    }
    let mut others = dataset.ontology_graphs.clone();
    others.push(DERIVED.to_owned());
    for origin in &dataset.origins {
        if let Origin::Bundled(name) = origin {
            others.push(graph_name(name).into_string());
        }
    }
    let quads = dataset.graph.quads_outside(&others)?;
    let subjects = quads.into_iter().map(|quad| match quad.subject {
        NamedOrBlankNode::NamedNode(node) => Term::from(node),
        NamedOrBlankNode::BlankNode(node) => node.into(),
    });
    Ok(Some(subjects.collect()))
}

impl Validate {
    /// The report alone, for those who count.
    ///
    /// # Errors
    /// As of [`Validate::run`].
    pub fn report(&self, dataset: &Dataset) -> Result<ValidationReport> {
        crate::validate::validate(&dataset.graph, &self.shapes()?)
    }
}
