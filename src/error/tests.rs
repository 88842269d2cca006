use super::*;

#[test]
fn a_report_shows_sentence_place_and_way_out() {
    let text = "SELECT ?p {\n  ?p ex:kind ?k\n}";
    let error = Error::Query {
        reason: "unknown prefix `ex:`".to_owned(),
        place: Some(Place::at_offset("query", text, 17, 3)),
        hint: Some("declare it: PREFIX ex: <…>".to_owned()),
    };
    assert_eq!(
        error.report(),
        "error: unknown prefix `ex:`\n --> query:2:6\n  |\n2 |   ?p ex:kind ?k\n  |      ^^^\nhint: declare it: PREFIX ex: <…>\n"
    );
    assert_eq!(error.kind().exit_code(), 2);
}

#[test]
fn a_long_line_is_cut_around_the_caret() {
    let line = "x".repeat(300);
    let (shown, column) = excerpt(&line, 200);
    assert_eq!(shown.chars().count(), 102);
    assert_eq!(column, 51);
}

#[test]
fn a_caret_stands_below_wide_characters() {
    let place = Place::at_offset("query", "\"你好\" ex:a", 9, 3);
    assert_eq!(
        place.excerpt(),
        Some(("\"你好\" ex:a".to_owned(), "       ^^^".to_owned()))
    );
}

#[test]
fn an_offset_inside_a_character_moves_to_its_start() {
    let place = Place::at_offset("query", "é?", 1, 1);
    assert_eq!((place.line, place.column), (1, 1));
}

#[test]
fn the_span_of_a_place_is_what_it_marks() {
    let text = "é b\nü ?x y";
    let at = text.find("?x").expect("there");
    let span = Place::at_offset("query", text, at, 2).span(text);
    assert_eq!(&text[span], "?x");
    assert_eq!(
        Place::at_offset("query", text, 99, 5).span(text),
        text.len()..text.len()
    );
}

#[test]
fn a_missing_file_says_so_plainly() {
    let error = Error::Unreadable {
        path: "no.ttl".into(),
        source: std::io::Error::from(std::io::ErrorKind::NotFound),
    };
    assert!(
        error
            .report()
            .starts_with("error: cannot read no.ttl: there is no such file or folder\nhint: ")
    );
    assert_eq!(error.kind().exit_code(), 3);
}
