//! The significance of shared values against `bicm`, `scipy` and `statsmodels`; see
//! `oracles/significance.py`.

use peermap::analysis::columns::{AxisColumn, Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::significance::{Adjustment, Fdr, Pairs, SignificanceModel, silo_mixing};
use serde_json::Value;

use crate::golden::{golden, list, number, whole, wholes};

const BOTH: [(Adjustment, &str); 2] = [
    (Adjustment::BenjaminiHochberg, "bh"),
    (Adjustment::BenjaminiYekutieli, "by"),
];

#[track_caller]
fn assert_close(ours: f64, theirs: &Value, tolerance: f64, what: &str) {
    let theirs = number(theirs);
    assert!(
        (ours - theirs).abs() <= tolerance,
        "{what}: {ours} is not {theirs}"
    );
}

/// Dimensions and one axis with this many values each, all at the top.
fn schema(sizes: &[usize], silos: usize) -> Schema {
    let value = |scheme| ValueColumn {
        notation: String::new(),
        scheme,
        ancestors: Vec::new(),
    };
    let mut schema = Schema {
        axes: vec![AxisColumn {
            notation: "axis".to_owned(),
            values: 0..silos,
            same_stuff_as: Vec::new(),
        }],
        silo_values: (0..silos).map(|_| value(0)).collect(),
        ..Schema::default()
    };
    for (at, &size) in sizes.iter().enumerate() {
        let start = schema.values.len();
        schema.values.extend((0..size).map(|_| value(at)));
        schema.dimensions.push(DimensionColumn {
            notation: at.to_string(),
            weight: 1.0,
            values: start..start + size,
        });
    }
    schema
}

fn programmes(family: &Value) -> Columns {
    let rows = list(&family["rows"])
        .iter()
        .enumerate()
        .map(|(at, row)| Row {
            name: format!("{at:04}"),
            values: wholes(&row["values"]),
            none: wholes(&row["stated"]),
            count: 1,
            ..Row::default()
        })
        .collect();
    Columns::new(schema(&wholes(&family["sizes"]), 0), rows)
}

#[test]
fn pairs_and_their_false_discovery_rate_are_those_of_the_libraries() {
    let golden = golden("significance");
    let level = number(&golden["level"]);
    let mut discovered = 0;
    for family in list(&golden["families"]) {
        let name = family["name"].as_str().expect("a name");
        let model = SignificanceModel::fit(&programmes(family)).expect("the model is found");
        if let Some(rows) = family.get("probabilities") {
            let step = whole(&family["probability_step"]);
            for (at, row) in list(rows).iter().enumerate() {
                for (value, theirs) in list(row).iter().enumerate() {
                    let ours = model.probability(at * step, value).expect("stated");
                    assert_close(ours, theirs, 1e-9, name);
                }
            }
        }
        let groups = family["groups"]
            .is_array()
            .then(|| wholes(&family["groups"]));
        let across = |a: usize, b: usize| groups.as_ref().is_none_or(|group| group[a] != group[b]);
        let fdr = model.false_discovery(match &groups {
            Some(_) => Pairs::Where(&across),
            None => Pairs::All,
        });
        for pair in list(&family["pairs"]) {
            let (a, b) = (whole(&pair["a"]), whole(&pair["b"]));
            let what = format!("{name} {a} {b}");
            let ours = model.pair(a, b).expect("there is something to test");
            assert_eq!(ours.shared as usize, whole(&pair["shared"]), "{what}");
            assert_close(ours.expected, &pair["expected"], 1e-9, &what);
            assert_close(ours.p, &pair["p"], 1e-9, &what);
            for (adjustment, key) in BOTH {
                assert_close(fdr.q_value(ours.p, adjustment), &pair[key], 1e-7, &what);
            }
        }
        assert_eq!(fdr.tests(), whole(&family["tests"]) as u64, "{name}");
        for (adjustment, key) in BOTH {
            let theirs = whole(&family[format!("{key}_discoveries")]) as u64;
            assert_eq!(fdr.discoveries(level, adjustment), theirs, "{name} {key}");
        }
        let threshold = fdr.threshold(level, Adjustment::BenjaminiHochberg);
        let size = list(&family["rows"]).len();
        let edges: Vec<(usize, usize)> = (0..size)
            .flat_map(|a| (a + 1..size).map(move |b| (a, b)))
            .filter(|&(a, b)| across(a, b))
            .filter(|&(a, b)| {
                model
                    .pair(a, b)
                    .is_some_and(|pair| Some(pair.p) <= threshold)
            })
            .collect();
        let theirs: Vec<(usize, usize)> = list(&family["edges"])
            .iter()
            .map(|edge| (whole(&edge[0]), whole(&edge[1])))
            .collect();
        assert_eq!(edges, theirs, "{name}");
        discovered += edges.len();
    }
    assert!(
        discovered > 500,
        "the families would show nothing otherwise"
    );
}

#[test]
fn small_p_values_are_as_exact_as_large_ones() {
    let golden = golden("significance");
    for family in list(&golden["families"]) {
        // `bicm` computes its tails by a Fourier transform: exact to 1e-15, but not relatively.
        if family.get("probabilities").is_some() {
            continue;
        }
        let model = SignificanceModel::fit(&programmes(family)).expect("the model is found");
        for pair in list(&family["pairs"]) {
            let ours = model.pair(whole(&pair["a"]), whole(&pair["b"]));
            let ours = ours.expect("there is something to test").p;
            assert_close(ours, &pair["p"], 1e-9 * ours, "relative");
        }
    }
}

#[test]
fn adjusted_p_values_are_those_of_statsmodels() {
    let golden = golden("significance");
    let level = number(&golden["level"]);
    for family in list(&golden["adjustments"]) {
        let p: Vec<f64> = list(&family["p"]).iter().map(number).collect();
        let counts = wholes(&family["counts"]).into_iter().map(|n| n as u64);
        let fdr = Fdr::of(p.iter().copied().zip(counts));
        for (adjustment, key) in BOTH {
            for (&p, theirs) in p.iter().zip(list(&family[key])) {
                assert_close(fdr.q_value(p, adjustment), theirs, 1e-12, key);
            }
            let theirs = whole(&family[format!("{key}_discoveries")]) as u64;
            assert_eq!(fdr.discoveries(level, adjustment), theirs);
        }
    }
}

#[test]
fn silo_pairs_are_those_of_all_permutations() {
    for case in list(&golden("significance")["mixing"]) {
        let rows = list(&case["sets"])
            .iter()
            .enumerate()
            .map(|(at, set)| Row {
                name: format!("{at:04}"),
                silo_values: wholes(set),
                count: 1,
                ..Row::default()
            })
            .collect();
        let columns = Columns::new(schema(&[], whole(&case["silos"])), rows);
        let edges: Vec<(usize, usize)> = list(&case["edges"])
            .iter()
            .map(|edge| (whole(&edge[0]), whole(&edge[1])))
            .collect();
        let mixing = silo_mixing(&columns, 0, &edges, 100_000, 3);
        assert_eq!(mixing.pairs.len(), list(&case["pairs"]).len());
        for (ours, theirs) in mixing.pairs.iter().zip(list(&case["pairs"])) {
            let place = (whole(&theirs["a"]), whole(&theirs["b"]));
            assert_eq!((ours.a, ours.b), place);
            assert_eq!(ours.observed, whole(&theirs["observed"]) as u64);
            assert_close(ours.expected, &theirs["expected"], 1e-12, "expected");
            let deviation = (ours.observed as f64 - ours.expected) / number(&theirs["deviation"]);
            // A sample of the permutations: five standard errors are under these.
            let z = ours.z.expect("permutations differ");
            assert!((z - deviation).abs() <= 0.02 * deviation.abs() + 1e-12);
            assert_close(
                ours.p.expect("permutations differ"),
                &theirs["p"],
                0.016,
                "p",
            );
        }
    }
}
