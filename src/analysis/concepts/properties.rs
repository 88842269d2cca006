//! Concepts and implications against brute force, and what must stay true of them.

use proptest::prelude::*;

use super::super::bits;
use super::super::columns::{Columns, Row};
use super::tests::{ASK, all, schema};
use super::*;

/// Rows over the six values of [`schema`], some silent, some that count twice.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let values = prop::collection::btree_set(0_usize..6, 0..5);
    let row = (values, prop::collection::vec(0_usize..2, 0..2), 1_u32..3);
    prop::collection::vec(row, 0..14).prop_map(|rows| {
        (rows.into_iter().enumerate())
            .map(|(at, (values, none, count))| Row {
                name: format!("{at:04}"),
                values: values.into_iter().collect(),
                none,
                count,
                ..Row::default()
            })
            .collect()
    })
}

fn subsets(attributes: usize) -> impl Iterator<Item = Vec<usize>> {
    (0_u32..1 << attributes)
        .map(move |set| (0..attributes).filter(|at| set >> at & 1 == 1).collect())
}

fn extent_of(context: &Context, attributes: &[usize]) -> Vec<usize> {
    let has_all = |&object: &usize| attributes.iter().all(|&at| context.has(object, at));
    (0..context.objects().len()).filter(has_all).collect()
}

/// All concepts by closing every set of attributes, and Δ by comparing every two.
fn by_brute_force(context: &Context, min_support: u64) -> Vec<Concept> {
    let mut found: Vec<Concept> = subsets(context.attributes().len())
        .filter_map(|attributes| {
            let extent = extent_of(context, &attributes);
            let shared = |&at: &usize| extent.iter().all(|&object| context.has(object, at));
            let intent: Vec<usize> = (0..context.attributes().len()).filter(shared).collect();
            (intent == attributes).then_some(Concept {
                support: extent.iter().map(|&object| context.weight(object)).sum(),
                delta: 0,
                extent,
                intent,
            })
        })
        .collect();
    for at in 0..found.len() {
        let below = (found.iter())
            .filter(|other| {
                other.extent != found[at].extent
                    && other
                        .extent
                        .iter()
                        .all(|object| found[at].extent.contains(object))
            })
            .map(|other| other.support)
            .max();
        found[at].delta = found[at].support - below.unwrap_or(0);
    }
    found.retain(|concept| concept.support >= min_support);
    rank(&mut found, Ranking::Support);
    found
}

fn general(up: &[u64], context: &Context, premise: &[usize]) -> bool {
    let mut mine = vec![0; up.len()];
    for &at in premise {
        bits::union_with(&mut mine, context.upwards(at));
    }
    mine.iter().zip(up).all(|(a, b)| a & !b == 0)
}

proptest! {
    #[test]
    fn concepts_are_what_brute_force_finds(rows in any_rows(), min_support in 0_u64..4) {
        let columns = Columns::new(schema(1), rows);
        for level in [Level::Leaves, Level::Closure] {
            let context = Context::from_columns(&columns, level, &[0, 1]);
            prop_assert_eq!(all(&context, min_support), by_brute_force(&context, min_support));
        }
    }

    #[test]
    fn wide_contexts_too(seed in prop::collection::vec(any::<u128>(), 0..9), width in 60_usize..128) {
        let context = Context::new(
            (0..seed.len()).map(|at| at.to_string()).collect(),
            (0..width).map(|at| at.to_string()).collect(),
            |object, attribute| seed[object] >> attribute & 1 == 1,
        );
        let found = all(&context, 1);
        // By extents: every intersection of extents of attributes, which few objects have few of.
        let mut extents = std::collections::BTreeSet::new();
        for objects in subsets(seed.len()).filter(|objects| !objects.is_empty()) {
            let intent = objects.iter().fold(u128::MAX, |shared, &at| shared & seed[at]);
            let intent: Vec<usize> = (0..width).filter(|at| intent >> at & 1 == 1).collect();
            extents.insert(extent_of(&context, &intent));
        }
        let mut mine: Vec<Vec<usize>> = found.into_iter().map(|concept| concept.extent).collect();
        mine.sort();
        prop_assert_eq!(mine, extents.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn the_order_of_rows_and_a_value_of_nobody_change_nothing(rows in any_rows()) {
        let mut reversed = rows.clone();
        reversed.reverse();
        let find = |rows: Vec<Row>, extra| {
            let columns = Columns::new(schema(extra), rows);
            let leaves = Context::from_columns(&columns, Level::Leaves, &[0, 1]);
            (all(&leaves, 1), Implications::of_programmes(&columns, &[0, 1], &ASK).expect("few"))
        };
        let plain = find(rows.clone(), 0);
        prop_assert_eq!(&plain, &find(reversed.clone(), 0));
        prop_assert_eq!(&plain, &find(rows, 2));
        for (at, row) in reversed.iter_mut().enumerate() {
            row.name = format!("{at:04}");
        }
        let renamed = find(reversed, 0);
        let bare = |(concepts, implications): &(Vec<Concept>, Implications)| {
            let concepts: Vec<_> =
                concepts.iter().map(|c| (c.intent.clone(), c.support, c.delta)).collect();
            let rest: Vec<_> = implications.exact.iter().chain(&implications.near)
                .map(|i| (i.premise.clone(), i.conclusion, i.support, i.tested, i.open))
                .collect();
            (concepts, rest)
        };
        prop_assert_eq!(bare(&plain), bare(&renamed));
    }

    #[test]
    fn a_silent_programme_changes_only_the_widest_concept_and_what_is_open(rows in any_rows()) {
        let find = |rows: &[Row]| {
            let columns = Columns::new(schema(0), rows.to_vec());
            let leaves = Context::from_columns(&columns, Level::Leaves, &[0, 1]);
            let mut found = all(&leaves, 1);
            found.retain(|concept| !concept.intent.is_empty());
            let mut implications =
                Implications::of_programmes(&columns, &[0, 1], &ASK).expect("few premises");
            for list in [&mut implications.exact, &mut implications.near] {
                for implication in list {
                    implication.open = 0;
                }
            }
            (found, implications, leaves.usual_support())
        };
        let mut more = rows.clone();
        more.push(Row { name: "9999".to_owned(), count: 1, ..Row::default() });
        prop_assert_eq!(find(&rows), find(&more));
    }

    #[test]
    fn a_row_that_counts_twice_is_two_rows(rows in any_rows()) {
        let mut apart = Vec::new();
        for row in &rows {
            for copy in 0..row.count {
                let name = format!("{}-{copy}", row.name);
                apart.push(Row { name, count: 1, ..row.clone() });
            }
        }
        let find = |rows: Vec<Row>| {
            let columns = Columns::new(schema(0), rows);
            let found = all(&Context::from_columns(&columns, Level::Leaves, &[0, 1]), 1);
            let concepts: Vec<_> =
                found.into_iter().map(|c| (c.intent, c.support, c.delta)).collect();
            let implications = Implications::of_programmes(&columns, &[0, 1], &ASK).expect("few");
            let rest: Vec<_> = implications.exact.into_iter().chain(implications.near)
                .map(|i| (i.premise, i.conclusion, i.support, i.tested, i.open))
                .collect();
            (concepts, rest)
        };
        prop_assert_eq!(find(rows), find(apart));
    }

    #[test]
    fn implications_hold_are_complete_and_none_follows_from_another(
        rows in any_rows(), min_support in 1_u64..4
    ) {
        let columns = Columns::new(schema(0), rows);
        let context = Context::from_columns(&columns, Level::Closure, &[0, 1]);
        let request = ImplicationRequest { min_support, min_confidence: 0.7, ..ASK };
        let found = implications(&context, &request).expect("few premises");
        let weigh = |objects: &[usize]| -> u64 { objects.iter().map(|&at| context.weight(at)).sum() };
        let measure = |premise: &[usize], conclusion: usize| {
            let extent = extent_of(&context, premise);
            let (tested, open): (Vec<usize>, Vec<usize>) = extent.iter()
                .partition(|&&at| bits::contains(context.stating(conclusion), at));
            let (with, against): (Vec<usize>, Vec<usize>) =
                tested.iter().partition(|&&at| context.has(at, conclusion));
            (weigh(&with), weigh(&tested), weigh(&open), against)
        };
        for one in found.exact.iter().chain(&found.near) {
            let (support, tested, open, against) = measure(&one.premise, one.conclusion);
            prop_assert_eq!((one.support, one.tested, one.open), (support, tested, open));
            prop_assert_eq!(&one.counter_examples, &against);
            prop_assert!(one.support >= min_support && one.confidence >= 0.7);
        }
        for premise in subsets(6) {
            let mut up = vec![0; 1];
            for &at in &premise {
                bits::union_with(&mut up, context.upwards(at));
            }
            for conclusion in (0..6).filter(|&at| !bits::contains(&up, at)) {
                let (support, tested, _, _) = measure(&premise, conclusion);
                let confidence = support as f64 / tested as f64;
                if support < min_support || confidence < 0.7 {
                    continue;
                }
                let list = if support == tested { &found.exact } else { &found.near };
                let covers = |one: &&Implication| {
                    general(&up, &context, &one.premise)
                        && context.downwards(conclusion).contains(&one.conclusion)
                };
                let covering: Vec<&Implication> = list.iter().filter(covers).collect();
                prop_assert!(!covering.is_empty(), "{premise:?} → {conclusion}");
                // A kept one is covered by itself alone.
                if covering.iter().any(|one| one.premise == premise && one.conclusion == conclusion) {
                    prop_assert_eq!(covering.len(), 1);
                }
            }
        }
    }

    #[test]
    fn contexts_come_back_from_text(
        rows in prop::collection::vec(any::<u16>(), 0..9), width in 0_usize..17
    ) {
        let context = Context::new(
            (0..rows.len()).map(|at| format!("object {at}")).collect(),
            (0..width).map(|at| format!("é{at}")).collect(),
            |object, attribute| rows[object] >> attribute & 1 == 1,
        );
        let text = write(&context).expect("plain names");
        prop_assert_eq!(read(&text, Title::Refused), Ok(context));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(B\n)?\\PC{0,9}\n?[0-9\n]{0,8}[X.a\n]{0,40}") {
        for title in [Title::Refused, Title::Allowed] {
            if let Err(error) = read(&text, title) {
                prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1);
            }
        }
    }

    #[test]
    fn a_text_with_a_piece_cut_out_is_read_or_refused(start in 0_usize..38, length in 1_usize..12) {
        let text = "B\n\n2\n3\n\nsun\nmoon\na\nb c\nd\nX.X\n.X.\n";
        let start = start.min(text.len());
        let end = (start + length).min(text.len());
        let cut = format!("{}{}", &text[..start], &text[end..]);
        if let Err(error) = read(&cut, Title::Refused) {
            prop_assert!(!error.reason.is_empty());
        }
    }
}
