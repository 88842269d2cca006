//! The report on labels against scikit-bio, `SciPy`, scikit-learn and plain Python
//! (`tests/oracles/labels.py`). Random p-values are compared with exact ones, from a list of every
//! arrangement, within four standard errors.

use std::sync::OnceLock;

use peermap::analysis::columns::{AxisColumn, Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::labels::matrix::Matrix;
use peermap::analysis::labels::permanova::permanova;
use peermap::analysis::labels::split::{average_linkage, silhouette};
use peermap::analysis::labels::stats::{
    benjamini_hochberg, effective_number, jensen_shannon, quantile, schoener,
};
use peermap::analysis::labels::{Labels, Options, labels};
use serde_json::Value;

use crate::golden::{number, whole};

const DRAWS: usize = 9_999;

fn golden() -> &'static Value {
    static GOLDEN: OnceLock<Value> = OnceLock::new();
    GOLDEN.get_or_init(|| crate::golden::golden("labels"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

fn numbers(value: &Value, key: &str) -> Vec<f64> {
    list(value, key).iter().map(number).collect()
}

fn positions(value: &Value, key: &str) -> Vec<usize> {
    list(value, key).iter().map(whole).collect()
}

fn near(got: f64, expected: f64) {
    let room = 1e-9 * expected.abs().max(1.0);
    assert!((got - expected).abs() <= room, "{got} is not {expected}");
}

fn near_p(got: f64, expected: f64) {
    let error = (expected * (1.0 - expected) / DRAWS as f64).sqrt();
    let room = 4.0 * error + 1.0 / DRAWS as f64;
    assert!((got - expected).abs() <= room, "{got} is not {expected}");
}

fn matrix(value: &Value) -> Matrix {
    let mut lower = numbers(value, "distances").into_iter();
    let pairs = lower.len();
    let items = (1..=pairs + 2).find(|n| n * (n - 1) / 2 == pairs);
    Matrix::new(items.expect("a triangle"), |_, _| lower.next())
}

fn schema() -> Schema {
    let ranges = [0..5, 5..9, 9..11];
    let value = |at: usize, scheme: usize, ancestors: Vec<usize>| ValueColumn {
        notation: at.to_string(),
        scheme,
        ancestors,
    };
    Schema {
        dimensions: ranges
            .iter()
            .enumerate()
            .map(|(at, values)| DimensionColumn {
                notation: format!("d{at}"),
                weight: 1.0,
                values: values.clone(),
            })
            .collect(),
        values: ranges
            .iter()
            .enumerate()
            .flat_map(|(scheme, values)| values.clone().map(move |at| (at, scheme)))
            .map(|(at, scheme)| {
                let ancestors = match at {
                    1 | 2 => vec![0],
                    6 => vec![5],
                    _ => Vec::new(),
                };
                value(at, scheme, ancestors)
            })
            .collect(),
        axes: vec![AxisColumn {
            notation: "issue".to_owned(),
            values: 0..3,
            same_stuff_as: Vec::new(),
        }],
        silo_values: (0..3).map(|at| value(at, 0, Vec::new())).collect(),
    }
}

fn columns(value: &Value) -> Columns {
    let rows = list(value, "rows")
        .iter()
        .map(|row| Row {
            name: row["name"].as_str().expect("a name").to_owned(),
            labels: list(row, "labels")
                .iter()
                .map(|label| label.as_str().expect("a label").to_owned())
                .collect(),
            values: positions(row, "values"),
            none: positions(row, "none"),
            silo_values: positions(row, "silos"),
            count: 1,
        })
        .collect();
    Columns::new(schema(), rows)
}

/// Mean over jointly stated dimensions of the Jaccard distance of closures.
fn distance(columns: &Columns, a: usize, b: usize) -> Option<f64> {
    let held = |programme: usize, value: usize| {
        columns.closure(programme)[value / 64] >> (value % 64) & 1 == 1
    };
    let mut parts = Vec::new();
    for (at, dimension) in columns.schema().dimensions.iter().enumerate() {
        if !(columns.states(a, at) && columns.states(b, at)) {
            continue;
        }
        let values = dimension.values.clone();
        let any = values.clone().filter(|&v| held(a, v) || held(b, v)).count();
        let both = values.filter(|&v| held(a, v) && held(b, v)).count();
        if any > 0 {
            parts.push(1.0 - both as f64 / any as f64);
        }
    }
    (!parts.is_empty()).then(|| parts.iter().sum::<f64>() / parts.len() as f64)
}

fn run(columns: &Columns, options: &Options) -> Labels {
    labels(columns, &|a, b| distance(columns, a, b), options)
}

#[test]
fn divergence_overlap_and_effective_numbers_equal_scipy() {
    for case in list(golden(), "distributions") {
        let (p, q) = (numbers(case, "p"), numbers(case, "q"));
        near(jensen_shannon(&p, &q), number(&case["jensen_shannon"]));
        near(schoener(&p, &q), number(&case["schoener"]));
        near(effective_number(p), number(&case["effective_number"]));
    }
}

#[test]
fn false_discovery_rates_and_quantiles_equal_scipy_and_numpy() {
    for case in list(golden(), "rates") {
        let mut p = numbers(case, "p");
        for (got, expected) in benjamini_hochberg(&p).into_iter().zip(numbers(case, "q")) {
            near(got, expected);
        }
        p.sort_by(f64::total_cmp);
        for pair in list(case, "quantiles") {
            let got = quantile(&p, number(&pair[0])).expect("there are numbers");
            near(got, number(&pair[1]));
        }
    }
}

#[test]
fn permanova_and_permdisp_equal_scikit_bio() {
    for case in list(golden(), "variance") {
        let groups = positions(case, "groups");
        let strata = vec![0; groups.len()];
        let mut random = fastrand::Rng::with_seed(0);
        let found = permanova(&matrix(case), &groups, &strata, 0, &mut random).expect("groups");
        near(found.pseudo_f, number(&case["pseudo_f"]));
        near(found.r2, number(&case["r2"]));
        let spread = found.spread.expect("there is spread");
        near(spread.f, number(&case["permdisp_f"]));
        for (got, expected) in spread
            .means
            .into_iter()
            .zip(numbers(case, "permdisp_means"))
        {
            near(got, expected);
        }
    }
}

#[test]
fn permutations_inside_strata_give_the_exact_p() {
    let case = &golden()["exact"];
    let (groups, strata) = (positions(case, "groups"), positions(case, "strata"));
    let mut random = fastrand::Rng::with_seed(1);
    let found = permanova(&matrix(case), &groups, &strata, DRAWS, &mut random).expect("groups");
    near_p(found.p, number(&case["p"]));
    assert!((found.r2_by_chance - number(&case["r2_by_chance"])).abs() < 0.01);
}

#[test]
fn splits_equal_scipy_and_scikit_learn() {
    for case in list(golden(), "splits") {
        let matrix = matrix(case);
        let second = average_linkage(&matrix).expect("two items or more");
        let expected: Vec<bool> = list(case, "second")
            .iter()
            .map(|second| second.as_bool().expect("yes or no"))
            .collect();
        assert_eq!(second, expected);
        near(silhouette(&matrix, &second), number(&case["silhouette"]));
    }
}

#[test]
fn reports_equal_plain_python() {
    let case = &golden()["population"];
    let columns = columns(case);
    let options = Options {
        permutations: 1,
        top_values: 99,
        ..Options::default()
    };
    let found = run(&columns, &options);
    for report in &found.reports {
        let expected = &case["labels"][&columns.labels()[report.label]];
        assert_eq!(report.programmes, whole(&expected["programmes"]));
        let dispersion = report.dispersion.as_ref();
        assert_eq!(dispersion.is_some(), !expected["dispersion"].is_null());
        if let Some(dispersion) = dispersion {
            near(dispersion.mean, number(&expected["dispersion"]));
            assert_eq!(dispersion.pairs, whole(&expected["pairs"]));
        }
        assert_eq!(report.profiles.distinct, whole(&expected["distinct"]));
        near(report.profiles.effective, number(&expected["effective"]));
        assert_eq!(report.breadth.len(), 3);
        for (breadth, expected) in report.breadth.iter().zip(list(expected, "breadth")) {
            assert_eq!(breadth.programmes, whole(&expected[0]));
            near(breadth.values, number(&expected[1]));
        }
    }
    assert_eq!(found.reports.len(), 5);
}

#[test]
fn indicator_values_equal_plain_python() {
    let case = &golden()["population"];
    let columns = columns(case);
    let options = Options {
        permutations: 1,
        top_values: 99,
        ..Options::default()
    };
    let mut compared = 0;
    for report in &run(&columns, &options).reports {
        let expected = &case["indicators"][&columns.labels()[report.label]];
        for mark in &report.indicators {
            let expected = &expected[&mark.value.to_string()];
            near(mark.specificity, number(&expected[0]));
            near(mark.fidelity, number(&expected[1]));
            compared += 1;
        }
        // What is missing is a broader value with a narrower one that says it better.
        let reported = |value: usize| report.indicators.iter().any(|mark| mark.value == value);
        for value in expected.as_object().expect("by value").keys() {
            let value: usize = value.parse().expect("a whole");
            assert!(reported(value) || [0, 5].contains(&value));
        }
    }
    assert!(compared > 30);
}

#[test]
fn comparisons_of_labels_equal_plain_python() {
    let case = &golden()["population"];
    let columns = columns(case);
    let found = run(
        &columns,
        &Options {
            permutations: 1,
            ..Options::default()
        },
    );
    assert_eq!(found.twins.len(), list(case, "pairs").len());
    for expected in list(case, "pairs") {
        let names = list(expected, "labels");
        let twin = found
            .twins
            .iter()
            .find(|twin| {
                twin.labels
                    .iter()
                    .zip(names)
                    .all(|(&l, n)| *n == columns.labels()[l])
            })
            .expect("the pair is compared");
        assert_eq!(twin.programmes[..], positions(expected, "programmes"));
        assert_eq!(twin.dimensions.len(), list(expected, "dimensions").len());
        for (dimension, expected) in twin.dimensions.iter().zip(list(expected, "dimensions")) {
            assert_eq!(dimension.dimension, whole(&expected[0]));
            near(dimension.divergence, number(&expected[1]));
            near(dimension.overlap, number(&expected[2]));
        }
        assert_eq!(twin.divergence.is_some(), !expected["divergence"].is_null());
        if let Some(divergence) = twin.divergence {
            near(divergence, number(&expected["divergence"]));
        }
    }
}

#[test]
fn draws_inside_silos_give_the_exact_null() {
    let case = &golden()["null"];
    let columns = columns(case);
    let options = Options {
        axis: Some(0),
        permutations: DRAWS,
        min_stratum: 4,
        top_values: 99,
        ..Options::default()
    };
    let found = run(&columns, &options);
    let a = &found.reports[0];
    let null = a
        .dispersion
        .as_ref()
        .and_then(|dispersion| dispersion.null.as_ref());
    let null = null.expect("both silos have others");
    near_p(null.p_lower, number(&case["p_lower"]));
    near_p(null.p_upper, number(&case["p_upper"]));
    assert!((null.mean - number(&case["mean"])).abs() < 0.003);
    assert!((null.median - number(&case["median"])).abs() < 0.01);
    assert!(a.indicators.len() > 4);
    for mark in &a.indicators {
        let p = mark.test.expect("it is tested").p;
        near_p(p, number(&case["indicator_p"][&mark.value.to_string()]));
    }
}
