//! SHACL Core by the `shacl` crate, whose types stay here.

use oxrdf::{NamedNode, Term, Triple};
use rudof_rdf::rdf_core::SHACLPath;
use rudof_rdf::rdf_impl::OxigraphInMemory;
use shacl::ir::IRSchema;
use shacl::rdf::ShaclParser;
use shacl::types::Severity as TheirSeverity;
use shacl::validator::processor::{GraphValidation, ShaclProcessor};
use shacl::validator::report::ValidationResult as Theirs;
use shacl::validator::store::Graph;
use shacl::validator::{ShaclConfig, ShaclValidationMode};

use super::path::Path;
use super::shapes::Shapes;
use super::{Severity, ValidationResult};
use crate::error::{Error, Result};

/// Judges data by all that is SHACL Core in the shapes.
pub(super) fn core(data: &[Triple], shapes: &Shapes) -> Result<Vec<ValidationResult>> {
    let parsed = ShaclParser::new(graph(shapes.graph().iter().map(Into::into))?)
        .parse()
        .map_err(|error| broken(&error))?;
    let schema = IRSchema::compile(&parsed).map_err(|error| broken(&error))?;
    let data = graph(data.iter().cloned())?;
    let report = GraphValidation::new(Graph::from(data))
        .validate(
            &schema,
            &ShaclValidationMode::Native,
            &ShaclConfig::default(),
        )
        .map_err(|error| broken(&error))?;
    report.results().iter().map(result).collect()
}

fn broken(error: &dyn std::error::Error) -> Error {
    Error::usage(
        format!("the shapes cannot be used: {error}"),
        "mend the shape that is named, or leave the file out",
    )
}

fn graph(triples: impl Iterator<Item = Triple>) -> Result<OxigraphInMemory> {
    let mut graph = OxigraphInMemory::new();
    for triple in triples {
        graph
            .add_triple_ref(&triple.subject, &triple.predicate, &triple.object)
            .map_err(|error| broken(&error))?;
    }
    Ok(graph)
}

fn result(theirs: &Theirs) -> Result<ValidationResult> {
    let Some(source_shape) = theirs.source() else {
        return Err(Error::usage(
            format!("a result names no shape: {theirs}"),
            "give each shape an identifier",
        ));
    };
    let Term::NamedNode(component) = Term::from(theirs.constraint_component().clone()) else {
        return Err(Error::usage(
            format!("a result names no kind of constraint: {theirs}"),
            "mend the shape",
        ));
    };
    Ok(ValidationResult {
        focus_node: theirs.focus_node().clone().into(),
        path: theirs.path().map(path),
        value: theirs.value().cloned().map(Term::from),
        source_shape: source_shape.clone().into(),
        source_constraint: None,
        component,
        severity: severity(theirs.severity()),
        messages: Vec::new(),
    })
}

fn severity(theirs: &TheirSeverity) -> Severity {
    match theirs {
        TheirSeverity::Warning => Severity::Warning,
        TheirSeverity::Info | TheirSeverity::Debug | TheirSeverity::Trace => Severity::Info,
        TheirSeverity::Violation => Severity::Violation,
        TheirSeverity::Generic(iri) => Severity::Other(NamedNode::new_unchecked(iri.as_str())),
    }
}

fn path(theirs: &SHACLPath) -> Path {
    let several = |parts: &[SHACLPath]| parts.iter().map(path).collect();
    match theirs {
        SHACLPath::Predicate { pred } => Path::Property(NamedNode::new_unchecked(pred.as_str())),
        SHACLPath::Alternative { paths } => Path::Alternative(several(paths)),
        SHACLPath::Sequence { paths } => Path::Sequence(several(paths)),
        SHACLPath::Inverse { path: inner } => Path::Inverse(Box::new(path(inner))),
        SHACLPath::ZeroOrMore { path: inner } => Path::ZeroOrMore(Box::new(path(inner))),
        SHACLPath::OneOrMore { path: inner } => Path::OneOrMore(Box::new(path(inner))),
        SHACLPath::ZeroOrOne { path: inner } => Path::ZeroOrOne(Box::new(path(inner))),
    }
}
