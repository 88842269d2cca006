//! All programmes, by facets.

use askama::Template;

use super::ask::Ask;
use super::explorer::Explorer;
use super::facets::{FacetView, Selection};
use super::frame::{Frame, Link, render};
use crate::commands::profiles::Profiles;
use crate::error::Result;
use crate::output::{Body, Output};

/// Programmes on one page of the table.
const ROWS: usize = 50;

/// A programme as a row.
struct Row {
    id: String,
    link: Link,
    about: String,
    /// For each facet of the map the values of its questions.
    cells: Vec<Cell>,
}

/// Values in a cell, and the questions that are not stated.
struct Cell {
    values: String,
    open: String,
}

#[derive(Template)]
#[template(path = "programmes.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    facets: Vec<FacetView>,
    silo_facets: Vec<FacetView>,
    heads: Vec<String>,
    rows: Vec<Row>,
    total: usize,
    all: usize,
    words: &'a str,
    label: Option<(String, String)>,
    chosen: Vec<(String, String)>,
    earlier: Option<String>,
    later: Option<String>,
    first: usize,
    last: usize,
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let selection = Selection::read(explorer, ask)?;
    let mut fitting = selection.fitting(explorer);
    fitting.sort_by_cached_key(|&at| explorer.profiles.list[at].name.to_lowercase());
    let pages = fitting.len().div_ceil(ROWS).max(1);
    let number = ask.number("page", 1usize)?.clamp(1, pages);
    frame.title = frame.t("programmes.title").to_owned();
    frame.formats = vec!["csv", "tsv", "json"];
    frame.sparql = Some(selection.sparql(explorer));
    frame.script = Some("programmes.js");
    let turn = |to: usize| {
        let ask = ask.with("page", &[&to.to_string()]);
        frame.links.asking(frame.path, &ask)
    };
    let mut facets = selection.facets(explorer, frame.language);
    let silo_facets = facets.split_off(explorer.dataset.map.dimensions.len());
    let mut chosen = Vec::new();
    for facet in facets.iter().chain(&silo_facets) {
        for choice in facet.choices.iter().filter(|choice| choice.ticked) {
            let without = ask.without(&facet.key, &choice.value).with("page", &[]);
            chosen.push((
                format!("{}: {}", facet.name, choice.name),
                frame.links.asking(frame.path, &without),
            ));
        }
    }
    let start = (number - 1) * ROWS;
    let shown = &fitting[start.min(fitting.len())..(start + ROWS).min(fitting.len())];
    let label = ask.one("label").map(|label| {
        let iri = format!("{}label/{label}", crate::vocab::BASE);
        let name = explorer.name(frame.language, &iri).unwrap_or(label);
        (label.to_owned(), name.to_owned())
    });
    if let Some((_, name)) = &label {
        chosen.push((
            format!("{}: {name}", frame.t("programmes.label")),
            frame.links.asking(frame.path, &ask.with("label", &[])),
        ));
    }
    let map = &explorer.dataset.map;
    let page = Page {
        heads: map
            .facets
            .iter()
            .map(|facet| facet.label(frame.language).to_owned())
            .chain([frame.t("programmes.silos").to_owned()])
            .collect(),
        rows: shown.iter().map(|&at| row(explorer, frame, at)).collect(),
        earlier: (number > 1).then(|| turn(number - 1)),
        later: (number < pages).then(|| turn(number + 1)),
        first: if shown.is_empty() { 0 } else { start + 1 },
        last: start + shown.len(),
        total: fitting.len(),
        all: explorer.profiles.list.len(),
        words: ask.or("q", ""),
        label,
        chosen,
        facets,
        silo_facets,
        frame,
    };
    render(&page)
}

/// The same programmes as the profiles that the program writes.
pub(super) fn output(explorer: &Explorer, ask: &Ask) -> Result<Output> {
    let fitting = Selection::read(explorer, ask)?.fitting(explorer);
    let mut output = Profiles::default().run(&explorer.dataset)?;
    if let Body::Table(table) = &mut output.body {
        let iris: std::collections::HashSet<String> = fitting
            .iter()
            .map(|&at| explorer.profiles.list[at].iri.to_string())
            .collect();
        table.rows.retain(|row| {
            let programme = row.first().and_then(Option::as_ref);
            programme.is_some_and(|term| iris.contains(&term.to_string()))
        });
    }
    Ok(output)
}

fn row(explorer: &Explorer, frame: &Frame<'_>, at: usize) -> Row {
    let map = &explorer.dataset.map;
    let profile = &explorer.profiles.list[at];
    let mut cells: Vec<Cell> = (0..map.facets.len())
        .map(|facet| {
            let mut values: Vec<&str> = Vec::new();
            let mut open: Vec<&str> = Vec::new();
            for (d, dimension) in map.dimensions.iter().enumerate() {
                if dimension.facet != facet {
                    continue;
                }
                if !profile.stated.contains(d) {
                    open.push(dimension.name.label(frame.language));
                }
                let specific = map.most_specific(&profile.present);
                values.extend(
                    specific
                        .into_iter()
                        .filter(|value| dimension.values.contains(value))
                        .map(|value| map.values[value].name.label(frame.language)),
                );
            }
            cell(&values, &open, frame)
        })
        .collect();
    let broader = |value: usize| {
        let mut others = profile.silos.ones().filter(|&other| other != value);
        others.any(|other| map.silo_closure(other).contains(value))
    };
    let silos: Vec<&str> = profile
        .silos
        .ones()
        .filter(|&value| !broader(value))
        .map(|value| map.silo_values[value].name.label(frame.language))
        .collect();
    cells.push(cell(&silos, &[], frame));
    let facts = &explorer.facts[at];
    let about: Vec<&str> = [&facts.place, &facts.country, &facts.period]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(String::as_str)
        .collect();
    Row {
        id: profile.id().to_owned(),
        link: Link::new(
            profile.name.clone(),
            frame.page(&format!("programme/{}", profile.id())),
        ),
        about: about.join(" · "),
        cells,
    }
}

fn cell(values: &[&str], open: &[&str], frame: &Frame<'_>) -> Cell {
    const MOST: usize = 6;
    let more = values.len().saturating_sub(MOST);
    let mut text = values[..values.len().min(MOST)].join(", ");
    if more > 0 {
        text = format!("{text} {}", frame.t1("programmes.more", more));
    }
    Cell {
        values: text,
        open: if open.is_empty() {
            String::new()
        } else {
            frame.t1("programmes.open", open.join(", "))
        },
    }
}
