use std::convert::Infallible;

use proptest::prelude::*;

use super::super::columns::{AxisColumn, DimensionColumn, Row, ValueColumn};
use super::super::nearest::{self, Neighbour, Request};
use super::super::similarity::{Measure, similarity};
use super::*;

/// Dimensions of the given sizes, every third value below the one two before, and two axes.
fn schema(sizes: &[usize]) -> Schema {
    let mut schema = Schema::default();
    for (scheme, &size) in sizes.iter().enumerate() {
        let start = schema.values.len();
        schema.dimensions.push(DimensionColumn {
            notation: format!("d{scheme}"),
            weight: 1.0 + scheme as f64 / 2.0,
            values: start..start + size,
        });
        for at in 0..size {
            let ancestors = if at % 3 == 2 {
                vec![start + at - 2]
            } else {
                Vec::new()
            };
            let notation = format!("v{at}");
            schema.values.push(ValueColumn {
                notation,
                scheme,
                ancestors,
            });
        }
    }
    for axis in 0..2 {
        let start = schema.silo_values.len();
        schema.axes.push(AxisColumn {
            notation: format!("a{axis}"),
            values: start..start + 3,
            same_stuff_as: vec![axis],
        });
        for at in 0..3 {
            let ancestors = if at == 2 { vec![start] } else { Vec::new() };
            let notation = format!("s{at}");
            schema.silo_values.push(ValueColumn {
                notation,
                scheme: axis,
                ancestors,
            });
        }
    }
    schema
}

/// Random programmes: some dimensions open, some with nothing in them, some programmes alike.
fn columns(sizes: &[usize], programmes: usize, density: f64, open: f64, seed: u64) -> Columns {
    let schema = schema(sizes);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut rows: Vec<Row> = Vec::new();
    for at in 0..programmes {
        let mut row = match rows.last() {
            Some(before) if random.f64() < 0.2 => before.clone(),
            _ => Row::default(),
        };
        if row.name.is_empty() {
            for (at, dimension) in schema.dimensions.iter().enumerate() {
                if random.f64() < open {
                    continue;
                }
                row.none.push(at);
                row.values
                    .extend(dimension.values.clone().filter(|_| random.f64() < density));
            }
            row.silo_values = (0..6).filter(|_| random.f64() < 0.2).collect();
        } else if random.bool() {
            row.silo_values = vec![random.usize(0..6)];
        }
        row.name = format!("p{at:05}");
        row.count = 1 + random.u32(0..3);
        rows.push(row);
    }
    Columns::new(schema, rows)
}

fn work(threads: usize) -> Work {
    Work {
        threads,
        ..Work::default()
    }
}

fn edges(pairs: &AllPairs, threshold: f64, work: &Work) -> Vec<Edge> {
    let mut found = Vec::new();
    let done: Result<(), Infallible> = pairs.threshold(threshold, work, |edge| {
        found.push(edge);
        Ok(())
    });
    match done {
        Ok(()) => found,
    }
}

fn tops(pairs: &AllPairs, k: usize, work: &Work) -> Vec<(usize, Vec<Neighbour>)> {
    let mut found = Vec::new();
    let done: Result<(), Infallible> = pairs.top_k(k, work, |programme, nearest| {
        found.push((programme, nearest.to_vec()));
        Ok(())
    });
    match done {
        Ok(()) => found,
    }
}

/// Every pair, one at a time.
fn brute(
    columns: &Columns,
    ic: &InformationContent,
    comparison: &Comparison,
    axes: &[usize],
    threshold: f64,
) -> Vec<Edge> {
    let mut found = Vec::new();
    for a in 0..columns.len() {
        for b in 0..columns.len() {
            let counts = if comparison.measure.is_symmetric() {
                a < b
            } else {
                a != b
            };
            if !counts || (!axes.is_empty() && columns.across(a, b, axes) != Some(true)) {
                continue;
            }
            match similarity(columns, ic, comparison, a, b) {
                Some(similarity) if similarity.score > 0.0 && similarity.score >= threshold => {
                    found.push(Edge { a, b, similarity });
                }
                _ => {}
            }
        }
    }
    found
}

fn check(
    columns: &Columns,
    comparison: &Comparison,
    axes: &[usize],
    threshold: f64,
    k: usize,
    threads: usize,
) {
    let ic = if columns.len().is_multiple_of(2) {
        InformationContent::from_columns(columns)
    } else {
        let values = (0..columns.schema().values.len())
            .map(|at| (at % 4) as f64 * 0.7)
            .collect();
        InformationContent::from_values(columns.schema(), values).expect("as many as values")
    };
    let pairs = AllPairs::new(columns, &ic, comparison, axes);
    let expected = brute(columns, &ic, comparison, axes, threshold);
    let mut found = edges(&pairs, threshold, &work(threads));
    found.sort_by_key(|edge| (edge.a, edge.b));
    assert_eq!(found, expected);
    assert_eq!(
        pairs.predict(threshold, &work(threads)),
        expected.len() as u64
    );

    let request = Request {
        comparison: *comparison,
        k,
        axes: axes.to_vec(),
        silos: if axes.is_empty() {
            nearest::Silos::Any
        } else {
            nearest::Silos::Other
        },
        lambda: None,
    };
    let mut found = tops(&pairs, k, &work(threads));
    found.sort_by_key(|&(programme, _)| programme);
    assert_eq!(found.len(), columns.len());
    for (programme, (found, neighbours)) in found.into_iter().enumerate() {
        assert_eq!(found, programme);
        assert_eq!(
            neighbours,
            nearest::nearest(columns, &ic, &request, programme)
        );
    }
}

fn comparison() -> impl Strategy<Value = Comparison> {
    (
        0..Measure::ALL.len(),
        0u32..4,
        prop_oneof![Just(u64::MAX), any::<u64>()],
    )
        .prop_map(|(measure, min_comparable, dimensions)| Comparison {
            measure: Measure::ALL[measure],
            min_comparable,
            dimensions,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_pairs_are_those_of_the_definition(
        comparison in comparison(),
        programmes in 0usize..70,
        density in 0.05..0.8f64,
        open in prop_oneof![Just(0.0), 0.0..0.6f64],
        threshold in prop_oneof![Just(0.0), Just(0.5), Just(1.0), 0.0..1.0f64],
        axes in prop_oneof![Just(vec![]), Just(vec![0]), Just(vec![0, 1])],
        k in 0usize..12,
        threads in 1usize..4,
        seed: u64,
    ) {
        let columns = columns(&[9, 3, 60, 5], programmes, density, open, seed);
        check(&columns, &comparison, &axes, threshold, k, threads);
    }
}

#[test]
fn several_blocks_and_tiles() {
    // More than a block of rows with few groups, and more than a tile (16,384 rows) counted.
    let many = columns(&[12, 8, 10], 1_300, 0.3, 0.1, 5);
    for measure in Measure::ALL {
        let comparison = Comparison {
            measure,
            min_comparable: 2,
            ..Comparison::default()
        };
        check(&many, &comparison, &[], 0.7, 5, 2);
        check(&many, &comparison, &[1], 0.6, 3, 2);
    }
}

#[test]
fn more_than_a_tile() {
    let schema = schema(&[12, 8, 10]);
    let mut random = fastrand::Rng::with_seed(8);
    let profiles: Vec<(Vec<u64>, u64)> = (0..20_000)
        .map(|_| (vec![random.u64(..1 << 30) & random.u64(..)], 7))
        .collect();
    let ic = InformationContent::uniform(&schema);
    let threshold = 0.75;
    let comparison = Comparison {
        measure: Measure::Jaccard,
        ..Comparison::default()
    };
    let pairs = AllPairs::from_profiles(&schema, &ic, &comparison, profiles.clone());
    let mut expected = 0;
    for (at, (a, _)) in profiles.iter().enumerate() {
        for (b, _) in &profiles[at + 1..] {
            // All three dimensions have a value in one of the two.
            let filled = [0..12, 12..20, 20..30]
                .into_iter()
                .all(|range| (a[0] | b[0]) >> range.start & ((1 << range.len()) - 1) != 0);
            let (shared, either) = ((a[0] & b[0]).count_ones(), (a[0] | b[0]).count_ones());
            expected += u64::from(filled && f64::from(shared) / f64::from(either) >= threshold);
        }
    }
    assert!(expected > 100);
    assert_eq!(pairs.predict(threshold, &work(2)), expected);
    assert_eq!(edges(&pairs, threshold, &work(2)).len() as u64, expected);
    let whole = pairs.predict(threshold, &work(1));
    let parts = [0..5_000, 5_000..5_001, 5_001..20_000];
    let sum: u64 = parts
        .map(|programmes| {
            pairs.predict(
                threshold,
                &Work {
                    threads: 2,
                    programmes,
                },
            )
        })
        .iter()
        .sum();
    assert_eq!(whole, sum);
}

#[test]
fn edges_stream_in_order_and_in_shards() {
    let columns = columns(&[6, 6, 6], 300, 0.5, 0.0, 11);
    let ic = InformationContent::from_columns(&columns);
    let pairs = AllPairs::new(&columns, &ic, &Comparison::default(), &[]);
    assert!(pairs.distinct() < columns.len());
    let one = edges(&pairs, 0.6, &work(1));
    assert_eq!(one, edges(&pairs, 0.6, &work(3)));
    let shards: Vec<Edge> = [0..100, 100..101, 101..300]
        .into_iter()
        .flat_map(|programmes| {
            edges(
                &pairs,
                0.6,
                &Work {
                    threads: 2,
                    programmes,
                },
            )
        })
        .collect();
    assert_eq!(one, shards);
    let mut sum = 0;
    for programmes in [0..100, 100..300] {
        sum += pairs.predict(
            0.6,
            &Work {
                threads: 2,
                programmes,
            },
        );
    }
    assert_eq!(sum, one.len() as u64);
    assert_eq!(tops(&pairs, 4, &work(1)), tops(&pairs, 4, &work(3)));
}

#[test]
fn the_first_error_ends_it() {
    let columns = columns(&[6, 6, 6], 100, 0.5, 0.0, 11);
    let ic = InformationContent::from_columns(&columns);
    let pairs = AllPairs::new(&columns, &ic, &Comparison::default(), &[]);
    let mut taken = 0;
    let done = pairs.threshold(0.1, &work(2), |_| {
        taken += 1;
        if taken < 3 { Ok(()) } else { Err("full") }
    });
    assert_eq!((done, taken), (Err("full"), 3));
}

#[test]
fn little_data() {
    for programmes in [0, 1, 2] {
        let columns = columns(&[4, 4, 4], programmes, 0.5, 0.0, 0);
        for measure in Measure::ALL {
            let comparison = Comparison {
                measure,
                ..Comparison::default()
            };
            check(&columns, &comparison, &[], 0.0, 10, 4);
        }
    }
    let unknown = columns(&[4, 4, 4], 20, 0.5, 1.1, 0);
    let ic = InformationContent::from_columns(&unknown);
    let pairs = AllPairs::new(&unknown, &ic, &Comparison::default(), &[]);
    assert_eq!(pairs.predict(0.0, &work(1)), 0);
    assert_eq!(pairs.predict(f64::NAN, &work(1)), 0);
    let nothing = AllPairs::from_profiles(
        &Schema::default(),
        &InformationContent::uniform(&Schema::default()),
        &Comparison::default(),
        [(vec![], 0), (vec![], 0)],
    );
    assert_eq!(nothing.predict(0.0, &work(1)), 0);
}

#[test]
fn all_alike() {
    let row = Row {
        values: vec![0, 5, 8],
        count: 1,
        ..Row::default()
    };
    let rows = (0..50)
        .map(|at| Row {
            name: format!("p{at:02}"),
            ..row.clone()
        })
        .collect();
    let columns = Columns::new(schema(&[4, 4, 4]), rows);
    let ic = InformationContent::from_columns(&columns);
    let pairs = AllPairs::new(&columns, &ic, &Comparison::default(), &[]);
    assert_eq!(pairs.distinct(), 1);
    assert_eq!(pairs.predict(1.0, &work(1)), 50 * 49 / 2);
    let top = tops(&pairs, 60, &work(1));
    assert!(top.iter().all(|(_, nearest)| nearest.len() == 49));
}
