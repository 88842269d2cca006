use std::collections::BTreeSet;

use super::super::columns::{AxisColumn, DimensionColumn, Row, Schema, ValueColumn};
use super::overlap::Overlap;
use super::*;

/// Dimensions with these numbers of values, and one axis with `silos` values, all at the top.
pub(super) fn schema(sizes: &[usize], silos: usize) -> Schema {
    let value = |scheme: usize| ValueColumn {
        notation: String::new(),
        scheme,
        ancestors: Vec::new(),
    };
    let mut schema = Schema::default();
    for (at, &size) in sizes.iter().enumerate() {
        let start = schema.values.len();
        schema.values.extend((0..size).map(|_| value(at)));
        schema.dimensions.push(DimensionColumn {
            notation: format!("d{at}"),
            weight: 1.0,
            values: start..start + size,
        });
    }
    schema.silo_values = (0..silos).map(|_| value(0)).collect();
    schema.axes = vec![AxisColumn {
        notation: "axis".to_owned(),
        values: 0..silos,
        same_stuff_as: Vec::new(),
    }];
    schema
}

pub(super) fn row(name: usize, values: &[usize]) -> Row {
    Row {
        name: format!("{name:06}"),
        values: values.to_vec(),
        count: 1,
        ..Row::default()
    }
}

/// One dimension; rows without values state that none holds.
fn table(size: usize, rows: &[&[usize]]) -> Columns {
    let rows = rows.iter().enumerate().map(|(at, values)| Row {
        none: vec![0],
        ..row(at, values)
    });
    Columns::new(schema(&[size], 0), rows.collect())
}

pub(super) fn model(columns: &Columns) -> SignificanceModel {
    SignificanceModel::fit(columns).expect("the null model of a small table is found")
}

#[track_caller]
fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn a_regular_table_has_the_same_probability_everywhere() {
    let columns = table(2, &[&[0], &[1]]);
    let model = model(&columns);
    assert_eq!(model.degrees_of_freedom(), 1);
    assert_close(model.probability(0, 1).expect("stated"), 0.5);
    let pair = model.pair(0, 1).expect("there is something to test");
    assert_eq!((pair.shared, pair.p), (0, 1.0));
    assert_close(pair.expected, 0.5);
    assert_eq!(pair.lift, Some(0.0));
    // Three of four values each: a shared value has 9/16.
    let columns = table(
        4,
        &[
            &[0, 1, 2],
            &[0, 1, 2],
            &[0, 2, 3],
            &[1, 2, 3],
            &[0, 1, 3],
            &[0, 1, 3],
            &[0, 2, 3],
            &[1, 2, 3],
        ],
    );
    let model = SignificanceModel::fit(&columns).expect("found");
    let pair = model.pair(0, 1).expect("there is something to test");
    let (q, r) = (9.0 / 16.0, 7.0 / 16.0);
    assert_eq!(pair.shared, 3);
    assert_close(pair.expected, 4.0 * q);
    assert_close(pair.p, 4.0 * q * q * q * r + q * q * q * q);
    assert_close(pair.lift.expect("something is expected"), 3.0 / 2.25);
}

#[test]
fn forced_cells_are_exact_even_without_full_or_empty_rows() {
    // The two first programmes must have the two first values and the others must not have the
    // two last; what remains are two tables of two by two.
    let columns = table(4, &[&[0, 1, 2], &[0, 1, 3], &[0], &[1]]);
    let model = model(&columns);
    assert_eq!(model.degrees_of_freedom(), 2);
    let p = |programme, value| model.probability(programme, value).expect("stated");
    assert_eq!((p(0, 0), p(1, 1), p(2, 2), p(3, 3)), (1.0, 1.0, 0.0, 0.0));
    assert_close(p(0, 2), 0.5);
    assert_close(p(2, 1), 0.5);
    let sure = model.pair(0, 1).expect("there is something to test");
    assert_eq!((sure.shared, sure.p), (2, 1.0));
    assert_close(sure.expected, 2.5);
    let pair = model.pair(0, 2).expect("there is something to test");
    assert_close(pair.p, 0.75);
    assert_close(pair.expected, 1.0);
}

#[test]
fn margins_that_leave_no_choice_give_no_p_value() {
    for rows in [
        &[&[0usize, 1][..], &[0]][..],
        &[&[0, 1], &[0, 1], &[0, 1]],
        &[&[], &[]],
        &[&[0]],
        &[],
    ] {
        let columns = table(2, rows);
        let model = model(&columns);
        assert_eq!(model.degrees_of_freedom(), 0);
        for a in 0..rows.len() {
            for b in 0..rows.len() {
                assert_eq!(model.pair(a, b), None);
            }
        }
        let fdr = model.false_discovery(Pairs::All);
        let pairs = (rows.len() * rows.len().saturating_sub(1) / 2) as u64;
        assert_eq!((fdr.tests(), fdr.untested()), (0, pairs));
        assert_eq!(fdr.threshold(0.05, Adjustment::BenjaminiHochberg), None);
        assert_eq!(fdr.discoveries(1.0, Adjustment::BenjaminiYekutieli), 0);
    }
}

#[test]
fn what_is_not_stated_is_not_compared() {
    // The last programme states only the second dimension; the first nothing at all.
    let rows = vec![
        row(0, &[]),
        row(1, &[0, 2]),
        row(2, &[1, 2]),
        row(3, &[0, 3]),
        row(4, &[3]),
    ];
    let columns = Columns::new(schema(&[2, 2], 0), rows);
    let model = model(&columns);
    assert_eq!(model.pair(0, 1), None);
    assert_eq!(model.probability(0, 0), None);
    assert_eq!(model.probability(4, 0), None);
    // Both values of the second dimension have two of four programmes, of one value each.
    let pair = model.pair(3, 4).expect("there is something to test");
    assert_close(pair.p, 1.0 - 0.75 * 0.75);
    // In the first dimension the probabilities are 2/3 and 1/3, and dimensions are independent.
    let pair = model.pair(1, 3).expect("there is something to test");
    let at_least_one = 1.0 - (1.0 - 4.0 / 9.0) * (1.0 - 1.0 / 9.0);
    assert_close(pair.p, 1.0 - (1.0 - at_least_one) * 0.75 * 0.75);
    assert_eq!(model.false_discovery(Pairs::All).untested(), 4);
}

#[test]
fn only_most_specific_values_count() {
    let mut schema = schema(&[3], 0);
    schema.values[1].ancestors = vec![0];
    let rows = vec![row(0, &[0, 1]), row(1, &[0, 2]), row(2, &[2])];
    let columns = Columns::new(schema, rows);
    let pair = model(&columns)
        .pair(0, 1)
        .expect("there is something to test");
    assert_eq!(pair.shared, 0);
}

#[test]
fn a_tail_too_small_for_a_number_is_still_above_0() {
    let overlap = Overlap::from_probabilities(std::iter::repeat_n(1e-9, 60));
    let (mut below, mut tails) = (Vec::new(), Vec::new());
    upper_tails([&overlap], 60, &mut below, &mut tails);
    assert_eq!((tails[0], tails[60]), (1.0, f64::MIN_POSITIVE));
    // 60 · 59 / 2 · 1e-18, to the first order.
    assert!((tails[2] / 1.77e-15 - 1.0).abs() < 1e-6);
}

#[test]
fn adjusted_p_values_by_hand() {
    // The example of Benjamini and Hochberg (1995), 15 tests: four discoveries at 0.05.
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ];
    let fdr = Fdr::of(p.map(|p| (p, 1)));
    assert_eq!(fdr.discoveries(0.05, Adjustment::BenjaminiHochberg), 4);
    assert_eq!(
        fdr.threshold(0.05, Adjustment::BenjaminiHochberg),
        Some(0.0095)
    );
    assert_close(
        fdr.q_value(0.0095, Adjustment::BenjaminiHochberg),
        0.035_625,
    );
    // 0.0344 · 15 / 8 is less than 0.0298 · 15 / 7 would be raised to: the least above counts.
    assert_close(
        fdr.q_value(0.0278, Adjustment::BenjaminiHochberg),
        0.0298 * 15.0 / 7.0,
    );
    assert_eq!(fdr.discoveries(0.05, Adjustment::BenjaminiYekutieli), 3);
    // Ties are one step.
    let ties = Fdr::of([(0.04, 2), (0.9, 1), (0.04, 1), (f64::NAN, 5)]);
    assert_eq!((ties.tests(), ties.untested()), (4, 5));
    assert_close(
        ties.q_value(0.04, Adjustment::BenjaminiHochberg),
        0.04 * 4.0 / 3.0,
    );
    assert_close(ties.q_value(0.95, Adjustment::BenjaminiHochberg), 0.95);
    assert_close(
        Fdr::default().q_value(0.3, Adjustment::BenjaminiYekutieli),
        0.3,
    );
}

#[test]
fn a_failure_is_a_sentence() {
    let error = FitError::NotConverged {
        dimension: "function".to_owned(),
        residual: 0.000_25,
        steps: 200,
    };
    assert_eq!(
        error.to_string(),
        "the null model of dimension `function` was not found: after 200 steps the numbers it \
         expects are still off by up to 2.5e-4 of the observed ones"
    );
}

/// Programmes with these silos each, and nothing else.
fn silos(sets: &[&[usize]], size: usize) -> Columns {
    let rows = sets.iter().enumerate().map(|(at, set)| Row {
        silo_values: set.to_vec(),
        ..row(at, &[])
    });
    Columns::new(schema(&[], size), rows.collect())
}

#[test]
fn silos_that_keep_to_themselves_stand_out() {
    // Two silos of six, each a ring, one edge between them and one to a programme without a silo.
    let sets: Vec<&[usize]> = (0..13)
        .map(|at| {
            if at < 6 {
                &[0][..]
            } else if at < 12 {
                &[1][..]
            } else {
                &[][..]
            }
        })
        .collect();
    let columns = silos(&sets, 3);
    let mut edges: Vec<(usize, usize)> = (0..6)
        .flat_map(|at| [(at, (at + 1) % 6), (6 + at, 6 + (at + 1) % 6)])
        .collect();
    edges.extend([(0, 6), (1, 12), (2, 2)]);
    let mixing = silo_mixing(&columns, 0, &edges, 999, 7);
    assert_eq!((mixing.edges, mixing.open_edges), (13, 2));
    let places: Vec<_> = mixing
        .pairs
        .iter()
        .map(|pair| (pair.a, pair.b, pair.observed))
        .collect();
    assert_eq!(places, [(0, 0, 6), (0, 1, 1), (1, 1, 6)]);
    assert_close(mixing.pairs[0].expected, 13.0 * 30.0 / 132.0);
    assert_close(mixing.pairs[1].expected, 13.0 * 72.0 / 132.0);
    let between = mixing.pairs[1];
    assert!(between.ratio < 0.2 && between.z < Some(-3.0) && between.p < Some(0.02));
    assert!(between.q >= between.p && between.q <= Some(1.0));
    assert_eq!(mixing, silo_mixing(&columns, 0, &edges, 999, 7));
    let none = silo_mixing(&columns, 0, &edges, 0, 0);
    assert!(
        none.pairs
            .iter()
            .all(|pair| pair.p.is_none() && pair.q.is_none())
    );
    let empty = silo_mixing(&columns, 0, &[], 99, 0);
    assert_eq!((empty.pairs.len(), empty.edges), (0, 0));
}

#[test]
fn silos_that_overlap_are_not_taken_for_silos_that_attract() {
    // All programmes in both silos: every permutation is the same, and nothing can be tested.
    let columns = silos(&[&[0usize, 1][..]; 4], 2);
    let mixing = silo_mixing(&columns, 0, &[(0, 1), (2, 3)], 99, 1);
    let seen: Vec<_> = mixing
        .pairs
        .iter()
        .map(|pair| (pair.observed, pair.ratio, pair.p))
        .collect();
    assert_eq!(seen, [(2, 1.0, None), (4, 1.0, None), (2, 1.0, None)]);
}

#[test]
fn a_programme_is_in_the_broader_silos_too() {
    let mut schema = schema(&[], 3);
    schema.silo_values[1].ancestors = vec![0];
    let rows = [1, 0, 2].map(|silo| Row {
        silo_values: vec![silo],
        ..row(silo, &[])
    });
    let columns = Columns::new(schema, rows.to_vec());
    // By name: the broader silo, the narrower, another one.
    let mixing = silo_mixing(&columns, 0, &[(0, 1), (1, 2)], 0, 0);
    let seen: Vec<_> = mixing
        .pairs
        .iter()
        .map(|pair| (pair.a, pair.b, pair.observed))
        .collect();
    assert_eq!(seen, [(0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 2, 1)]);
}

#[test]
fn the_exact_mean_of_the_permutations_is_their_mean() {
    let columns = silos(&[&[0], &[0, 1], &[1], &[2], &[2], &[0, 2]], 3);
    let edges = [(0, 1), (1, 2), (2, 3), (0, 5), (4, 5)];
    let mixing = silo_mixing(&columns, 0, &edges, 0, 0);
    let mut order: Vec<usize> = (0..6).collect();
    let mut sums = vec![0.0; mixing.pairs.len()];
    let mut orders = 0.0;
    permute(&mut order, 0, &mut |order| {
        let moved: Vec<_> = edges.iter().map(|&(a, b)| (order[a], order[b])).collect();
        for (sum, pair) in sums
            .iter_mut()
            .zip(silo_mixing(&columns, 0, &moved, 0, 0).pairs)
        {
            *sum += pair.observed as f64;
        }
        orders += 1.0;
    });
    for (sum, pair) in sums.iter().zip(&mixing.pairs) {
        assert_close(sum / orders, pair.expected);
    }
}

fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        visit(order);
    }
    for at in from..order.len() {
        order.swap(from, at);
        permute(order, from + 1, visit);
        order.swap(from, at);
    }
}

/// A table with the margins of `rows`, as good as random: curveball trades (Strona and others
/// 2014), the reference for models that keep the margins on average.
fn curveball(rows: &mut [BTreeSet<usize>], trades: usize, random: &mut fastrand::Rng) {
    for _ in 0..trades {
        let (a, b) = (random.usize(..rows.len()), random.usize(..rows.len()));
        if a == b {
            continue;
        }
        let mut pool: Vec<usize> = rows[a].symmetric_difference(&rows[b]).copied().collect();
        let common: BTreeSet<usize> = rows[a].intersection(&rows[b]).copied().collect();
        let mine = rows[a].len() - common.len();
        random.shuffle(&mut pool);
        let (first, second) = pool.split_at(mine);
        rows[a] = common.iter().chain(first).copied().collect();
        rows[b] = common.iter().chain(second).copied().collect();
    }
}

#[test]
fn margins_kept_on_average_come_close_to_margins_kept_exactly() {
    const SAMPLES: u32 = 4000;
    let mut random = fastrand::Rng::with_seed(11);
    let mut rows: Vec<BTreeSet<usize>> = (0..40)
        .map(|_| {
            let keep = 0.15 + 0.5 * random.f64();
            (0..20)
                .filter(|value| random.f64() < keep / (1.0 + 0.05 * *value as f64))
                .collect()
        })
        .collect();
    let lists: Vec<Vec<usize>> = rows
        .iter()
        .map(|row| row.iter().copied().collect())
        .collect();
    let columns = table(20, &lists.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let model = model(&columns);
    let pairs: Vec<(usize, usize)> = (0..40).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
    let observed: Vec<Significance> = pairs
        .iter()
        .map(|&(a, b)| model.pair(a, b).expect("there is something to test"))
        .collect();
    let mut as_many = vec![0u32; pairs.len()];
    curveball(&mut rows, 2000, &mut random);
    for _ in 0..SAMPLES {
        curveball(&mut rows, 100, &mut random);
        for ((count, &(a, b)), pair) in as_many.iter_mut().zip(&pairs).zip(&observed) {
            *count += u32::from(rows[a].intersection(&rows[b]).count() >= pair.shared as usize);
        }
    }
    let distances: Vec<f64> = as_many
        .iter()
        .zip(&observed)
        .map(|(&count, pair)| pair.p - f64::from(count) / f64::from(SAMPLES))
        .collect();
    let mean = distances.iter().map(|d| d.abs()).sum::<f64>() / distances.len() as f64;
    assert!(mean < 0.05, "mean distance {mean}");
    // The averages spread more, so among unlikely pairs the model is the cautious one.
    let unlikely: Vec<f64> = distances
        .iter()
        .zip(&observed)
        .filter(|(_, pair)| pair.p < 0.2)
        .map(|(distance, _)| *distance)
        .collect();
    assert!(unlikely.len() > 20 && unlikely.iter().sum::<f64>() > 0.0);
}
