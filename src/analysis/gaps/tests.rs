use super::super::columns::{AxisColumn, Columns, DimensionColumn, Row, Schema, ValueColumn};
use super::null::{adjusted, lower_tail};
use super::*;

/// Dimensions `work` (values 0 ⊃ 1, 2) and `place` (3, 4); axis `group` (0, 1), cut from `work`.
/// `extra` more values that nobody has stand at the end of `place`.
pub(super) fn schema(extra: usize) -> Schema {
    let value = |notation: &str, scheme, ancestors: &[usize]| ValueColumn {
        notation: notation.to_owned(),
        scheme,
        ancestors: ancestors.to_vec(),
    };
    let dimension = |notation: &str, values| DimensionColumn {
        notation: notation.to_owned(),
        weight: 1.0,
        values,
    };
    let mut schema = Schema {
        dimensions: vec![dimension("work", 0..3), dimension("place", 3..5 + extra)],
        values: vec![
            value("talk", 0, &[]),
            value("listen", 0, &[0]),
            value("guide", 0, &[]),
            value("home", 1, &[]),
            value("street", 1, &[]),
        ],
        axes: vec![AxisColumn {
            notation: "group".to_owned(),
            values: 0..2,
            same_stuff_as: vec![0],
        }],
        silo_values: vec![value("young", 0, &[]), value("old", 0, &[])],
    };
    for at in 0..extra {
        schema.values.push(value(&format!("extra{at}"), 1, &[]));
    }
    schema
}

fn row(name: usize, values: &[usize]) -> Row {
    Row {
        name: format!("{name:04}"),
        values: values.to_vec(),
        count: 1,
        ..Row::default()
    }
}

pub(super) const WORK: Facet = Facet::Dimension(0);
pub(super) const PLACE: Facet = Facet::Dimension(1);
pub(super) const GROUP: Facet = Facet::Axis(0);

pub(super) fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn counts_and_denominators_by_hand() {
    let rows = vec![
        row(0, &[1, 3]),
        row(1, &[0, 3, 4]),
        row(2, &[2]),
        Row {
            none: vec![1],
            ..row(3, &[0])
        },
        Row {
            count: 5,
            ..row(4, &[2, 4])
        },
        row(5, &[]),
    ];
    let columns = Columns::new(schema(0), rows);
    // Programme 2 leaves the place open, but is known not to be in a home.
    let absent = |programme: usize, facet: Facet, value: usize| {
        facet == PLACE && value == 3 && programme == 2
    };
    let request = Request {
        absent: Some(&absent),
        ..Request::new(WORK, PLACE)
    };
    let map = gap_map(&columns, &request).expect("facets exist");
    assert_eq!(
        (&map.rows[..], &map.columns[..]),
        (&[0, 2][..], &[3, 4][..])
    );
    assert_eq!(
        map.denominators,
        Denominators {
            programmes: 10,
            both: 8,
            rows: 9,
            columns: 8,
            unknown: 2,
        }
    );
    let talk_home = map.cell(0, 0).expect("a cell");
    assert_eq!(talk_home.programmes, [0, 1]);
    let numbers = |cell: &Cell| [cell.count, cell.absent, cell.not_found, cell.unknown];
    assert_eq!(numbers(talk_home), [2, 1, 6, 1]);
    let guide_street = map.cell(1, 1).expect("a cell");
    assert_eq!(guide_street.programmes, [4]);
    assert_eq!(numbers(guide_street), [5, 0, 3, 2]);
    // Margins over the 8 that state both: talk 3, guide 5; home 2, street 6. Degrees: work 1 each,
    // m = 8; place 1, 2, 0, 1 (five times), m = 8.
    assert!(close(talk_home.expected_independent, 3.0 * 2.0 / 8.0));
    assert!(close(
        talk_home.expected,
        3.0 / 8.0 * (1.0 + 2.0 + 5.0) * 2.0 / 8.0
    ));
    // The cap: d = 2, k = 6, m = 8 would be 1.5.
    assert!(close(
        guide_street.expected,
        5.0 / 8.0 * (0.75 + 1.0 + 5.0 * 0.75)
    ));
    assert!(map.cell(0, 2).is_none() && map.cell(2, 0).is_none());

    let all = gap_map(
        &columns,
        &Request {
            depth: Depth::All,
            ..request
        },
    )
    .expect("facets exist");
    assert_eq!(all.rows, [0, 1, 2]);
    assert_eq!(all.cell(1, 0).expect("a cell").programmes, [0]);
    assert_eq!(all.cell(0, 0).expect("a cell").programmes, [0, 1]);
}

/// `n` talk at home, `n` guide in the street, `talk` and `guide` of the other two kinds.
fn blocks(n: usize, talk_street: usize, guide_home: usize) -> Columns {
    let kinds = (std::iter::repeat_n([0, 3], n))
        .chain(std::iter::repeat_n([2, 4], n))
        .chain(std::iter::repeat_n([0, 4], talk_street))
        .chain(std::iter::repeat_n([2, 3], guide_home));
    let rows = kinds.enumerate().map(|(at, kind)| row(at, &kind));
    Columns::new(schema(1), rows.collect())
}

#[test]
fn verdicts_by_hand() {
    use Verdict::{ByChance, CannotTell, Evidence, NothingToExpect, SurprisingGap};

    let verdicts = |columns: &Columns| -> Vec<Verdict> {
        let map = gap_map(columns, &Request::new(WORK, PLACE)).expect("facets exist");
        map.cells.iter().map(|cell| cell.verdict).collect()
    };
    // 40 + 40: E = 80 · ½ · ½ = 20, P(0) = 0.75^80. Nobody has the extra value: E = 0.
    let columns = blocks(40, 0, 0);
    let map = gap_map(&columns, &Request::new(WORK, PLACE)).expect("facets exist");
    let gap = map.cell(0, 1).expect("a cell");
    assert!(close(gap.expected, 20.0) && close(gap.expected_independent, 20.0));
    let p = gap.p.expect("tested");
    assert!((p / 0.75_f64.powi(80) - 1.0).abs() < 1e-12);
    // Four cells are tested; the two gaps have the same p.
    assert!((gap.q.expect("tested") / (p * 2.0) - 1.0).abs() < 1e-12);
    assert_eq!(
        verdicts(&columns),
        [
            Evidence,
            SurprisingGap,
            NothingToExpect,
            SurprisingGap,
            Evidence,
            NothingToExpect
        ]
    );
    let gaps = map.surprising();
    assert_eq!(gaps.len(), 2);
    assert_eq!((gaps[0].row, gaps[0].column), (0, 4));
    // A few programmes in the cell: nearly empty is a gap too, more is not.
    assert_eq!(verdicts(&blocks(40, 3, 3))[1], SurprisingGap);
    assert_eq!(verdicts(&blocks(40, 12, 12))[1], Evidence);
    // Nine state both: cannot tell.
    assert_eq!(verdicts(&blocks(9, 0, 0))[1], CannotTell);
    assert_eq!(verdicts(&blocks(9, 1, 0))[1], Evidence);
    // 19 talk at home, 60 guide at home, 4 guide in the street: E = 19 · 4 / 83 < 1.
    let mut rows: Vec<Row> = (0..83).map(|at| row(at, &[2, 3])).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        row.values[0] = if at < 19 { 0 } else { 2 };
        row.values[1] = if at < 79 { 3 } else { 4 };
    }
    assert_eq!(
        verdicts(&Columns::new(schema(0), rows.clone()))[1],
        NothingToExpect
    );
    // 15 in the street of which none talks: E = 19 · 15 / 83 = 3.4 and P(0) = 0.03, of 4 tested.
    for (at, row) in rows.iter_mut().enumerate() {
        row.values[1] = if at < 68 { 3 } else { 4 };
    }
    let columns = Columns::new(schema(0), rows);
    assert_eq!(verdicts(&columns)[1], ByChance);
}

#[test]
fn tails_by_hand() {
    let tail = |trials: &[(f64, u64)], most| lower_tail(trials.to_vec(), most);
    assert!(close(tail(&[(0.5, 2)], 0), 0.25));
    assert!(close(tail(&[(0.5, 1), (0.25, 1)], 0), 0.375));
    assert!(close(tail(&[(0.5, 1), (0.25, 1)], 1), 0.875));
    assert!(close(tail(&[(1.0, 3), (0.5, 1)], 3), 0.5));
    assert!(close(tail(&[(1.0, 3)], 2), 0.0));
    assert!(close(tail(&[(0.0, 7)], 0), 1.0));
    assert!(close(tail(&[], 0), 1.0));
    assert!((tail(&[(0.02, 1_000)], 0) / 0.98_f64.powi(1_000) - 1.0).abs() < 1e-11);
    assert!(tail(&[(0.9, 1_000_000)], 10) == 0.0);
    assert!((tail(&[(0.5, 1_000_001)], 500_000) - 0.5).abs() < 1e-10);
    assert!(tail(&[(1e-320, 5), (1.0 - 1e-16, 2)], 1) >= 0.0);
}

#[test]
fn adjusting_by_hand() {
    assert_eq!(adjusted(&[]), [0.0; 0]);
    let q = adjusted(&[0.01, 0.5, 0.02, 1.0]);
    assert!(close(q[0], 0.04) && close(q[2], 0.04) && close(q[1], 2.0 / 3.0) && close(q[3], 1.0));
}

#[test]
fn an_axis_against_the_dimension_it_is_cut_from_is_flagged() {
    let columns = blocks(3, 0, 0);
    let flag = |rows, cols| gap_map(&columns, &Request::new(rows, cols)).map(|map| map.circular);
    assert_eq!(flag(GROUP, WORK), Ok(true));
    assert_eq!(flag(WORK, GROUP), Ok(true));
    assert_eq!(flag(GROUP, PLACE), Ok(false));
    assert_eq!(flag(WORK, PLACE), Ok(false));
}

#[test]
fn bad_requests_are_refused() {
    let columns = blocks(3, 0, 0);
    let error = |rows, cols| gap_map(&columns, &Request::new(rows, cols)).err();
    assert_eq!(error(WORK, WORK), Some(Error::SameFacet(WORK)));
    let none = Facet::Axis(7);
    assert_eq!(error(WORK, none), Some(Error::NoSuchFacet(none)));
    let odd = |_: usize, _: Facet, _: usize| f64::NAN;
    let request = Request {
        probability: Some(&odd),
        ..Request::new(WORK, PLACE)
    };
    let refused = gap_map(&columns, &request).expect_err("not a number");
    assert_eq!(
        refused.to_string(),
        "the probability of value 0 for programme 0 is NaN, not a number from 0 to 1"
    );
    let twice = CoverageRequest {
        facets: vec![WORK, PLACE, WORK],
        depth: Depth::Top,
        limit: 9,
        probability: None,
    };
    assert_eq!(
        coverage(&columns, &twice).err(),
        Some(Error::SameFacet(WORK))
    );
}

#[test]
fn nobody_one_and_silent_programmes_make_a_map() {
    for rows in [
        vec![],
        vec![row(0, &[0, 3])],
        vec![row(0, &[]), row(1, &[])],
    ] {
        let columns = Columns::new(schema(0), rows);
        for (rows, cols) in [(WORK, PLACE), (GROUP, PLACE)] {
            let map = gap_map(&columns, &Request::new(rows, cols)).expect("facets exist");
            assert_eq!(map.cells.len(), 4);
            for cell in &map.cells {
                let expected = if cell.count > 0 {
                    Verdict::Evidence
                } else {
                    Verdict::CannotTell
                };
                assert_eq!((cell.verdict, cell.p), (expected, None));
                assert!(cell.expected.is_finite() && cell.expected_independent.is_finite());
            }
        }
    }
    let empty = gap_map(
        &Columns::new(Schema::default(), Vec::new()),
        &Request::new(WORK, PLACE),
    );
    assert_eq!(empty, Err(Error::NoSuchFacet(WORK)));
}

#[test]
fn probabilities_passed_in_take_the_place_of_the_degree_model() {
    let columns = blocks(40, 0, 0);
    let given = |_: usize, _: Facet, value: usize| if value == 4 { 0.5 } else { 0.1 };
    let request = Request {
        probability: Some(&given),
        ..Request::new(WORK, PLACE)
    };
    let map = gap_map(&columns, &request).expect("facets exist");
    let cell = map.cell(0, 1).expect("a cell");
    assert!(close(cell.expected, 80.0 * 0.05));
    assert!((cell.p.expect("tested") / 0.95_f64.powi(80) - 1.0).abs() < 1e-12);
    assert!(close(cell.expected_independent, 20.0));
}

#[test]
fn coverage_by_hand() {
    let mut rows = vec![row(0, &[1, 3]), row(1, &[0, 4]), row(2, &[2, 3])];
    rows[0].silo_values = vec![0];
    let columns = Columns::new(schema(0), rows);
    let mut request = CoverageRequest {
        facets: vec![WORK, PLACE, GROUP],
        depth: Depth::All,
        limit: 100,
        probability: None,
    };
    let found = coverage(&columns, &request).expect("facets exist");
    let numbers: Vec<_> = (found.pairs.iter())
        .map(|pair| (pair.present, pair.total, pair.stated, pair.circular))
        .collect();
    assert_eq!(
        numbers,
        [(4, 6, 3, false), (2, 6, 1, true), (1, 4, 1, false)]
    );
    assert_eq!((found.present, found.total), (7, 16));
    assert!(found.share().is_some_and(|share| close(share, 7.0 / 16.0)));
    assert!(
        found
            .complete_share()
            .is_some_and(|share| share.abs() < 1e-12)
    );
    assert_eq!(found.missing.len(), 9);
    // Work: degrees 2, 1, 1, m = 4; place: 1 each, m = 3. Listen (k = 1) in the street (k = 1):
    // (2 + 1 + 1) / 4 · 1 / 3; guide in the street has the same margins, and comes after.
    let first = &found.missing[0];
    assert_eq!((first.row, first.column), (1, 4));
    assert!(close(first.expected, 1.0 / 3.0));
    assert!(found.missing.is_sorted_by(|x, y| x.expected >= y.expected));
    request.limit = 2;
    assert_eq!(
        coverage(&columns, &request).expect("facets exist").missing[..],
        found.missing[..2]
    );
    request.facets.clear();
    let nothing = coverage(&columns, &request).expect("no facets");
    assert_eq!((nothing.share(), nothing.complete_share()), (None, None));
}
