//! Statements in a text: a dot-command is a line, a query ends where it is complete.

use crate::query::editing::is_complete;

/// A statement with the line on which it begins, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its text, without the line end.
    pub(super) text: String,
    /// Lines before it.
    pub(super) line: usize,
}

/// Words that go on with a query which could have ended on the line before.
const GOES_ON: &[&str] = &[
    "LIMIT", "OFFSET", "ORDER", "GROUP", "HAVING", "VALUES", "WHERE",
];

/// Takes lines and gives statements. A query that could be over is held back until the next line
/// shows whether it is, unless it ends with `;` or a blank line follows.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    held: Option<Statement>,
    line: usize,
}

impl Splitter {
    /// Takes one line, without its end, and gives what is complete now.
    pub(super) fn take(&mut self, line: &str) -> Vec<Statement> {
        let number = self.line;
        self.line += 1;
        let mut complete = Vec::new();
        if let Some(held) = &mut self.held {
            let first = line.split_whitespace().next().unwrap_or("").to_uppercase();
            let complete_now = is_complete(&held.text);
            if !complete_now || GOES_ON.contains(&first.as_str()) {
                held.text.push('\n');
                held.text.push_str(line);
                return self.release().into_iter().collect();
            }
            complete.extend(self.held.take());
        }
        if line.trim().is_empty() {
            return complete;
        }
        let statement = Statement {
            text: line.to_owned(),
            line: number,
        };
        if is_dot(line) {
            complete.push(statement);
        } else {
            self.held = Some(statement);
            complete.extend(self.release());
        }
        complete
    }

    /// Gives what is held when there are no more lines.
    pub(super) fn end(&mut self) -> Option<Statement> {
        self.held.take()
    }

    /// Gives the held statement when it says itself that nothing follows.
    fn release(&mut self) -> Option<Statement> {
        let over = self
            .held
            .as_ref()
            .is_some_and(|held| held.text.trim_end().ends_with(';') && is_complete(&held.text));
        if over { self.held.take() } else { None }
    }
}

/// Whether a line is a dot-command.
pub(super) fn is_dot(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix('.')
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(usize, String)> {
        let mut splitter = Splitter::default();
        let mut found: Vec<Statement> = text.lines().flat_map(|line| splitter.take(line)).collect();
        found.extend(splitter.end());
        found.into_iter().map(|s| (s.line, s.text)).collect()
    }

    #[test]
    fn a_query_takes_its_modifiers_with_it() {
        assert_eq!(
            split(".timer off\nSELECT * {\n  ?s ?p ?o }\nLIMIT 3\n.quit\n"),
            [
                (0, ".timer off".to_owned()),
                (1, "SELECT * {\n  ?s ?p ?o }\nLIMIT 3".to_owned()),
                (4, ".quit".to_owned())
            ]
        );
    }

    #[test]
    fn queries_follow_each_other() {
        assert_eq!(
            split("ASK {}\n\nASK { ?s ?p ?o }\nSELECT * {}\n"),
            [
                (0, "ASK {}".to_owned()),
                (2, "ASK { ?s ?p ?o }".to_owned()),
                (3, "SELECT * {}".to_owned())
            ]
        );
    }

    #[test]
    fn a_semicolon_ends_a_query_at_once() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.take("ASK {};").len(), 1);
        assert_eq!(splitter.take("ASK {}").len(), 0);
        assert_eq!(splitter.take("").len(), 1);
    }

    #[test]
    fn a_dot_inside_a_query_is_no_command() {
        assert_eq!(
            split("SELECT * {\n.mode csv\n}\n"),
            [(0, "SELECT * {\n.mode csv\n}".to_owned())]
        );
    }

    #[test]
    fn what_is_left_open_is_given_at_the_end() {
        assert_eq!(split("SELECT * {\n"), [(0, "SELECT * {".to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_lost(lines in proptest::collection::vec("[a-zA-Z{}.;? ]{0,12}", 0..12)) {
            let text = lines.join("\n");
            let found = split(&text);
            let kept: String = found.iter().map(|(_, text)| text.as_str()).collect();
            let strip = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(strip(&kept), strip(&text));
        }
    }
}
