//! SARIF 2.1.0, which code hosts show beside the lines of a change.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Finding, Spot, by_kind};

/// The findings as the log of one run.
pub(super) fn log(findings: &[Finding]) -> Value {
    let rules: Vec<Value> = by_kind(findings)
        .keys()
        .map(|kind| json!({ "id": kind, "name": kind }))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "peermap",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let message = match finding.way_out() {
        Some(way_out) => format!("{} ({way_out})", finding.reason),
        None => finding.reason.clone(),
    };
    let mut physical = json!({ "artifactLocation": { "uri": uri(&finding.file) } });
    let mut location = json!({});
    match &finding.spot {
        Spot::Line { line, column } => {
            physical["region"] = json!({ "startLine": line, "startColumn": column });
        }
        Spot::Cell { .. } | Spot::Named(_) => {
            let name = finding.spot.to_string();
            let name = name.trim_start_matches([':', ' ']);
            location["logicalLocations"] = json!([{ "fullyQualifiedName": name }]);
        }
        Spot::File => {}
    }
    location["physicalLocation"] = physical;
    json!({
        "ruleId": finding.kind,
        "level": finding.severity.word(),
        "message": { "text": message },
        "locations": [location],
    })
}

/// A file name as a relative or absolute reference: what a URI cannot hold is escaped.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}
