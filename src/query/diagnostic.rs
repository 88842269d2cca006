//! What is wrong with a text, as data: for the marks of an editor and for problem documents.

use serde::Serialize;

use super::{Options, check_size, mistakes};
use crate::error::{Error, Place};
use crate::terms::Prefixes;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The text does not run.
    Error,
    /// It runs, and probably says something else than was meant.
    Warning,
}

/// A change of a text: the bytes `start..end` become `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// First byte that goes.
    pub start: usize,
    /// First byte that stays after it.
    pub end: usize,
    /// What stands there instead.
    pub text: String,
}

impl Edit {
    /// The text after the change; the text itself when the span does not fit it.
    pub fn apply(&self, text: &str) -> String {
        match (text.get(..self.start), text.get(self.end..)) {
            (Some(before), Some(after)) => format!("{before}{}{after}", self.text),
            _ => text.to_owned(),
        }
    }
}

/// One thing that is wrong, with its place and a way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// First byte of the place, on a character boundary.
    pub start: usize,
    /// The byte after the place, on a character boundary.
    pub end: usize,
    /// One sentence without a full stop.
    pub message: String,
    /// A way out, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// A way out as a change of the text, where one is certain enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Edit>,
}

impl Diagnostic {
    /// A diagnostic at a span; both ends move to the nearest character boundary before them.
    pub(super) fn at(
        severity: Severity,
        text: &str,
        span: std::ops::Range<usize>,
        message: String,
        suggestion: Option<String>,
    ) -> Self {
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (boundary(span.start), boundary(span.end.max(span.start)));
        let place = Place::at_offset("", text, start, 1);
        Self {
            severity,
            line: place.line,
            column: place.column,
            start,
            end,
            message,
            suggestion,
            replacement: None,
        }
    }

    /// The same fact about a failure, wherever it came from; one without a place is about the
    /// whole text.
    pub fn of(error: &Error, text: &str) -> Self {
        let span = error
            .place()
            .map_or(0..text.len(), |place| place.span(text));
        Self::at(Severity::Error, text, span, error.to_string(), error.hint())
    }
}

/// What is wrong with a query, without running it: nothing when it is fine. The same sentences
/// as [`super::run`] gives. Linear time in the text.
pub fn check(text: &str, prefixes: &Prefixes, options: &Options) -> Vec<Diagnostic> {
    let name = options.name.as_deref().unwrap_or("query");
    let none = Prefixes::default();
    let known = if options.no_auto_prefix {
        &none
    } else {
        prefixes
    };
    match check_size(text, name) {
        Err(error) => vec![Diagnostic::of(&error, text)],
        Ok(tokens) => mistakes::check(&mistakes::About {
            text,
            tokens: &tokens,
            name,
            known,
            suggest: prefixes,
            update: false,
        }),
    }
}

/// The offset in UTF-16 units, as browsers count, of a byte offset.
pub fn utf16_offset(text: &str, byte: usize) -> usize {
    text.char_indices()
        .take_while(|(at, _)| *at < byte)
        .map(|(_, c)| c.len_utf16())
        .sum()
}

/// The byte offset of an offset in UTF-16 units.
pub fn byte_offset(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= utf16 {
            return at;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_of_browsers_and_of_bytes_are_two_ways_of_saying_one_place() {
        let text = "é😀x";
        for (byte, unit) in [(0, 0), (2, 1), (6, 3), (7, 4)] {
            assert_eq!(utf16_offset(text, byte), unit);
            assert_eq!(byte_offset(text, unit), byte);
        }
        assert_eq!(byte_offset(text, 99), text.len());
    }

    #[test]
    fn a_failure_is_data_with_line_column_and_span() {
        let text = "# é\nSELECT * { ?p a zzz:X }";
        let found = check(text, &Prefixes::default(), &Options::default());
        let start = text.find("zzz:").expect("there");
        let json = serde_json::to_value(&found).expect("serialisable");
        assert_eq!(
            json,
            serde_json::json!([{
                "severity": "error",
                "line": 2,
                "column": 17,
                "start": start,
                "end": start + 4,
                "message": "unknown prefix `zzz:`",
                "suggestion": "add a line: PREFIX zzz: <…>"
            }])
        );
        let error = Error::usage("no", "yes");
        let whole = Diagnostic::of(&error, text);
        assert_eq!((whole.start, whole.end), (0, text.len()));
    }

    #[test]
    fn an_edit_that_does_not_fit_leaves_the_text() {
        let edit = Edit {
            start: 1,
            end: 9,
            text: "x".to_owned(),
        };
        assert_eq!(edit.apply("é"), "é");
    }
}
