use super::super::columns::{Columns, DimensionColumn, Row, Schema, ValueColumn};
use super::*;

fn context(rows: &[&str]) -> Context {
    let width = rows.first().map_or(0, |row| row.len());
    Context::new(
        (0..rows.len()).map(|at| format!("o{at}")).collect(),
        (0..width).map(|at| format!("a{at}")).collect(),
        |object, attribute| rows[object].as_bytes()[attribute] == b'X',
    )
}

pub(super) fn all(context: &Context, min_support: u64) -> Vec<Concept> {
    let request = IcebergRequest {
        min_support,
        limit: 100_000,
    };
    concepts(context, &request).expect("few concepts")
}

pub(super) const ASK: ImplicationRequest = ImplicationRequest {
    min_support: 1,
    min_confidence: 0.5,
    max_premise: 9,
    limit: 100_000,
};

#[test]
fn concepts_by_hand() {
    let context = context(&["XX.", "X.X", "XX."]);
    let concept = |extent: &[usize], intent: &[usize], delta| Concept {
        extent: extent.to_vec(),
        intent: intent.to_vec(),
        support: extent.len() as u64,
        delta,
    };
    assert_eq!(
        all(&context, 0),
        [
            concept(&[0, 1, 2], &[0], 1),
            concept(&[0, 2], &[0, 1], 2),
            concept(&[1], &[0, 2], 1),
            concept(&[], &[0, 1, 2], 0),
        ]
    );
    assert_eq!(all(&context, 1).len(), 3);
    assert_eq!(all(&context, 2).len(), 2);
    assert_eq!(all(&context, 4), []);
    let mut ranked = all(&context, 0);
    rank(&mut ranked, Ranking::Delta);
    assert_eq!(ranked[0].intent, [0, 1]);
}

#[test]
fn contexts_without_objects_or_attributes() {
    let nothing = Context::new(Vec::new(), Vec::new(), |_, _| false);
    assert_eq!(all(&nothing, 0).len(), 1);
    assert_eq!(all(&nothing, 1), []);
    let no_objects = Context::new(Vec::new(), vec!["a".to_owned()], |_, _| false);
    assert_eq!(all(&no_objects, 0).len(), 1);
    let no_attributes = context(&["", ""]);
    assert_eq!(all(&no_attributes, 0).len(), 1);
    assert_eq!(all(&context(&["..", ".."]), 0).len(), 2);
    assert_eq!(all(&context(&["XX", "XX"]), 0).len(), 1);
    for context in [nothing, no_objects, no_attributes] {
        assert_eq!(implications(&context, &ASK), Ok(Implications::default()));
    }
}

#[test]
fn limits_are_errors() {
    let context = context(&["XX.", "X.X", "XX."]);
    for (min_support, number) in [(0, 4), (1, 3)] {
        let request = |limit| IcebergRequest { min_support, limit };
        assert!(concepts(&context, &request(number)).is_ok());
        assert_eq!(
            concepts(&context, &request(number - 1)),
            Err(Error::LimitReached {
                what: Counted::Concepts,
                limit: number - 1,
                min_support
            })
        );
    }
    let error = implications(&context, &ImplicationRequest { limit: 1, ..ASK });
    assert_eq!(
        error.map_err(|error| error.to_string()),
        Err("limit reached: there are more than 1 premises with a support of 1 or more".to_owned())
    );
}

/// Dimension 0: value 0 ⊃ 1, 2; dimension 1: 3, 4 ⊃ 5; `extra` values of nobody after them.
pub(super) fn schema(extra: usize) -> Schema {
    let ancestors: [&[usize]; 6] = [&[], &[0], &[0], &[], &[], &[4]];
    let value = |at: usize| ValueColumn {
        notation: format!("v{at}"),
        scheme: usize::from(at > 2),
        ancestors: ancestors.get(at).map_or(Vec::new(), |above| above.to_vec()),
    };
    let dimension = |at: usize, values| DimensionColumn {
        notation: format!("d{at}"),
        weight: 1.0,
        values,
    };
    Schema {
        dimensions: vec![dimension(0, 0..3), dimension(1, 3..6 + extra)],
        values: (0..6 + extra).map(value).collect(),
        ..Schema::default()
    }
}

fn row(name: usize, values: &[usize]) -> Row {
    Row {
        name: format!("{name:04}"),
        values: values.to_vec(),
        count: 1,
        ..Row::default()
    }
}

#[test]
fn programmes_have_leaves_or_closures_as_attributes() {
    let columns = Columns::new(schema(0), vec![row(0, &[0, 1, 3]), row(1, &[5])]);
    let leaves = Context::from_columns(&columns, Level::Leaves, &[0, 1]);
    let has = |context: &Context, object| -> Vec<usize> {
        (0..6).filter(|&at| context.has(object, at)).collect()
    };
    assert_eq!((has(&leaves, 0), has(&leaves, 1)), (vec![1, 3], vec![5]));
    let closure = Context::from_columns(&columns, Level::Closure, &[1]);
    assert_eq!((has(&closure, 0), has(&closure, 1)), (vec![3], vec![4, 5]));
    assert_eq!(leaves.attributes()[5], "d1:v5");
    assert_eq!(leaves.usual_support(), 5);
}

#[test]
fn an_implication_is_tested_only_where_its_dimensions_are_stated() {
    let mut rows: Vec<Row> = (0..6).map(|at| row(at, &[1, 3])).collect();
    rows.push(row(6, &[1]));
    rows.push(row(7, &[2, 4]));
    let none = Row {
        none: vec![1],
        ..row(8, &[1])
    };
    let found = |rows: &[Row]| {
        let columns = Columns::new(schema(0), rows.to_vec());
        let request = ImplicationRequest {
            min_support: 5,
            min_confidence: 0.8,
            max_premise: 3,
            limit: 1_000,
        };
        Implications::of_programmes(&columns, &[0, 1], &request).expect("few premises")
    };
    // 6 leaves the place open: neither for nor against.
    let exact = found(&rows).exact;
    let one = (exact.iter()).find(|found| (&found.premise[..], found.conclusion) == (&[1], 3));
    let one = one.expect("1 → 3");
    assert_eq!((one.support, one.tested, one.open), (6, 6, 1));
    assert!((one.confidence - 1.0).abs() < 1e-12 && (one.lift - 7.0 / 6.0).abs() < 1e-12);
    assert_eq!(one.counter_examples, [0; 0]);
    // 8 states that no value of the dimension holds: a counter-example.
    rows.push(none);
    let both = found(&rows);
    assert!(both.exact.iter().all(|found| found.premise != [1]));
    let one = both.near.iter().find(|found| found.premise == [1]);
    let one = one.expect("1 → 3, nearly");
    assert_eq!(
        (one.conclusion, one.support, one.tested, one.open),
        (3, 6, 7, 1)
    );
    assert_eq!(one.counter_examples, [8]);
}

#[test]
fn what_the_hierarchy_says_is_not_reported() {
    // Everyone with 3 has 1, hence 0; nobody needs to be told about 0.
    let rows = (0..5)
        .map(|at| row(at, &[1, 3]))
        .chain([row(5, &[2, 4]), row(6, &[0, 5])]);
    let columns = Columns::new(schema(0), rows.collect());
    let found = Implications::of_programmes(&columns, &[0, 1], &ASK).expect("few premises");
    let pairs: Vec<(&[usize], usize)> = (found.exact.iter())
        .map(|found| (&found.premise[..], found.conclusion))
        .collect();
    // All have 0; 1 and 3 come together, and so do 2 or more and 4.
    assert!(pairs.contains(&(&[], 0)));
    assert!(pairs.contains(&(&[3], 1)) && pairs.contains(&(&[1], 3)));
    assert!(pairs.contains(&(&[2], 4)));
    assert!(
        !pairs
            .iter()
            .any(|(premise, conclusion)| *conclusion == 0 && !premise.is_empty())
    );
    assert!(!pairs.contains(&(&[5], 4)) && !pairs.contains(&(&[1], 0)));
}

#[test]
fn a_text_is_read_or_refused_with_its_line() {
    let text = "B\n\n2\n3\n\nsun\nmoon\na\nb c\nd\nX.X\n.X.\n";
    let read_back = read(text, Title::Refused).expect("well-formed");
    assert_eq!(read_back.objects(), ["sun", "moon"]);
    assert_eq!(read_back.attributes(), ["a", "b c", "d"]);
    assert!(read_back.has(0, 2) && !read_back.has(1, 2));
    assert_eq!(write(&read_back).as_deref(), Ok(text));
    assert_eq!(
        read(&text.replace('\n', "\r\n"), Title::Refused),
        Ok(read_back.clone())
    );
    assert_eq!(
        read(&format!("\u{feff}{text}\n\n"), Title::Refused),
        Ok(read_back)
    );
    let wrong = |text: &str, line, reason: &str| {
        let error = read(text, Title::Refused).expect_err(reason);
        assert_eq!(error.to_string(), format!("line {line}: {reason}"));
    };
    wrong("", 1, "expected the letter B, found the end of the text");
    wrong("A", 1, "expected the letter B, found \"A\"");
    wrong(
        "B\nName\n1\n1\n\na\nb\nX",
        2,
        "expected an empty line, found \"Name\"",
    );
    wrong("B\n\nx", 3, "expected the number of objects, found \"x\"");
    wrong(
        "B\n\n1\n-1",
        4,
        "expected the number of attributes, found \"-1\"",
    );
    wrong(
        "B\n\n1\n1\na\nb\nX",
        5,
        "expected an empty line, found \"a\"",
    );
    wrong(
        "B\n\n2\n1\n\na",
        7,
        "expected the name of an object, found the end of the text",
    );
    wrong(
        "B\n\n2\n1\n\na\n\nb",
        7,
        "expected the name of an object, found an empty line",
    );
    wrong(
        "B\n\n2\n1\n\na\na\nb",
        7,
        "object \"a\" is already on line 6",
    );
    wrong(
        "B\n\n1\n1\n\na\nb\nXX",
        8,
        "the row has 2 marks, but there are 1 attributes",
    );
    wrong("B\n\n1\n1\n\na\nb\nx", 8, "expected X or ., found 'x'");
    wrong(
        "B\n\n1\n1\n\na\nb",
        8,
        "expected a row of X and ., found the end of the text",
    );
    wrong(
        "B\n\n1\n1\n\na\nb\nX\nX",
        9,
        "expected the end of the text, found \"X\"",
    );
    wrong(
        "B\n\n0\n0\n\nX",
        6,
        "expected the end of the text, found \"X\"",
    );
    wrong(
        "B\n\n18446744073709551615\n1\n\na",
        7,
        "expected the name of an object, found the end of the text",
    );
    let titled = "B\nName\n1\n1\n\na\nb\nX";
    assert!(read(titled, Title::Allowed).is_ok());
}

#[test]
fn names_that_would_not_come_back_are_not_written() {
    for names in [
        vec![""],
        vec!["a\nb"],
        vec![" a"],
        vec!["a", "a"],
        vec!["a\r"],
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let context = Context::new(names, Vec::new(), |_, _| false);
        assert!(write(&context).is_err());
    }
}
