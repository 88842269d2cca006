//! After an answer without rows: which part of the query leaves nothing, and what was probably
//! meant.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, Place, Result};
use crate::output::cell::{count, grouped};
use crate::output::{Body, squeezed};
use crate::query::{Cause, Why, provenance, why};

use super::session::Session;

/// How long the reason of an empty answer is looked for.
const BUDGET: Duration = Duration::from_millis(500);
/// The same, when it was asked for.
const PATIENCE: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Says why the last answer is empty, if it is and a person looks on.
    pub(super) fn explain_emptiness(&mut self, text: &str) -> Result<()> {
        if !self.interactive || !self.is_empty() {
            return Ok(());
        }
        let reasons = self.reasons(text, BUDGET)?;
        if reasons.is_empty() {
            return Ok(());
        }
        let said = sentences(&reasons, text);
        self.fix = reasons.fix.map(|fix| fix.text);
        self.say(&said)
    }

    /// Says why a query has no answer, with more patience.
    pub(super) fn explain_last(&mut self, text: &str) -> Result<()> {
        let reasons = self.reasons(text, PATIENCE)?;
        let said = if reasons.is_empty() {
            let time = if reasons.complete {
                ""
            } else {
                ", as far as time allowed"
            };
            format!("no part of the query stands out{time}")
        } else {
            sentences(&reasons, text)
        };
        self.fix = reasons.fix.map(|fix| fix.text);
        self.say(&said)
    }

    /// Shows the statements behind a row of the last answer, with their sources.
    pub(super) fn explain_row(&mut self, text: &str, number: &str) -> Result<()> {
        let none = || {
            Error::usage(
                format!("there is no row `{number}`"),
                ".why 1 speaks of the first row of the last answer",
            )
        };
        let answer = self.last.as_ref().map(|last| Arc::clone(&last.answer));
        let at: usize = number.parse().map_err(|_| none())?;
        let row: Vec<(String, oxrdf::Term)> = match answer.as_ref().map(|answer| &answer.body) {
            Some(Body::Table(table)) => {
                let row = table.rows.get(at.wrapping_sub(1)).ok_or_else(none)?;
                let cells = table.columns.iter().zip(row);
                cells
                    .filter_map(|(name, cell)| Some((name.clone(), cell.clone()?)))
                    .collect()
            }
            _ => return Err(none()),
        };
        let options = self.options(text, None)?;
        let dataset = Arc::clone(&self.dataset);
        let text = text.to_owned();
        let found = self
            .stop
            .run(move || provenance(&dataset.graph, &text, &options, &row, PATIENCE))?;
        let mut lines = String::new();
        for statement in found {
            let (subject, predicate, object) =
                (statement.subject, statement.predicate, statement.object);
            let _ = writeln!(lines, "{subject} {predicate} {object}");
            if !statement.graphs.is_empty() {
                let _ = writeln!(lines, "    in {}", statement.graphs.join(", "));
            }
            for evidence in statement.evidence {
                let said = [
                    evidence.source,
                    evidence.title,
                    evidence.locator,
                    evidence.text,
                ];
                let said: Vec<String> = said.into_iter().flatten().collect();
                let _ = writeln!(lines, "    {}: {}", evidence.finding, said.join(" · "));
            }
        }
        if lines.is_empty() {
            return self.say("no statement of the data was found behind that row");
        }
        let lines = crate::output::plain_lines(lines.trim_end());
        self.put(format!("{lines}\n").as_bytes())
    }

    fn reasons(&self, text: &str, budget: Duration) -> Result<Why> {
        let options = self.options(text, None)?;
        let dataset = Arc::clone(&self.dataset);
        let vocabulary = self.vocabulary.get(&dataset.graph)?;
        let text = text.to_owned();
        self.stop
            .run(move || why(&dataset.graph, Some(&vocabulary), &text, &options, budget))
    }

    /// Runs the corrected query.
    pub(super) fn run_fix(&mut self) -> Result<()> {
        let Some(text) = self.fix.take() else {
            return Err(Error::usage(
                "there is nothing to fix",
                "after an empty answer, when a correction is offered, .fix runs it",
            ));
        };
        self.say(&text)?;
        self.history.push(text.clone());
        self.query(&text, None, 0)
    }
}

/// The reasons in sentences, each with its place.
fn sentences(reasons: &Why, text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (word, cause) in reasons
        .causes
        .iter()
        .map(|cause| ("why:", cause))
        .chain(reasons.suspicions.iter().map(|cause| ("note:", cause)))
    {
        tell(word, cause, text, &mut lines);
    }
    if let Some(fix) = &reasons.fix {
        let rows = fix.rows.map_or_else(String::new, |rows| {
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            format!(" ({})", count(rows, "row"))
        });
        let offer = format!(".fix to run it that way{rows}");
        match lines.last_mut().filter(|line| line.ends_with('?')) {
            Some(line) => *line = format!("{line}  {offer}"),
            None => lines.push(format!("     {offer}")),
        }
    } else if let Some(largest) = &reasons.largest {
        lines.push(format!(
            "     this part has an answer: {}",
            squeezed(largest)
        ));
    }
    lines.join("\n")
}

fn tell(word: &str, cause: &Cause, text: &str, lines: &mut Vec<String>) {
    lines.push(format!("{word} {}", cause.message));
    let width = text
        .get(cause.start..cause.end)
        .map_or(1, |part| part.chars().count());
    if let Some((line, mark)) = Place::at_offset("query", text, cause.start, width).excerpt() {
        let number = cause.line.to_string();
        lines.push(format!("  {number} │ {line}"));
        lines.push(format!("  {} │ {mark}", " ".repeat(number.len())));
    }
    if !cause.near.is_empty() {
        let near: Vec<String> = cause
            .near
            .iter()
            .map(|near| {
                let uses = usize::try_from(near.count).unwrap_or(usize::MAX);
                let noun = if uses == 1 { "use" } else { "uses" };
                format!("{} ({} {noun})", near.term, grouped(uses))
            })
            .collect();
        lines.push(format!("     did you mean {}?", near.join(" or ")));
    }
}
