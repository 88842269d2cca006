//! The template can be filled in and imported, in both languages and both forms.

use std::ops::ControlFlow;

use rust_xlsxwriter::Workbook;

use super::{dataset, import, objects};
use peermap::dataset::Importing;
use peermap::import::Words;
use peermap::import::read::{Reading, open};
use peermap::import::tables::FixedTerms;
use peermap::import::template::Template;
use peermap::map::Language;

fn template(language: Language) -> Template {
    let dataset = dataset();
    let terms = FixedTerms::read(&dataset.graph).unwrap();
    let words = Words::read(&dataset.graph, &dataset.map, &terms).unwrap();
    Template::new(&dataset.graph, &dataset.map, &words, language).unwrap()
}

#[test]
fn every_column_of_the_template_is_understood_and_every_value_too() {
    for language in [Language::En, Language::Fr] {
        let template = template(language);
        // A row for each of the longest list's values: every value of every list once.
        let longest = template
            .columns
            .iter()
            .map(|c| c.values.len())
            .max()
            .unwrap();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer
            .write_record(template.columns.iter().map(|c| &c.header))
            .unwrap();
        for row in 0..longest {
            let cells = template
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| match at {
                    0 => format!("Programme {row}"),
                    _ => column.values.get(row).cloned().unwrap_or_default(),
                });
            writer.write_record(cells).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("filled.csv");
        std::fs::write(&path, writer.into_inner().unwrap()).unwrap();
        let (outcome, _) = import(&path, &Importing::default()).unwrap();
        assert_eq!(outcome.findings, [], "{language:?}");
        assert_eq!(outcome.programmes, longest as u64);
        assert_eq!(
            outcome.codings,
            dataset().map.values.len() as u64,
            "{language:?}"
        );
        assert_eq!(
            outcome.silos,
            dataset().map.silo_values.len() as u64,
            "{language:?}"
        );
    }
}

#[test]
fn the_workbook_is_the_same_every_time_and_reads_back() {
    let template = template(Language::Fr);
    let bytes = template.xlsx().unwrap();
    assert!(bytes == template.xlsx().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("modele.xlsx");
    std::fs::write(&path, &bytes).unwrap();
    let sheet = open(&path, &Reading::default()).unwrap();
    let headers: Vec<&str> = template.columns.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(sheet.columns, headers);
    let lists = Reading {
        sheet: Some("listes".to_owned()),
        ..Reading::default()
    };
    let lists = open(&path, &lists).unwrap();
    let mut rows = 0;
    lists.rows(
        &mut |_| {
            rows += 1;
            ControlFlow::Continue(())
        },
        &mut |_| {},
    );
    let longest = template
        .columns
        .iter()
        .map(|c| c.values.len())
        .max()
        .unwrap();
    assert_eq!(rows, longest);
    let (outcome, triples) = import(&path, &Importing::default()).unwrap();
    assert_eq!((outcome.rows, triples.len()), (0, 0));
}

#[test]
fn headers_may_stand_in_any_order_and_carry_a_typo() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("typos.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let cells = [
        ("Espace", "domicile"),
        ("fucntions", "écoute"),
        ("Programme name", "Typo"),
        ("comunities", "women"),
        ("Formalisation ?", "natural"),
        ("my own remarks about it", ""),
        ("Evidence: functions", "They listen."),
    ];
    for (column, (header, cell)) in (0u16..).zip(cells) {
        sheet.write_string(0, column, header).unwrap();
        sheet.write_string(1, column, cell).unwrap();
    }
    book.save(&path).unwrap();
    let (outcome, triples) = import(&path, &Importing::default()).unwrap();
    let kinds: Vec<&str> = outcome.findings.iter().map(|f| f.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["misspelt-header", "misspelt-header", "unknown-header"]
    );
    assert_eq!(outcome.codings, 3);
    assert_eq!(objects(&triples, "programme/typo", "community"), ["women"]);
    let evidence: Vec<_> = triples
        .iter()
        .filter(|t| t.predicate.as_str().ends_with("#evidence"))
        .collect();
    let own: Vec<_> = evidence
        .iter()
        .filter(|t| t.object.to_string().contains("They listen."))
        .collect();
    assert_eq!(
        (own.len(), evidence.len()),
        (1, 3),
        "an answer without a note cites its cell"
    );
    assert!(own[0].subject.to_string().contains(".function.listening."));
}

#[test]
fn what_a_spreadsheet_would_run_is_written_as_text_and_read_back_as_it_was() {
    let text = "name,description,peers are called\n'=1+1,'@SUM(A1),'-peer\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evil.csv");
    std::fs::write(&path, text).unwrap();
    let (_, triples) = import(&path, &Importing::default()).unwrap();
    assert_eq!(objects(&triples, "programme/1-1", "label"), ["=1+1"]);
    assert_eq!(
        objects(&triples, "programme/1-1", "description"),
        ["@SUM(A1)"]
    );
    let out = folder.path().join("tables");
    let told = crate::run(&format!(
        "--data {} export -o {}",
        path.display(),
        out.display()
    ));
    assert!(told.status.success());
    for file in ["programmes.csv", "codings.csv", "sources.csv"] {
        let written = std::fs::read_to_string(out.join(file)).unwrap();
        for record in csv::Reader::from_reader(written.as_bytes()).records() {
            for cell in &record.unwrap() {
                let runs = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
                assert!(!runs, "{file}: {cell}");
            }
        }
    }
    let again = crate::answer(&format!("--data {} show 1-1", out.display()));
    assert!(
        again.contains("=1+1") && !again.contains("'=1+1"),
        "{again}"
    );
    // A report that people open in a spreadsheet, and the exact result of a query.
    let both = folder.path().join("two.csv");
    std::fs::write(
        &both,
        "name,functions,communities\n'=A,navigation,women\n'=B,navigation,men\n",
    )
    .unwrap();
    let exact = crate::answer(&format!(
        "--data {} query -f csv -q 'SELECT ?n WHERE {{ ?p a pm:Programme ; rdfs:label ?n }} ORDER BY ?n'",
        both.display()
    ));
    assert_eq!(exact, "n\n=A\n=B\n");
}
