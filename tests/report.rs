//! `report` is one page that stands alone: no scripts, nothing fetched, whole and repeatable.

use std::collections::HashSet;

use crate::answer;

/// Values of an attribute in a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(&start)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[test]
fn the_page_stands_alone() {
    let page = answer("report --data paper -k 3");
    assert!(page.starts_with("<!DOCTYPE html>"), "HTML by default");
    assert!(!page.contains("<script"), "no scripts");
    assert!(
        values(&page, "src").is_empty() && !page.contains("@import") && !page.contains("url("),
        "nothing is fetched"
    );

    let ids = values(&page, "id");
    let distinct: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "an identifier stands once");
    let inside: Vec<&str> = values(&page, "href")
        .into_iter()
        .filter_map(|link| link.strip_prefix('#'))
        .collect();
    assert_eq!(
        inside,
        [
            "known",
            "bridges",
            "network",
            "silos",
            "labels",
            "gaps",
            "concepts",
            "robustness",
            "methods",
            "limits"
        ]
    );
    assert!(inside.iter().all(|id| distinct.contains(id)));
    assert_eq!(
        page.matches("<figure>").count(),
        3,
        "network, labels and gap map"
    );

    assert_eq!(page, answer("report --data paper -k 3"), "byte for byte");
}

#[test]
fn the_commands_that_a_report_names_give_the_same_facts() {
    let report: serde_json::Value =
        serde_json::from_str(&answer("report --data paper --axis community -f json")).unwrap();
    let mut commands = csv::Reader::from_reader(std::io::Cursor::new(answer(
        "report --data paper --axis community -f csv",
    )));
    let mut parts = 0;
    for row in commands.records() {
        let row = row.unwrap();
        let command = row[2].strip_prefix("peermap ").unwrap();
        let alone: serde_json::Value =
            serde_json::from_str(&answer(&format!("{command} --data paper -f json"))).unwrap();
        assert_eq!(report[&row[0]], alone, "{}", &row[2]);
        parts += 1;
    }
    assert_eq!(parts, 8);
}
