//! The similarity of programmes against reference numbers; see `oracles/similarity.py`.

use std::convert::Infallible;

use peermap::analysis::columns::{Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::pairs::{AllPairs, Work};
use peermap::analysis::similarity::{Comparison, InformationContent, Measure, explain, similarity};
use serde_json::Value;

use crate::golden::{golden, list, number, whole};

/// The references compute with doubles.
const TOLERANCE: f64 = 1e-9;

fn small(value: &Value) -> u32 {
    u32::try_from(whole(value)).expect("a small number")
}

fn schema(golden: &Value) -> Schema {
    let mut schema = Schema::default();
    for (scheme, dimension) in list(&golden["schema"]).iter().enumerate() {
        let start = schema.values.len();
        let parents = list(&dimension["parents"]);
        schema.dimensions.push(DimensionColumn {
            notation: format!("d{scheme}"),
            weight: number(&dimension["weight"]),
            values: start..start + parents.len(),
        });
        for (at, parent) in parents.iter().enumerate() {
            let mut ancestors = Vec::new();
            let mut above = parent;
            while !above.is_null() {
                ancestors.push(start + whole(above));
                above = &parents[whole(above)];
            }
            let notation = format!("v{at}");
            schema.values.push(ValueColumn {
                notation,
                scheme,
                ancestors,
            });
        }
    }
    schema
}

fn columns(golden: &Value) -> Columns {
    let schema = schema(golden);
    let programmes = list(&golden["programmes"]).iter().enumerate();
    let rows = programmes.map(|(at, programme)| {
        let mut row = Row {
            name: format!("p{at:03}"),
            count: small(&programme["count"]),
            ..Row::default()
        };
        for (dimension, coding) in list(&programme["codings"]).iter().enumerate() {
            if !coding.is_null() {
                row.none.push(dimension);
                let start = schema.dimensions[dimension].values.start;
                row.values
                    .extend(list(coding).iter().map(|value| start + whole(value)));
            }
        }
        row
    });
    let rows = rows.collect();
    Columns::new(schema, rows)
}

fn close(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= TOLERANCE, "{what}: {a} is not {b}");
}

#[test]
fn information_content() {
    let golden = golden("similarity");
    let ic = InformationContent::from_columns(&columns(&golden));
    let expected = list(&golden["information"]).iter().flat_map(list);
    assert_eq!(ic.values().len(), expected.clone().count());
    for (value, expected) in ic.values().iter().zip(expected) {
        close(*value, number(expected), "information content");
    }
}

#[test]
fn scores_and_intervals() {
    let golden = golden("similarity");
    let columns = columns(&golden);
    let ic = InformationContent::from_columns(&columns);
    for measure in Measure::ALL {
        let comparison = Comparison {
            measure,
            min_comparable: small(&golden["min_comparable"]),
            ..Comparison::default()
        };
        let pairs = list(&golden["pairs"][measure.name()]);
        assert!(pairs.len() >= 780);
        for pair in pairs {
            let (a, b) = (whole(&pair[0]), whole(&pair[1]));
            let what = format!("{} of {a} and {b}", measure.name());
            let found = similarity(&columns, &ic, &comparison, a, b);
            assert_eq!(found.is_none(), pair[2].is_null(), "{what}");
            let Some(found) = found else {
                continue;
            };
            close(found.score, number(&pair[2][0]), &what);
            close(found.low, number(&pair[2][1]), &what);
            close(found.high, number(&pair[2][2]), &what);
            assert_eq!(found.comparable as usize, whole(&pair[2][3]), "{what}");
            let why = explain(&columns, &ic, &comparison, a, b).expect("comparable");
            let sum = why.shared.iter().map(|shared| shared.contribution).sum();
            close(sum, number(&pair[2][0]), &what);
        }
    }
}

#[test]
fn all_pairs() {
    let golden = golden("similarity");
    let columns = columns(&golden);
    let ic = InformationContent::from_columns(&columns);
    let threshold = 0.3;
    for measure in Measure::ALL {
        let comparison = Comparison {
            measure,
            min_comparable: small(&golden["min_comparable"]),
            ..Comparison::default()
        };
        let pairs = AllPairs::new(&columns, &ic, &comparison, &[]);
        let mut found = Vec::new();
        let done: Result<(), Infallible> = pairs.threshold(threshold, &Work::default(), |edge| {
            found.push((edge.a, edge.b));
            Ok(())
        });
        assert_eq!(done, Ok(()));
        let mut expected: Vec<(usize, usize)> = list(&golden["pairs"][measure.name()])
            .iter()
            .filter(|pair| {
                pair[2][0]
                    .as_f64()
                    .is_some_and(|score| score >= threshold - 1e-12)
            })
            .map(|pair| (whole(&pair[0]), whole(&pair[1])))
            .collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", measure.name());
    }
}

#[test]
fn the_women_of_davis() {
    let golden = golden("similarity");
    let davis = &golden["davis"];
    let events = whole(&davis["events"]);
    let mut schema = Schema::default();
    schema.dimensions.push(DimensionColumn {
        notation: "event".to_owned(),
        weight: 1.0,
        values: 0..events,
    });
    schema.values.extend((0..events).map(|at| ValueColumn {
        notation: at.to_string(),
        scheme: 0,
        ancestors: Vec::new(),
    }));
    let women = list(&davis["attended"]).iter().enumerate();
    let rows = women.map(|(at, attended)| Row {
        name: format!("{at:02}"),
        values: list(attended).iter().map(whole).collect(),
        count: 1,
        ..Row::default()
    });
    let rows = rows.collect();
    let columns = Columns::new(schema, rows);
    let ic = InformationContent::uniform(columns.schema());
    for measure in [Measure::Jaccard, Measure::Gower] {
        let comparison = Comparison {
            measure,
            min_comparable: 1,
            ..Comparison::default()
        };
        for (a, row) in list(&davis["jaccard"]).iter().enumerate() {
            for (b, expected) in list(row).iter().enumerate() {
                let found = similarity(&columns, &ic, &comparison, a, b).expect("comparable");
                close(found.score, number(expected), "Jaccard by igraph");
            }
        }
    }
    // Evelyn and Theresa, by the literature's names, are the first and the third.
    let evelyn = similarity(
        &columns,
        &ic,
        &Comparison {
            min_comparable: 1,
            ..Comparison::default()
        },
        0,
        2,
    );
    close(
        evelyn.map_or(f64::NAN, |found| found.score),
        7.0 / 9.0,
        "Evelyn and Theresa",
    );
}
