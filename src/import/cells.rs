//! A cell that answers a question: several values, "not stated", "no certification".

use super::plan::Finding;
use super::words::{Say, Words};
use crate::map::ConceptualMap;

/// What stands between values of a cell.
pub(super) const SPLIT: &str = "|;\n";

/// One part of a cell, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A finding; without a value about the question as a whole.
    Found(Option<usize>, Finding),
    /// Not understood: the text, and whether it denied something.
    Unknown(String),
}

/// Reads the answer to a question. A cell that says nothing has no parts.
pub(super) fn answer(words: &Words, dimension: usize, cell: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    if cell.trim().is_empty() {
        return parts;
    }
    for text in pieces(cell, |text| words.value(dimension, text).is_some()) {
        if let Some(value) = words.value(dimension, &text) {
            parts.push(Part::Found(Some(value), Finding::Present));
            continue;
        }
        match words.says(&text) {
            Some(Say::Empty) => continue,
            Some(Say::NotStated) => {
                parts.push(Part::Found(None, Finding::NotReported));
                continue;
            }
            Some(Say::Nothing) => {
                parts.push(Part::Found(None, Finding::Absent));
                continue;
            }
            None => {}
        }
        match words.denied(&text) {
            Some(rest) => match words.value(dimension, rest) {
                Some(value) => parts.push(Part::Found(Some(value), Finding::Absent)),
                None => parts.push(Part::Unknown(rest.to_owned())),
            },
            None => parts.push(Part::Unknown(text)),
        }
    }
    let mut once: Vec<Part> = Vec::new();
    for part in parts {
        if !once.contains(&part) {
            once.push(part);
        }
    }
    once
}

/// Reads places on an axis: values, and texts that name none. "Not stated" says nothing here.
pub(super) fn places(words: &Words, axis: usize, cell: &str) -> (Vec<usize>, Vec<String>) {
    let (mut values, mut unknown) = (Vec::new(), Vec::new());
    for text in pieces(cell, |text| words.silo(axis, text).is_some()) {
        match words.silo(axis, &text) {
            Some(value) if !values.contains(&value) => values.push(value),
            Some(_) => {}
            None if words.says(&text).is_some() => {}
            None => unknown.push(text),
        }
    }
    (values, unknown)
}

/// The pieces of a cell between bars, semicolons and line ends; commas count only where every piece
/// between them is known, since a label can have one.
pub(super) fn pieces(cell: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut pieces = Vec::new();
    for piece in super::plan::parts(cell, Some(SPLIT)) {
        if piece.contains(',') && !is_known(piece) {
            let smaller: Vec<&str> = super::plan::parts(piece, Some(","));
            if smaller.iter().any(|piece| is_known(piece)) {
                pieces.extend(smaller.into_iter().map(str::to_owned));
                continue;
            }
        }
        pieces.push(piece.to_owned());
    }
    pieces
}

/// Two findings of a cell that cannot both hold, for a sentence.
pub(super) fn contradiction(map: &ConceptualMap, parts: &[Part]) -> Option<String> {
    let silent = parts.contains(&Part::Found(None, Finding::NotReported));
    let nothing = parts.contains(&Part::Found(None, Finding::Absent));
    if (silent || nothing) && parts.len() > 1 {
        let word = if silent { "not stated" } else { "none" };
        return Some(format!("\"{word}\" stands beside other answers"));
    }
    parts.iter().find_map(|part| match part {
        Part::Found(Some(value), Finding::Present)
            if parts.contains(&Part::Found(Some(*value), Finding::Absent)) =>
        {
            Some(format!(
                "{} is said to be there and not to be there",
                map.values[*value].name.notation
            ))
        }
        _ => None,
    })
}
