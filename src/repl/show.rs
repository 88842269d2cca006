//! Answers on their way out: to the screen, through a pager, into files, to other programs.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cli::{ShowLabels, labels, send, terminal_width};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::cell::{count, grouped};
use crate::output::{Body, Format, Labels, Output, Style, replace_file, write};

use super::session::Session;
use super::settings::Pager;

/// What one line of the prompt asks of its answer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Another format than the mode.
    pub(super) format: Option<Format>,
    /// A file in place of the screen.
    pub(super) file: Option<PathBuf>,
    /// Another language.
    pub(super) language: Option<Language>,
    /// Another way to show labels.
    pub(super) labels: Option<ShowLabels>,
    /// Every row, whatever the cap.
    pub(super) all_rows: bool,
}

/// A column narrower than this is hard to read: rows are then shown a cell a line.
const NARROW: usize = 12;

impl Session<'_> {
    /// Shows an answer where the settings and the line itself say.
    ///
    /// # Errors
    /// A format that does not fit; a file that cannot be written.
    pub(super) fn show(
        &mut self,
        answer: &Output,
        asked: &Asked,
        elapsed: Option<Duration>,
    ) -> Result<()> {
        let to = asked
            .file
            .clone()
            .or_else(|| self.once.take())
            .or_else(|| self.output.clone());
        if let Some(path) = to {
            let whole = asked.file.is_some() || self.output.as_ref() != Some(&path);
            self.show_in_file(answer, asked, &path, whole)?;
        } else {
            self.show_on_screen(answer, asked, elapsed)?;
        }
        for note in &answer.notes {
            self.say(&format!("note: {note}"))?;
        }
        Ok(())
    }

    fn show_in_file(
        &mut self,
        answer: &Output,
        asked: &Asked,
        path: &Path,
        whole: bool,
    ) -> Result<()> {
        let by_ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .and_then(|ending| Format::from_name(ending).ok());
        let format = asked
            .format
            .or(self.settings.mode)
            .or(by_ending)
            .unwrap_or_else(|| Format::default_for(answer.body.shape(), false));
        let bytes = self.bytes(answer, format, asked, None)?;
        if whole {
            replace_file(path, &bytes)?;
        } else {
            append(path, &bytes)?;
        }
        self.say(&format!(
            "{} written to {}",
            size(&answer.body),
            path.display()
        ))
    }

    fn show_on_screen(
        &mut self,
        answer: &Output,
        asked: &Asked,
        elapsed: Option<Duration>,
    ) -> Result<()> {
        let width = if self.terminal {
            terminal_width()
        } else {
            None
        };
        let format = asked
            .format
            .or(self.settings.mode)
            .unwrap_or_else(|| self.usual_format(&answer.body, width));
        let cap = if asked.all_rows {
            None
        } else {
            self.settings.max_rows
        };
        let bytes = self.bytes(
            answer,
            format,
            asked,
            Some(Screen {
                width,
                cap,
                elapsed,
            }),
        )?;
        if let Some(tee) = self.tee.clone() {
            let all = self.bytes(answer, format, asked, None)?;
            append(&tee, &all)?;
        }
        self.put(&bytes)?;
        if self.interactive && !matches!(format, Format::Text | Format::Line) {
            let mut said = size(&answer.body);
            if let Some(elapsed) = elapsed.filter(|_| self.settings.timer) {
                said = format!("{said} · {}", duration(elapsed));
            }
            self.say(&said)?;
        }
        Ok(())
    }

    /// The format for people: a table, or a cell a line where columns would be too narrow.
    fn usual_format(&self, body: &Body, width: Option<usize>) -> Format {
        let usual = Format::default_for(body.shape(), self.terminal);
        match (body, width) {
            (Body::Table(table), Some(width))
                if usual == Format::Text
                    && table.columns.len() > 1
                    && width / table.columns.len() < NARROW =>
            {
                Format::Line
            }
            _ => usual,
        }
    }

    /// An answer in a format; with a screen, as people see it there.
    pub(super) fn bytes(
        &mut self,
        answer: &Output,
        format: Format,
        asked: &Asked,
        screen: Option<Screen>,
    ) -> Result<Vec<u8>> {
        let show = asked.labels.unwrap_or(self.settings.labels);
        let language = asked.language.unwrap_or(self.settings.language);
        let show_labels = show.labels();
        let labels = if show_labels == Labels::Off || !matches!(answer.body, Body::Table(_)) {
            HashMap::new()
        } else {
            self.labels_in(language)?
        };
        let mut style = Style {
            prefixes: self.dataset.graph.prefixes().clone(),
            labels,
            show_labels,
            ..Style::default()
        };
        if let Some(screen) = screen {
            style.width = screen.width;
            style.colour = self.colour;
            style.max_rows = screen.cap;
            style.footer = self.footer(&answer.body, &screen);
        }
        let mut bytes = Vec::new();
        write(answer, format, &style, &mut bytes)?;
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Ok(bytes)
    }

    fn labels_in(&mut self, language: Language) -> Result<HashMap<String, String>> {
        if let Some((held, labels)) = &self.labels
            && *held == language
        {
            return Ok(labels.clone());
        }
        let found = labels(&self.dataset, language)?;
        self.labels = Some((language, found.clone()));
        Ok(found)
    }

    /// The last line of a table: rows, how many of them are shown, and the time.
    fn footer(&self, body: &Body, screen: &Screen) -> Option<String> {
        let Body::Table(table) = body else {
            return None;
        };
        let all = table.rows.len();
        let mut text = match screen.cap {
            Some(cap) if cap < all => {
                format!(
                    "{} of {} shown, .last for all",
                    grouped(cap),
                    count(all, "row")
                )
            }
            _ => count(all, "row"),
        };
        if let Some(elapsed) = screen.elapsed.filter(|_| self.settings.timer) {
            text = format!("{text} · {}", duration(elapsed));
        }
        Some(text)
    }

    /// Puts bytes on the screen, through the pager when they do not fit.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let command = match &self.settings.pager {
            _ if !(self.interactive && self.terminal) => None,
            Pager::Off => None,
            Pager::Usual => Some(
                std::env::var("PAGER")
                    .ok()
                    .filter(|pager| !pager.trim().is_empty())
                    .unwrap_or_else(|| "less -FIRX".to_owned()),
            ),
            Pager::Command(command) => Some(command.clone()),
        };
        if let Some(command) = command.filter(|_| !fits(bytes)) {
            self.flush()?;
            if feed(&command, bytes).is_ok() {
                return Ok(());
            }
        }
        send(bytes, self.out)
    }
}

/// What is known of the screen when an answer is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    /// Its columns.
    pub(super) width: Option<usize>,
    /// Rows of a table to show.
    pub(super) cap: Option<usize>,
    /// How long the answer took.
    pub(super) elapsed: Option<Duration>,
}

/// How much an answer is, in words.
pub(super) fn size(body: &Body) -> String {
    match body {
        Body::Table(table) => count(table.rows.len(), "row"),
        Body::Graph(triples) => count(triples.len(), "triple"),
        Body::Dataset(quads) => count(quads.len(), "statement"),
        Body::Boolean(_) => "yes or no".to_owned(),
        Body::Text(_) => "text".to_owned(),
        Body::Report(_) => "report".to_owned(),
        Body::Rows(_) => "rows".to_owned(),
    }
}

/// A time as people read it: `0.4 ms`, `12 ms`, `1.3 s`.
pub(super) fn duration(elapsed: Duration) -> String {
    let milliseconds = elapsed.as_secs_f64() * 1000.0;
    if milliseconds < 1.0 {
        format!("{milliseconds:.1} ms")
    } else if milliseconds < 1000.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{:.1} s", milliseconds / 1000.0)
    }
}

/// Whether a text fits the screen, with a line left for the prompt.
fn fits(bytes: &[u8]) -> bool {
    let Some((_, terminal_size::Height(rows))) = terminal_size::terminal_size() else {
        return true;
    };
    let lines = bytes.split(|&byte| byte == b'\n').count();
    lines <= usize::from(rows)
}

/// Gives bytes to a shell command and waits until it ends.
///
/// # Errors
/// A command that cannot be started.
pub(super) fn feed(command: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // Whoever has read enough may close: that is no failure.
        let _ = input.write_all(bytes);
    }
    child.wait().map(|_| ())
}

/// Adds bytes to the end of a file.
fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(Error::unwritable(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_fine_as_they_need_to_be() {
        for (micros, shown) in [(400, "0.4 ms"), (12_300, "12 ms"), (1_250_000, "1.2 s")] {
            assert_eq!(duration(Duration::from_micros(micros)), shown);
        }
    }
}
