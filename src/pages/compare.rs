//! Two to six programmes side by side.

use askama::Template;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::pair::silos;
use super::reading::{list, report, request, shares, text};
use crate::commands::compare::Compare;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::Output;
use crate::profile::Profile;

/// A value in a cell; `by` is how many of the programmes have it.
struct Part {
    link: Link,
    everywhere: bool,
    shared: bool,
}

/// A question across the programmes.
struct Row {
    name: String,
    question: String,
    cells: Vec<Vec<Part>>,
    open: Vec<bool>,
}

/// A pair of the programmes.
struct Pair {
    a: String,
    b: String,
    score: String,
    chance: String,
    why: String,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    heads: Vec<(Link, Option<String>)>,
    rows: Vec<Row>,
    silos: Vec<(String, Vec<String>)>,
    pairs: Vec<Pair>,
    fields: Vec<String>,
    programmes: Vec<(String, String)>,
    asked: bool,
}

fn command(ask: &Ask, programmes: &[&str]) -> Result<Compare> {
    request(json!({
        "programmes": programmes,
        "measure": ask.or("measure", "gower"),
        "min-comparable": ask.number("min-comparable", 3u32)?,
    }))
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    frame.title = frame.t("compare.title").to_owned();
    let wanted: Vec<&str> = ask.all("programme").collect();
    let mut chosen: Vec<&Profile> = Vec::new();
    for name in &wanted {
        let profile = explorer.profiles.find(name)?;
        if chosen.iter().all(|other| other.iri != profile.iri) {
            chosen.push(profile);
        }
    }
    let enough = (2..=6).contains(&chosen.len());
    let mut pairs = Vec::new();
    if enough {
        frame.formats = vec!["csv", "md", "json"];
        frame.sparql = Some(sparql(&chosen));
        let ids: Vec<&str> = chosen.iter().map(|p| p.id()).collect();
        frame.typed = Some(format!("peermap compare {}", ids.join(" ")));
        let iris: Vec<&str> = chosen.iter().map(|p| p.iri.as_str()).collect();
        let data = report(command(ask, &iris)?.on(&explorer.study(frame.language))?)?.data;
        pairs = self::pairs(explorer, &chosen, &data, frame);
    } else if chosen.len() > 6 {
        return Err(Error::usage(
            format!("{} programmes cannot be compared", chosen.len()),
            "tick two to six",
        ));
    }
    let map = &explorer.dataset.map;
    let shown: &[&Profile] = if enough { &chosen } else { &[] };
    let mut fields: Vec<String> = chosen.iter().map(|p| p.id().to_owned()).collect();
    fields.resize((chosen.len() + 1).clamp(3, 6), String::new());
    let page = Page {
        heads: shown
            .iter()
            .map(|profile| {
                let href = frame.page(&format!("programme/{}", profile.id()));
                let less = (chosen.len() > 2).then(|| {
                    frame
                        .links
                        .asking("compare", &ask.without("programme", profile.id()))
                });
                (Link::new(profile.name.clone(), href), less)
            })
            .collect(),
        rows: (0..map.dimensions.len())
            .map(|d| row(explorer, shown, d, frame))
            .collect(),
        silos: (0..map.axes.len())
            .map(|axis| {
                let name = map.axes[axis].name.label(frame.language).to_owned();
                let cells = shown.iter().map(|p| silos(explorer, p, axis, frame));
                (name, cells.collect())
            })
            .collect(),
        pairs,
        fields,
        programmes: explorer.names(),
        asked: enough,
        frame,
    };
    render(&page)
}

fn row(explorer: &Explorer, chosen: &[&Profile], d: usize, frame: &Frame<'_>) -> Row {
    let map = &explorer.dataset.map;
    let dimension = &map.dimensions[d];
    let cell = |profile: &&Profile| -> Vec<Part> {
        let specific = map.most_specific(&profile.present);
        let mine = specific
            .into_iter()
            .filter(|v| dimension.values.contains(v));
        mine.map(|value| {
            let having = chosen.iter().filter(|p| p.closure.contains(value)).count();
            let name = &map.values[value].name;
            let href = frame.links.thing(name.iri.as_str()).unwrap_or_default();
            Part {
                link: Link::new(name.label(frame.language), href),
                everywhere: having == chosen.len(),
                shared: having > 1,
            }
        })
        .collect()
    };
    Row {
        name: dimension.name.label(frame.language).to_owned(),
        question: explorer.question(frame.language, d).to_owned(),
        cells: chosen.iter().map(cell).collect(),
        open: chosen.iter().map(|p| !p.stated.contains(d)).collect(),
    }
}

fn pairs(explorer: &Explorer, chosen: &[&Profile], data: &Value, frame: &Frame<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (i, a) in chosen.iter().enumerate() {
        for b in &chosen[i + 1..] {
            let found = list(data, "pairs").iter().find(|pair| {
                text(&pair["a"], "iri") == a.iri.as_str()
                    && text(&pair["b"], "iri") == b.iri.as_str()
            });
            let score = found.and_then(|pair| pair["score"].as_f64());
            let p = found.and_then(|pair| pair["p"].as_f64());
            let comparable = found.and_then(|pair| pair["comparable"].as_u64());
            pairs.push(Pair {
                a: a.name.clone(),
                b: b.name.clone(),
                score: score.map_or_else(
                    || frame.t("compare.too-few").to_owned(),
                    |score| {
                        frame.t3(
                            "programme.score",
                            frame.number(score, 2),
                            comparable.unwrap_or(0),
                            explorer.dataset.map.dimensions.len(),
                        )
                    },
                ),
                chance: p.map_or_else(|| "–".to_owned(), |p| shares(frame, p)),
                why: frame.links.asking(
                    "pair",
                    &Ask::of([
                        ("a".to_owned(), a.id().to_owned()),
                        ("b".to_owned(), b.id().to_owned()),
                    ]),
                ),
            });
        }
    }
    pairs
}

fn sparql(chosen: &[&Profile]) -> String {
    let iris: Vec<String> = chosen.iter().map(|p| p.iri.to_string()).collect();
    format!(
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX pm: <https://w3id.org/peermap/ns#>\nSELECT ?dimension ?value ?programme ?finding ?evidence ?source WHERE {{\n  VALUES ?programme {{ {} }}\n  ?coding pm:codingOf ?programme ; pm:onDimension ?dimension ; pm:finding ?finding .\n  OPTIONAL {{ ?coding pm:codedValue ?value }}\n  OPTIONAL {{ ?coding pm:evidence ?evidence }}\n  OPTIONAL {{ ?coding dcterms:source ?source }}\n}}\nORDER BY ?dimension ?value ?programme ?coding",
        iris.join(" ")
    )
}

/// The comparison.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    let programmes: Vec<&str> = ask.all("programme").collect();
    command(ask, &programmes)?.on(&explorer.study(language))
}
