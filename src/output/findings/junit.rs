//! `JUnit` XML, which build servers show as tests: a suite a kind of finding, a case a finding.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Finding, Severity};
use crate::output::escaped;

/// Writes all findings. Only errors fail; other findings pass, with their text as output, and
/// nothing found is one case that passes.
pub(in crate::output) fn write(
    what: &str,
    findings: &[Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        suites.entry(&finding.kind).or_default().push(finding);
    }
    let failures = |list: &[&Finding]| {
        let fails = |finding: &&&Finding| finding.severity == Severity::Error;
        list.iter().filter(fails).count()
    };
    let all: Vec<&Finding> = findings.iter().collect();
    let what = escaped(what);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{what}\" tests=\"{}\" failures=\"{}\">",
        all.len().max(1),
        failures(&all)
    )?;
    if suites.is_empty() {
        writeln!(
            out,
            "  <testsuite name=\"{what}\" tests=\"1\" failures=\"0\">\n    <testcase name=\"{what}\" classname=\"{what}\"/>\n  </testsuite>"
        )?;
    }
    for (kind, list) in suites {
        let kind = escaped(kind);
        writeln!(
            out,
            "  <testsuite name=\"{kind}\" tests=\"{}\" failures=\"{}\">",
            list.len(),
            failures(&list)
        )?;
        for finding in list {
            let said = escaped(&finding.text());
            let body = if finding.severity == Severity::Error {
                let reason = escaped(&finding.reason);
                format!("<failure type=\"error\" message=\"{reason}\">{said}</failure>")
            } else {
                format!("<system-out>{said}</system-out>")
            };
            let name = escaped(&format!("{} {}", finding.value, finding.field));
            writeln!(
                out,
                "    <testcase name=\"{}\" classname=\"{kind}\">{body}</testcase>",
                name.trim()
            )?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::findings::Spot;

    #[test]
    fn only_errors_fail_and_markup_is_escaped() {
        let finding = |severity| Finding {
            severity,
            kind: "rule".to_owned(),
            file: "a.ttl".to_owned(),
            spot: Spot::Line { line: 3, column: 1 },
            field: String::new(),
            value: "e:a".to_owned(),
            reason: "say <more>".to_owned(),
            near: Vec::new(),
            hint: None,
        };
        let mut bytes = Vec::new();
        let list = [finding(Severity::Error), finding(Severity::Note)];
        write("validate", &list, &mut bytes).expect("memory");
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("tests=\"2\" failures=\"1\""), "{text}");
        assert!(text.contains("message=\"say &lt;more&gt;\""), "{text}");
    }
}
