//! Gap maps against numbers of plain Python and `SciPy`: `tests/oracles/gaps.py`.

use peermap::analysis::columns::{AxisColumn, Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::gaps::{CoverageRequest, Depth, Facet, Request, Verdict, coverage, gap_map};
use serde_json::Value;

use crate::golden::{golden, list, whole, wholes};

/// Within 1e-9, relative where that is more; both missing counts as equal.
fn same(expected: &Value, got: Option<f64>, what: &str) {
    let expected = expected.as_f64();
    let close = match (expected, got) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    };
    assert!(close, "{what}: expected {expected:?}, got {got:?}");
}

fn facet(value: &Value) -> Facet {
    match value[0].as_str().unwrap() {
        "dimension" => Facet::Dimension(whole(&value[1])),
        _ => Facet::Axis(whole(&value[1])),
    }
}

fn schema(data: &Value) -> Schema {
    let values = |table: &Value| -> Vec<ValueColumn> {
        (list(table).iter().enumerate())
            .map(|(at, value)| ValueColumn {
                notation: format!("v{at}"),
                scheme: whole(&value["scheme"]),
                ancestors: wholes(&value["ancestors"]),
            })
            .collect()
    };
    let range = |pair: &Value| whole(&pair[0])..whole(&pair[1]);
    Schema {
        dimensions: (list(&data["dimensions"]).iter().enumerate())
            .map(|(at, pair)| DimensionColumn {
                notation: format!("d{at}"),
                weight: 1.0,
                values: range(pair),
            })
            .collect(),
        values: values(&data["values"]),
        axes: (list(&data["axes"]).iter().enumerate())
            .map(|(at, axis)| AxisColumn {
                notation: format!("a{at}"),
                values: range(&axis["values"]),
                same_stuff_as: wholes(&axis["same"]),
            })
            .collect(),
        silo_values: values(&data["silo_values"]),
    }
}

fn columns(data: &Value) -> Columns {
    let rows = (list(&data["rows"]).iter().enumerate()).map(|(at, row)| Row {
        name: format!("{at:05}"),
        labels: Vec::new(),
        values: wholes(&row["values"]),
        none: wholes(&row["none"]),
        silo_values: wholes(&row["silo_values"]),
        count: u32::try_from(whole(&row["count"])).unwrap(),
    });
    Columns::new(schema(&data["schema"]), rows.collect())
}

#[test]
fn gap_maps_are_what_counting_one_by_one_gives() {
    let golden = golden("gaps");
    let settings = &golden["settings"];
    for data in list(&golden["data"]) {
        let columns = columns(data);
        let absent = |programme: usize, facet: Facet, value: usize| {
            matches!(facet, Facet::Dimension(_))
                && wholes(&data["rows"][programme]["absent"]).contains(&value)
        };
        for expected in list(&data["maps"]) {
            let request = Request {
                depth: match expected["deep"].as_bool() {
                    Some(true) => Depth::All,
                    _ => Depth::Top,
                },
                min_stated: settings["min_stated"].as_u64().unwrap(),
                min_expected: settings["min_expected"].as_f64().unwrap(),
                near_empty: settings["near_empty"].as_f64().unwrap(),
                alpha: settings["alpha"].as_f64().unwrap(),
                absent: Some(&absent),
                ..Request::new(facet(&expected["rows"]), facet(&expected["columns"]))
            };
            let map = gap_map(&columns, &request).unwrap();
            assert_eq!(Some(map.circular), expected["circular"].as_bool());
            let d = map.denominators;
            let denominators = [d.programmes, d.both, d.rows, d.columns, d.unknown];
            let reference: Vec<u64> = (list(&expected["denominators"]).iter())
                .map(|number| number.as_u64().unwrap())
                .collect();
            assert_eq!(denominators[..], reference);
            let cells = list(&expected["cells"]);
            assert_eq!(map.cells.len(), cells.len());
            for (cell, expected) in map.cells.iter().zip(cells) {
                assert_eq!(cell.row, whole(&expected["row"]));
                assert_eq!(cell.column, whole(&expected["column"]));
                assert_eq!(cell.programmes, wholes(&expected["programmes"]));
                for (got, name) in [
                    (cell.count, "count"),
                    (cell.absent, "absent"),
                    (cell.not_found, "not_found"),
                    (cell.unknown, "unknown"),
                ] {
                    assert_eq!(Some(got), expected[name].as_u64(), "{name}");
                }
                same(&expected["expected"], Some(cell.expected), "expected");
                same(
                    &expected["independent"],
                    Some(cell.expected_independent),
                    "independent",
                );
                same(&expected["p"], cell.p, "p");
                same(&expected["q"], cell.q, "q");
                let verdict = match cell.verdict {
                    Verdict::Evidence => "Evidence",
                    Verdict::SurprisingGap => "SurprisingGap",
                    Verdict::ByChance => "ByChance",
                    Verdict::NothingToExpect => "NothingToExpect",
                    Verdict::CannotTell => "CannotTell",
                };
                assert_eq!(Some(verdict), expected["verdict"].as_str());
            }
        }
        let request = CoverageRequest {
            facets: [0, 1, 2]
                .map(Facet::Dimension)
                .into_iter()
                .chain([0, 1].map(Facet::Axis))
                .collect(),
            depth: Depth::All,
            limit: usize::MAX,
            probability: None,
        };
        let found = coverage(&columns, &request).unwrap();
        for (pair, expected) in found.pairs.iter().zip(list(&data["coverage"])) {
            assert_eq!([pair.present, pair.total][..], wholes(expected));
        }
        assert_eq!(found.pairs.len(), list(&data["coverage"]).len());
    }
}

/// The tail is private: a map with probabilities passed in shows it. Each trial is a row of its
/// own that has the row value for sure; the columns that nobody or the right number has are
/// counted by hand.
#[test]
fn tails_are_those_of_scipy() {
    let value = |scheme| ValueColumn {
        notation: "v".to_owned(),
        scheme,
        ancestors: Vec::new(),
    };
    let dimension = |values| DimensionColumn {
        notation: "d".to_owned(),
        weight: 1.0,
        values,
    };
    let schema = Schema {
        dimensions: vec![dimension(0..1), dimension(1..2)],
        values: vec![value(0), value(1)],
        ..Schema::default()
    };
    for case in list(&golden("gaps")["tails"]) {
        let most = whole(&case["most"]);
        let (mut rows, mut chances) = (Vec::new(), Vec::new());
        for trial in list(&case["trials"]) {
            for _ in 0..whole(&trial[1]) {
                let at = rows.len();
                rows.push(Row {
                    name: format!("{at:06}"),
                    values: if at < most { vec![0, 1] } else { vec![0] },
                    none: vec![1],
                    count: 1,
                    ..Row::default()
                });
                chances.push(trial[0].as_f64().unwrap());
            }
        }
        if most > rows.len() {
            continue;
        }
        let columns = Columns::new(schema.clone(), rows);
        let chance = |programme: usize, facet: Facet, _: usize| match facet {
            Facet::Dimension(1) => chances[programme],
            _ => 1.0,
        };
        let request = Request {
            min_stated: 0,
            min_expected: 0.0,
            probability: Some(&chance),
            ..Request::new(Facet::Dimension(0), Facet::Dimension(1))
        };
        let map = gap_map(&columns, &request).unwrap();
        same(&case["p"], map.cells[0].p, "tail");
    }
}
