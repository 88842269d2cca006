//! Files that are meant to do harm, or only do.

use std::io::Write;

use super::{import, import_text};
use peermap::dataset::Importing;
use peermap::error::Kind;

fn zipped(name: &str, parts: &[(&str, &[u8])]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let deflated = zip::write::SimpleFileOptions::default();
    for (name, bytes) in parts {
        archive.start_file(*name, deflated).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    (folder, path)
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.xlsx");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let deflated = zip::write::SimpleFileOptions::default();
    archive
        .start_file("xl/worksheets/sheet1.xml", deflated)
        .unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..600 {
        archive.write_all(&block).unwrap();
    }
    archive.finish().unwrap();
    assert!(
        std::fs::metadata(&path).unwrap().len() < 2 << 20,
        "it is small"
    );
    let error = import(&path, &Importing::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Limit);
    assert!(
        error.report().contains("unpacks to more than 512 MB"),
        "{}",
        error.report()
    );
}

#[test]
fn markup_that_declares_entities_is_refused_in_every_form() {
    let laughs = b"<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\">\
        <!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
        <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\
        <!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">\
        <!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">\
        <!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">\
        <!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">\
        <!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">\
        <!ENTITY i \"&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;\">]><a>&i;</a>";
    let (_folder, path) = zipped("laughs.xlsx", &[("xl/workbook.xml", laughs)]);
    let error = import(&path, &Importing::default()).unwrap_err();
    assert!(
        error.report().contains("declares entities of its own"),
        "{}",
        error.report()
    );
    let map = "name = \"m\"\n[programme]\nname = \"{text}\"\n";
    let error = import_text("laughs.xml", laughs, Some(map)).unwrap_err();
    assert!(
        error.report().contains("a document type of its own"),
        "{}",
        error.report()
    );
    let error = import_text("laughs.rdf", laughs, None).unwrap_err();
    assert!(error.report().contains("entities"), "{}", error.report());
}

#[test]
fn a_cell_that_never_ends_is_refused_with_its_place() {
    let mut text = "name,functions\nA,navigation\n\"B".to_owned();
    text.push_str(&",x".repeat(1 << 20));
    let error = import_text("a.csv", text, None).unwrap_err();
    assert_eq!(error.kind(), Kind::Limit);
    assert!(error.report().contains("at 3:1"), "{}", error.report());
}

#[test]
fn one_cell_far_away_costs_no_memory() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "name").unwrap();
    sheet.write_string(1_048_575, 0, "Far away").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("far.xlsx");
    book.save(&path).unwrap();
    let (outcome, _) = import(&path, &Importing::default()).unwrap();
    assert_eq!((outcome.rows, outcome.programmes), (1, 1));
}

#[test]
fn files_that_are_no_files_of_their_kind_say_so() {
    for (name, bytes, said) in [
        (
            "a.xlsx",
            &b"PK\x03\x04 not a zip"[..],
            "is not a whole workbook",
        ),
        (
            "a.xlsx",
            b"name,functions\n",
            "cannot be read as a workbook",
        ),
        ("a.json", b"{\"a\": [1, 2", "cannot be read as JSON"),
        ("a.json", b"", "no column has the names"),
        ("a.csv", b"", "has no header"),
        ("a.dat", b"x", "has no known format"),
    ] {
        match import_text(name, bytes, None) {
            Err(error) => assert!(error.report().contains(said), "{name}: {}", error.report()),
            Ok((outcome, triples)) => {
                assert!(triples.is_empty());
                let reasons: Vec<String> = outcome
                    .findings
                    .iter()
                    .map(peermap::output::findings::Finding::text)
                    .collect();
                assert!(reasons.join("\n").contains(said), "{name}: {reasons:?}");
            }
        }
    }
}

#[test]
fn deep_json_is_an_error_and_no_crash() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(import_text("a.json", deep, None).is_err());
}
