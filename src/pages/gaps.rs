//! Where nothing is known, and where that is a surprise.

use askama::Template;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::facets::Facet;
use super::frame::{Frame, render};
use super::reading::{list, report, request, sparql, text};
use crate::analysis::svg::{self, Caption, bubble_matrix};
use crate::commands::gaps::Gaps;
use crate::error::Result;
use crate::map::Language;
use crate::output::{Output, Picture};

/// A cell of the table.
struct Cell {
    text: String,
    href: Option<String>,
    verdict: &'static str,
}

/// An unlikely emptiness.
struct Gap {
    row: String,
    column: String,
    numbers: String,
    href: String,
}

#[derive(Template)]
#[template(path = "gaps.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    choices: Vec<(String, String)>,
    down: String,
    across: String,
    all_values: bool,
    summary: String,
    circular: bool,
    picture: Picture,
    heads: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
    gaps: Vec<Gap>,
}

fn command(ask: &Ask) -> Result<Gaps> {
    request(json!({
        "rows": ask.or("rows", "function"),
        "columns": ask.or("columns", "community"),
        "all-values": ask.ticked("all-values"),
        "min-expected": ask.number("min-expected", 3.0)?,
    }))
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let gaps = command(ask)?;
    let study = explorer.study(frame.language);
    let data = report(gaps.on(&study)?)?.data;
    frame.title = frame.t("gaps.title").to_owned();
    frame.formats = vec!["csv", "svg", "json"];
    frame.typed = Some(format!(
        "peermap gaps --rows {} --columns {}",
        gaps.rows, gaps.columns
    ));
    let facts = Gaps {
        as_sparql: true,
        ..gaps.clone()
    };
    frame.sparql = sparql(facts.on(&study));
    let table = Table::read(explorer, frame, &data, &gaps);
    let d = &data["denominators"];
    let whole = |value: &Value| value.as_u64().unwrap_or(0);
    let page = Page {
        choices: Facet::all(explorer)
            .into_iter()
            .map(|facet| {
                let name = facet.name(explorer);
                (name.notation.clone(), name.label(frame.language).to_owned())
            })
            .collect(),
        down: gaps.rows.clone(),
        across: gaps.columns.clone(),
        all_values: gaps.all_values,
        summary: frame.t3(
            "gaps.summary",
            whole(&d["programmes"]),
            whole(&d["both"]),
            whole(&d["unknown"]),
        ),
        circular: data["circular"].as_bool().unwrap_or(false),
        picture: table.picture(frame),
        heads: table.across.iter().map(|(_, name)| name.clone()).collect(),
        gaps: table.gaps(frame),
        rows: table.rows(frame),
        frame,
    };
    render(&page)
}

/// The cells by their names, with the longer side running down the page.
struct Table<'d> {
    turned: bool,
    keys: [String; 2],
    down: Vec<(String, String)>,
    across: Vec<(String, String)>,
    cells: &'d [Value],
}

impl<'d> Table<'d> {
    fn read(explorer: &Explorer, frame: &Frame<'_>, data: &'d Value, gaps: &Gaps) -> Self {
        let cells = list(data, "cells");
        let mut sides: [Vec<(String, String)>; 2] = Default::default();
        for cell in cells {
            for (side, key, facet) in [(0, "row", &gaps.rows), (1, "column", &gaps.columns)] {
                let notation = text(cell, key);
                if sides[side].iter().all(|(known, _)| known != notation) {
                    let name = name(explorer, frame.language, facet, notation);
                    sides[side].push((notation.to_owned(), name));
                }
            }
        }
        let [rows, columns] = sides;
        let turned = columns.len() > rows.len();
        let (down, across) = if turned {
            (columns, rows)
        } else {
            (rows, columns)
        };
        let map = &explorer.dataset.map;
        let key = |facet: &str| {
            map.dimension(facet)
                .map(|at| &map.dimensions[at].name)
                .or_else(|| map.axis(facet).map(|at| &map.axes[at].name))
                .map_or_else(|| facet.to_owned(), |name| name.notation.clone())
        };
        Self {
            turned,
            keys: [key(&gaps.rows), key(&gaps.columns)],
            down,
            across,
            cells,
        }
    }

    /// Where a cell stands: down, then across.
    fn place(&self, cell: &Value) -> Option<(usize, usize)> {
        let (down, across) = if self.turned {
            ("column", "row")
        } else {
            ("row", "column")
        };
        let at = |side: &[(String, String)], key: &str| {
            side.iter().position(|(known, _)| known == text(cell, key))
        };
        Some((at(&self.down, down)?, at(&self.across, across)?))
    }

    fn picture(&self, frame: &Frame<'_>) -> Picture {
        let names = |side: &[(String, String)]| -> Vec<String> {
            side.iter().map(|(_, name)| name.clone()).collect()
        };
        let cells: Vec<svg::Cell> = self
            .cells
            .iter()
            .filter_map(|cell| {
                let (row, column) = self.place(cell)?;
                let count = cell["count"].as_u64().unwrap_or(0);
                Some(svg::Cell {
                    row,
                    column,
                    count: (text(cell, "verdict") != "cannot tell")
                        .then(|| u32::try_from(count).unwrap_or(u32::MAX)),
                    gap: text(cell, "verdict") == "surprising gap",
                })
            })
            .collect();
        bubble_matrix(
            Caption {
                id: "gaps",
                title: &frame.title,
            },
            &names(&self.down),
            &names(&self.across),
            &cells,
        )
    }

    /// Programmes with both values of a cell.
    fn href(&self, cell: &Value, frame: &Frame<'_>) -> String {
        let ask = Ask::of([
            (self.keys[0].clone(), text(cell, "row").to_owned()),
            (self.keys[1].clone(), text(cell, "column").to_owned()),
        ]);
        frame.links.asking("programmes", &ask)
    }

    fn rows(&self, frame: &Frame<'_>) -> Vec<(String, Vec<Cell>)> {
        let mut rows: Vec<(String, Vec<Cell>)> = self
            .down
            .iter()
            .map(|(_, name)| {
                let empty = self.across.iter().map(|_| Cell {
                    text: String::new(),
                    href: None,
                    verdict: "chance",
                });
                (name.clone(), empty.collect())
            })
            .collect();
        for cell in self.cells {
            let Some((row, column)) = self.place(cell) else {
                continue;
            };
            let count = cell["count"].as_u64().unwrap_or(0);
            let expected = frame.maybe(cell["expected"].as_f64(), 0);
            let (text, verdict) = match text(cell, "verdict") {
                "surprising gap" => (frame.t2("gaps.gap", count, expected), "gap"),
                "cannot tell" => ("?".to_owned(), "unknown"),
                "nothing to expect" => ("·".to_owned(), "nothing"),
                _ => (
                    count.to_string(),
                    if count > 0 { "evidence" } else { "chance" },
                ),
            };
            rows[row].1[column] = Cell {
                text,
                href: frame.live().then(|| self.href(cell, frame)),
                verdict,
            };
        }
        rows
    }

    fn gaps(&self, frame: &Frame<'_>) -> Vec<Gap> {
        let mut found: Vec<&Value> = self
            .cells
            .iter()
            .filter(|cell| text(cell, "verdict") == "surprising gap")
            .collect();
        found.sort_by(|x, y| {
            let q = |cell: &Value| cell["q"].as_f64().unwrap_or(1.0);
            q(x).total_cmp(&q(y))
        });
        found
            .into_iter()
            .take(20)
            .filter_map(|cell| {
                let (down, across) = self.place(cell)?;
                Some(Gap {
                    row: self.down[down].1.clone(),
                    column: self.across[across].1.clone(),
                    numbers: frame.t3(
                        "gaps.numbers",
                        cell["count"].as_u64().unwrap_or(0),
                        frame.maybe(cell["expected"].as_f64(), 1),
                        frame.maybe(cell["q"].as_f64(), 3),
                    ),
                    href: self.href(cell, frame),
                })
            })
            .collect()
    }
}

fn name(explorer: &Explorer, language: Language, facet: &str, notation: &str) -> String {
    let map = &explorer.dataset.map;
    let name = match (map.dimension(facet), map.axis(facet)) {
        (Some(at), _) => map
            .find_value(at, notation)
            .map(|value| &map.values[value].name),
        (None, Some(at)) => map
            .find_silo_value(at, notation)
            .map(|value| &map.silo_values[value].name),
        (None, None) => None,
    };
    name.map_or_else(
        || notation.to_owned(),
        |name| name.label(language).to_owned(),
    )
}

/// The gap map.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    command(ask)?.on(&explorer.study(language))
}
