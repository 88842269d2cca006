//! The same table in every form gives the same statements.

use std::path::Path;

use rust_xlsxwriter::Workbook;

use super::{import, import_text, objects};
use peermap::dataset::Importing;
use peermap::error::Result;
use peermap::import::read::Reading;

const TABLE: &[[&str; 6]] = &[
    [
        "name",
        "Fonctions",
        "milieu",
        "issues",
        "peers are called",
        "evidence",
    ],
    [
        "Pairs de l'été",
        "accompagnement | pas de plaidoyer",
        "hôpital",
        "HIV",
        "pair aidant",
        "They walk along, \"always\".",
    ],
    ["Other", "not stated", "", "", "", ""],
];

fn delimited(delimiter: char) -> String {
    let mut text = String::new();
    for row in TABLE {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&cells.join(&delimiter.to_string()));
        text.push_str("\r\n");
    }
    text
}

fn check(what: &str, result: Result<(peermap::import::Outcome, Vec<oxrdf::Triple>)>) {
    let (outcome, triples) = result.unwrap();
    assert_eq!(outcome.programmes, 2, "{what}: {:?}", outcome.findings);
    assert_eq!(outcome.codings, 3, "{what}");
    let id = "programme/pairs-de-lete";
    assert_eq!(objects(&triples, id, "label"), ["Pairs de l'été"], "{what}");
    assert_eq!(objects(&triples, id, "issue"), ["hiv"], "{what}");
    assert_eq!(objects(&triples, id, "setting"), ["hospital"], "{what}");
    let codings: Vec<String> = triples
        .iter()
        .filter(|t| t.predicate.as_str().ends_with("#finding"))
        .map(|t| format!("{} {}", t.subject, t.object))
        .collect();
    let found = |part: &str, finding: &str| {
        codings
            .iter()
            .any(|c| c.contains(part) && c.ends_with(&format!("#{finding}>")))
    };
    assert!(found(".function.accompaniment.", "Present"), "{what}");
    assert!(found(".function.advocacy.", "Absent"), "{what}");
    assert!(
        found("/other.function.not-reported.", "NotReported"),
        "{what}"
    );
}

#[test]
fn every_form_of_table_says_the_same() {
    for (name, delimiter) in [
        ("a.csv", ','),
        ("a.csv", ';'),
        ("a.tsv", '\t'),
        ("a.csv", '|'),
    ] {
        // A bar between cells needs quotes around a cell with bars, and has them.
        check(name, import_text(name, delimited(delimiter), None));
    }
    let (latin, _, _) =
        encoding_rs::WINDOWS_1252.encode(Box::leak(delimited(';').into_boxed_str()));
    check("windows-1252", import_text("a.csv", &latin, None));
    let utf16: Vec<u8> = std::iter::once(0xFEFFu16)
        .chain(delimited(',').encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    check("utf-16", import_text("a.csv", utf16, None));
    check(
        "mark",
        import_text("a.csv", format!("\u{feff}{}", delimited(',')), None),
    );

    let records: Vec<serde_json::Value> = TABLE[1..]
        .iter()
        .map(|row| {
            let fields = TABLE[0].iter().zip(row);
            fields
                .map(|(k, v)| ((*k).to_owned(), serde_json::json!(v)))
                .collect()
        })
        .collect();
    check(
        "json",
        import_text("a.json", serde_json::to_vec(&records).unwrap(), None),
    );
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    check("jsonl", import_text("a.jsonl", lines.join("\n"), None));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("first")
        .unwrap()
        .write_string(0, 0, "no")
        .unwrap();
    let sheet = book.add_worksheet().set_name("Données").unwrap();
    for (row, cells) in (3u32..).zip(TABLE) {
        for (column, cell) in (2u16..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save(&path).unwrap();
    let how = Importing {
        reading: Reading {
            sheet: Some("données".to_owned()),
            ..Reading::default()
        },
        ..Importing::default()
    };
    check("xlsx", import(&path, &how));
    check("ods", import(&ods(folder.path()), &Importing::default()));
}

/// A small ODS file, made by hand.
fn ods(folder: &Path) -> std::path::PathBuf {
    use std::io::Write;
    let mut rows = String::new();
    for row in TABLE {
        rows.push_str("<table:table-row>");
        for cell in row {
            let cell = cell.replace('&', "&amp;").replace('"', "&quot;");
            rows.extend([format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
            )]);
        }
        rows.push_str("</table:table-row>");
    }
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>\
         <office:spreadsheet><table:table table:name=\"t\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let path = folder.join("a.ods");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        ),
        ("content.xml", content.as_str()),
    ] {
        archive.start_file(name, stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    path
}

#[test]
fn the_same_file_gives_the_same_identifiers_wherever_its_rows_stand() {
    let forwards = "name,functions\nB,navigation\nA,advocacy\n";
    let backwards = "name,functions\nA,advocacy\nNew,navigation\nB,navigation\n";
    let subjects = |text: &str| {
        let (_, triples) = import_text("a.csv", text, None).unwrap();
        let mut subjects: Vec<String> = triples.iter().map(|t| t.subject.to_string()).collect();
        subjects.sort();
        subjects.dedup();
        subjects
    };
    let (first, second) = (subjects(forwards), subjects(backwards));
    assert!(first.iter().all(|subject| second.contains(subject)));
    assert_eq!(
        second.len() - first.len(),
        2,
        "one programme and its coding are new"
    );
}

#[test]
fn a_table_is_data_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, delimited(',')).unwrap();
    let told = crate::answer(&format!("--data {} show pairs", path.display()));
    assert!(told.contains("Pairs de l'été"), "{told}");
    std::fs::write(&path, "name,functions\nA,navigaton\n").unwrap();
    let output = crate::run(&format!("--data {} info", path.display()));
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("mine.csv:2:3: column functions"), "{said}");
}

#[test]
fn what_is_not_there_is_no_data_and_nothing_is_no_request() {
    let output = crate::run("import data/no-such-folder");
    assert_eq!(output.status.code(), Some(3));
    let output = crate::run("import");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn statements_written_as_they_are_made_are_the_same_statements() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("a.csv"), delimited(',')).unwrap();
    let load = |name: &str| {
        let output = crate::run(&format!("import {} -o {}", path("a.csv"), path(name)));
        assert!(output.status.success());
        let query = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } ?s a ?c FILTER(CONTAINS(STR(?s), \"pairs-de-lete\")) } ORDER BY ?s ?p ?o";
        crate::answer(&format!("--data {} query -f tsv -q '{query}'", path(name)))
    };
    let whole = load("a.ttl");
    assert!(whole.lines().count() > 30);
    assert_eq!(load("a.nt"), whole);
    assert_eq!(load("a.nq"), whole);
    // With --strict a row that cannot be used leaves the old file as it was.
    std::fs::write(path("a.csv"), "name,functions\nA,navigation\nB,nonsense\n").unwrap();
    let before = std::fs::read(path("a.nt")).unwrap();
    let output = crate::run(&format!(
        "import --strict {} -o {}",
        path("a.csv"),
        path("a.nt")
    ));
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(std::fs::read(path("a.nt")).unwrap(), before);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        4,
        "no part is left behind"
    );
}
