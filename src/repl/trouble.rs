//! Errors at the prompt: the sentence, the line with carets, and the way out beside them.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::cli::terminal_width;
use crate::error::{Error, Result};

use super::session::Session;

impl Session<'_> {
    /// Shows an error and goes on.
    pub(super) fn trouble(&mut self, error: &Error) -> Result<()> {
        let width = terminal_width().unwrap_or(80);
        let text = lay_out(error, width, self.colour);
        self.say(text.trim_end())
    }
}

/// An error as the prompt shows it. Errors without a place are as everywhere else.
fn lay_out(error: &Error, width: usize, colour: bool) -> String {
    let red = |text: &str| paint(text, "31", colour);
    let Some((place, (line, mark))) = error
        .place()
        .filter(|place| place.file == "query" || place.file == "update")
        .and_then(|place| place.excerpt().map(|excerpt| (place, excerpt)))
    else {
        let report = error.report();
        return match report.strip_prefix("error:") {
            Some(rest) => format!("{}{rest}", red("error:")),
            None => report,
        };
    };
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let mut text = format!("{} {error}\n", red("error:"));
    let _ = writeln!(text, "  {number} │ {line}");
    let mut below = format!("  {gutter} │ {}", red(&mark));
    if let Some(hint) = error.hint() {
        let room = width.saturating_sub(number.len() + 5 + mark.width() + 1);
        if hint.width() <= room && !hint.contains('\n') {
            let _ = write!(below, " {hint}");
        } else {
            let _ = write!(below, "\nhint: {hint}");
        }
    }
    let _ = writeln!(text, "{below}");
    text
}

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn error() -> Error {
        let text = "SELECT count(*) { ?s a pm:Programme }";
        Error::Query {
            reason: "an aggregate needs a name".to_owned(),
            place: Some(Place::at_offset("query", text, 7, 8)),
            hint: Some("write (COUNT(*) AS ?n)".to_owned()),
        }
    }

    #[test]
    fn the_way_out_stands_beside_the_carets_where_it_fits() {
        assert_eq!(
            lay_out(&error(), 80, false),
            "error: an aggregate needs a name\n  1 │ SELECT count(*) { ?s a pm:Programme }\n    │        ^^^^^^^^ write (COUNT(*) AS ?n)\n"
        );
        assert_eq!(
            lay_out(&error(), 30, false),
            "error: an aggregate needs a name\n  1 │ SELECT count(*) { ?s a pm:Programme }\n    │        ^^^^^^^^\nhint: write (COUNT(*) AS ?n)\n"
        );
    }

    #[test]
    fn colours_are_there_only_when_wanted() {
        assert!(lay_out(&error(), 80, true).contains("\u{1b}[1;31merror:\u{1b}[0m"));
        assert!(!lay_out(&error(), 80, false).contains('\u{1b}'));
        let plain = Error::usage("no", "yes");
        assert_eq!(lay_out(&plain, 80, false), "error: no\nhint: yes\n");
    }
}
