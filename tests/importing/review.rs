//! Codings by machine are listed, and taken back confirmed or rejected.

use super::import_text;
use crate::{answer, run};

const DATA: &str = "name,text\nA,They offer navigation.\nB,They offer navigation and advocacy.\n";
const MAP: &str = "name = \"m\"\n[programme]\nname = \"{name}\"\n\
    [[rule]]\nid = \"n\"\ncolumn = \"text\"\nmatches = 'navigation'\ngives = \"function:navigation\"\n\
    [[rule]]\nid = \"a\"\ncolumn = \"text\"\nmatches = 'advocacy'\ngives = \"function:advocacy\"\n";

#[test]
fn a_review_confirms_rejects_and_leaves_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("d.csv"), DATA).unwrap();
    std::fs::write(path("m.toml"), MAP).unwrap();
    answer(&format!(
        "import {} --map {} -o {}",
        path("d.csv"),
        path("m.toml"),
        path("d.ttl")
    ));
    let list = answer(&format!("--data {} review --quiet", path("d.ttl")));
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(list.as_bytes())
        .records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|row| row[6].starts_with("Rule m/") && row[10].is_empty())
    );
    assert_eq!(&rows[0][6], "Rule m/n: column text has \"navigation\".");

    // A spreadsheet of a French office: semicolons, another encoding, French words.
    let mut table = "coding;verdict;basis;coder\n".to_owned();
    for (row, rest) in rows.iter().zip(["oui;explicite;Équipe A", "non;;", ";;"]) {
        table.extend([format!("{};{rest}\n", &row[0])]);
    }
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&table);
    std::fs::write(path("done.csv"), &latin).unwrap();
    let output = run(&format!(
        "--data {} review --take {} -o {}",
        path("d.ttl"),
        path("done.csv"),
        path("r.trig")
    ));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("1 codings confirmed, 1 rejected, 1 still open"),
        "{said}"
    );
    let bases = answer(&format!(
        "--data {} query -f csv -q 'SELECT ?basis ?coder {{ ?c pm:basis ?basis ; prov:wasAttributedTo ?coder }} ORDER BY ?basis'",
        path("r.trig")
    ));
    assert_eq!(
        bases,
        "basis,coder\nhttps://w3id.org/peermap/ns#Explicit,https://w3id.org/peermap/coder/equipe-a\n\
         https://w3id.org/peermap/ns#Machine,https://w3id.org/peermap/coder/mapping-m\n"
    );
    let left = answer(&format!("--data {} review --quiet", path("r.trig")));
    assert_eq!(left.lines().count(), 2, "the header and what is open");

    // Mistakes at their cells, all in one run, and nothing is written.
    std::fs::write(
        path("wrong.csv"),
        format!(
            "coding,verdict,basis\n{},perhaps,\n{},yes,machine\nb.function,yes,\n",
            &rows[0][0], &rows[1][0]
        ),
    )
    .unwrap();
    let output = run(&format!(
        "--data {} review --take {} -o {}",
        path("d.ttl"),
        path("wrong.csv"),
        path("no.trig")
    ));
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for place in [
        "wrong.csv:2:",
        "wrong.csv:3:",
        "wrong.csv:4:1: column coding",
    ] {
        assert!(said.contains(place), "{place}\n{said}");
    }
    assert!(!folder.path().join("no.trig").exists());
    assert_eq!(
        run(&format!("review --take {}", path("done.csv")))
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn one_table_answers_are_no_machine_and_need_no_review() {
    let (_, triples) = import_text("a.csv", "name,functions\nA,navigation\n", None).unwrap();
    assert!(
        triples
            .iter()
            .all(|t| !t.object.to_string().ends_with("#Machine>"))
    );
}
