//! Whether likeness follows silos, which silos meet, and the bridges between them.

use askama::Template;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{axis_choices, list, report, request, sparql, text};
use crate::analysis::svg::{Caption, Cell, bubble_matrix};
use crate::commands::bridges::Bridges;
use crate::commands::silos::Silos;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::{Output, Picture, Report};
use crate::query::Rows;
use crate::terms::short_name;

/// Silos in the picture: those with the most links.
const DRAWN: usize = 14;
/// Rows of the table of pairs.
const ROWS: usize = 30;

/// Two silos.
struct Pair {
    a: Link,
    b: Link,
    observed: u64,
    expected: f64,
    ratio: f64,
    q: Option<f64>,
}

struct Row {
    a: Link,
    b: Link,
    observed: u64,
    expected: String,
    ratio: String,
    q: String,
    verdict: &'static str,
}

struct Bridge {
    a: Link,
    b: Link,
    shared: String,
    separated: String,
    why: String,
}

#[derive(Template)]
#[template(path = "silos.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    axes: Vec<(String, String, bool)>,
    axis_name: String,
    links: usize,
    seed: u64,
    facts: Vec<(String, String)>,
    picture: Option<Picture>,
    rows: Vec<Row>,
    pairs: usize,
    spanning: Vec<(Link, String)>,
    bridges: Vec<Bridge>,
    map_href: String,
}

fn command(explorer: &Explorer, ask: &Ask) -> Result<(usize, Silos)> {
    let map = &explorer.dataset.map;
    let name = ask.or("axis", "issue");
    let axis = map.axis(name).ok_or_else(|| Error::Unknown {
        what: "silo axis",
        name: name.to_owned(),
        hint: None,
    })?;
    let silos = request(json!({
        "axis": map.axes[axis].name.notation,
        "links": ask.number("links", 10usize)?,
        "seed": ask.number("seed", 1u64)?,
        "measure": ask.or("measure", "gower"),
    }))?;
    Ok((axis, silos))
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let (axis, silos) = command(explorer, ask)?;
    let study = explorer.study(frame.language);
    let found = report(silos.on(&study)?)?;
    let map = &explorer.dataset.map;
    let notation = &map.axes[axis].name.notation;
    frame.title = frame.t("silos.title").to_owned();
    frame.formats = vec!["csv", "json"];
    frame.typed = Some(format!(
        "peermap silos --axis {notation} -k {} --seed {}",
        silos.links, silos.seed
    ));
    let behind = Silos {
        as_sparql: true,
        ..silos.clone()
    };
    frame.sparql = sparql(behind.on(&study));
    let mut pairs = read_pairs(explorer, axis, &found, frame)?;
    let picture = picture(&pairs, frame);
    pairs.sort_by(|x, y| {
        let q = |pair: &Pair| pair.q.unwrap_or(2.0);
        q(x).total_cmp(&q(y)).then(y.observed.cmp(&x.observed))
    });
    let bridges = request::<Bridges>(json!({ "across": [notation], "top": 15 }))?;
    let bridges = report(bridges.on(&study)?)?.data;
    let page = Page {
        axes: axis_choices(explorer, frame.language, axis),
        axis_name: map.axes[axis].name.label(frame.language).to_owned(),
        links: silos.links,
        seed: silos.seed,
        facts: facts(&found.data, frame),
        picture,
        pairs: pairs.len(),
        rows: pairs
            .iter()
            .take(ROWS)
            .map(|pair| row(pair, frame))
            .collect(),
        spanning: list(&found.data, "spanning")
            .iter()
            .take(10)
            .map(|item| {
                let programme = &item["programme"];
                let href = frame.thing(text(programme, "iri")).unwrap_or_default();
                let numbers = frame.t2(
                    "silos.span",
                    frame.maybe(item["participation"].as_f64(), 2),
                    frame.maybe(item["betweenness"].as_f64(), 3),
                );
                (Link::new(text(programme, "label"), href), numbers)
            })
            .collect(),
        bridges: list(&bridges, "bridges")
            .iter()
            .map(|bridge| self::bridge(bridge, frame))
            .collect(),
        map_href: frame.links.asking(
            "map",
            &Ask::default()
                .with("axis", &[notation])
                .with("other-silo", &["yes"]),
        ),
        frame,
    };
    render(&page)
}

fn facts(data: &Value, frame: &Frame<'_>) -> Vec<(String, String)> {
    let whole = |key: &str| data[key].as_u64().unwrap_or(0);
    let chance = |key: &str| {
        let ends = list(data, key);
        match (ends.first(), ends.last()) {
            (Some(low), Some(high)) => frame.t2(
                "silos.by-chance",
                frame.maybe(low.as_f64(), 2),
                frame.maybe(high.as_f64(), 2),
            ),
            _ => String::new(),
        }
    };
    let mut facts = vec![
        (
            frame.t("silos.links").to_owned(),
            frame.t3(
                "silos.links.text",
                whole("internal"),
                whole("external"),
                whole("unstated"),
            ),
        ),
        (
            frame.t("silos.ei").to_owned(),
            format!(
                "{} {}",
                frame.maybe(data["ei"].as_f64(), 2),
                chance("ei_chance")
            ),
        ),
        (
            frame.t("silos.assortativity").to_owned(),
            frame.t2(
                "silos.assortativity.text",
                frame.maybe(data["assortativity"].as_f64(), 2),
                whole("single"),
            ),
        ),
    ];
    if data["ami"].as_f64().is_some() {
        let text = frame.t3(
            "silos.agreement.text",
            frame.maybe(data["ami"].as_f64(), 2),
            chance("ami_chance"),
            data["agreement"]["programmes"].as_u64().unwrap_or(0),
        );
        facts.push((frame.t("silos.agreement").to_owned(), text));
    }
    facts
}

fn read_pairs(
    explorer: &Explorer,
    axis: usize,
    found: &Report,
    frame: &Frame<'_>,
) -> Result<Vec<Pair>> {
    let map = &explorer.dataset.map;
    let silo = |notation: &str| {
        map.find_silo_value(axis, notation).map(|value| {
            let name = &map.silo_values[value].name;
            let href = frame.links.thing(name.iri.as_str()).unwrap_or_default();
            Link::new(name.label(frame.language), href)
        })
    };
    let mut pairs = Vec::new();
    for row in Rows::new(&found.table) {
        let (Some(a), Some(b)) = (silo(&row.text("a")?), silo(&row.text("b")?)) else {
            continue;
        };
        let number = |column: &str| row.text(column).ok().and_then(|text| text.parse().ok());
        pairs.push(Pair {
            a,
            b,
            observed: row.text("observed")?.parse().unwrap_or(0),
            expected: number("expected").unwrap_or(0.0),
            ratio: number("ratio").unwrap_or(0.0),
            q: number("q"),
        });
    }
    Ok(pairs)
}

fn row(pair: &Pair, frame: &Frame<'_>) -> Row {
    Row {
        a: pair.a.clone(),
        b: pair.b.clone(),
        observed: pair.observed,
        expected: frame.number(pair.expected, 1),
        ratio: frame.number(pair.ratio, 1),
        q: frame.maybe(pair.q, 3),
        verdict: match pair.q {
            Some(q) if q <= 0.05 && pair.ratio > 1.0 => "silos.more",
            Some(q) if q <= 0.05 => "silos.fewer",
            _ => "silos.as-chance",
        },
    }
}

/// Links between the silos that have the most.
fn picture(pairs: &[Pair], frame: &Frame<'_>) -> Option<Picture> {
    let mut totals: Vec<(&str, u64)> = Vec::new();
    for pair in pairs {
        for name in [&pair.a.text, &pair.b.text] {
            match totals.iter_mut().find(|(known, _)| known == name) {
                Some((_, total)) => *total += pair.observed,
                None => totals.push((name, pair.observed)),
            }
        }
    }
    totals.sort_by(|x, y| y.1.cmp(&x.1).then(x.0.cmp(y.0)));
    let names: Vec<String> = totals
        .iter()
        .take(DRAWN)
        .map(|(name, _)| (*name).to_owned())
        .collect();
    if names.len() < 2 {
        return None;
    }
    let at = |name: &str| names.iter().position(|known| known == name);
    let mut cells = Vec::new();
    for pair in pairs {
        let (Some(a), Some(b)) = (at(&pair.a.text), at(&pair.b.text)) else {
            continue;
        };
        let gap = pair.observed == 0 && pair.q.is_some_and(|q| q <= 0.05);
        let count = u32::try_from(pair.observed).ok();
        cells.push(Cell {
            row: a,
            column: b,
            count,
            gap,
        });
        if a != b {
            cells.push(Cell {
                row: b,
                column: a,
                count,
                gap,
            });
        }
    }
    Some(bubble_matrix(
        Caption {
            id: "mixing",
            title: frame.t("silos.mixing"),
        },
        &names,
        &names,
        &cells,
    ))
}

fn bridge(bridge: &Value, frame: &Frame<'_>) -> Bridge {
    let link = |key: &str| {
        let programme = &bridge[key];
        Link::new(
            text(programme, "label"),
            frame.thing(text(programme, "iri")).unwrap_or_default(),
        )
    };
    let id = |key: &str| short_name(text(&bridge[key], "iri")).to_owned();
    let shared: Vec<&str> = list(bridge, "shared")
        .iter()
        .map(|value| text(value, "label"))
        .collect();
    Bridge {
        a: link("a"),
        b: link("b"),
        shared: shared.join(", "),
        separated: frame.t1("silos.rarity", frame.maybe(bridge["rarity"].as_f64(), 2)),
        why: frame.links.asking(
            "pair",
            &Ask::of([("a".to_owned(), id("a")), ("b".to_owned(), id("b"))]),
        ),
    }
}

/// The comparison with silos.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    command(explorer, ask)?.1.on(&explorer.study(language))
}
