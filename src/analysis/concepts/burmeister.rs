//! Formal contexts as text in the format of Burmeister's `ConImp` (`.cxt`).
//!
//! The lines are: `B`; the title; the number of objects; the number of attributes; an empty line;
//! the objects; the attributes; and for each object its row of `X` (has) and `.` (has not).

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Context;

/// Whether the second line may hold a title. The format has a place for one, but common readers
/// take only an empty line there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Title {
    /// The line must be empty.
    #[default]
    Refused,
    /// The line may hold anything, which is passed over.
    Allowed,
}

/// What is wrong with a text and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for Malformed {}

/// A name that cannot stand in the format: it has a line break, white space at an end, or is empty,
/// or occurs twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// The name.
    pub name: String,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the name {:?} is empty, broken over lines, padded or used twice",
            self.name
        )
    }
}

impl std::error::Error for Unwritable {}

/// Reads a context. Line ends may be LF or CRLF; a byte order mark and empty lines at the end are
/// passed over. Names are taken without white space at their ends and must differ.
pub fn read(text: &str, title: Title) -> Result<Context, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Lines {
        lines: text.trim_end().lines().map(str::trim).collect(),
        at: 0,
    };
    let first = lines.next("the letter B")?;
    if first != "B" {
        return lines.wrong(format!("expected the letter B, found {}", quoted(first)));
    }
    let name = lines.next("an empty line")?;
    if title == Title::Refused && !name.is_empty() {
        return lines.wrong(format!("expected an empty line, found {}", quoted(name)));
    }
    let objects = lines.number("objects")?;
    let attributes = lines.number("attributes")?;
    if objects == 0 && attributes == 0 && lines.at == lines.lines.len() {
        return Ok(Context::new(Vec::new(), Vec::new(), |_, _| false));
    }
    let between = lines.next("an empty line")?;
    if !between.is_empty() {
        return lines.wrong(format!("expected an empty line, found {}", quoted(between)));
    }
    let objects = lines.names(objects, "object")?;
    let attributes = lines.names(attributes, "attribute")?;
    let mut rows: Vec<&[u8]> = Vec::with_capacity(objects.len());
    // The rows of a context without attributes are empty lines, of which the last are trimmed off.
    for _ in 0..if attributes.is_empty() {
        0
    } else {
        objects.len()
    } {
        let row = lines.next("a row of X and .")?;
        if let Some(odd) = row.chars().find(|&c| c != 'X' && c != '.') {
            return lines.wrong(format!("expected X or ., found {odd:?}"));
        }
        if row.len() != attributes.len() {
            return lines.wrong(format!(
                "the row has {} marks, but there are {} attributes",
                row.len(),
                attributes.len()
            ));
        }
        rows.push(row.as_bytes());
    }
    lines.finish()?;
    Ok(Context::new(objects, attributes, |object, attribute| {
        rows[object][attribute] == b'X'
    }))
}

/// Writes a context, which [`read`] reads back.
pub fn write(context: &Context) -> Result<String, Unwritable> {
    let (objects, attributes) = (context.objects(), context.attributes());
    for names in [objects, attributes] {
        let mut seen = HashSet::new();
        for name in names {
            let broken = name.lines().count() != 1 || name.contains('\r') || name.trim() != name;
            if broken || !seen.insert(name) {
                return Err(Unwritable { name: name.clone() });
            }
        }
    }
    let mut text = format!("B\n\n{}\n{}\n\n", objects.len(), attributes.len());
    for name in objects.iter().chain(attributes) {
        text.push_str(name);
        text.push('\n');
    }
    for object in 0..objects.len() {
        text.extend(
            (0..attributes.len()).map(|at| if context.has(object, at) { 'X' } else { '.' }),
        );
        text.push('\n');
    }
    Ok(text)
}

/// A line in quotes, cut where it is long.
fn quoted(line: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = line.chars().take(MOST).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// Lines with a place in them.
struct Lines<'a> {
    lines: Vec<&'a str>,
    /// How many lines were taken.
    at: usize,
}

impl<'a> Lines<'a> {
    /// An error at the line taken last.
    fn wrong<T>(&self, reason: String) -> Result<T, Malformed> {
        Err(Malformed {
            line: self.at.max(1),
            reason,
        })
    }

    fn next(&mut self, expected: &str) -> Result<&'a str, Malformed> {
        self.at += 1;
        match self.lines.get(self.at - 1) {
            Some(line) => Ok(line),
            None => self.wrong(format!("expected {expected}, found the end of the text")),
        }
    }

    fn number(&mut self, of: &str) -> Result<usize, Malformed> {
        let line = self.next(&format!("the number of {of}"))?;
        match line.parse() {
            Ok(number) => Ok(number),
            Err(_) => self.wrong(format!(
                "expected the number of {of}, found {}",
                quoted(line)
            )),
        }
    }

    /// So many names; nothing is reserved for them before they are there.
    fn names(&mut self, number: usize, of: &str) -> Result<Vec<String>, Malformed> {
        let mut names = Vec::new();
        let mut seen = HashMap::new();
        while names.len() < number {
            let name = self.next(&format!("the name of an {of}"))?;
            if name.is_empty() {
                return self.wrong(format!("expected the name of an {of}, found an empty line"));
            }
            if let Some(before) = seen.insert(name, self.at) {
                return self.wrong(format!("{of} {} is already on line {before}", quoted(name)));
            }
            names.push(name.to_owned());
        }
        Ok(names)
    }

    fn finish(&mut self) -> Result<(), Malformed> {
        match self.lines.get(self.at) {
            None => Ok(()),
            Some(line) => {
                self.at += 1;
                self.wrong(format!(
                    "expected the end of the text, found {}",
                    quoted(line)
                ))
            }
        }
    }
}
