//! Results kept with `--save` say what the commands say, and load beside the data.

use std::collections::BTreeSet;

use crate::answer;

/// Runs a command with its answer in a file and gives the file's path and text.
fn saved(folder: &tempfile::TempDir, name: &str, command: &str) -> (String, String) {
    let path = folder.path().join(name).display().to_string();
    answer(&format!("{command} -o {path}"));
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

fn rows(csv: &str, columns: &[&str]) -> BTreeSet<Vec<String>> {
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(csv));
    let header = reader.headers().unwrap().clone();
    let at: Vec<usize> = columns
        .iter()
        .map(|column| header.iter().position(|name| name == *column).unwrap())
        .collect();
    let row = |record: csv::StringRecord| {
        let cell = |&at: &usize| {
            let cell = record[at].to_owned();
            // Numbers by value: a query may print 0.5 for 0.500000.
            cell.parse::<f64>()
                .map_or(cell, |number| format!("{number:.6}"))
        };
        at.iter().map(cell).collect()
    };
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}

#[test]
fn a_saved_network_is_asked_for_beside_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = saved(&folder, "net.trig", "network --data paper -k 2 --save");
    let asked = answer(&format!(
        "named run saved-resemblances --data paper,{path} -f csv"
    ));
    let said = answer("network --data paper -k 2 -f csv");
    let columns = ["score", "low", "high", "comparable", "q", "lift"];
    let (a, b) = (["a", "b"], ["one", "other"]);
    let wanted = rows(&said, &[&a[..], &columns].concat());
    assert!(wanted.len() > 20);
    assert_eq!(rows(&asked, &[&b[..], &columns].concat()), wanted);
    let graphs = answer(&format!(
        "query -q 'SELECT DISTINCT ?g {{ GRAPH ?g {{ ?r a pm:Resemblance ; prov:wasGeneratedBy/pm:dataHash ?h }} }}' --data paper,{path} -f csv"
    ));
    assert_eq!(graphs.lines().count(), 2, "{graphs}");
    assert!(graphs.contains("https://w3id.org/peermap/graph/network-"));
}

#[test]
fn saved_bridges_and_neighbours_are_those_of_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for (command, figure) in [("bridges -k 7", "rarity"), ("similar harlem -k 4", "score")] {
        let command = format!("{command} --data paper");
        let (path, _) = saved(&folder, "found.nq", &format!("{command} --save"));
        let asked = answer(&format!(
            "named run saved-resemblances --data paper,{path} -f csv"
        ));
        let said = answer(&format!("{command} -f csv"));
        let wanted = rows(&said, &[figure, "comparable"]);
        let round = |rows: BTreeSet<Vec<String>>| -> BTreeSet<(String, String)> {
            rows.into_iter()
                .map(|row| {
                    (
                        format!("{:.4}", row[0].parse::<f64>().unwrap()),
                        row[1].clone(),
                    )
                })
                .collect()
        };
        assert!(!wanted.is_empty());
        assert_eq!(
            round(rows(&asked, &[figure, "comparable"])),
            round(wanted),
            "{command}"
        );
    }
}

#[test]
fn proposals_are_the_twins_that_labels_shows_and_merge_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "labels --permutations 99";
    let (path, text) = saved(&folder, "labels.trig", &format!("{settings} --save"));
    let said: serde_json::Value =
        serde_json::from_str(&answer(&format!("{settings} -f json"))).unwrap();
    let same = said["twins"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|twin| twin["verdict"] == "same work")
        .count();
    assert!(same > 0);
    assert_eq!(text.matches("a pm:MatchProposal").count(), same);
    assert_eq!(text.matches("skos:closeMatch").count(), same);
    assert!(!text.contains("exactMatch") && !text.contains("sameAs"));
    let asked = answer(&format!(
        "named run proposed-matches --data paper,{path} -f csv"
    ));
    assert_eq!(asked.lines().count(), same + 1);
    let profiles = "profiles --data paper -f csv";
    assert_eq!(
        answer(profiles),
        answer(&format!("{profiles} --data paper,{path}")),
        "a proposal changes no profile"
    );
}

#[test]
fn the_same_analysis_gives_the_same_bytes_and_another_one_another_graph() {
    let save = "network --data paper -k 1 --save -f nq";
    let first = answer(save);
    assert_eq!(first, answer(save));
    let name = |text: &str| {
        text.lines()
            .next()
            .unwrap()
            .rsplit(' ')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    for other in [
        "network --data paper -k 2 --save -f nq",
        "network --data atlas -k 1 --save -f nq",
        "network --data paper -k 1 --measure simui --save -f nq",
    ] {
        assert_ne!(name(&first), name(&answer(other)), "{other}");
    }
    let dated = answer(&format!("{save} --at 2026-11-25T10:30:00+01:00"));
    let added: Vec<&str> = dated.lines().filter(|line| !first.contains(line)).collect();
    assert_eq!(added.len(), 1, "the time and nothing else");
    assert!(added[0].contains("2026-11-25T09:30:00Z"), "{}", added[0]);
}
