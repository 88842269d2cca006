//! The one-table form: what each header feeds.

use super::headers::{Header, Headers, native};
use super::plan::{ColumnPlan, Plan, Target};
use super::read::Sheet;
use super::words::{Words, plain_name};
use crate::map::{ConceptualMap, Language};
use crate::output::findings::{Finding, Severity};

/// The language that most names of questions and axes in a header are in; English in doubt.
fn language_of_headers(sheet: &Sheet, map: &ConceptualMap) -> Language {
    let names = || {
        let questions = map.dimensions.iter().map(|dimension| &dimension.name);
        questions.chain(map.axes.iter().map(|axis| &axis.name))
    };
    let count = |language: Language| {
        let headers = sheet.columns.iter().map(|header| plain_name(header));
        headers
            .filter(|header| names().any(|name| plain_name(name.label(language)) == *header))
            .count()
    };
    if count(Language::Fr) > count(Language::En) {
        Language::Fr
    } else {
        Language::En
    }
}

/// The plan of the one-table form: what each header feeds, and what was wrong with headers.
pub(super) fn plan_of_headers(
    sheet: &Sheet,
    words: &Words,
    map: &ConceptualMap,
) -> (Plan, Vec<Finding>) {
    let headers = Headers::new(words, map);
    let mut plan = Plan {
        name: "table".to_owned(),
        coder: "import".to_owned(),
        basis: "explicit".to_owned(),
        confidence: "high".to_owned(),
        language: language_of_headers(sheet, map).tag().to_owned(),
        ..Plan::default()
    };
    let mut findings = Vec::new();
    let mut taken: Vec<(Target, usize)> = Vec::new();
    for (column, header) in sheet.columns.iter().enumerate() {
        if header.is_empty() {
            continue;
        }
        let mut problem = |severity, kind: &str, reason: String, near: Vec<String>, hint: &str| {
            let mut finding = sheet.finding(sheet.header, Some(column), kind, header, reason);
            finding.severity = severity;
            finding.near = near;
            finding.hint = (!hint.is_empty()).then(|| hint.to_owned());
            findings.push(finding);
        };
        let target = match headers.find(header) {
            Header::Known(target) => target,
            Header::Misspelt(target, name) => {
                problem(
                    Severity::Note,
                    "misspelt-header",
                    format!("`{header}` is read as `{name}`"),
                    Vec::new(),
                    "",
                );
                target
            }
            Header::Unknown(near) => {
                problem(
                    Severity::Warning,
                    "unknown-header",
                    format!("`{header}` is no column that is known, and was not used"),
                    near,
                    "`peermap import template` lists the columns; --map says what others mean",
                );
                continue;
            }
        };
        if let Some((_, first)) = taken.iter().find(|(held, _)| *held == target) {
            problem(
                Severity::Error,
                "double-header",
                format!("`{header}` says the same as `{}`", sheet.columns[*first]),
                Vec::new(),
                "put the two columns together, with | between values",
            );
            continue;
        }
        taken.push((target.clone(), column));
        plan.columns.push(ColumnPlan {
            column,
            target: Some(target),
            ..ColumnPlan::default()
        });
    }
    if !taken
        .iter()
        .any(|(target, _)| Some(target) == native("name").as_ref())
    {
        let mut finding = sheet.finding(
            sheet.header,
            None,
            "missing-header",
            "",
            "no column has the names of the programmes",
        );
        finding.hint =
            Some("call it `name`; `peermap import template` writes a table to fill in".to_owned());
        findings.push(finding);
    }
    (plan, findings)
}
