//! Laws of similarity, on random programmes.

use proptest::prelude::*;

use super::super::nearest::{Request, nearest};
use super::tests::{X, X1, X2, columns, with};
use super::*;

/// A programme with random values and dimensions stated.
fn random_row() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    let values = proptest::collection::vec(0usize..10, 0..7);
    (values, proptest::collection::vec(0usize..3, 0..3))
}

fn random_ic() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(prop_oneof![Just(0.0), 0.0..6.0f64], 10)
}

proptest! {
    #[test]
    fn laws(a in random_row(), b in random_row(), values in random_ic(), min in 1u32..4) {
        let columns = columns(&[(&a.0, &a.1), (&b.0, &b.1)]);
        let ic = InformationContent::from_values(columns.schema(), values).expect("ten values");
        for measure in Measure::ALL {
            let comparison = with(measure, min);
            let found = similarity(&columns, &ic, &comparison, 0, 1);
            let other = similarity(&columns, &ic, &comparison, 1, 0);
            if measure.is_symmetric() {
                prop_assert_eq!(found, other);
            }
            prop_assert_eq!(found.is_some(), other.is_some());
            if let Some(own) = similarity(&columns, &ic, &comparison, 0, 0) {
                prop_assert!((own.score - 1.0).abs() < f64::EPSILON);
            }
            let why = explain(&columns, &ic, &comparison, 0, 1);
            prop_assert_eq!(why.as_ref().map(|why| why.similarity), found);
            if let (Some(found), Some(why)) = (found, why) {
                prop_assert!(0.0 <= found.low && found.low <= found.score);
                prop_assert!(found.score <= found.high && found.high <= 1.0);
                prop_assert!(found.comparable >= min);
                let sum: f64 = why.shared.iter().map(|shared| shared.contribution).sum();
                prop_assert!((sum - found.score).abs() < 1e-12);
                let sum: f64 = why.dimensions.iter().map(|dimension| dimension.contribution).sum();
                prop_assert!((sum - found.score).abs() < 1e-12);
                let sum: f64 = why.narrowest(columns.schema()).iter().map(|shared| shared.contribution).sum();
                prop_assert!((sum - found.score).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_value_more_in_both_never_lowers(a in random_row(), b in random_row(), values in random_ic(), more in 0usize..10) {
        let (mut c, mut d) = (a.0.clone(), b.0.clone());
        c.push(more);
        d.push(more);
        let columns = columns(&[(&a.0, &a.1), (&b.0, &b.1), (&c, &a.1), (&d, &b.1)]);
        // Where one side said nothing before, its first value can also be a first difference.
        let dimension = columns.schema().values[more].scheme;
        prop_assume!(columns.states(0, dimension) == columns.states(1, dimension));
        // A value that counts nothing may make a dimension comparable in which nothing counts.
        let values = values.into_iter().map(|value| value + 0.1).collect();
        let ic = InformationContent::from_values(columns.schema(), values).expect("ten values");
        for measure in [Measure::Gower, Measure::SimUi] {
            let of = |a, b| similarity(&columns, &ic, &with(measure, 1), a, b).map(|found| found.score);
            if let Some(before) = of(0, 1) {
                prop_assert!(of(2, 3).is_some_and(|after| after >= before - 1e-12));
            }
        }
    }

    #[test]
    fn a_narrower_value_never_raises_against_the_broader(a in random_row(), b in random_row(), values in random_ic()) {
        // a says x1 and b no more than x.
        let strip = |row: &[usize]| row.iter().copied().filter(|v| ![X, X1, X2].contains(v)).collect::<Vec<_>>();
        let (mut plain, mut narrow, mut broad) = (strip(&a.0), strip(&a.0), strip(&b.0));
        plain.push(X);
        narrow.push(X1);
        broad.push(X);
        let columns = columns(&[(&plain, &a.1), (&narrow, &a.1), (&broad, &b.1)]);
        let values = values.into_iter().map(|value| value + 0.1).collect();
        let ic = InformationContent::from_values(columns.schema(), values).expect("ten values");
        let of = |a, b| similarity(&columns, &ic, &with(Measure::Gower, 1), a, b).map(|found| found.score);
        prop_assert!(of(1, 2) <= of(0, 2));
    }

    #[test]
    fn what_becomes_known_stays_in_the_interval(a in random_row(), b in random_row(), more in random_row(), other in random_row(), values in random_ic()) {
        let before = columns(&[(&a.0, &a.1), (&b.0, &b.1)]);
        let ic = InformationContent::from_values(before.schema(), values).expect("ten values");
        let Some(known) = similarity(&before, &ic, &with(Measure::Gower, 1), 0, 1) else {
            return Ok(());
        };
        // Everything that was open is stated now, with whatever there is for it.
        let fill = |at: usize, row: &(Vec<usize>, Vec<usize>), more: &[usize]| {
            let open = |value: &&usize| !before.states(at, before.schema().values[**value].scheme);
            let values: Vec<usize> = row.0.iter().chain(more.iter().filter(open)).copied().collect();
            (values, vec![0, 1, 2])
        };
        let (c, d) = (fill(0, &a, &more.0), fill(1, &b, &other.0));
        let after = columns(&[(&c.0, &c.1), (&d.0, &d.1)]);
        let now = similarity(&after, &ic, &with(Measure::Gower, 1), 0, 1).expect("no less is known");
        prop_assert!(known.low - 1e-12 <= now.score && now.score <= known.high + 1e-12);
        prop_assert!((now.low - now.score).abs() < 1e-12 && (now.high - now.score).abs() < 1e-12);
    }

    #[test]
    fn variety_of_one_is_likeness(seed in proptest::collection::vec(random_row(), 1..20), k in 0usize..25) {
        let rows: Vec<(&[usize], &[usize])> = seed.iter().map(|(a, b)| (&a[..], &b[..])).collect();
        let columns = columns(&rows);
        let ic = InformationContent::uniform(columns.schema());
        let plain = Request { comparison: with(Measure::Gower, 1), k, ..Request::default() };
        let varied = Request { lambda: Some(1.0), ..plain.clone() };
        prop_assert_eq!(nearest(&columns, &ic, &plain, 0), nearest(&columns, &ic, &varied, 0));
    }
}
