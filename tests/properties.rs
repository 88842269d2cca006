//! Whatever the input, nothing panics, and what is printed stays true.

use peermap::dataset::{Choice, Dataset};
use peermap::query::{Options, run};
use proptest::prelude::*;
use std::sync::OnceLock;

fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| Dataset::open(&Choice::default()).unwrap())
}

const QUERY: &str = "PREFIX x: <https://x.org/> SELECT ?p (COUNT(*) AS ?n) WHERE { ?p a pm:Programme ; rdfs:label ?l . FILTER(?l != \"a\") OPTIONAL { ?p x:y [ x:z 1 ] } } GROUP BY ?p ORDER BY ?p LIMIT 3";

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_text_as_a_query_gives_an_answer_or_an_error_with_a_report(text in "\\PC{0,80}") {
        if let Err(error) = run(&dataset().graph, &text, &Options::default()) {
            prop_assert!(error.report().starts_with("error: "));
        }
    }

    #[test]
    fn a_query_with_a_piece_cut_out_never_panics(start in 0usize..QUERY.len(), length in 0usize..12) {
        let end = (start + length).min(QUERY.len());
        let text = format!("{}{}", &QUERY[..start], &QUERY[end..]);
        if let Err(error) = run(&dataset().graph, &text, &Options::default()) {
            prop_assert!(error.report().lines().count() >= 1);
        }
    }

    #[test]
    fn any_name_of_a_programme_is_found_or_answered(name in "\\PC{0,30}") {
        let profiles = dataset().profiles().unwrap();
        if let Err(error) = profiles.find(&name) {
            prop_assert_eq!(error.kind().exit_code(), 2);
        }
    }
}

#[test]
fn deep_nesting_is_refused_and_the_process_lives() {
    let deep = format!("ASK {}{}", "{".repeat(100_000), "}".repeat(100_000));
    let error = run(&dataset().graph, &deep, &Options::default()).unwrap_err();
    assert_eq!(error.kind().exit_code(), 4);
    assert_eq!(
        error.report(),
        "error: query nests brackets 100000 deep at line 1, column 100004; the limit is 300\nhint: write it flatter\n"
    );
}
