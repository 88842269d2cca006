//! Whatever the programmes, what must stay true of a map stays true.

use proptest::prelude::*;

use super::super::columns::{Columns, Row};
use super::null::lower_tail;
use super::tests::{GROUP, PLACE, WORK, close, schema};
use super::*;

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let values = prop::collection::vec(0_usize..5, 0..4);
    let silos = prop::collection::vec(0_usize..2, 0..2);
    let none = prop::collection::vec(0_usize..2, 0..2);
    let row = (values, silos, none, 1_u32..4).prop_map(|(mut values, silo_values, none, count)| {
        values.sort_unstable();
        values.dedup();
        Row {
            values,
            none,
            silo_values,
            count,
            ..Row::default()
        }
    });
    prop::collection::vec(row, 0..60).prop_map(|mut rows| {
        for (at, row) in rows.iter_mut().enumerate() {
            row.name = format!("{at:04}");
        }
        rows
    })
}

fn map_of(rows: &[Row], extra: usize, pair: (Facet, Facet)) -> GapMap {
    let absent = |at: usize, _: Facet, value: usize| (at * 7 + value).is_multiple_of(5);
    let request = Request {
        depth: Depth::All,
        min_expected: 1.0,
        absent: Some(&absent),
        ..Request::new(pair.0, pair.1)
    };
    gap_map(&Columns::new(schema(extra), rows.to_vec()), &request).expect("facets exist")
}

fn any_pair() -> impl Strategy<Value = (Facet, Facet)> {
    prop::sample::select(vec![(WORK, PLACE), (GROUP, PLACE), (WORK, GROUP)])
}

/// Cells without what names or numbers programmes.
fn without_programmes(map: &GapMap) -> Vec<Cell> {
    let clear = |cell: &Cell| Cell {
        programmes: Vec::new(),
        ..cell.clone()
    };
    map.cells.iter().map(clear).collect()
}

proptest! {
    #[test]
    fn the_four_counts_are_everybody_and_the_margins_are_right(
        rows in any_rows(), pair in any_pair()
    ) {
        let map = map_of(&rows, 0, pair);
        let all: u64 = rows.iter().map(|row| u64::from(row.count)).sum();
        prop_assert_eq!(map.denominators.programmes, all);
        prop_assert_eq!(map.denominators.both + map.denominators.unknown, all);
        for cell in &map.cells {
            prop_assert_eq!(cell.count + cell.absent + cell.not_found + cell.unknown, all);
            prop_assert!(cell.unknown <= map.denominators.unknown);
            prop_assert!(cell.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
            prop_assert!(cell.q >= cell.p);
            prop_assert_eq!(cell.p.is_some(), cell.q.is_some());
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing_and_of_names_only_positions(
        rows in any_rows(), pair in any_pair()
    ) {
        let map = map_of(&rows, 0, pair);
        let mut shuffled = rows.clone();
        shuffled.reverse();
        prop_assert_eq!(&map_of(&shuffled, 0, pair), &map);
        let request = Request { depth: Depth::All, ..Request::new(pair.0, pair.1) };
        let make = |rows: Vec<Row>| gap_map(&Columns::new(schema(0), rows), &request);
        let plain = make(rows.clone()).expect("facets exist");
        let last = rows.len();
        for (at, row) in shuffled.iter_mut().enumerate() {
            row.name = format!("{at:04}");
        }
        let renamed = make(shuffled).expect("facets exist");
        prop_assert_eq!(without_programmes(&plain), without_programmes(&renamed));
        for (a, b) in plain.cells.iter().zip(&renamed.cells) {
            let back: Vec<usize> = b.programmes.iter().rev().map(|at| last - 1 - at).collect();
            prop_assert_eq!(&a.programmes, &back);
        }
    }

    #[test]
    fn a_value_nobody_has_changes_no_other_cell(rows in any_rows(), pair in any_pair()) {
        let (plain, more) = (map_of(&rows, 0, pair), map_of(&rows, 2, pair));
        let old: Vec<&Cell> = more.cells.iter().filter(|cell| cell.column < 5).collect();
        prop_assert_eq!(plain.cells.iter().collect::<Vec<_>>(), old);
        prop_assert_eq!(plain.denominators, more.denominators);
    }

    #[test]
    fn a_silent_programme_changes_only_what_is_unknown(rows in any_rows(), pair in any_pair()) {
        let request = Request { depth: Depth::All, min_expected: 1.0, ..Request::new(pair.0, pair.1) };
        let make = |rows: &[Row]| {
            gap_map(&Columns::new(schema(0), rows.to_vec()), &request).expect("facets exist")
        };
        let plain = make(&rows);
        let mut more = rows.clone();
        more.push(Row { name: "9999".to_owned(), count: 3, ..Row::default() });
        let mut more = make(&more);
        for cell in &mut more.cells {
            cell.unknown -= 3;
        }
        more.denominators.programmes -= 3;
        more.denominators.unknown -= 3;
        prop_assert_eq!(plain, more);
    }

    #[test]
    fn a_row_that_counts_thrice_is_three_rows(rows in any_rows(), pair in any_pair()) {
        let mut apart = Vec::new();
        for row in &rows {
            for copy in 0..row.count {
                let name = format!("{}-{copy}", row.name);
                apart.push(Row { name, count: 1, ..row.clone() });
            }
        }
        let request = Request { depth: Depth::All, min_expected: 1.0, ..Request::new(pair.0, pair.1) };
        let make = |rows: &[Row]| {
            gap_map(&Columns::new(schema(0), rows.to_vec()), &request).expect("facets exist")
        };
        let (together, apart) = (make(&rows), make(&apart));
        prop_assert_eq!(without_programmes(&together), without_programmes(&apart));
        prop_assert_eq!(together.denominators, apart.denominators);
    }

    #[test]
    fn probabilities_that_are_the_degree_model_give_the_same_map(rows in any_rows()) {
        let columns = Columns::new(schema(0), rows);
        let request = Request { min_expected: 1.0, ..Request::new(WORK, PLACE) };
        let (work, place) = (
            Side::new(&columns, WORK, Depth::Top).expect("a facet"),
            Side::new(&columns, PLACE, Depth::Top).expect("a facet"),
        );
        let both = side::intersection(&work.stated, &place.stated);
        let model = |programme: usize, facet: Facet, value: usize| {
            let side = if facet == WORK { &work } else { &place };
            let margin = |set: &Vec<u64>| side::weigh(&columns, &side::intersection(set, &both));
            let total: u64 = side.sets.iter().map(margin).sum();
            let degree = side.sets.iter().filter(|set| bits::contains(set, programme)).count();
            let at = side.values.iter().position(|&v| v == value).expect("a value of the side");
            if total == 0 { return 0.0; }
            (degree as f64 * margin(&side.sets[at]) as f64 / total as f64).min(1.0)
        };
        let plain = gap_map(&columns, &request).expect("facets exist");
        let given = gap_map(&columns, &Request { probability: Some(&model), ..request });
        for (a, b) in plain.cells.iter().zip(&given.expect("facets exist").cells) {
            prop_assert!(close(a.expected, b.expected));
            prop_assert!(close(a.p.unwrap_or(1.0), b.p.unwrap_or(1.0)) || a.p.is_some() != b.p.is_some());
        }
    }

    #[test]
    fn a_tail_is_what_counting_one_by_one_gives(
        trials in prop::collection::vec((0.0_f64..=1.0, 1_u64..6), 0..12), most in 0_usize..40
    ) {
        let mut mass = vec![1.0];
        for &(p, copies) in &trials {
            for _ in 0..copies {
                mass.resize(mass.len() + 1, 0.0);
                for at in (0..mass.len()).rev() {
                    let before = if at > 0 { mass[at - 1] } else { 0.0 };
                    mass[at] = mass[at] * (1.0 - p) + before * p;
                }
            }
        }
        let expected: f64 = mass.iter().take(most + 1).sum();
        prop_assert!((lower_tail(trials, most as u64) - expected).abs() < 1e-12);
    }

    #[test]
    fn coverage_counts_what_the_maps_show(rows in any_rows()) {
        let columns = Columns::new(schema(0), rows);
        let facets = vec![WORK, PLACE, GROUP];
        let request = CoverageRequest { facets, depth: Depth::All, limit: 1_000, probability: None };
        let found = coverage(&columns, &request).expect("facets exist");
        let (mut present, mut total) = (0, 0);
        for pair in &found.pairs {
            let request = Request { depth: Depth::All, ..Request::new(pair.rows, pair.columns) };
            let map = gap_map(&columns, &request).expect("facets exist");
            present += map.cells.iter().filter(|cell| cell.count > 0).count();
            total += map.cells.len();
            for missing in found.missing.iter().filter(|m| (m.rows, m.columns) == (pair.rows, pair.columns)) {
                let cell = map.cells.iter().find(|c| (c.row, c.column) == (missing.row, missing.column));
                prop_assert!(cell.is_some_and(|c| c.count == 0 && close(c.expected, missing.expected)));
            }
        }
        prop_assert_eq!((found.present, found.total), (present, total));
        prop_assert_eq!(found.missing.len(), total - present);
    }
}
