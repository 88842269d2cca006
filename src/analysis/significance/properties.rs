//! What holds for all tables.

use proptest::prelude::*;

use super::super::columns::Row;
use super::overlap::Overlap;
use super::tests::{model, row, schema};
use super::*;

prop_compose! {
    /// Programmes with up to three dimensions of 4, 2 and 5 values, some not stated.
    fn programmes()(cells in prop::collection::vec(
        (prop::array::uniform3(any::<bool>()), 0u32..2048, 1u32..4), 0..12,
    )) -> Vec<Row> {
        const RANGES: [Range<usize>; 3] = [0..4, 4..6, 6..11];
        cells
            .into_iter()
            .enumerate()
            .map(|(at, (stated, values, count))| Row {
                none: (0..3).filter(|&d| stated[d]).collect(),
                values: (0..3)
                    .filter(|&d| stated[d])
                    .flat_map(|d| RANGES[d].clone())
                    .filter(|value| values >> value & 1 == 1)
                    .collect(),
                count,
                ..row(at, &[])
            })
            .collect()
    }
}

fn fitted(rows: &[Row]) -> (Columns, SignificanceModel) {
    let columns = Columns::new(schema(&[4, 2, 5], 0), rows.to_vec());
    let model = model(&columns);
    (columns, model)
}

proptest! {
    #[test]
    fn expected_degrees_are_the_observed_ones(rows in programmes()) {
        let (columns, model) = fitted(&rows);
        for (at, dimension) in columns.schema().dimensions.iter().enumerate() {
            let mut by_value = vec![0.0; dimension.values.len()];
            for programme in (0..columns.len()).filter(|&p| columns.states(p, at)) {
                let mut expected = 0.0;
                for value in dimension.values.clone() {
                    let p = model.probability(programme, value).expect("stated");
                    prop_assert!((0.0..=1.0).contains(&p));
                    let has = bits::contains(columns.present(programme), value);
                    prop_assert!(!(has && p == 0.0) && (has || p < 1.0));
                    expected += p;
                    let count = f64::from(columns.count(programme));
                    by_value[value - dimension.values.start] += count * (p - f64::from(u8::from(has)));
                }
                let observed = bits::ones(columns.present(programme))
                    .filter(|value| dimension.values.contains(value))
                    .count();
                prop_assert!((expected - observed as f64).abs() < 1e-8);
            }
            prop_assert!(by_value.iter().all(|difference| difference.abs() < 1e-7));
        }
    }

    #[test]
    fn the_model_is_found_however_uneven_the_table(
        rows in prop::collection::vec((0u32..4096, 0u32..21), 1..40),
    ) {
        let rows: Vec<(u32, u64)> = rows.into_iter().map(|(set, power)| (set, 1 << power)).collect();
        let degrees = rows.iter().map(|&(set, count)| (u64::from(set.count_ones()), count));
        let of_value = |value: u32| {
            rows.iter().map(|&(set, count)| u64::from(set >> value & 1) * count).sum::<u64>()
        };
        let model = Bicm::fit(
            bicm::classes(degrees),
            bicm::classes((0..12).map(|value| (of_value(value), 1))),
        );
        let model = model.expect("every table has a model");
        for (at, class) in model.columns.iter().enumerate() {
            let expected: f64 = (0..model.rows.len())
                .map(|row| model.rows[row].count as f64 * model.row(row)[at])
                .sum();
            let degree = class.degree as f64;
            prop_assert!((expected - degree).abs() <= 1e-9 * degree.max(1.0));
        }
        for (at, class) in model.rows.iter().enumerate() {
            let columns = model.columns.iter().map(|class| class.count as f64);
            let expected: f64 = model.row(at).iter().zip(columns).map(|(p, n)| p * n).sum();
            prop_assert!((expected - class.degree as f64).abs() <= 1e-9 * class.degree.max(1) as f64);
        }
    }

    #[test]
    fn a_pair_is_symmetric_and_sound(rows in programmes()) {
        let (columns, model) = fitted(&rows);
        for a in 0..columns.len() {
            for b in 0..columns.len() {
                let pair = model.pair(a, b);
                prop_assert_eq!(pair, model.pair(b, a));
                if let Some(pair) = pair {
                    prop_assert!(pair.p > 0.0 && pair.p <= 1.0);
                    prop_assert!(pair.expected >= 0.0);
                    prop_assert_eq!(pair.shared == 0 && pair.p < 1.0, false);
                    if let Some(lift) = pair.lift {
                        prop_assert!((lift * pair.expected - f64::from(pair.shared)).abs() < 1e-9);
                    } else {
                        prop_assert_eq!(pair.shared, 0);
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_that_stands_for_several_is_several_rows(rows in programmes()) {
        let apart: Vec<Row> = rows
            .iter()
            .flat_map(|row| (0..row.count).map(move |copy| Row {
                name: format!("{}/{copy}", row.name),
                count: 1,
                ..row.clone()
            }))
            .collect();
        let first: Vec<usize> = rows
            .iter()
            .scan(0, |next, row| {
                let at = *next;
                *next += row.count as usize;
                Some(at)
            })
            .collect();
        let (together, apart) = (fitted(&rows).1, fitted(&apart).1);
        prop_assert_eq!(together.degrees_of_freedom(), apart.degrees_of_freedom());
        for a in 0..rows.len() {
            for b in 0..=a {
                let other = first[b] + usize::from(a == b && rows[a].count > 1);
                prop_assert_eq!(together.pair(a, b), apart.pair(first[a], other));
            }
        }
        let families = [
            together.false_discovery(Pairs::All),
            together.false_discovery(Pairs::Where(&|a, b| a <= b)),
            apart.false_discovery(Pairs::Where(&|a, b| a < b)),
        ];
        let all = apart.false_discovery(Pairs::All);
        for family in families {
            prop_assert_eq!(&family, &all);
        }
    }

    #[test]
    fn the_order_and_unstated_dimensions_change_nothing(rows in programmes(), by in 0usize..11) {
        let (columns, model) = fitted(&rows);
        let mut turned = rows.clone();
        turned.rotate_left(by.min(rows.len()));
        for (at, row) in turned.iter_mut().enumerate() {
            row.name = format!("{at:06}");
        }
        let wider = Columns::new(schema(&[4, 2, 5, 3], 0), turned);
        let other = SignificanceModel::fit(&wider).expect("found");
        let n = columns.len();
        let moved = |at: usize| (at + n - by.min(n)) % n;
        for a in 0..n {
            for b in 0..a {
                prop_assert_eq!(model.pair(a, b), other.pair(moved(a), moved(b)));
            }
        }
        prop_assert_eq!(model.false_discovery(Pairs::All), other.false_discovery(Pairs::All));
    }

    #[test]
    fn the_histogram_gives_what_the_list_of_pairs_gives(rows in programmes(), odd in any::<bool>()) {
        let (columns, model) = fitted(&rows);
        let holds = |a: usize, b: usize| !odd || (a + b) % 2 == 1;
        let family = model.false_discovery(Pairs::Where(&holds));
        let mut list = Vec::new();
        let mut untested = 0;
        for a in 0..columns.len() {
            for b in a..columns.len() {
                if !holds(a, b) {
                    continue;
                }
                let (m, n) = (columns.count(a), columns.count(b));
                let times = if a == b { m * (m - 1) / 2 } else { m * n };
                match model.pair(a, b) {
                    Some(pair) => list.extend((0..times).map(|_| pair.p)),
                    None => untested += u64::from(times),
                }
            }
        }
        prop_assert_eq!((family.tests(), family.untested()), (list.len() as u64, untested));
        list.sort_by(f64::total_cmp);
        for level in [0.001, 0.05, 0.3, 0.9, 1.0] {
            // The step-up rule as it is written: the last rank whose p-value is under its line.
            let rank = (1..=list.len())
                .rev()
                .find(|&rank| list[rank - 1] / (rank as f64 / list.len() as f64) <= level)
                .unwrap_or(0);
            prop_assert_eq!(family.discoveries(level, Adjustment::BenjaminiHochberg), rank as u64);
            let threshold = family.threshold(level, Adjustment::BenjaminiHochberg);
            prop_assert_eq!(threshold, rank.checked_sub(1).map(|at| list[at]));
            let strict = family.discoveries(level, Adjustment::BenjaminiYekutieli);
            prop_assert!(level >= 1.0 || strict <= rank as u64);
        }
        let mut before = 0.0;
        for p in list {
            let q = family.q_value(p, Adjustment::BenjaminiHochberg);
            prop_assert!(q >= p && q >= before && q <= family.q_value(p, Adjustment::BenjaminiYekutieli));
            before = q;
        }
    }

    #[test]
    fn tails_fall_and_add_up(
        first in prop::collection::vec(0.0f64..=1.0, 0..9),
        second in prop::collection::vec(0.0f64..=1.0, 0..9),
        cut in 0usize..18,
    ) {
        let apart = [
            Overlap::from_probabilities(first.iter().copied()),
            Overlap::from_probabilities(second.iter().copied()),
        ];
        let together = Overlap::from_probabilities(first.iter().chain(&second).copied());
        let most = cut.min(first.len() + second.len());
        let (mut below, mut a, mut b) = (Vec::new(), Vec::new(), Vec::new());
        upper_tails(&apart, most, &mut below, &mut a);
        upper_tails([&together], most, &mut below, &mut b);
        prop_assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1e-12 * b));
        prop_assert!(a.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert!((a[0] - 1.0).abs() < f64::EPSILON);
        let sum: f64 = first.iter().chain(&second).sum();
        prop_assert!((together.expected - sum).abs() < 1e-12);
    }
}
