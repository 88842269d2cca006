//! From an answer to bytes, in a file or on a terminal.

use std::collections::HashMap;
use std::io::Write;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::Labels;
use crate::query::{Rows, named, rows};

use super::flags::{Colour, ShowLabels};

impl ShowLabels {
    /// The same for the writers.
    pub const fn labels(self) -> Labels {
        match self {
            Self::Off => Labels::Off,
            Self::Beside => Labels::Beside,
            Self::Instead => Labels::Instead,
        }
    }
}

impl Colour {
    /// Whether to use colours, given whether a terminal shows them.
    pub fn wanted(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }
}

/// Writes bytes to a stream. A reader that closed the pipe has had enough; that is no failure.
pub fn send(bytes: &[u8], out: &mut dyn Write) -> Result<()> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::Output),
    }
}

/// Writes to a stream what `fill` makes bit by bit; a closed pipe ends it without failure.
pub fn send_as_it_comes(
    out: &mut dyn Write,
    fill: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, out);
    let written = fill(&mut out).and_then(|()| out.flush().map_err(Error::Output));
    match written {
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// The columns of the terminal, from its own account or from COLUMNS.
pub fn terminal_width() -> Option<usize> {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    told.or_else(|| {
        terminal_size::terminal_size()
            .map(|(terminal_size::Width(columns), _)| usize::from(columns))
    })
}

/// One label a thing in a language, else in English, else in any.
pub fn labels(dataset: &Dataset, language: Language) -> Result<HashMap<String, String>> {
    let table = rows(&dataset.graph, named("labels-of-things")?, Vec::new())?;
    let mut best: HashMap<String, (u8, String)> = HashMap::new();
    for row in Rows::new(&table) {
        let Some(oxrdf::Term::Literal(text)) = row.get("label") else {
            continue;
        };
        let rank = match text.language() {
            Some(tag) if tag == language.tag() => 0,
            Some("en") => 1,
            None => 2,
            Some(_) => 3,
        };
        let thing = row.iri("thing")?.into_string();
        let better = best.get(&thing).is_none_or(|(held, _)| rank < *held);
        if better {
            best.insert(thing, (rank, text.value().to_owned()));
        }
    }
    Ok(best
        .into_iter()
        .map(|(thing, (_, label))| (thing, label))
        .collect())
}
