//! `info --agreement`: how far coders agree who coded the same programme.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::analysis::kappa::Cells;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::map::Language;
use crate::output::cell::{self, text, whole};
use crate::output::{Block, Body, Inline, Output, Report, Table};
use crate::query::{Rows, named, rows};

/// Values found by each coder, by set and programme.
type Found = BTreeMap<(String, String), BTreeMap<String, BTreeSet<usize>>>;

/// Agreement and kappa for each dimension.
pub(super) fn run(dataset: &Dataset, language: Language) -> Result<Output> {
    let map = &dataset.map;
    let mut found = Found::new();
    for row in Rows::new(&rows(
        &dataset.graph,
        named("codings-by-coder")?,
        Vec::new(),
    )?) {
        let Some(value) = map.value(row.iri("value")?.as_str()) else {
            continue;
        };
        let set = (
            row.iri("set")?.into_string(),
            row.iri("programme")?.into_string(),
        );
        let coder = row.iri("coder")?.into_string();
        found
            .entry(set)
            .or_default()
            .entry(coder)
            .or_default()
            .insert(value);
    }
    found.retain(|_, coders| coders.len() > 1);
    let in_pairs: BTreeSet<&String> = found.values().flat_map(BTreeMap::keys).collect();
    let used = used_values(dataset, &in_pairs)?;
    let mut cells = vec![Cells::default(); map.dimensions.len()];
    for coders in found.values() {
        let coders: Vec<&BTreeSet<usize>> = coders.values().collect();
        for (at, first) in coders.iter().enumerate() {
            for second in &coders[at + 1..] {
                for &value in &used {
                    let dimension = map.values[value].scheme;
                    cells[dimension].add(first.contains(&value), second.contains(&value));
                }
            }
        }
    }
    let programmes: BTreeSet<&String> = found.keys().map(|(_, programme)| programme).collect();
    Ok(Output::new(Body::Report(report(
        dataset,
        language,
        &cells,
        programmes.len(),
        in_pairs.len(),
    ))))
}

/// Values that the coders of these pairs found present anywhere: the list they worked with.
fn used_values(dataset: &Dataset, coders: &BTreeSet<&String>) -> Result<BTreeSet<usize>> {
    let mut used = BTreeSet::new();
    for row in Rows::new(&rows(
        &dataset.graph,
        named("codings-by-coder")?,
        Vec::new(),
    )?) {
        if coders.contains(&row.iri("coder")?.into_string())
            && let Some(value) = dataset.map.value(row.iri("value")?.as_str())
        {
            used.insert(value);
        }
    }
    Ok(used)
}

fn report(
    dataset: &Dataset,
    language: Language,
    cells: &[Cells],
    programmes: usize,
    coders: usize,
) -> Report {
    let map = &dataset.map;
    let number =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    let between = |cells: &Cells| {
        cells.kappa_interval().map_or_else(
            || "–".to_owned(),
            |(low, high)| format!("{low:.2} to {high:.2}"),
        )
    };
    let grid = map.dimensions.iter().zip(cells).map(|(dimension, cells)| {
        vec![
            Inline::text(dimension.name.label(language)),
            Inline::text(cells.total().to_string()),
            Inline::text(number(cells.agreement())),
            Inline::text(number(cells.kappa())),
            Inline::text(between(cells)),
        ]
    });
    let columns = [
        "question",
        "cells",
        "same answer",
        "Cohen's kappa",
        "95 % interval",
    ];
    let note = "A cell is one programme, one pair of coders of the same set who both coded it, and one value in use; a coder says yes when \
        at least one coding finds exactly this value present. The interval takes cells as independent, so the true one is wider. \
        Where later readers levelled the coders, as in the bundled atlas, this overstates independent agreement: see the README of the set.";
    let decimal = |value: Option<f64>| value.and_then(|value| cell::decimal(value, 4));
    let rows = map.dimensions.iter().zip(cells).map(|(dimension, cells)| {
        let interval = cells.kappa_interval();
        vec![
            text(&dimension.name.notation),
            whole(cells.total()),
            decimal(cells.agreement()),
            decimal(cells.kappa()),
            decimal(interval.map(|(low, _)| low)),
            decimal(interval.map(|(_, high)| high)),
        ]
    });
    let table = Table {
        columns: [
            "dimension",
            "cells",
            "agreement",
            "kappa",
            "kappa_low",
            "kappa_high",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: rows.collect(),
    };
    let dimensions = map.dimensions.iter().zip(cells).map(|(dimension, cells)| {
        json!({
            "notation": dimension.name.notation,
            "cells": cells.total(),
            "agreement": cells.agreement(),
            "kappa": cells.kappa(),
            "kappa_interval": cells.kappa_interval().map(|(low, high)| [low, high]),
        })
    });
    let data = json!({ "programmes": programmes, "coders": coders, "dimensions": dimensions.collect::<Vec<_>>() });
    let blocks = vec![
        Block::Paragraph(vec![Inline::text(format!(
            "{programmes} programmes were coded by more than one of {coders} coders."
        ))]),
        Block::Grid {
            columns: columns.map(str::to_owned).to_vec(),
            rows: grid.collect(),
        },
        Block::Paragraph(vec![Inline::faint(note)]),
    ];
    Report {
        title: "Agreement between coders".to_owned(),
        blocks,
        table,
        data,
        ..Report::default()
    }
}
