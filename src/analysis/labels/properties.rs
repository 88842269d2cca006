//! What holds whatever the programmes are.

use proptest::prelude::*;

use super::super::columns::Row;
use super::tests::run;
use super::*;

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let programme = (
        prop::collection::btree_set(0usize..3, 0..3),
        prop::collection::btree_set(0usize..7, 0..4),
        prop::option::of(0usize..3),
        any::<bool>(),
        1u32..3,
    );
    prop::collection::vec(programme, 0..24).prop_map(|programmes| {
        programmes
            .into_iter()
            .enumerate()
            .map(|(at, (labels, values, silo, none, count))| Row {
                name: format!("p{at:04}"),
                labels: labels.iter().map(|label| format!("l{label}")).collect(),
                values: values.into_iter().collect(),
                none: if none { vec![1] } else { Vec::new() },
                silo_values: silo.into_iter().collect(),
                count,
            })
            .collect()
    })
}

fn small(axis: bool, seed: u64) -> Options {
    Options {
        axis: axis.then_some(0),
        permutations: 19,
        split_halves: 10,
        bootstraps: 5,
        min_stratum: 3,
        seed,
        ..Options::default()
    }
}

/// Everything that must not depend on the order of labels, with labels by the names given.
fn anonymous(columns: &Columns, found: &Labels, name: impl Fn(&str) -> String) -> String {
    let name = |label: usize| name(&columns.labels()[label]);
    let mut reports: Vec<(String, LabelReport)> = found
        .reports
        .iter()
        .map(|report| {
            let anonymous = LabelReport {
                label: 0,
                ..report.clone()
            };
            (name(report.label), anonymous)
        })
        .collect();
    reports.sort_by(|a, b| a.0.cmp(&b.0));
    let mut twins: Vec<_> = found
        .twins
        .iter()
        .map(|twin| {
            let mut sides = [0, 1].map(|side| (name(twin.labels[side]), twin.programmes[side]));
            sides.sort();
            let numbers = (
                twin.both,
                twin.divergence,
                twin.overlap,
                twin.floor,
                twin.verdict,
            );
            format!("{sides:?} {numbers:?}")
        })
        .collect();
    twins.sort();
    let explained = &found.explained;
    let labels: Vec<String> = explained.labels.iter().map(|&label| name(label)).collect();
    format!("{reports:?} {twins:?} {labels:?} {:?}", explained.result)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn renaming_a_label_changes_only_its_name(rows in rows(), axis: bool, seed: u64) {
        let renamed: Vec<Row> = rows
            .iter()
            .cloned()
            .map(|mut row| {
                for label in &mut row.labels {
                    *label = label.replace("l0", "z0");
                }
                row
            })
            .collect();
        let (columns, found) = run(rows, &small(axis, seed));
        let (other_columns, other) = run(renamed, &small(axis, seed));
        prop_assert_eq!(
            anonymous(&columns, &found, |name| name.replace("l0", "z0")),
            anonymous(&other_columns, &other, str::to_owned)
        );
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), axis: bool, seed: u64) {
        let mut shuffled = rows.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        let options = small(axis, seed);
        prop_assert_eq!(format!("{:?}", run(rows, &options)), format!("{:?}", run(shuffled, &options)));
    }

    #[test]
    fn a_row_of_two_programmes_is_two_rows(rows in rows(), axis: bool, seed: u64) {
        let single: Vec<Row> = rows
            .iter()
            .flat_map(|row| {
                (0..row.count).map(move |copy| Row {
                    name: format!("{}-{copy}", row.name),
                    count: 1,
                    ..row.clone()
                })
            })
            .collect();
        let numbers = |rows: Vec<Row>| {
            let (columns, mut found) = run(rows, &small(axis, seed));
            for report in &mut found.reports {
                for kind in report.split.iter_mut().flat_map(|split| &mut split.kinds) {
                    kind.rows.clear();
                }
            }
            anonymous(&columns, &found, str::to_owned)
        };
        prop_assert_eq!(numbers(rows), numbers(single));
    }

    #[test]
    fn keeping_distances_or_asking_again_is_the_same(rows in rows(), axis: bool, seed: u64) {
        let kept = small(axis, seed);
        let (_, a) = run(rows.clone(), &kept);
        let (_, mut b) = run(rows, &Options { max_programmes: 2, ..kept });
        // The limit samples the PERMANOVA too.
        b.explained = a.explained.clone();
        prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }

    #[test]
    fn every_number_is_in_its_range(rows in rows(), axis: bool, seed: u64) {
        let (_, found) = run(rows, &small(axis, seed));
        for report in &found.reports {
            if let Some(dispersion) = &report.dispersion {
                prop_assert!((0.0..=1.0).contains(&dispersion.mean));
                if let Some(null) = &dispersion.null {
                    prop_assert!(null.interval.0 <= null.median && null.median <= null.interval.1);
                    prop_assert!(null.p_lower + null.p_upper > 1.0 - 1e-12);
                    prop_assert!(null.q_lower >= null.p_lower && null.q_lower <= 1.0);
                }
            }
            prop_assert!(report.profiles.effective <= report.profiles.distinct as f64 + 1e-9);
            for mark in &report.indicators {
                prop_assert!(mark.indicator_value > 0.0 && mark.indicator_value <= 1.0);
                prop_assert!(mark.specificity <= 1.0 && mark.fidelity <= 1.0);
            }
            if report.programmes < 5 {
                let why = Why::TooFewProgrammes;
                prop_assert_eq!(report.verdict, Verdict::CannotTell { why });
            }
        }
        for twin in &found.twins {
            prop_assert!(twin.divergence.is_none_or(|d| (0.0..=1.0).contains(&d)));
            prop_assert!(twin.overlap.is_none_or(|d| (0.0..=1.0).contains(&d)));
        }
    }
}
