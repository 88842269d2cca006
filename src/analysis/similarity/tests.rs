use Kinship::{DifferentKinds, Implied, OneNarrower, Same};

use super::super::columns::{AxisColumn, DimensionColumn, Row, ValueColumn};
use super::super::nearest::{Request, Silos, nearest, nearest_to_row};
use super::*;

/// Dimension `d0` with x > {x1, x2}, y and z; `d1` with p > q > r; `d2` with u and v, weight 2; one
/// axis of s > t, and w.
fn schema() -> Schema {
    let value = |notation: &str, scheme, ancestors: &[usize]| ValueColumn {
        notation: notation.into(),
        scheme,
        ancestors: ancestors.to_vec(),
    };
    let dimension = |notation: &str, weight, values| DimensionColumn {
        notation: notation.into(),
        weight,
        values,
    };
    Schema {
        dimensions: vec![
            dimension("d0", 1.0, 0..5),
            dimension("d1", 1.0, 5..8),
            dimension("d2", 2.0, 8..10),
        ],
        values: vec![
            value("x", 0, &[]),
            value("x1", 0, &[0]),
            value("x2", 0, &[0]),
            value("y", 0, &[]),
            value("z", 0, &[]),
            value("p", 1, &[]),
            value("q", 1, &[5]),
            value("r", 1, &[6, 5]),
            value("u", 2, &[]),
            value("v", 2, &[]),
        ],
        axes: vec![AxisColumn {
            notation: "a".into(),
            values: 0..3,
            same_stuff_as: vec![0],
        }],
        silo_values: vec![value("s", 0, &[]), value("t", 0, &[0]), value("w", 0, &[])],
    }
}

pub(super) const X: usize = 0;
pub(super) const X1: usize = 1;
pub(super) const X2: usize = 2;
const Y: usize = 3;
const Z: usize = 4;
const P: usize = 5;
const Q: usize = 6;
const R: usize = 7;
const U: usize = 8;
const V: usize = 9;

pub(super) fn row(name: &str, values: &[usize], none: &[usize]) -> Row {
    Row {
        name: name.into(),
        values: values.to_vec(),
        none: none.to_vec(),
        count: 1,
        ..Row::default()
    }
}

pub(super) fn columns(rows: &[(&[usize], &[usize])]) -> Columns {
    let rows = rows
        .iter()
        .enumerate()
        .map(|(at, (values, none))| row(&format!("p{at:03}"), values, none));
    Columns::new(schema(), rows.collect())
}

pub(super) fn with(measure: Measure, min_comparable: u32) -> Comparison {
    Comparison {
        measure,
        min_comparable,
        ..Comparison::default()
    }
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn names_of_measures() {
    for measure in Measure::ALL {
        assert_eq!(Measure::parse(measure.name()), Some(measure));
        assert_eq!(
            Measure::parse(&measure.name().to_uppercase()),
            Some(measure)
        );
    }
    assert_eq!(Measure::parse("dice"), None);
    assert_eq!(Measure::default(), Measure::Gower);
}

#[test]
fn by_hand() {
    // d0: {x, x1, y} and {x, x2, y}: 2 of 4. d1: {p, q} and {p, q, r}: 2 of 3. d2: unknown to b.
    let columns = columns(&[(&[X1, Y, Q, U], &[]), (&[X2, Y, R], &[])]);
    let ic = InformationContent::uniform(columns.schema());
    let found = similarity(&columns, &ic, &with(Measure::Gower, 2), 0, 1).expect("comparable");
    close(found.score, 7.0 / 12.0);
    close(found.low, 7.0 / 6.0 / 4.0);
    close(found.high, (7.0 / 6.0 + 2.0) / 4.0);
    assert_eq!(found.comparable, 2);
    assert_eq!(
        similarity(&columns, &ic, &Comparison::default(), 0, 1),
        None
    );
    // Leaves of d0 and d1: {x1, y, q} and {x2, y, r}.
    let score =
        |measure| similarity(&columns, &ic, &with(measure, 2), 0, 1).map(|found| found.score);
    assert_eq!(score(Measure::SimUi), Some(found.score));
    assert_eq!(score(Measure::Jaccard), Some(1.0 / 5.0));
    assert_eq!(score(Measure::Overlap), Some(1.0 / 3.0));
    assert_eq!(score(Measure::Inclusion), Some(1.0 / 3.0));
    assert_eq!(score(Measure::Cosine), Some(1.0 / 3.0));
}

#[test]
fn rare_values_count_more() {
    // IC: x 1, x1 2, x2 3, y 0.5.
    let columns = columns(&[(&[X1, Y], &[]), (&[X2, Y], &[])]);
    let values = vec![1.0, 2.0, 3.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let ic = InformationContent::from_values(columns.schema(), values).expect("ten values");
    let found = similarity(&columns, &ic, &with(Measure::Gower, 1), 0, 1).expect("comparable");
    close(found.score, 1.5 / 6.5);
    let why = explain(&columns, &ic, &with(Measure::Gower, 1), 0, 1).expect("comparable");
    assert_eq!(
        why.shared
            .iter()
            .map(|shared| shared.value)
            .collect::<Vec<_>>(),
        [X, Y]
    );
    close(why.shared[0].contribution, 1.0 / 6.5);
    assert_eq!(why.shared[0].kinship, DifferentKinds);
    assert_eq!(why.shared[1].kinship, Same);
    assert_eq!((why.only_a, why.only_b), (vec![X1], vec![X2]));
    assert_eq!(why.not_comparable, [1, 2]);
}

#[test]
fn values_that_say_nothing_count_the_same() {
    let columns = columns(&[(&[X1, Y], &[]), (&[X2, Y], &[])]);
    let ic = InformationContent::from_values(columns.schema(), vec![0.0; 10]).expect("ten values");
    let found = similarity(&columns, &ic, &with(Measure::Gower, 1), 0, 1).expect("comparable");
    close(found.score, 2.0 / 4.0);
    let why = explain(&columns, &ic, &with(Measure::Gower, 1), 0, 1).expect("comparable");
    close(
        why.shared.iter().map(|shared| shared.contribution).sum(),
        0.5,
    );
}

#[test]
fn nothing_in_both_is_no_likeness_and_nothing_in_one_is_a_difference() {
    let columns = columns(&[
        (&[X1, Q], &[2]),
        (&[X1, Q], &[2]),
        (&[X1, Q, U], &[]),
        (&[], &[0, 1, 2]),
    ]);
    let ic = InformationContent::uniform(columns.schema());
    let of = |a, b| similarity(&columns, &ic, &with(Measure::Gower, 1), a, b);
    let alike = Similarity {
        score: 1.0,
        low: 1.0,
        high: 1.0,
        comparable: 2,
    };
    assert_eq!(of(0, 1), Some(alike));
    let apart = Similarity {
        score: 0.5,
        low: 0.5,
        high: 0.5,
        comparable: 3,
    };
    assert_eq!(of(0, 2), Some(apart));
    assert_eq!(of(3, 3), None);
    let why = explain(&columns, &ic, &with(Measure::Gower, 1), 0, 1).expect("comparable");
    assert_eq!((why.empty, why.not_comparable), (vec![2], vec![]));
    for measure in Measure::ALL {
        let found = similarity(&columns, &ic, &with(measure, 1), 0, 3).expect("comparable");
        close(found.score, 0.0);
    }
}

#[test]
fn kinds_of_kinship() {
    let columns = columns(&[(&[X1, R, U], &[]), (&[X, Q, U, V], &[]), (&[X2, R], &[])]);
    let ic = InformationContent::uniform(columns.schema());
    let of = |a, b| {
        let why = explain(&columns, &ic, &with(Measure::Gower, 1), a, b).expect("comparable");
        let mut shared: Vec<_> = why.shared.iter().map(|s| (s.value, s.kinship)).collect();
        shared.sort_by_key(|&(value, _)| value);
        (shared, why)
    };
    let (shared, why) = of(0, 1);
    assert_eq!(
        shared,
        [(X, OneNarrower), (P, Implied), (Q, OneNarrower), (U, Same)]
    );
    assert_eq!((&why.only_a[..], &why.only_b[..]), (&[X1, R][..], &[V][..]));
    let narrow: Vec<usize> = why
        .narrowest(columns.schema())
        .iter()
        .map(|s| s.value)
        .collect();
    assert_eq!(narrow, [U, Q, X]);
    let sum: f64 = why
        .narrowest(columns.schema())
        .iter()
        .map(|s| s.contribution)
        .sum();
    close(sum, why.similarity.score);
    let (shared, _) = of(0, 2);
    assert_eq!(
        shared,
        [(X, DifferentKinds), (P, Implied), (Q, Implied), (R, Same)]
    );
}

#[test]
fn information_content_is_frozen_and_told_apart() {
    let few = columns(&[(&[X1], &[]), (&[Y], &[])]);
    let uniform = InformationContent::uniform(&schema());
    assert_eq!(InformationContent::from_columns(&few), uniform);
    // 240 programmes state d0: 60 have x1, 120 x2, 60 nothing.
    let mut rows = vec![
        row("a", &[X1], &[]),
        row("b", &[X2], &[]),
        row("c", &[], &[0]),
    ];
    for (row, count) in rows.iter_mut().zip([60, 120, 60]) {
        row.count = count;
    }
    let ic = InformationContent::from_columns(&Columns::new(schema(), rows));
    let expected =
        [61.0 / 241.0f64, 121.0 / 241.0, 181.0 / 241.0, 1.0 / 241.0].map(|share| -share.ln());
    for (value, expected) in [X1, X2, X, Y].into_iter().zip(expected) {
        close(ic.values()[value], expected);
    }
    close(ic.values()[P], 0.0);
    let kept =
        InformationContent::from_values(&schema(), ic.values().to_vec()).expect("ten values");
    assert_eq!(kept.hash(), ic.hash());
    assert_eq!(ic.hash().len(), 16);
    assert_ne!(ic.hash(), uniform.hash());
    for bad in [
        vec![1.0; 9],
        vec![f64::NAN; 10],
        vec![-1.0; 10],
        vec![f64::INFINITY; 10],
    ] {
        assert_eq!(InformationContent::from_values(&schema(), bad), None);
    }
}

#[test]
fn information_content_is_that_of_dishin() {
    // Couto's metals: 6 of 10 entries are coinage or narrower; copper and gold meet there.
    close(
        InformationContent::of_counts(6, 10),
        0.451_985_123_743_057_27,
    );
}

#[test]
fn circular_dimensions_drop_out() {
    let comparison = Comparison::default().clean_of(&schema(), &[0]);
    let columns = columns(&[(&[X1, Q, U], &[]), (&[Y, Q, U], &[])]);
    let ic = InformationContent::uniform(columns.schema());
    let comparison = Comparison {
        min_comparable: 2,
        ..comparison
    };
    let found = similarity(&columns, &ic, &comparison, 0, 1).expect("comparable");
    assert_eq!(
        found,
        Similarity {
            score: 1.0,
            low: 1.0,
            high: 1.0,
            comparable: 2
        }
    );
    let why = explain(&columns, &ic, &comparison, 0, 1).expect("comparable");
    assert!(why.only_a.is_empty() && why.not_comparable.is_empty());
}

#[test]
fn people_and_instruments() {
    // The example of Neo4j's node similarity, and the numbers its documentation gives.
    let mut schema = schema();
    schema.dimensions.truncate(1);
    schema.values.truncate(4);
    for value in &mut schema.values {
        value.ancestors.clear();
    }
    // Guitar, synthesizer, bongos, trumpet.
    let people = [
        ("Alice", vec![0, 1, 2]),
        ("Bob", vec![0, 1]),
        ("Carol", vec![2]),
        ("Dave", vec![0, 3, 2]),
        ("Eve", vec![]),
    ];
    let rows = people.map(|(name, values)| row(name, &values, &[]));
    let columns = Columns::new(schema, rows.to_vec());
    let ic = InformationContent::uniform(columns.schema());
    let comparison = with(Measure::Jaccard, 1);
    let of = |a, b| similarity(&columns, &ic, &comparison, a, b).map(|found| found.score);
    assert_eq!(of(0, 1), Some(2.0 / 3.0));
    assert_eq!(of(0, 3), Some(0.5));
    assert_eq!(of(0, 2), Some(1.0 / 3.0));
    assert_eq!(of(2, 3), Some(1.0 / 3.0));
    assert_eq!(of(1, 3), Some(0.25));
    assert_eq!(of(0, 4), None);
    let request = Request {
        comparison,
        k: 1,
        ..Request::default()
    };
    let first = |programme| {
        nearest(&columns, &ic, &request, programme)
            .first()
            .map(|near| near.programme)
    };
    assert_eq!(
        [0, 1, 2, 3, 4].map(first),
        [Some(1), Some(0), Some(0), Some(0), None]
    );
}

#[test]
fn nearest_with_silos_and_variety() {
    let mut rows = vec![
        row("a", &[X1, Y, Q, U], &[]),
        row("b", &[X1, Y, Q, U], &[]),
        row("c", &[X1, Y, Q, U], &[]),
        row("d", &[X1, Z, Q, U], &[]),
        row("e", &[X2, Y, R, V], &[]),
    ];
    for (row, silo) in rows
        .iter_mut()
        .zip([Some(0), Some(1), Some(2), None, Some(2)])
    {
        row.silo_values.extend(silo);
    }
    let columns = Columns::new(schema(), rows.clone());
    let ic = InformationContent::uniform(columns.schema());
    let of = |silos, lambda| {
        let request = Request {
            k: 4,
            axes: vec![0],
            silos,
            lambda,
            ..Request::default()
        };
        nearest(&columns, &ic, &request, 0)
            .iter()
            .map(|near| near.programme)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Silos::Any, None), [1, 2, 3, 4]);
    assert_eq!(of(Silos::Other, None), [2, 4]);
    assert_eq!(of(Silos::OtherFirst, None), [2, 4, 1, 3]);
    assert_eq!(of(Silos::Any, Some(1.0)), of(Silos::Any, None));
    // c is b again: after b the different ones come first.
    assert_eq!(of(Silos::Any, Some(0.3))[0], 1);
    assert_eq!(of(Silos::Any, Some(0.3))[1], 4);
    let request = Request {
        k: 9,
        axes: vec![0],
        silos: Silos::Other,
        ..Request::default()
    };
    let found = nearest_to_row(&columns, &ic, &request, rows[0].clone());
    assert_eq!(
        found.iter().map(|near| near.programme).collect::<Vec<_>>(),
        [2, 4]
    );
}
