//! Sixty mistakes of every kind in one workbook give sixty findings at the right cells, in one run.

use rust_xlsxwriter::{Formula, Workbook};

use super::import;
use crate::peermap;
use peermap::dataset::Importing;
use peermap::output::findings::letters;

const HEADERS: [&str; 20] = [
    "name",         // A
    "kind",         // B
    "country",      // C
    "start year",   // D
    "end year",     // E
    "functions",    // F
    "formality",    // G
    "relations",    // H
    "status",       // I
    "affiliations", // J
    "spaces",       // K
    "communities",  // L
    "issues",       // M
    "main roles",   // N
    "settings",     // O
    "trend",        // P
    "basis",        // Q
    "confidence",   // R
    "source",       // S
    "language",     // T
];

/// Cells with what is wrong about them: column, text, kind of the finding.
const MISTAKES: &[(usize, &str, &str)] = &[
    // Values that are no value of the question, most of them typos.
    (5, "navigaton", "unknown-value"),
    (5, "emotional suport; advocacy", "unknown-value"),
    (5, "advocacy | listning", "unknown-value"),
    (5, "fly to the moon", "unknown-value"),
    (5, "no certfication", "unknown-value"),
    (6, "naturel et souple", "unknown-value"),
    (6, "structurd", "unknown-value"),
    (7, "lived experiance", "unknown-value"),
    (7, "family", "unknown-value"),
    (8, "trainning", "unknown-value"),
    (8, "a diploma", "unknown-value"),
    (9, "indipendent", "unknown-value"),
    (9, "state", "unknown-value"),
    (10, "steet", "unknown-value"),
    (10, "the moon", "unknown-value"),
    // Values of another question.
    (5, "street", "unknown-value"),
    (10, "advocacy", "unknown-value"),
    (6, "lived experience", "unknown-value"),
    // Answers that contradict themselves.
    (5, "navigation; no navigation", "contradiction"),
    (6, "not stated; natural", "contradiction"),
    (8, "none; training", "contradiction"),
    // Places on axes.
    (11, "wommen", "unknown-silo"),
    (11, "youth; martians", "unknown-silo"),
    (12, "homelesness", "unknown-silo"),
    (12, "hiv | plague", "unknown-silo"),
    (13, "navigatoin", "unknown-silo"),
    (13, "cooking", "unknown-silo"),
    (14, "hopsital", "unknown-silo"),
    (14, "submarine", "unknown-silo"),
    (11, "navigation", "unknown-silo"),
    // Kinds and trends.
    (1, "programm organised", "unknown-kind"),
    (1, "company", "unknown-kind"),
    (1, "group; movement", "several-kinds"),
    (15, "peer suport", "unknown-trend"),
    (15, "astrology", "unknown-trend"),
    // How it is known.
    (16, "explicitly", "unknown-basis"),
    (16, "guess", "unknown-basis"),
    (17, "very", "unknown-confidence"),
    (17, "hgih", "unknown-confidence"),
    // Countries.
    (2, "Canada", "country"),
    (2, "CAN", "country"),
    (2, "CA; Québec", "country"),
    (2, "1", "country"),
    // Years.
    (3, "nineteen ninety", "earliest-year"),
    (3, "199O", "earliest-year"),
    (3, "1990-2000", "earliest-year"),
    (4, "today", "latest-year"),
    (4, "20 10", "latest-year"),
    // Languages and sources.
    (19, "not a tag!", "language"),
    (19, "français ou anglais", "language"),
    (18, "https://exa mple.org/a page", "source"),
    (18, "http://[broken", "source"),
];

#[test]
fn sixty_mistakes_are_sixty_findings_at_their_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("my data").unwrap();
    for (column, header) in (0u16..).zip(HEADERS) {
        sheet.write_string(0, column, header).unwrap();
    }
    let mut wanted: Vec<(String, String)> = Vec::new();
    let mut row = 0u32;
    let mut expect = |row: u32, column: usize, kind: &str| {
        let column = letters(u32::try_from(column).unwrap());
        wanted.push((format!("my data!{column}{}", row + 1), kind.to_owned()));
    };
    for (column, text, kind) in MISTAKES {
        // A good row before each bad one.
        row += 1;
        sheet.write_string(row, 0, format!("Good {row}")).unwrap();
        sheet
            .write_string(row, 5, "navigation; no advocacy")
            .unwrap();
        row += 1;
        sheet.write_string(row, 0, format!("Bad {row}")).unwrap();
        sheet.write_string(row, 6, "natural").unwrap();
        let at = u16::try_from(*column).unwrap();
        sheet.write_string(row, at, *text).unwrap();
        expect(row, *column, kind);
    }
    // A row without a name.
    row += 1;
    sheet.write_string(row, 5, "navigation").unwrap();
    expect(row, 0, "missing-name");
    // A name that stands twice.
    row += 1;
    sheet.write_string(row, 0, "Good 1").unwrap();
    expect(row, 0, "double");
    // The end before the start.
    row += 1;
    sheet.write_string(row, 0, "Backwards").unwrap();
    sheet.write_number(row, 3, 2010).unwrap();
    sheet.write_number(row, 4, 1990).unwrap();
    expect(row, 4, "latest-year");
    // Formulas that failed.
    for (column, error) in [(0u16, "#REF!"), (5, "#N/A"), (3, "#DIV/0!")] {
        row += 1;
        sheet
            .write_string(row, 0, format!("Formula {row}"))
            .unwrap();
        let formula = Formula::new("=1/0").set_result(error);
        sheet.write_formula(row, column, formula).unwrap();
        expect(row, usize::from(column), "formula-error");
    }
    // A cell outside of the table.
    row += 1;
    sheet.write_string(row, 0, "Outside").unwrap();
    sheet.write_string(row, 25, "a remark").unwrap();
    expect(row, 25, "no-header");
    // Two mistakes in one row are two findings.
    row += 1;
    sheet.write_string(row, 0, "Two").unwrap();
    sheet.write_string(row, 10, "strret").unwrap();
    expect(row, 10, "unknown-value");
    let good = MISTAKES.len();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sixty.xlsx");
    book.save(&path).unwrap();
    assert_eq!(wanted.len(), 60, "the test itself seeds sixty mistakes");

    let (outcome, triples) = import(&path, &Importing::default()).unwrap();
    let mut found: Vec<(String, String)> = outcome
        .findings
        .iter()
        .map(|finding| {
            let spot = finding.spot.to_string();
            (
                spot.trim_start_matches(':').to_owned(),
                finding.kind.clone(),
            )
        })
        .collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(outcome.programmes, good as u64, "every good row went in");
    assert_eq!(outcome.left_out, 60, "every bad row was left out");
    for finding in &outcome.findings {
        assert!(!finding.reason.is_empty() && !finding.file.is_empty());
    }
    let near = |text: &str| {
        let finding = outcome.findings.iter().find(|f| f.value == text).unwrap();
        finding.near.first().cloned()
    };
    assert_eq!(near("navigaton").as_deref(), Some("navigation"));
    assert_eq!(near("homelesness").as_deref(), Some("homelessness"));
    assert!(triples.iter().all(|t| !t.to_string().contains("/bad-")));

    // The program says the same, in every form of report.
    for (ending, mark) in [
        ("txt", "sixty.xlsx:my data!"),
        ("csv", "\nerror,"),
        ("json", "\"severity\": \"error\""),
        ("sarif", "\"ruleId\""),
    ] {
        let report = folder.path().join(format!("report.{ending}"));
        let output = peermap()
            .arg("import")
            .arg(&path)
            .arg("--report")
            .arg(&report)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = std::fs::read_to_string(&report).unwrap();
        assert_eq!(text.matches(mark).count(), 60, "{ending}");
    }
    // And with --strict nothing is written.
    let graph = folder.path().join("out.ttl");
    let output = peermap()
        .args(["import", "--strict", "-o"])
        .arg(&graph)
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(!graph.exists());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.matches("sixty.xlsx:my data!").count(), 60, "{said}");
}
