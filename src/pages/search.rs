//! Finding anything by its names in either language.

use askama::Template;
use oxrdf::{Literal, Term};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use crate::error::Result;
use crate::nearest::nearest;
use crate::output::{Body, Output, Table};
use crate::vocab::BASE;

/// Hits shown of each kind.
const SHOWN: usize = 30;
/// Kinds in the order of the page: the beginning of their addresses and the key of their heading.
const KINDS: [&str; 6] = ["programme", "label", "value", "silo", "source", "peer"];

#[derive(Template)]
#[template(path = "search.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    words: &'a str,
    kinds: Vec<(String, Vec<Link>)>,
    total: usize,
    near: Vec<Link>,
}

/// Things whose name has the words, by kind: IRI and the name that fits.
fn hits<'e>(explorer: &'e Explorer, words: &str) -> Vec<(&'static str, Vec<(&'e str, &'e str)>)> {
    let words = words.to_lowercase();
    let mut found: Vec<(&'static str, Vec<(&str, &str)>)> =
        KINDS.iter().map(|kind| (*kind, Vec::new())).collect();
    if words.is_empty() {
        return found;
    }
    for (iri, labels) in explorer.named_things() {
        let Some(path) = iri.strip_prefix(BASE) else {
            continue;
        };
        let kind = path.split('/').next().unwrap_or("");
        let Some((_, list)) = found.iter_mut().find(|(known, _)| *known == kind) else {
            continue;
        };
        if let Some((_, name)) = labels
            .iter()
            .find(|(_, name)| name.to_lowercase().contains(&words))
        {
            list.push((iri, name));
        }
    }
    for (_, list) in &mut found {
        // A name that begins with the words comes before one that has them inside.
        list.sort_by_cached_key(|(_, name)| {
            let name = name.to_lowercase();
            (!name.starts_with(&words), name)
        });
    }
    found
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let words = ask.or("q", "").trim();
    frame.title = frame.t1("search.title", words);
    frame.formats = vec!["csv", "json"];
    let literal = Literal::new_simple_literal(words.to_lowercase());
    frame.sparql = Some(format!(
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT DISTINCT ?thing ?name WHERE {{\n  VALUES ?property {{ skos:prefLabel rdfs:label dcterms:title }}\n  ?thing ?property ?name .\n  FILTER (CONTAINS(LCASE(?name), {literal}))\n}}\nORDER BY ?thing ?name"
    ));
    let found = hits(explorer, words);
    let total = found.iter().map(|(_, list)| list.len()).sum();
    let link = |iri: &str, name: &str| Link::new(name, frame.links.thing(iri).unwrap_or_default());
    let near = if total == 0 && !words.is_empty() {
        let all: Vec<(&str, &str)> = explorer
            .named_things()
            .flat_map(|(iri, labels)| labels.iter().map(move |(_, name)| (iri, name.as_str())))
            .collect();
        nearest(words, all.iter().map(|(_, name)| *name))
            .into_iter()
            .filter_map(|name| all.iter().find(|(_, known)| *known == name))
            .map(|(iri, name)| link(iri, name))
            .collect()
    } else {
        Vec::new()
    };
    let page = Page {
        kinds: found
            .iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(kind, list)| {
                let links = list.iter().take(SHOWN).map(|(iri, name)| link(iri, name));
                (
                    frame.t1(&format!("search.{kind}"), list.len()),
                    links.collect(),
                )
            })
            .collect(),
        words,
        total,
        near,
        frame,
    };
    render(&page)
}

/// The same as rows.
pub(super) fn output(explorer: &Explorer, ask: &Ask) -> Output {
    let mut rows = Vec::new();
    for (kind, list) in hits(explorer, ask.or("q", "").trim()) {
        for (iri, name) in list {
            rows.push(vec![
                Some(Term::from(Literal::new_simple_literal(kind))),
                Some(oxrdf::NamedNode::new_unchecked(iri).into()),
                Some(Literal::new_simple_literal(name).into()),
            ]);
        }
    }
    let columns = ["kind", "thing", "name"].map(str::to_owned).to_vec();
    Output::new(Body::Table(Table { columns, rows }))
}
