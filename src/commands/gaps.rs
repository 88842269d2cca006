//! `gaps`: where nothing is known, and where that is a surprise.

use clap::Args;
use oxrdf::NamedNode;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::Study;
use super::facts;
use crate::analysis::gaps::{Cell, Depth, Facet, GapMap, Request, Verdict, gap_map};
use crate::analysis::svg::{self, Caption};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::map::ConceptualMap;
use crate::nearest::near_or_all;
use crate::output::cell::{self, text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Picture, Report, Table};

/// The evidence gap map of one question or silo axis by another.
///
/// An empty cell is called a gap only when so many programmes were to be expected in it that
/// emptiness is unlikely by chance. What a source leaves open is unknown and not absent.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gaps {
    /// Question or silo axis along the rows, by notation
    #[arg(long, default_value = "function", value_name = "FACET")]
    #[serde(default = "default_rows")]
    pub rows: String,
    /// Question or silo axis along the columns, by notation
    #[arg(long, default_value = "community", value_name = "FACET")]
    #[serde(default = "default_columns")]
    pub columns: String,
    /// Show narrower values too
    #[arg(long)]
    #[serde(default)]
    pub all_values: bool,
    /// Smallest expected count at which an empty cell says something
    #[arg(long, default_value_t = 3.0, value_name = "E")]
    #[serde(default = "default_expected")]
    pub min_expected: f64,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    #[serde(default)]
    pub as_sparql: bool,
    /// Only this cell of --as-sparql: a value along the rows and one along the columns
    #[arg(
        long,
        value_delimiter = ',',
        requires = "as_sparql",
        value_name = "ROW,COLUMN"
    )]
    #[serde(default)]
    pub cell: Vec<String>,
}

fn default_rows() -> String {
    "function".to_owned()
}
fn default_columns() -> String {
    "community".to_owned()
}
const fn default_expected() -> f64 {
    3.0
}

/// Reads a facet by notation.
///
/// # Errors
/// Neither a question nor a silo axis of the map.
pub(super) fn facet(map: &ConceptualMap, text: &str) -> Result<Facet> {
    if let Some(dimension) = map.dimension(text) {
        return Ok(Facet::Dimension(dimension));
    }
    map.axis(text).map(Facet::Axis).ok_or_else(|| {
        let dimensions = map.dimensions.iter().map(|d| d.name.notation.as_str());
        let axes = map.axes.iter().map(|a| a.name.notation.as_str());
        Error::Unknown {
            what: "question or silo axis",
            name: text.to_owned(),
            hint: Some(near_or_all(text, dimensions.chain(axes))),
        }
    })
}

impl Gaps {
    /// Makes the map.
    ///
    /// # Errors
    /// A facet that is not known, or twice the same; an expected count that is not positive.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        if !(self.min_expected.is_finite() && self.min_expected > 0.0) {
            return Err(Error::usage(
                format!("--min-expected {} is not above 0", self.min_expected),
                "3 is usual",
            ));
        }
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Makes the map of programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let dataset = study.dataset;
        let absent = |programme: usize, facet: Facet, value: usize| {
            matches!(facet, Facet::Dimension(_))
                && study.profiles.list[programme].absent.contains(value)
        };
        let (rows, columns) = (
            facet(&dataset.map, &self.rows)?,
            facet(&dataset.map, &self.columns)?,
        );
        if self.as_sparql {
            return self.facts(study, rows, columns);
        }
        let request = Request {
            depth: if self.all_values {
                Depth::All
            } else {
                Depth::Top
            },
            min_expected: self.min_expected,
            absent: Some(&absent),
            ..Request::new(rows, columns)
        };
        let map = gap_map(&study.columns, &request)
            .map_err(|error| Error::usage(error.to_string(), "choose two different facets"))?;
        let view = View {
            study,
            rows,
            columns,
            map: &map,
        };
        let mut output = Output::new(Body::Report(view.report(self)));
        if map.circular {
            output = output.with_note(format!(
                "{} and {} are made of the same stuff: their map goes round in a circle",
                self.rows, self.columns
            ));
        }
        Ok(output)
    }

    fn facts(&self, study: &Study<'_>, rows: Facet, columns: Facet) -> Result<Output> {
        let map = &study.dataset.map;
        let scheme = |facet: Facet| match facet {
            Facet::Dimension(d) => &map.dimensions[d].name.iri,
            Facet::Axis(a) => &map.axes[a].name.iri,
        };
        let mut parameters = vec![
            ("rows", facts::terms([scheme(rows)].into_iter())),
            ("columns", facts::terms([scheme(columns)].into_iter())),
        ];
        match self.cell.as_slice() {
            [] => {}
            [row, column] => {
                let (row, column) = (value(map, rows, row)?, value(map, columns, column)?);
                parameters.push(("row", facts::terms([row].into_iter())));
                parameters.push(("column", facts::terms([column].into_iter())));
            }
            several => {
                return Err(Error::usage(
                    format!("--cell takes two values, not {}", several.len()),
                    "give one along the rows and one along the columns, with a comma between",
                ));
            }
        }
        facts::query(study, "facts-of-a-gap-map", &parameters)
    }
}

/// A value of a facet by any of its names.
fn value<'a>(map: &'a ConceptualMap, facet: Facet, text: &str) -> Result<&'a NamedNode> {
    let found = match facet {
        Facet::Dimension(d) => map.find_value(d, text).map(|v| &map.values[v].name.iri),
        Facet::Axis(a) => map
            .find_silo_value(a, text)
            .map(|v| &map.silo_values[v].name.iri),
    };
    found.ok_or_else(|| {
        let near = match facet {
            Facet::Dimension(d) => map.near_values(d, text),
            Facet::Axis(a) => map.near_silo_values(a, text),
        };
        let hint = format!("did you mean `{}`?", near.join("` or `"));
        Error::Unknown {
            what: "value",
            name: text.to_owned(),
            hint: (!near.is_empty()).then_some(hint),
        }
    })
}

struct View<'a> {
    study: &'a Study<'a>,
    rows: Facet,
    columns: Facet,
    map: &'a GapMap,
}

/// A verdict in few words.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Evidence => "evidence",
        Verdict::SurprisingGap => "surprising gap",
        Verdict::ByChance => "empty, could be chance",
        Verdict::NothingToExpect => "nothing to expect",
        Verdict::CannotTell => "cannot tell",
    }
}

impl View<'_> {
    fn value(&self, facet: Facet, value: usize) -> &str {
        let map = &self.study.dataset.map;
        match facet {
            Facet::Dimension(_) => self.study.value(value),
            Facet::Axis(_) => map.silo_values[value].name.label(self.study.language),
        }
    }

    fn notation(&self, facet: Facet, value: usize) -> &str {
        let schema = self.study.columns.schema();
        match facet {
            Facet::Dimension(_) => &schema.values[value].notation,
            Facet::Axis(_) => &schema.silo_values[value].notation,
        }
    }

    fn report(&self, request: &Gaps) -> Report {
        let d = &self.map.denominators;
        let mut blocks = vec![Block::Paragraph(vec![Inline::text(format!(
            "{} programmes ({}) · {} state both {} and {}; {} leave at least one open, and are in no cell",
            d.programmes,
            self.study.dataset.origin.join(", "),
            d.both,
            request.rows,
            request.columns,
            d.unknown
        ))])];
        // Wide maps are turned, so that the long list runs down the page.
        let turned = self.map.columns.len() > self.map.rows.len();
        let (down, across) = if turned {
            (&self.map.columns, &self.map.rows)
        } else {
            (&self.map.rows, &self.map.columns)
        };
        let (down_facet, across_facet) = if turned {
            (self.columns, self.rows)
        } else {
            (self.rows, self.columns)
        };
        let mut header = vec![String::new()];
        header.extend(
            across
                .iter()
                .map(|&v| self.value(across_facet, v).to_owned()),
        );
        let grid = (0..down.len()).map(|i| {
            let mut line = vec![Inline::text(self.value(down_facet, down[i]))];
            line.extend((0..across.len()).map(|j| {
                let (row, column) = if turned { (j, i) } else { (i, j) };
                Inline::text(self.map.cell(row, column).map_or_else(String::new, mark))
            }));
            line
        });
        blocks.push(Block::Grid {
            columns: header,
            rows: grid.collect(),
        });
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "A number is programmes with both; GAP an empty or nearly empty cell that chance makes unlikely (expected count in brackets); ? too few programmes to judge; a dot nothing to expect; o empty, which chance could do.",
        )]));
        blocks.push(Block::Heading("Surprising gaps".to_owned()));
        let gaps = self.map.surprising();
        if gaps.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text(
                "None: no empty cell is emptier than chance allows.",
            )]));
        }
        for cell in gaps.iter().take(20) {
            let title = vec![
                Inline::strong(self.value(self.rows, cell.row)),
                Inline::text(" × "),
                Inline::strong(self.value(self.columns, cell.column)),
            ];
            let numbers = format!(
                "{} programmes where {:.1} were to be expected, q {:.3}; {} say that it is not so, {} state both and do not mention it",
                cell.count,
                cell.expected,
                cell.q.unwrap_or(1.0),
                cell.absent,
                cell.not_found
            );
            blocks.push(Block::Entry {
                title,
                fields: vec![Field::text("found", numbers)],
            });
        }
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "Expected counts come from how many values each programme has and how common each value is (Chung-Lu); p is the lower tail of a Poisson-binomial, q its false discovery rate over the cells tested. A gap is one of the literature read, not of the world.",
        )]));
        Report {
            title: format!("Evidence gap map: {} by {}", request.rows, request.columns),
            blocks,
            table: self.table(),
            data: self.json(request),
            picture: Some(self.picture(request, turned)),
            ..Report::default()
        }
    }

    fn picture(&self, request: &Gaps, turned: bool) -> Picture {
        let names = |facet: Facet, values: &[usize]| -> Vec<String> {
            let name = |&value: &usize| self.value(facet, value).to_owned();
            values.iter().map(name).collect()
        };
        let (rows, columns) = (
            names(self.rows, &self.map.rows),
            names(self.columns, &self.map.columns),
        );
        let width = self.map.columns.len();
        let cells: Vec<svg::Cell> = (self.map.cells.iter().enumerate())
            .map(|(at, cell)| svg::Cell {
                row: if turned { at % width } else { at / width },
                column: if turned { at / width } else { at % width },
                count: (cell.verdict != Verdict::CannotTell)
                    .then(|| u32::try_from(cell.count).unwrap_or(u32::MAX)),
                gap: cell.verdict == Verdict::SurprisingGap,
            })
            .collect();
        let title = format!("Evidence gap map: {} by {}", request.rows, request.columns);
        let caption = Caption {
            id: "gaps",
            title: &title,
        };
        if turned {
            svg::bubble_matrix(caption, &columns, &rows, &cells)
        } else {
            svg::bubble_matrix(caption, &rows, &columns, &cells)
        }
    }

    fn table(&self) -> Table {
        let decimal = |value: f64| cell::decimal(value, 4);
        let rows = self.map.cells.iter().map(|cell| {
            vec![
                text(self.notation(self.rows, cell.row)),
                text(self.notation(self.columns, cell.column)),
                whole(cell.count),
                whole(cell.absent),
                whole(cell.not_found),
                whole(cell.unknown),
                decimal(cell.expected),
                cell.p.and_then(decimal),
                cell.q.and_then(decimal),
                text(verdict(cell.verdict)),
            ]
        });
        let columns = [
            "row",
            "column",
            "programmes",
            "absent",
            "not_found",
            "unknown",
            "expected",
            "p",
            "q",
            "verdict",
        ];
        Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }
    }

    fn json(&self, request: &Gaps) -> serde_json::Value {
        let d = &self.map.denominators;
        json!({
            "rows": request.rows, "columns": request.columns, "circular": self.map.circular,
            "denominators": { "programmes": d.programmes, "both": d.both, "rows": d.rows, "columns": d.columns, "unknown": d.unknown },
            "cells": self.map.cells.iter().map(|cell| json!({
                "row": self.notation(self.rows, cell.row), "column": self.notation(self.columns, cell.column),
                "programmes": cell.programmes.iter().map(|&p| self.study.columns.name(p)).collect::<Vec<_>>(),
                "count": cell.count, "absent": cell.absent, "not_found": cell.not_found, "unknown": cell.unknown,
                "expected": cell.expected, "p": cell.p, "q": cell.q, "verdict": verdict(cell.verdict),
            })).collect::<Vec<_>>(),
        })
    }
}

/// A cell in few letters.
fn mark(cell: &Cell) -> String {
    match cell.verdict {
        Verdict::Evidence => cell.count.to_string(),
        Verdict::SurprisingGap => format!("{} GAP ({:.0})", cell.count, cell.expected),
        Verdict::ByChance if cell.count > 0 => cell.count.to_string(),
        Verdict::ByChance => "o".to_owned(),
        Verdict::NothingToExpect => "·".to_owned(),
        Verdict::CannotTell => "?".to_owned(),
    }
}
