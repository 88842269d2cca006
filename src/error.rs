//! The one error type, and the only text of a failure.
//!
//! Each error is a sentence with the thing and the place; [`Error::hint`] is the way out;
//! [`Error::kind`] maps to an exit code once. Causes are kept as `#[source]`. The library never
//! prints and never exits: `main.rs` prints [`Error::report`].

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr as _;

/// What went wrong, for deciding an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense: exit code 2.
    Usage,
    /// Input data cannot be used: exit code 3.
    Data,
    /// A limit was reached: exit code 4.
    Limit,
    /// Whoever asked has stopped it: exit code 130.
    Interrupted,
}

impl Kind {
    /// The exit code of the process.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Data => 3,
            Self::Limit => 4,
            Self::Interrupted => 130,
        }
    }
}

/// A place in a text, with what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File name, or a word for the text such as `query`.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// The line itself, when it is at hand.
    pub text: Option<String>,
    /// How many characters the mark is wide, at least 1.
    pub width: usize,
}

impl Place {
    /// The place at a byte offset of `text`, with `width` characters marked.
    ///
    /// Offsets past the end or inside a character are moved back to the nearest boundary.
    pub fn at_offset(file: &str, text: &str, offset: usize, width: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[start..].lines().next().unwrap_or("");
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() as u64 + 1,
            column: text[start..offset].chars().count() as u64 + 1,
            text: Some(line.to_owned()),
            width: width.max(1),
        }
    }

    /// The line, cut to fit a terminal and without control characters, and a line of carets to
    /// stand below it; wide characters are taken as wide.
    pub fn excerpt(&self) -> Option<(String, String)> {
        let (shown, column) = excerpt(self.text.as_ref()?, self.column);
        let before: String = shown.chars().take(column).collect();
        let marked: String = shown.chars().skip(column).take(self.width).collect();
        let mark = format!(
            "{}{}",
            " ".repeat(before.width()),
            "^".repeat(marked.width().max(1))
        );
        Some((shown, mark))
    }

    /// The bytes of `text` that are marked, on character boundaries; `text` is what the place is
    /// in. A mark ends with its line.
    pub fn span(&self, text: &str) -> std::ops::Range<usize> {
        let lines = usize::try_from(self.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let start: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
        let line = text[start..].lines().next().unwrap_or("");
        let column = usize::try_from(self.column.saturating_sub(1)).unwrap_or(usize::MAX);
        let at = |n: usize| {
            let found = line.char_indices().nth(n).map(|(at, _)| at);
            start + found.unwrap_or(line.len())
        };
        at(column)..at(column.saturating_add(self.width))
    }

    /// The place at a line and a column (in characters), both from 1.
    pub fn at_line(file: &str, text: &str, line: u64, column: u64) -> Self {
        let shown = usize::try_from(line.saturating_sub(1))
            .ok()
            .and_then(|n| text.lines().nth(n));
        Self {
            file: file.to_owned(),
            line,
            column,
            text: shown.map(str::to_owned),
            width: 1,
        }
    }
}

/// A problem at a cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// File of the table.
    pub file: String,
    /// Line in the file, from 1; the header is line 1.
    pub line: u64,
    /// The place after the file name as its form writes it, such as `:data!B17`, in place of the
    /// line.
    pub spot: Option<String>,
    /// Name of the column.
    pub column: String,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
    /// A way out.
    pub hint: Option<String>,
}

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}: {}", path.display(), plain_io(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {}", path.display(), plain_io(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Output could not be written to a stream.
    #[error("cannot write the answer: {}", plain_io(.0))]
    Output(#[source] std::io::Error),
    /// A file is not UTF-8 text.
    #[error("{} is not UTF-8 text: byte {offset} is 0x{byte:02X}", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Position of the first bad byte, from 0.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// The name of a file or format says nothing about how to read it.
    #[error("{what} has no known format")]
    UnknownFormat {
        /// What was named.
        what: String,
        /// The way out.
        hint: String,
    },
    /// An RDF file is broken.
    #[error("{reason}")]
    Syntax {
        /// What is wrong.
        reason: String,
        /// Where; some formats do not say.
        place: Option<Place>,
        /// The file, for formats that do not say where.
        path: PathBuf,
        /// The way out.
        hint: Option<String>,
    },
    /// Cells of a table cannot be used; all of them in one go.
    #[error("{}", cells_sentence(.0))]
    Cells(Vec<CellError>),
    /// A query or update is broken or refused.
    #[error("{reason}")]
    Query {
        /// What is wrong.
        reason: String,
        /// Where.
        place: Option<Place>,
        /// The way out.
        hint: Option<String>,
    },
    /// A query failed while it ran.
    #[error("the query failed while running: {0}")]
    Evaluation(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A name is not known.
    #[error("no {what} is called `{name}`")]
    Unknown {
        /// The kind of thing, such as `programme`.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// The way out.
        hint: Option<String>,
    },
    /// A name fits several things.
    #[error("`{name}` fits several {what}s")]
    Ambiguous {
        /// The kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// The things, by their short names.
        candidates: Vec<String>,
    },
    /// A request makes no sense.
    #[error("{reason}")]
    Usage {
        /// What is wrong.
        reason: String,
        /// The way out.
        hint: Option<String>,
    },
    /// The graph lacks something that the program stands on.
    #[error("the ontology cannot be used: {reason}")]
    Ontology {
        /// What is wrong.
        reason: String,
        /// The way out.
        hint: Option<String>,
    },
    /// A limit was reached.
    #[error("{reason}")]
    Limit {
        /// Which limit and what was being done.
        reason: String,
        /// The way out.
        hint: Option<String>,
    },
    /// Ctrl-C stopped it.
    #[error("stopped by Ctrl-C")]
    Interrupted,
    /// An endpoint elsewhere did not answer as it should.
    #[error("{url}: {reason}")]
    Endpoint {
        /// Its address.
        url: String,
        /// What is wrong.
        reason: String,
        /// The way out.
        hint: Option<String>,
    },
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A usage error with a hint.
    pub fn usage(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            reason: reason.into(),
            hint: Some(hint.into()),
        }
    }

    /// A file that cannot be read, from what the system says of it.
    pub fn unreadable<P: AsRef<Path> + ?Sized>(path: &P) -> impl Fn(std::io::Error) -> Self {
        |source| Self::Unreadable {
            path: path.as_ref().to_owned(),
            source,
        }
    }

    /// A file that cannot be written, from what the system says of it.
    pub fn unwritable<P: AsRef<Path> + ?Sized>(path: &P) -> impl Fn(std::io::Error) -> Self {
        |source| Self::Unwritable {
            path: path.as_ref().to_owned(),
            source,
        }
    }

    /// Bytes of a file as text.
    ///
    /// # Errors
    /// Bytes that are not UTF-8, with the first that is not.
    pub fn utf8(path: impl AsRef<Path>, bytes: Vec<u8>) -> Result<String> {
        String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            Self::NotUtf8 {
                path: path.as_ref().to_owned(),
                offset,
                byte: error.as_bytes()[offset],
            }
        })
    }

    /// Decides the exit code.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Query { .. }
            | Self::Unknown { .. }
            | Self::Ambiguous { .. }
            | Self::Usage { .. }
            | Self::UnknownFormat { .. } => Kind::Usage,
            Self::Limit { .. } => Kind::Limit,
            Self::Interrupted => Kind::Interrupted,
            Self::Unreadable { .. }
            | Self::Unwritable { .. }
            | Self::Output(_)
            | Self::NotUtf8 { .. }
            | Self::Syntax { .. }
            | Self::Cells(_)
            | Self::Evaluation(_)
            | Self::Ontology { .. }
            | Self::Endpoint { .. }
            | Self::Store(_) => Kind::Data,
        }
    }

    /// Where it went wrong.
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::Syntax { place, .. } | Self::Query { place, .. } => place.as_ref(),
            _ => None,
        }
    }

    /// A way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Some(
                    "check the path; `peermap info` without --data shows the bundled data"
                        .to_owned(),
                )
            }
            Self::NotUtf8 { .. } => Some("save the file as UTF-8 and try again".to_owned()),
            Self::UnknownFormat { hint, .. } => Some(hint.clone()),
            Self::Ambiguous { candidates, .. } => {
                Some(format!("say which one: {}", candidates.join(", ")))
            }
            Self::Syntax { hint, .. }
            | Self::Query { hint, .. }
            | Self::Unknown { hint, .. }
            | Self::Usage { hint, .. }
            | Self::Ontology { hint, .. }
            | Self::Endpoint { hint, .. }
            | Self::Limit { hint, .. } => hint.clone(),
            _ => None,
        }
    }

    /// The whole text that a person sees: sentence, place with the line and a caret, way out.
    pub fn report(&self) -> String {
        let mut text = format!("error: {self}\n");
        if let Self::Cells(cells) = self {
            for cell in cells {
                let _ = match &cell.spot {
                    None => write!(text, "  {}:{}: ", cell.file, cell.line),
                    Some(spot) => write!(text, "  {}{spot}: ", cell.file),
                };
                if !cell.column.is_empty() {
                    let _ = write!(text, "column {}: ", cell.column);
                }
                let _ = writeln!(text, "{}", cell.reason);
                if let Some(hint) = &cell.hint {
                    let _ = writeln!(text, "      {hint}");
                }
            }
        }
        if let Self::Syntax {
            place: None, path, ..
        } = self
        {
            let _ = writeln!(text, "  in {}", path.display());
        }
        if let Some(place) = self.place() {
            let number = place.line.to_string();
            let gutter = " ".repeat(number.len());
            let _ = writeln!(
                text,
                "{gutter}--> {}:{}:{}",
                place.file, place.line, place.column
            );
            if let Some((shown, mark)) = place.excerpt() {
                let _ = writeln!(text, "{gutter} |\n{number} | {shown}");
                let _ = writeln!(text, "{gutter} | {mark}");
            }
        }
        if let Some(hint) = self.hint() {
            let _ = writeln!(text, "hint: {hint}");
        }
        text
    }
}

/// A line short enough for a terminal, without control characters, and the caret's offset in it.
fn excerpt(line: &str, column: u64) -> (String, usize) {
    const WIDTH: usize = 100;
    let clean: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let column = usize::try_from(column.saturating_sub(1))
        .unwrap_or(0)
        .min(clean.len());
    if clean.len() <= WIDTH {
        return (clean.into_iter().collect(), column);
    }
    let start = column.saturating_sub(WIDTH / 2);
    let end = (start + WIDTH).min(clean.len());
    let lead = if start > 0 { "…" } else { "" };
    let tail = if end < clean.len() { "…" } else { "" };
    let shown: String = clean[start..end].iter().collect();
    (
        format!("{lead}{shown}{tail}"),
        column - start + lead.chars().count(),
    )
}

fn plain_io(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}

fn cells_sentence(cells: &[CellError]) -> String {
    match cells {
        [one] => format!("a cell of {} cannot be used", one.file),
        many => format!("{} cells cannot be used", many.len()),
    }
}

#[cfg(test)]
mod tests;
