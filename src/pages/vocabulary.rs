//! Every term of the vocabulary, and every query that ships with the program.

use std::collections::HashMap;

use askama::Template;

use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::links::NAMESPACE;
use crate::error::Result;
use crate::output::{Body, Table};
use crate::query::{CATALOGUE, NamedQuery, Options, Rows, run};
use crate::terms::short_name;

/// A term of the vocabulary.
struct Item {
    id: String,
    name: String,
    kind: String,
    definition: String,
    relations: Vec<(&'static str, Vec<Link>)>,
    uses: usize,
    queries: Vec<Link>,
}

#[derive(Template)]
#[template(path = "vocabulary.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    items: Vec<Item>,
}

/// Which relations of terms are shown, with the key of their name.
const RELATIONS: [(&str, &str); 5] = [
    ("subClassOf", "vocabulary.sub-class"),
    ("subPropertyOf", "vocabulary.sub-property"),
    ("domain", "vocabulary.domain"),
    ("range", "vocabulary.range"),
    ("inverseOf", "vocabulary.inverse"),
];

fn table(explorer: &Explorer, query: &str) -> Result<Table> {
    match run(&explorer.dataset.graph, query, &Options::default())?.body {
        Body::Table(table) => Ok(table),
        _ => Ok(Table::default()),
    }
}

pub(super) fn page(explorer: &Explorer, frame: &mut Frame<'_>) -> Result<String> {
    frame.title = frame.t("vocabulary.title").to_owned();
    let query = format!(
        "SELECT ?term ?property ?value WHERE {{ ?term ?property ?value FILTER (STRSTARTS(STR(?term), \"{NAMESPACE}\")) }} ORDER BY ?term ?property ?value"
    );
    frame.sparql = Some(query.clone());
    let mut uses: HashMap<String, usize> = HashMap::new();
    let counts = format!(
        "SELECT ?term (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?term ?o WHERE {{ ?s ?term ?o }} }} FILTER (STRSTARTS(STR(?term), \"{NAMESPACE}\")) }} GROUP BY ?term"
    );
    let classes = format!(
        "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a ?term FILTER (STRSTARTS(STR(?term), \"{NAMESPACE}\")) }} GROUP BY ?term"
    );
    for query in [&counts, &classes] {
        for row in Rows::new(&table(explorer, query)?) {
            let count = row.text("n")?.parse().unwrap_or(0);
            uses.insert(row.iri("term")?.into_string(), count);
        }
    }
    let mut items: Vec<Item> = Vec::new();
    for row in Rows::new(&table(explorer, &query)?) {
        let term = row.iri("term")?;
        let id = short_name(term.as_str()).to_owned();
        if items.last().is_none_or(|item| item.id != id) {
            items.push(Item {
                name: explorer
                    .name(frame.language, term.as_str())
                    .unwrap_or(&id)
                    .to_owned(),
                kind: String::new(),
                definition: String::new(),
                relations: Vec::new(),
                uses: uses.get(term.as_str()).copied().unwrap_or(0),
                queries: queries_using(&id, frame),
                id,
            });
        }
        let Some(item) = items.last_mut() else {
            continue;
        };
        let property = row.iri("property")?;
        let local = short_name(property.as_str());
        match row.get("value") {
            Some(oxrdf::Term::Literal(text))
                if matches!(local, "definition" | "comment")
                    && text.language() == Some(frame.tag()) =>
            {
                text.value().clone_into(&mut item.definition);
            }
            Some(oxrdf::Term::NamedNode(node)) => {
                if local == "type" {
                    short_name(node.as_str()).clone_into(&mut item.kind);
                } else if let Some((_, key)) = RELATIONS.iter().find(|(name, _)| *name == local) {
                    let text = explorer.dataset.graph.prefixes().display_iri(node.as_str());
                    let link = Link::new(text, frame.thing(node.as_str()).unwrap_or_default());
                    match item.relations.iter_mut().find(|(known, _)| known == key) {
                        Some((_, links)) => links.push(link),
                        None => item.relations.push((key, vec![link])),
                    }
                }
            }
            _ => {}
        }
    }
    render(&Page { frame, items })
}

fn query_link(query: &NamedQuery, frame: &Frame<'_>) -> Link {
    Link::new(
        query.name,
        format!("{}#{}", frame.page("cookbook"), query.name),
    )
}

/// Queries whose text has the term as a whole word.
fn queries_using(id: &str, frame: &Frame<'_>) -> Vec<Link> {
    let wanted = format!("pm:{id}");
    let uses = |text: &str| {
        text.match_indices(&wanted).any(|(at, _)| {
            let after = text[at + wanted.len()..].chars().next();
            !after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
        })
    };
    CATALOGUE
        .iter()
        .filter(|query| uses(query.text))
        .map(|query| query_link(query, frame))
        .collect()
}

/// A query of the cookbook.
struct Recipe {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    text: &'static str,
    run: Option<String>,
    typed: String,
}

#[derive(Template)]
#[template(path = "cookbook.html")]
struct Cookbook<'a> {
    frame: &'a Frame<'a>,
    recipes: Vec<Recipe>,
}

/// All queries with their texts.
pub(super) fn cookbook(frame: &mut Frame<'_>) -> Result<String> {
    frame.title = frame.t("cookbook.title").to_owned();
    frame.typed = Some("peermap named list".to_owned());
    let recipes = CATALOGUE
        .iter()
        .map(|query| Recipe {
            name: query.name,
            title: query.title(),
            about: query.description(),
            text: query.text,
            run: frame
                .live()
                .then(|| frame.page1("query", "named", query.name)),
            typed: format!("peermap named run {}", query.name),
        })
        .collect();
    render(&Cookbook { frame, recipes })
}
