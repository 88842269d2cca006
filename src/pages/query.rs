//! SPARQL by a form: a query, its answer, and how to ask the same from elsewhere.

use std::time::Duration;

use askama::Template;
use oxrdf::Term;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use crate::commands::query::{Explain, Query};
use crate::error::{Error, Result};
use crate::output::{Body, Format, Output, Style, write};
use crate::query::{CATALOGUE, Limits, named};
use crate::vocab::BASE;

/// Where the server answers SPARQL.
pub(super) const ENDPOINT: &str = "/sparql";
/// Rows of a table on the page; downloads have all.
const ROWS: usize = 500;
/// What stands in the form when nothing is asked.
const FIRST: &str = "SELECT ?programme ?name WHERE {\n  ?programme a pm:Programme ; rdfs:label ?name .\n}\nORDER BY ?name\nLIMIT 20";

/// A cell of the answer.
struct Cell {
    text: String,
    href: Option<String>,
    language: String,
}

/// What the query gave.
enum Answer {
    Nothing,
    Boolean(bool),
    Table {
        columns: Vec<String>,
        rows: Vec<Vec<Cell>>,
        total: usize,
        programmes: Option<String>,
    },
    Text(String),
    Error {
        report: String,
    },
}

#[derive(Template)]
#[template(path = "query.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    text: String,
    answer: Answer,
    notes: Vec<String>,
    named: Vec<(Link, &'static str)>,
    parameters: Vec<(String, String, String)>,
    chosen: Option<&'static str>,
    downloads: Vec<Link>,
    snippets: Vec<(&'static str, String)>,
    script_data: String,
}

/// How long to look for the reason of an empty answer.
const WHY: Duration = Duration::from_millis(200);

fn command(ask: &Ask, limits: &Limits) -> Query {
    Query {
        text: ask.one("query").map(str::to_owned),
        named: ask
            .one("named")
            .filter(|_| ask.one("query").is_none())
            .map(str::to_owned),
        parameters: ask
            .pairs()
            .iter()
            .filter_map(|(name, value)| {
                let parameter = name.strip_prefix('$')?;
                Some(format!("{parameter}={value}"))
            })
            .collect(),
        timeout: limits.timeout,
        max_rows: limits.max_rows,
        stop: limits.stop.clone(),
        why: Some(WHY),
        explain: ask.ticked("explain").then_some(Explain::Plan),
        ..Query::default()
    }
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    frame.title = frame.t("query.title").to_owned();
    frame.script = Some("query.js");
    let command = command(ask, &frame.limits);
    let chosen = command.named.as_deref().map(named).transpose()?;
    let asked = command.text.is_some() || chosen.is_some();
    let text = match (&command.text, chosen) {
        (Some(text), _) => text.clone(),
        (None, Some(query)) => query.text.to_owned(),
        (None, None) => FIRST.to_owned(),
    };
    let mut notes = Vec::new();
    let mut downloads: &[&str] = &[];
    let answer = if asked {
        match command.run(&explorer.dataset) {
            Ok(output) => {
                notes.clone_from(&output.notes);
                downloads = match &output.body {
                    Body::Table(_) => &["csv", "tsv", "srj", "srx", "md"],
                    Body::Boolean(_) => &["srj", "srx"],
                    Body::Report(_) | Body::Text(_) => &[],
                    _ => &["ttl", "jsonld", "nt", "rdf"],
                };
                answer(explorer, &output, frame)?
            }
            // A request past its time or the limit of the server is not a mistake in the text.
            Err(error @ (Error::Query { .. } | Error::Usage { .. } | Error::Unknown { .. })) => {
                Answer::Error {
                    report: error.report(),
                }
            }
            Err(error) => return Err(error),
        }
    } else {
        Answer::Nothing
    };
    let page = Page {
        downloads: downloads
            .iter()
            .map(|ending| {
                Link::new(
                    ending.to_uppercase(),
                    frame.links.format("query", ending, ask),
                )
            })
            .collect(),
        named: CATALOGUE
            .iter()
            .map(|query| {
                let href = frame.page1("query", "named", query.name);
                (Link::new(query.title(), href), query.description())
            })
            .collect(),
        parameters: chosen.map_or_else(Vec::new, |query| {
            let parameters = query.parameters();
            let given = |name: &str| ask.or(&format!("${name}"), "").to_owned();
            parameters
                .iter()
                .map(|p| (p.name.to_owned(), p.about.to_owned(), given(p.name)))
                .collect()
        }),
        chosen: chosen.map(|query| query.name),
        snippets: snippets(&text),
        script_data: script_data(frame),
        text,
        answer,
        notes,
        frame,
    };
    render(&page)
}

fn answer(explorer: &Explorer, output: &Output, frame: &Frame<'_>) -> Result<Answer> {
    Ok(match &output.body {
        Body::Boolean(value) => Answer::Boolean(*value),
        Body::Table(table) => {
            let prefixes = explorer.dataset.graph.prefixes();
            let cell = |term: &Option<Term>| match term {
                None => Cell {
                    text: String::new(),
                    href: None,
                    language: String::new(),
                },
                Some(term @ Term::NamedNode(node)) => Cell {
                    text: prefixes.display(term),
                    href: frame.thing(node.as_str()),
                    language: String::new(),
                },
                Some(Term::Literal(literal)) => Cell {
                    text: literal.value().to_owned(),
                    href: None,
                    language: literal.language().unwrap_or("").to_owned(),
                },
                Some(other) => Cell {
                    text: other.to_string(),
                    href: None,
                    language: String::new(),
                },
            };
            Answer::Table {
                columns: table.columns.clone(),
                rows: table
                    .rows
                    .iter()
                    .take(ROWS)
                    .map(|row| row.iter().map(cell).collect())
                    .collect(),
                total: table.rows.len(),
                programmes: on_the_map(table, frame),
            }
        }
        Body::Text(text) => Answer::Text(text.clone()),
        body => {
            let style = Style {
                prefixes: explorer.dataset.graph.prefixes().clone(),
                ..Style::default()
            };
            let mut bytes = Vec::new();
            let format = match body {
                Body::Report(_) => Format::Text,
                _ => Format::Turtle,
            };
            write(output, format, &style, &mut bytes)?;
            Answer::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
    })
}

/// The map of the programmes in the answer, where there are some.
fn on_the_map(table: &crate::output::Table, frame: &Frame<'_>) -> Option<String> {
    let lead = format!("{BASE}programme/");
    let mut found: Vec<&str> = table
        .rows
        .iter()
        .flatten()
        .filter_map(|cell| match cell {
            Some(Term::NamedNode(node)) => node.as_str().strip_prefix(&lead),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    if found.len() < 2 || found.len() > 100 {
        return None;
    }
    let ask = Ask::default().with("programme", &found);
    Some(frame.links.asking("map", &ask))
}

/// The same from a shell, Python and R.
fn snippets(text: &str) -> Vec<(&'static str, String)> {
    let address = format!("http://127.0.0.1:7878{ENDPOINT}");
    let shell = text.replace('\'', "'\\''");
    let python = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let r = text.replace('\\', "\\\\").replace('"', "\\\"");
    vec![
        (
            "curl",
            format!("curl -H 'Accept: text/csv' --data-urlencode 'query={shell}' {address}"),
        ),
        (
            "Python",
            format!(
                "import io, pandas, urllib.parse, urllib.request\n\nquery = \"\"\"{python}\"\"\"\nrequest = urllib.request.Request(\n    \"{address}\",\n    data=urllib.parse.urlencode({{\"query\": query}}).encode(),\n    headers={{\"Accept\": \"text/csv\"}},\n)\nrows = pandas.read_csv(io.BytesIO(urllib.request.urlopen(request).read()))"
            ),
        ),
        (
            "R",
            format!(
                "query <- \"{r}\"\nrows <- read.csv(paste0(\"{address}?format=csv&query=\", URLencode(query, reserved = TRUE)))"
            ),
        ),
    ]
}

fn script_data(frame: &Frame<'_>) -> String {
    let texts: serde_json::Map<String, Value> = Explorer::texts(frame.language)
        .beginning("script.")
        .into_iter()
        .map(|(key, text)| (key.to_owned(), json!(text)))
        .collect();
    json!({ "language": frame.tag(), "texts": texts, "query": frame.page("query") })
        .to_string()
        .replace('<', "\\u003c")
}

/// The whole answer.
pub(super) fn output(explorer: &Explorer, ask: &Ask, limits: &Limits) -> Result<Output> {
    command(ask, limits).run(&explorer.dataset)
}
