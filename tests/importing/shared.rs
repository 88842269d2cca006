//! The sets of other people, where they are at hand.

use std::path::PathBuf;
use std::time::Instant;

use peermap::dataset::Importing;
use peermap::import::read::{Reading, open};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("PEERMAP_SHARED").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("PEERMAP_SHARED is not set: the sets of other people were not imported");
    }
    folder
}

/// File, mapping, rows, programmes.
const SETS: &[(&str, Option<&str>, u64, u64)] = &[
    ("metapsy-peer-support/data.csv", Some("metapsy"), 66, 28),
    (
        "baynavigator/programs.csv",
        Some("bay-navigator"),
        2854,
        270,
    ),
    (
        "na-meetings-bmlt/meetings.csv",
        Some("na-meetings"),
        1555,
        1246,
    ),
    (
        "findtreatment-sample/facilities.json",
        Some("findtreatment"),
        30,
        9,
    ),
    ("formats/hsds-3.0-examples/csv", None, 1, 1),
    (
        "formats/hsds-3.0-examples/service_full.json",
        Some("hsds"),
        1,
        1,
    ),
    (
        "formats/hsds-3.0-examples/organization_full.json",
        Some("hsds"),
        1,
        1,
    ),
    (
        "formats/hsds-3.0-examples/service_list.json",
        Some("hsds"),
        1,
        1,
    ),
    (
        "formats/hsds-3.0-examples/organization_list.json",
        Some("hsds"),
        1,
        0,
    ),
    ("formats/ohana-sample-csv", None, 23, 4),
];

#[test]
fn each_set_of_other_people_imports_with_its_mapping() {
    let Some(shared) = shared() else { return };
    for (file, map, rows, programmes) in SETS {
        let how = Importing {
            map: map.map(str::to_owned),
            ..Importing::default()
        };
        let started = Instant::now();
        let (outcome, triples) = super::import(&shared.join("data").join(file), &how).unwrap();
        eprintln!(
            "{file}: {} rows, {} programmes, {} codings, {} problems, {:?}",
            outcome.rows,
            outcome.programmes,
            outcome.codings,
            outcome.findings.len(),
            started.elapsed()
        );
        assert_eq!(
            (outcome.rows, outcome.programmes),
            (*rows, *programmes),
            "{file}"
        );
        assert_eq!(outcome.left_out, 0, "{file}: {:?}", outcome.findings);
        // Nothing that a rule gave passes for more than that.
        let bases = triples
            .iter()
            .filter(|t| t.predicate.as_str().ends_with("#basis"));
        let machine = bases
            .clone()
            .filter(|t| t.object.to_string().ends_with("#Machine>"));
        assert_eq!(machine.count(), bases.count(), "{file}");
    }
}

#[test]
fn terms_of_open_eligibility_are_those_of_its_taxonomy() {
    let Some(shared) = shared() else { return };
    let text =
        std::fs::read_to_string(crate::root().join("data/mappings/terms/open-eligibility.toml"))
            .unwrap();
    let table: toml::Table = text.parse().unwrap();
    let terms = table["values"].as_table().unwrap();
    let names = |file: &str, form: Option<&str>, column: &str| {
        let reading = Reading {
            form: form.map(str::to_owned),
            ..Reading::default()
        };
        let sheet = open(&shared.join("data").join(file), &reading).unwrap();
        let at = sheet
            .columns
            .iter()
            .position(|name| name == column)
            .unwrap();
        let mut names = Vec::new();
        sheet.rows(
            &mut |row| {
                names.push(row.cells[at].to_owned());
                std::ops::ControlFlow::Continue(())
            },
            &mut |_| {},
        );
        names
    };
    let tabular = names("formats/ohana-sample-csv/taxonomy.csv", None, "name");
    let markup = names("openeligibility/taxonomy", Some("xml"), "title");
    assert!(markup.len() > 350, "{}", markup.len());
    for term in terms.keys() {
        assert!(
            tabular.contains(term) || markup.contains(term),
            "{term} is no term of Open Eligibility"
        );
    }
}
