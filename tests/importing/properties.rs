//! Whatever the input, nothing panics, and a good row is never lost.

use proptest::prelude::*;

use super::import_text;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé,;|\"\n =@+-]{0,12}",
        Just("navigation".to_owned()),
        Just("not stated".to_owned()),
        Just("no advocacy; navigation".to_owned()),
        ".{0,8}",
    ]
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_makes_the_importer_panic(
        text in prop_oneof![".{0,200}", "[a-z,;\"\n]{0,200}", "name,functions\n[a-z|;,\"\n]{0,80}"],
        name in prop_oneof![Just("a.csv"), Just("a.tsv"), Just("a.json"), Just("a.jsonl"), Just("a.xml"), Just("a.xlsx")],
    ) {
        let map = "name = \"m\"\n[programme]\nname = \"{name}\"\n";
        let _ = import_text(name, &text, None);
        let _ = import_text(name, &text, Some(map));
        let _ = import_text("b.csv", "name\nx\n", Some(&text));
    }

    #[test]
    fn no_mapping_makes_the_importer_panic(
        texts in prop::collection::vec(prop_oneof![
            "[ -~é]{0,12}",
            Just("{name}".to_owned()),
            Just("{{{a}".to_owned()),
            Just("function:navigation".to_owned()),
            Just("not status:training".to_owned()),
            Just("label:peer@fr".to_owned()),
            Just("a".to_owned()),
            Just("(a|b)*c".to_owned()),
        ], 12),
        least in any::<f32>(),
        cells in prop::collection::vec(cell(), 6),
    ) {
        let text = |at: usize| toml::Value::String(texts[at].clone()).to_string();
        let map = format!(
            "name = {}\nmerge = {}\ndecimal = \",\"\nmissing = [{}]\n[programme]\nname = [\"{{name}}\", {}]\nid = {}\n\
             place = {}\n[source]\ntitle = {}\n[[keep]]\ncolumn = \"name\"\nfilled = true\n\
             [[column]]\nname = \"a\"\nsplit = {}\nvalues = {{ {} = {} }}\n\
             [[rule]]\nid = \"r\"\ncolumn = \"b\"\nmatches = {}\ngives = {}\n\
             [[rule]]\nid = \"n\"\ncolumn = \"b\"\nat-least = {least:?}\ngives = {}\n",
            text(0), least > 0.0, text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8),
            text(9), text(10), text(11),
        );
        let rows: Vec<String> = cells.chunks(3).map(|row| {
            row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")
        }).collect();
        let table = format!("name,a,b\n{}\n", rows.join("\n"));
        if let Ok((outcome, triples)) = import_text("a.csv", &table, Some(&map)) {
            prop_assert_eq!(triples.is_empty(), outcome.programmes == 0);
            prop_assert!(outcome.passed_over + outcome.left_out <= outcome.rows);
        }
    }

    #[test]
    fn bad_rows_never_cost_a_good_one(
        rows in prop::collection::vec((any::<bool>(), cell(), cell(), cell()), 0..12),
    ) {
        let mut text = "name,functions,communities,country\n".to_owned();
        let mut good = 0;
        for (at, (is_good, a, b, c)) in rows.iter().enumerate() {
            if *is_good {
                good += 1;
                text.extend([format!("Good row {at},navigation; no advocacy,women,CA\n")]);
            } else {
                let cells = [format!("x{at} {a}"), b.clone(), c.clone(), a.clone()];
                let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
        }
        let (outcome, triples) = import_text("a.csv", &text, None).unwrap();
        let found = triples
            .iter()
            .filter(|t| t.subject.to_string().contains("programme/good-row-"))
            .filter(|t| t.predicate.as_str().ends_with("rdf-syntax-ns#type"))
            .count();
        prop_assert_eq!(found, good, "{}\n{:?}", text, outcome.findings);
        let absent = triples.iter().filter(|t| t.object.to_string().ends_with("#Absent>")).count();
        prop_assert!(absent >= good);
        // What is left out leaves nothing behind, and what is in stands alone.
        for triple in &triples {
            let subject = triple.subject.to_string();
            if subject.contains("/coding/") && triple.predicate.as_str().ends_with("#codingOf") {
                let programme = triple.object.to_string();
                let is_there = triples.iter().any(|t| {
                    t.subject.to_string() == programme && t.predicate.as_str().ends_with("#type")
                });
                prop_assert!(is_there, "{} without its programme", subject);
            }
        }
    }

    #[test]
    fn the_cell_of_a_finding_holds_its_value(
        cells in prop::collection::vec("[a-z\"\n,é]{0,8}", 1..5),
    ) {
        let mut text = "name,functions\n".to_owned();
        for (at, cell) in cells.iter().enumerate() {
            text.extend([format!("{},{}\n", quoted(&format!("n{at}\n")), quoted(&format!("zzz{at} {cell}")))]);
        }
        let (outcome, _) = import_text("a.csv", &text, None).unwrap();
        for finding in outcome.findings.iter().filter(|f| f.kind == "unknown-value") {
            let peermap::output::findings::Spot::Line { line, column } = finding.spot else {
                panic!("no line");
            };
            let line = text.split('\n').nth(usize::try_from(line).unwrap() - 1).unwrap();
            let rest: String = line.chars().skip(usize::try_from(column).unwrap() - 1).collect();
            prop_assert!(rest.starts_with("\"zzz"), "{:?} in {:?}", finding, text);
        }
    }
}
