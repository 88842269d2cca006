//! A page for anything else of the data: a value, a silo, a source, a kind of peer.

use std::fmt::Write as _;

use askama::Template;
use oxrdf::{NamedNode, Term};
use serde_json::json;

use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::statements;
use crate::error::Result;
use crate::output::{Body, Table};
use crate::query::{Options, Rows, run};
use crate::terms::short_name;
use crate::vocab::BASE;

/// Things that point here, shown of each kind.
const SHOWN: usize = 300;

/// A property with its values.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) values: Vec<(Link, String)>,
    pub(super) more: usize,
}

#[derive(Template)]
#[template(path = "thing.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    kind: String,
    definitions: Vec<(String, String)>,
    lines: Vec<Line>,
    incoming: Vec<Line>,
    find: Option<String>,
    iri: String,
}

fn table(explorer: &Explorer, query: &str) -> Result<Table> {
    match run(&explorer.dataset.graph, query, &Options::default())?.body {
        Body::Table(table) => Ok(table),
        _ => Ok(Table::default()),
    }
}

/// Whether anything is said about the thing of this path.
pub(super) fn exists(explorer: &Explorer, path: &str) -> bool {
    NamedNode::new(format!("{BASE}{path}")).is_ok_and(|iri| explorer.dataset.graph.mentions(&iri))
}

pub(super) fn page(explorer: &Explorer, path: &str, frame: &mut Frame<'_>) -> Result<String> {
    let iri = NamedNode::new_unchecked(format!("{BASE}{path}"));
    let name = explorer.name(frame.language, iri.as_str());
    name.unwrap_or(short_name(iri.as_str()))
        .clone_into(&mut frame.title);
    frame.formats = vec!["ttl", "jsonld", "rdf", "nt"];
    frame.alternates = vec![("ttl", "text/turtle"), ("jsonld", "application/ld+json")];
    frame.sparql = Some(statements::query(&iri));
    let kind = path.split('/').next().unwrap_or("");
    let schema = match kind {
        "source" => "CreativeWork",
        "value" | "silo" | "trend" => "DefinedTerm",
        "dimension" | "axis" => "DefinedTermSet",
        _ => "Thing",
    };
    let first = json!({
        "@context": "https://schema.org", "@type": schema, "@id": iri.as_str(), "name": frame.title,
    });
    frame.json_ld = Some(statements::json_ld(explorer, &iri, &first)?);
    let said = table(
        explorer,
        &format!(
            "SELECT ?property ?value WHERE {{ {iri} ?property ?value }} ORDER BY ?property ?value"
        ),
    )?;
    let mut definitions = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    let mut types = Vec::new();
    for row in Rows::new(&said) {
        let property = row.iri("property")?;
        let Some(value) = row.get("value") else {
            continue;
        };
        let local = short_name(property.as_str());
        match value {
            Term::Literal(text)
                if matches!(
                    local,
                    "definition" | "scopeNote" | "description" | "question"
                ) =>
            {
                if text.language().is_none_or(|tag| tag == frame.tag()) {
                    let tag = text.language().unwrap_or("").to_owned();
                    definitions.push((tag, text.value().to_owned()));
                }
                continue;
            }
            Term::NamedNode(class) if local == "type" => {
                types.push(named(explorer, frame, class));
                continue;
            }
            // The values of a scheme are shown as what points here.
            Term::NamedNode(_) if local == "hasTopConcept" => continue,
            _ => {}
        }
        add(&mut lines, explorer, frame, &property, value);
    }
    let pointing = table(
        explorer,
        &format!(
            "SELECT ?property ?value WHERE {{ ?value ?property {iri} FILTER (isIRI(?value) && !STRSTARTS(STR(?value), \"{BASE}coding/\")) }} ORDER BY ?property ?value"
        ),
    )?;
    let mut incoming: Vec<Line> = Vec::new();
    for row in Rows::new(&pointing) {
        if let Some(value) = row.get("value") {
            let property = row.iri("property")?;
            if matches!(
                short_name(property.as_str()),
                "hasMapValue" | "hasSiloValue" | "member" | "topConceptOf"
            ) {
                continue;
            }
            add(&mut incoming, explorer, frame, &property, value);
        }
    }
    let page = Page {
        kind: types.join(", "),
        definitions,
        lines,
        incoming,
        find: find(path, frame),
        iri: iri.into_string(),
        frame,
    };
    render(&page)
}

/// The list of programmes with this value.
fn find(path: &str, frame: &Frame<'_>) -> Option<String> {
    let mut parts = path.split('/');
    let (kind, facet, value) = (parts.next()?, parts.next()?, parts.next()?);
    (frame.live() && matches!(kind, "value" | "silo"))
        .then(|| frame.page1("programmes", facet, value))
}

fn named(explorer: &Explorer, frame: &Frame<'_>, node: &NamedNode) -> String {
    explorer
        .name(frame.language, node.as_str())
        .map_or_else(|| short_name(node.as_str()).to_owned(), str::to_owned)
}

fn add(
    lines: &mut Vec<Line>,
    explorer: &Explorer,
    frame: &Frame<'_>,
    property: &NamedNode,
    value: &Term,
) {
    let name = named(explorer, frame, property);
    let entry = match value {
        Term::NamedNode(node) => {
            let text = explorer.name(frame.language, node.as_str()).map_or_else(
                || explorer.dataset.graph.prefixes().display_iri(node.as_str()),
                str::to_owned,
            );
            (
                Link::new(text, frame.thing(node.as_str()).unwrap_or_default()),
                String::new(),
            )
        }
        Term::Literal(literal) => {
            let mut text = literal.value().to_owned();
            if let Some(tag) = literal.language() {
                let _ = write!(text, " ({tag})");
            }
            let tag = literal.language().unwrap_or("").to_owned();
            (Link::new(text, String::new()), tag)
        }
        other => (Link::new(other.to_string(), String::new()), String::new()),
    };
    match lines.iter_mut().find(|line| line.name == name) {
        Some(line) if line.values.contains(&entry) => {}
        Some(line) if line.values.len() >= SHOWN => line.more += 1,
        Some(line) => line.values.push(entry),
        None => lines.push(Line {
            name,
            values: vec![entry],
            more: 0,
        }),
    }
}

/// Everything said about a thing.
pub(super) fn output(explorer: &Explorer, path: &str) -> Result<crate::output::Output> {
    statements::output(explorer, &NamedNode::new_unchecked(format!("{BASE}{path}")))
}
