//! Columns from the profiles of a graph, and from a table of profiles.
//!
//! The table is what `peermap profiles -f csv` writes: `programme`, `label`, `silo:<axis>` columns,
//! a column a dimension by its notation, and `count`; `|` between values, an empty cell for not
//! stated, `none` where every value is denied.

use std::collections::BTreeMap;
use std::ops::Range;

use oxrdf::NamedNode;

use crate::error::{CellError, Error, Result};
use crate::map::{ConceptualMap, Value};
use crate::nearest::did_you_mean;
use crate::profile::{Profile, Profiles};

use super::bits;
use super::columns::{AxisColumn, Columns, DimensionColumn, Row, Schema, ValueColumn};

/// What columns mean, from the map.
pub fn schema(map: &ConceptualMap) -> Schema {
    let column = |values: &[Value], at: usize, closure: &fixedbitset::FixedBitSet| ValueColumn {
        notation: values[at].name.notation.clone(),
        scheme: values[at].scheme,
        ancestors: closure.ones().filter(|&ancestor| ancestor != at).collect(),
    };
    Schema {
        dimensions: map
            .dimensions
            .iter()
            .map(|dimension| DimensionColumn {
                notation: dimension.name.notation.clone(),
                weight: dimension.weight,
                values: dimension.values.clone(),
            })
            .collect(),
        values: (0..map.values.len())
            .map(|at| column(&map.values, at, map.closure(at)))
            .collect(),
        axes: map
            .axes
            .iter()
            .map(|axis| AxisColumn {
                notation: axis.name.notation.clone(),
                values: axis.values.clone(),
                same_stuff_as: axis.same_stuff_as.clone(),
            })
            .collect(),
        silo_values: (0..map.silo_values.len())
            .map(|at| column(&map.silo_values, at, map.silo_closure(at)))
            .collect(),
    }
}

/// The profiles of a graph as columns, one row a programme. `labels` are pairs of a programme's
/// IRI and the notation of a label of its peers.
pub fn from_graph(
    map: &ConceptualMap,
    profiles: &Profiles,
    labels: &[(String, String)],
) -> Columns {
    let rows = profiles.list.iter().map(|profile| Row {
        name: profile.iri.as_str().to_owned(),
        labels: labels
            .iter()
            .filter(|(programme, _)| programme == profile.iri.as_str())
            .map(|(_, label)| label.clone())
            .collect(),
        values: profile.present.ones().collect(),
        none: profile
            .stated
            .ones()
            .filter(|&d| {
                !map.dimensions[d]
                    .values
                    .clone()
                    .any(|v| profile.present.contains(v))
            })
            .collect(),
        silo_values: profile.silos.ones().collect(),
        count: 1,
    });
    Columns::new(schema(map), rows.collect())
}

/// The programmes of columns as profiles, position by position. Names, and values denied, are
/// taken from `known` where it has the programme: columns do not hold them.
pub fn of_columns(map: &ConceptualMap, columns: &Columns, known: &Profiles) -> Profiles {
    let profile = |at: usize| {
        let name = columns.name(at);
        let mut profile = Profile::new(map, NamedNode::new_unchecked(name), name.to_owned());
        if let Some(same) = known.list.iter().find(|same| same.iri.as_str() == name) {
            profile.name.clone_from(&same.name);
            profile.absent.clone_from(&same.absent);
        }
        for value in bits::ones(&columns.leaves(at)) {
            profile.add_value(map, value);
        }
        let stated = (0..map.dimensions.len()).filter(|&d| columns.states(at, d));
        profile.stated.extend(stated);
        for value in bits::ones(columns.silos(at)) {
            profile.add_silo(map, value);
        }
        profile
    };
    Profiles {
        list: (0..columns.len()).map(profile).collect(),
    }
}

/// Labels, silo values and values of a programme as cells of the table, in the order of its
/// columns; `none` where every value is denied.
pub fn cells(columns: &Columns, at: usize) -> Vec<String> {
    let schema = columns.schema();
    let labels: Vec<&str> = columns
        .labels_of(at)
        .iter()
        .map(|&label| columns.labels()[label as usize].as_str())
        .collect();
    let mut cells = vec![labels.join("|")];
    let within = |set: &[u64], range: &Range<usize>, values: &[ValueColumn]| {
        let notations: Vec<&str> = bits::ones(set)
            .filter(|value| range.contains(value))
            .map(|value| values[value].notation.as_str())
            .collect();
        notations.join("|")
    };
    for axis in &schema.axes {
        cells.push(within(columns.silos(at), &axis.values, &schema.silo_values));
    }
    for (position, dimension) in schema.dimensions.iter().enumerate() {
        let values = within(columns.present(at), &dimension.values, &schema.values);
        let denied = values.is_empty() && columns.states(at, position);
        cells.push(if denied { "none".to_owned() } else { values });
    }
    cells
}

/// Each profile once, with how many programmes have it, called by its place among their cells.
/// Linear but for the sorting.
pub fn counted(columns: &Columns) -> Columns {
    let mut counts: BTreeMap<Vec<String>, (usize, u32)> = BTreeMap::new();
    for at in 0..columns.len() {
        let (_, count) = counts.entry(cells(columns, at)).or_insert((at, 0));
        *count = count.saturating_add(columns.count(at));
    }
    let digits = counts.len().to_string().len();
    let rows = counts
        .into_values()
        .enumerate()
        .map(|(place, (at, count))| Row {
            name: format!("profile-{:0digits$}", place + 1),
            count,
            ..columns.row(at)
        });
    Columns::new(columns.schema().clone(), rows.collect())
}

/// Reads a table of profiles.
///
/// # Errors
/// All cells that cannot be used, in one error; a table without a `programme` column.
pub fn from_csv(map: &ConceptualMap, file: &str, text: &str) -> Result<Columns> {
    let mut errors = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let broken = |line: u64, column: &str, reason: String, hint: Option<String>| CellError {
        file: file.to_owned(),
        line,
        spot: None,
        column: column.to_owned(),
        reason,
        hint,
    };
    let unreadable = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Error::Cells(vec![broken(
            line,
            "row",
            format!("cannot be read: {error}"),
            None,
        )])
    };
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| unreadable(&error))?
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let known = known_columns(map);
    for name in header.iter().filter(|name| !known.contains(name)) {
        let hint = did_you_mean(name, known.iter().map(String::as_str));
        errors.push(broken(1, name, "this column is not known".to_owned(), hint));
    }
    if !header.iter().any(|name| name == "programme") {
        errors.push(broken(
            1,
            "programme",
            "this column is missing".to_owned(),
            None,
        ));
    }
    if !errors.is_empty() {
        return Err(Error::Cells(errors));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let reason = format!(
                "the row has {} cells but the header has {}",
                record.len(),
                header.len()
            );
            errors.push(broken(line, "row", reason, None));
            continue;
        }
        let mut row = Row {
            count: 1,
            ..Row::default()
        };
        for (column, cell) in header.iter().zip(record.iter()) {
            if let Err((reason, hint)) = fill(map, &mut row, column, cell.trim()) {
                errors.push(broken(line, column, reason, hint));
            }
        }
        if row.name.is_empty() {
            errors.push(broken(
                line,
                "programme",
                "a name is needed here".to_owned(),
                None,
            ));
        }
        rows.push(row);
    }
    if errors.is_empty() {
        Ok(Columns::new(schema(map), rows))
    } else {
        Err(Error::Cells(errors))
    }
}

fn known_columns(map: &ConceptualMap) -> Vec<String> {
    let fixed = ["programme", "label", "count"].map(str::to_owned);
    let axes = map
        .axes
        .iter()
        .map(|axis| format!("silo:{}", axis.name.notation));
    let dimensions = map
        .dimensions
        .iter()
        .map(|dimension| dimension.name.notation.clone());
    fixed.into_iter().chain(axes).chain(dimensions).collect()
}

/// Takes one cell into a row; an error is a reason and a way out.
fn fill(
    map: &ConceptualMap,
    row: &mut Row,
    column: &str,
    cell: &str,
) -> std::result::Result<(), (String, Option<String>)> {
    let parts = || {
        cell.split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    };
    let quoted = |near: &[&str]| {
        (!near.is_empty()).then(|| format!("did you mean `{}`?", near.join("` or `")))
    };
    match column {
        "programme" => cell.clone_into(&mut row.name),
        "label" => row.labels = parts().map(str::to_owned).collect(),
        "count" if cell.is_empty() => {}
        "count" => match cell.parse() {
            Ok(count) if count > 0 => row.count = count,
            _ => {
                return Err((
                    format!("`{cell}` is not a count"),
                    Some("write a whole number from 1".to_owned()),
                ));
            }
        },
        _ => {
            if let Some(axis) = column
                .strip_prefix("silo:")
                .and_then(|notation| map.axis(notation))
            {
                for part in parts() {
                    let value = map.find_silo_value(axis, part);
                    let missing = || {
                        (
                            format!("`{part}` is no value of {column}"),
                            quoted(&map.near_silo_values(axis, part)),
                        )
                    };
                    row.silo_values.push(value.ok_or_else(missing)?);
                }
            } else if let Some(dimension) = map.dimension(column) {
                if cell == "none" {
                    row.none.push(dimension);
                    return Ok(());
                }
                for part in parts() {
                    let value = map.find_value(dimension, part);
                    let missing = || {
                        (
                            format!("`{part}` is no value of {column}"),
                            quoted(&map.near_values(dimension, part)),
                        )
                    };
                    row.values.push(value.ok_or_else(missing)?);
                }
            }
        }
    }
    Ok(())
}
