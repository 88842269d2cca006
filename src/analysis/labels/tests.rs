use super::*;
use crate::analysis::columns::{AxisColumn, DimensionColumn, Row, Schema, ValueColumn};

/// Two dimensions: values 0 to 3, of which 1 is below 0, and values 4 to 6; one axis of three.
fn schema() -> Schema {
    let value = |notation: &str, scheme: usize, ancestors: &[usize]| ValueColumn {
        notation: notation.to_owned(),
        scheme,
        ancestors: ancestors.to_vec(),
    };
    let dimension = |notation: &str, values| DimensionColumn {
        notation: notation.to_owned(),
        weight: 1.0,
        values,
    };
    Schema {
        dimensions: vec![dimension("function", 0..4), dimension("space", 4..7)],
        values: vec![
            value("navigation", 0, &[]),
            value("referral", 0, &[0]),
            value("listening", 0, &[]),
            value("training", 0, &[]),
            value("home", 1, &[]),
            value("clinic", 1, &[]),
            value("street", 1, &[]),
        ],
        axes: vec![AxisColumn {
            notation: "issue".to_owned(),
            values: 0..3,
            same_stuff_as: Vec::new(),
        }],
        silo_values: vec![
            value("hiv", 0, &[]),
            value("cancer", 0, &[]),
            value("diabetes", 0, &[]),
        ],
    }
}

fn row(name: usize, labels: &[&str], values: &[usize], silo: Option<usize>) -> Row {
    Row {
        name: format!("p{name:04}"),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        values: values.to_vec(),
        none: Vec::new(),
        silo_values: silo.into_iter().collect(),
        count: 1,
    }
}

/// Mean over the dimensions that both state of the Jaccard distance of closures.
fn distance(columns: &Columns) -> impl Fn(usize, usize) -> Option<f64> + '_ {
    |a, b| {
        let (x, y) = (columns.closure(a), columns.closure(b));
        let words = columns.schema().value_words();
        let known: Vec<f64> = columns
            .schema()
            .dimensions
            .iter()
            .enumerate()
            .filter(|&(at, _)| columns.states(a, at) && columns.states(b, at))
            .filter_map(|(_, dimension)| {
                let mask = bits::of_range(dimension.values.clone(), words);
                let cut = |set: &[u64]| -> Vec<u64> {
                    set.iter()
                        .zip(&mask)
                        .map(|(set, mask)| set & mask)
                        .collect()
                };
                let (x, y) = (cut(&x), cut(&y));
                let both = bits::count_common(&x, &y);
                let any = bits::count(&x) + bits::count(&y) - both;
                (any > 0).then(|| 1.0 - f64::from(both) / f64::from(any))
            })
            .collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

fn quick() -> Options {
    Options {
        permutations: 99,
        split_halves: 50,
        bootstraps: 30,
        ..Options::default()
    }
}

pub(super) fn run(rows: Vec<Row>, options: &Options) -> (Columns, Labels) {
    let columns = Columns::new(schema(), rows);
    let found = labels(&columns, &distance(&columns), options);
    (columns, found)
}

fn report<'a>(columns: &Columns, found: &'a Labels, name: &str) -> &'a LabelReport {
    let at = columns.labels().iter().position(|label| label == name);
    &found.reports[at.expect("the label is in use")]
}

/// Ten navigators and ten `other`s that do one thing each, eight buddies of two kinds, and
/// twenty helpers who do anything.
fn mixed() -> Vec<Row> {
    let mut rows = Vec::new();
    for i in 0..10 {
        rows.push(row(rows.len(), &["navigator"], &[1, 5 + i % 2], None));
        rows.push(row(rows.len(), &["guide"], &[1, 5 + i % 2], None));
    }
    for i in 0..8 {
        let values: &[usize] = if i % 2 == 0 { &[2, 4] } else { &[3, 6] };
        rows.push(row(rows.len(), &["buddy"], values, None));
    }
    for i in 0..20 {
        rows.push(row(rows.len(), &["helper"], &[i % 4, 4 + i % 3], None));
    }
    rows.push(row(rows.len(), &["lone"], &[2], None));
    rows.push(row(rows.len(), &[], &[2], None));
    rows
}

#[test]
fn each_kind_of_label_gets_its_verdict() {
    let (columns, found) = run(mixed(), &quick());
    assert_eq!(
        (found.programmes, found.unlabelled, found.too_few),
        (49, 1, 1)
    );
    assert_eq!(
        report(&columns, &found, "navigator").verdict,
        Verdict::OneKindOfWork
    );
    // Clinic and street are two variants, nearer to each other than programmes at random are.
    let navigator = report(&columns, &found, "navigator").split.as_ref();
    let navigator = navigator.expect("all are comparable");
    assert!(navigator.stable && (navigator.between - 0.5).abs() < 1e-12);
    let buddy = report(&columns, &found, "buddy");
    assert_eq!(buddy.verdict, Verdict::SeveralKinds);
    assert!(buddy.jingle.contains(&Jingle::StableSplit));
    let split = buddy.split.as_ref().expect("all are comparable");
    assert!((split.silhouette - 1.0).abs() < 1e-12 && split.stability > 0.9);
    let marks = split.kinds.clone().map(|kind| {
        let marks = kind.indicators.iter();
        marks.map(|mark| mark.value).collect::<Vec<usize>>()
    });
    assert_eq!(marks, [[2, 4], [3, 6]]);
    assert!(split.kinds.iter().all(|kind| kind.programmes == 4));
    let lone = report(&columns, &found, "lone");
    let too_few = Verdict::CannotTell {
        why: Why::TooFewProgrammes,
    };
    assert_eq!((lone.verdict, lone.dispersion.as_ref()), (too_few, None));
    let helper = report(&columns, &found, "helper");
    assert!(!helper.jingle.is_empty() && helper.verdict != Verdict::OneKindOfWork);
}

#[test]
fn the_same_work_under_two_names_is_found_and_nothing_else() {
    let (columns, found) = run(mixed(), &quick());
    let same: Vec<[&str; 2]> = found
        .twins
        .iter()
        .filter(|twin| twin.verdict == TwinVerdict::SameWork)
        .map(|twin| twin.labels.map(|label| columns.labels()[label].as_str()))
        .collect();
    assert_eq!(same, [["guide", "navigator"]]);
    let first = &found.twins[0];
    assert_eq!((first.programmes, first.both), ([10, 10], 0));
    assert!(first.divergence == Some(0.0) && first.overlap == Some(1.0));
    assert_eq!(found.twins.len(), 6);
}

#[test]
fn numbers_of_a_label_by_hand() {
    let mut rows = vec![
        row(0, &["a"], &[1, 4], Some(0)),
        row(1, &["a"], &[1, 4], Some(0)),
        row(2, &["a"], &[0, 4], Some(1)),
        row(3, &["a"], &[2, 3], None),
        row(4, &["a"], &[], None),
    ];
    rows[3].none = vec![1];
    let (columns, found) = run(rows, &quick());
    let a = report(&columns, &found, "a");
    assert_eq!(
        (a.programmes, &a.silos[..], a.axis_open),
        (5, &[0, 1][..], 0)
    );
    // Shares 1/2, 1/4, 1/4 of four programmes: exp(1.5 ln 2).
    assert_eq!((a.profiles.programmes, a.profiles.distinct), (4, 3));
    assert!((a.profiles.effective - 1.5f64.exp2()).abs() < 1e-12);
    // Functions: referral ½, navigation ¼, listening and training ⅛ each: exp(1.75 ln 2).
    assert!((a.breadth[0].values - 1.75f64.exp2()).abs() < 1e-12);
    // Spaces: home ¾, none of them ¼.
    let entropy: f64 = -(0.75 * 0.75f64.ln() + 0.25 * 0.25f64.ln());
    assert!((a.breadth[1].values - entropy.exp()).abs() < 1e-12);
    // Pairs: (0,1) 0; (0,2) and (1,2) ½·½; the fourth has no function in common with any, and
    // against it "none of them" counts as one more thing that is not shared.
    let dispersion = a.dispersion.as_ref().expect("six pairs are comparable");
    assert_eq!(dispersion.pairs, 6);
    assert!((dispersion.mean - 3.5 / 6.0).abs() < 1e-12);
    // Everyone in reach has the label: no draw can differ, and ten pairs would be needed.
    assert_eq!(dispersion.null, None);
    let why = Why::TooFewComparable;
    assert_eq!(a.verdict, Verdict::CannotTell { why });
    assert!(a.indicators.is_empty());
}

#[test]
fn indicator_values_by_hand() {
    // Of five a: four do referral, all of them so navigation; of six b: two do navigation.
    let mut rows: Vec<Row> = (0..4).map(|i| row(i, &["a"], &[1], None)).collect();
    rows.push(row(4, &["a"], &[2], None));
    rows.extend((5..7).map(|i| row(i, &["b"], &[0], None)));
    rows.extend((7..11).map(|i| row(i, &["b"], &[3], None)));
    rows.push(row(11, &["b"], &[4], None));
    let (columns, found) = run(rows, &quick());
    let a = report(&columns, &found, "a");
    let marks: Vec<usize> = a.indicators.iter().map(|mark| mark.value).collect();
    // Navigation is a's too, but referral marks it better and says the same more exactly.
    assert_eq!(marks, [1, 2]);
    assert!((a.indicators[0].specificity - 1.0).abs() < 1e-12);
    assert!((a.indicators[0].fidelity - 0.8).abs() < 1e-12);
    let b = report(&columns, &found, "b");
    let navigation = b.indicators.iter().find(|mark| mark.value == 0);
    let navigation = navigation.expect("two of six do it");
    let share = 2.0 / 6.0;
    assert_eq!(navigation.programmes, 6);
    assert!((navigation.specificity - share / (0.8 + share)).abs() < 1e-12);
    assert!((navigation.indicator_value - share * share / (0.8 + share)).abs() < 1e-12);
}

#[test]
fn draws_stay_inside_the_silos() {
    // In each silo every programme is alike, whatever its label: inside silos nothing is left.
    let rows: Vec<Row> = (0..24)
        .map(|i| {
            let silo = i / 8;
            let label = if (i % 8 < 6) == (silo == 0) { "a" } else { "b" };
            row(i, &[label], &[1 + silo, 4 + silo], Some(silo))
        })
        .collect();
    let inside = Options {
        axis: Some(0),
        ..quick()
    };
    let (columns, found) = run(rows.clone(), &inside);
    let null = |found: &Labels| {
        let a = report(&columns, found, "a").dispersion.clone();
        a.and_then(|dispersion| dispersion.null)
            .expect("others share its silos")
    };
    let strict = null(&found);
    assert!((strict.p_lower - 1.0).abs() < 1e-12 && (strict.p_upper - 1.0).abs() < 1e-12);
    assert_eq!((strict.exchangeable, strict.pooled), (10, 0));
    let result = found.explained.result.expect("two labels");
    assert!((result.p - 1.0).abs() < 1e-12);
    // Without silos the same label seems to be one kind of work.
    let (_, loose) = run(rows, &quick());
    assert!(null(&loose).p_lower < 0.2);
}

#[test]
fn small_strata_are_pooled_and_said_to_be() {
    let mut rows: Vec<Row> = (0..10).map(|i| row(i, &["a"], &[1, 4], Some(0))).collect();
    rows.extend((10..20).map(|i| row(i, &["b"], &[2, 5], None)));
    rows.extend((20..23).map(|i| row(i, &["a"], &[1, 4], Some(1))));
    let options = Options {
        axis: Some(0),
        ..quick()
    };
    let (columns, found) = run(rows, &options);
    assert_eq!(found.pooled, 3);
    let dispersion = report(&columns, &found, "a").dispersion.as_ref();
    let null = dispersion.and_then(|dispersion| dispersion.null.as_ref());
    let null = null.expect("three of the pool are a");
    assert_eq!((null.exchangeable, null.pooled), (3, 3));
    assert_eq!(report(&columns, &found, "b").axis_open, 10);
}

#[test]
fn a_label_used_by_all_explains_nothing() {
    let rows = (0..12).map(|i| row(i, &["a"], &[1, 4], None)).collect();
    let (columns, found) = run(rows, &quick());
    assert_eq!(found.explained.result, None);
    assert_eq!(found.explained.programmes, 12);
    let why = Why::NoOthersInItsSilos;
    assert_eq!(
        report(&columns, &found, "a").verdict,
        Verdict::CannotTell { why }
    );
}

#[test]
fn programmes_of_two_labels_count_in_neither_of_a_pair() {
    let mut rows: Vec<Row> = (0..6).map(|i| row(i, &["a"], &[1, 4], None)).collect();
    rows.extend((6..12).map(|i| row(i, &["b"], &[2, 5], None)));
    rows.extend((12..20).map(|i| row(i, &["a", "b"], &[3, 6], None)));
    let (_, found) = run(rows, &quick());
    let twin = &found.twins[0];
    assert_eq!((twin.programmes, twin.both), ([6, 6], 8));
    assert_eq!(twin.divergence, Some(1.0));
    assert_eq!(twin.verdict, TwinVerdict::NotShown);
    assert_eq!(found.explained.several_labels, 8);
}

#[test]
fn poor_input_gives_reports_and_no_panic() {
    let nothing = run(Vec::new(), &quick()).1;
    assert!(nothing.reports.is_empty() && nothing.twins.is_empty());
    let one = run(vec![row(0, &["a"], &[1], Some(0))], &quick()).1;
    assert_eq!(one.too_few, 1);
    for values in [&[][..], &[1, 4]] {
        let rows = (0..12)
            .map(|i| row(i, &[["a", "b"][i % 2]], values, Some(0)))
            .collect();
        let options = Options {
            axis: Some(0),
            permutations: 20,
            top_values: 99,
            min_programmes: 0,
            max_label_programmes: 1,
            max_programmes: 0,
            ..quick()
        };
        let (_, found) = run(rows, &options);
        assert_eq!(found.explained.result, None);
        assert!(
            found
                .reports
                .iter()
                .all(|report| report.verdict != Verdict::OneKindOfWork)
        );
    }
    let none = Options {
        permutations: 0,
        split_halves: 0,
        bootstraps: 0,
        min_stratum: 0,
        ..Options::default()
    };
    let (columns, found) = run(mixed(), &none);
    assert_eq!(
        report(&columns, &found, "navigator")
            .dispersion
            .as_ref()
            .map(|d| d.null.is_none()),
        Some(true)
    );
    assert!(found.twins.iter().all(|twin| twin.floor.is_none()));
}

#[test]
fn sampling_keeps_to_its_limits_and_says_so() {
    let rows: Vec<Row> = (0..60)
        .map(|i| row(i, &[["a", "b"][i % 2]], &[i % 4, 4 + i % 3], None))
        .collect();
    let options = Options {
        max_label_programmes: 10,
        max_programmes: 20,
        ..quick()
    };
    let (columns, found) = run(rows, &options);
    let a = report(&columns, &found, "a");
    assert_eq!(
        a.dispersion.as_ref().map(|d| (d.programmes, d.pairs)),
        Some((10, 45))
    );
    assert_eq!(
        (found.explained.programmes, found.explained.not_sampled),
        (20, 40)
    );
}

#[test]
fn programmes_without_distances_are_dropped_and_counted() {
    let mut rows = mixed();
    let next = rows.len();
    rows.extend((0..3).map(|i| row(next + i, &["helper"], &[], None)));
    let (_, found) = run(rows, &quick());
    assert_eq!(found.explained.incomparable, 3);
    assert_eq!(
        (found.explained.programmes, found.explained.rare_labels),
        (48, 1)
    );
}

#[test]
fn labels_given_at_random_are_seldom_called_one_kind_of_work() {
    let mut random = fastrand::Rng::with_seed(7);
    let names: Vec<String> = (0..40).map(|label| format!("l{label}")).collect();
    let rows = (0..400)
        .map(|i| {
            let values = [
                random.usize(0..4),
                4 + random.usize(0..3),
                random.usize(0..7),
            ];
            row(
                i,
                &[&names[random.usize(0..40)]],
                &values,
                Some(random.usize(0..3)),
            )
        })
        .collect();
    let options = Options {
        axis: Some(0),
        permutations: 199,
        ..quick()
    };
    let (_, found) = run(rows, &options);
    let p: Vec<f64> = found
        .reports
        .iter()
        .filter_map(|report| Some(report.dispersion.as_ref()?.null.as_ref()?.p_lower))
        .collect();
    assert!(p.len() > 30);
    assert!(p.iter().filter(|&&p| p <= 0.05).count() <= 5);
    let mean = p.iter().sum::<f64>() / p.len() as f64;
    assert!((0.4..0.65).contains(&mean), "{mean}");
    assert!(found.explained.result.is_some_and(|result| result.p > 0.01));
}
