//! Findings as an error, for whoever takes all or nothing.

use crate::error::{CellError, Error};
use crate::output::findings::{Finding, Severity, Spot};

/// The errors among findings as one error, each at its cell.
pub fn cells_error(findings: &[Finding]) -> Error {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    Error::Cells(
        errors
            .map(|finding| CellError {
                file: finding.file.clone(),
                line: match finding.spot {
                    Spot::Line { line, .. } => line,
                    Spot::Cell { row, .. } => u64::from(row) + 1,
                    Spot::File | Spot::Named(_) => 1,
                },
                spot: Some(finding.spot.to_string()),
                column: finding.field.clone(),
                reason: finding.reason.clone(),
                hint: finding.way_out(),
            })
            .collect(),
    )
}
