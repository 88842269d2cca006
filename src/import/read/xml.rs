//! XML: elements with attributes as records.
//!
//! Attributes become columns of their names, the text of an element the column `text`, its name
//! the column `element`, and the attributes of the element around it columns such as `above.id`.

use std::path::Path;

use csv::StringRecord;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader as XmlReader, XmlVersion};

use super::guard::{MAX_CELLS, check_cell, limit};
use super::text::Decoded;
use super::{At, Reading, Sheet};
use crate::error::{Error, Place, Result};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 256;

/// An element that is open, with its columns and cells.
struct Open {
    start: usize,
    is_record: bool,
    cells: Vec<(String, String)>,
    text: String,
}

pub(super) fn open(path: &Path, decoded: Decoded, reading: &Reading) -> Result<Sheet> {
    let Decoded { text, notes } = decoded;
    let mut reader = XmlReader::from_str(&text);
    let mut stack: Vec<Open> = Vec::new();
    let mut done: Vec<(usize, Vec<(String, String)>)> = Vec::new();
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(0);
        let event = reader
            .read_event()
            .map_err(|error| broken(path, &text, start, &error.to_string()))?;
        match event {
            Event::Start(element) => {
                let opened = opened(&element, start, &stack, reading)
                    .map_err(|error| broken(path, &text, start, &error))?;
                stack.push(opened);
                if stack.len() > MAX_DEPTH {
                    return Err(broken(path, &text, start, "elements are nested too deep"));
                }
            }
            Event::Empty(element) => {
                let opened = opened(&element, start, &stack, reading)
                    .map_err(|error| broken(path, &text, start, &error))?;
                close(opened, &mut done);
            }
            Event::End(_) => {
                if let Some(opened) = stack.pop() {
                    close(opened, &mut done);
                }
            }
            Event::Text(content) => {
                if let Some(last) = stack.last_mut() {
                    last.text
                        .push_str(&content.xml_content(XmlVersion::Implicit1_0));
                }
            }
            Event::CData(content) => {
                if let Some(last) = stack.last_mut() {
                    last.text
                        .push_str(&content.xml_content(XmlVersion::Implicit1_0));
                }
            }
            Event::GeneralRef(reference) => {
                let character = reference
                    .resolve_char_ref()
                    .ok()
                    .flatten()
                    .map(String::from)
                    .or_else(|| {
                        quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned)
                    });
                let Some(character) = character else {
                    return Err(broken(
                        path,
                        &text,
                        start,
                        "an entity that XML does not know",
                    ));
                };
                if let Some(last) = stack.last_mut() {
                    last.text.push_str(&character);
                }
            }
            Event::DocType(_) => {
                return Err(broken(path, &text, start, "a document type of its own"));
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if !stack.is_empty() {
        return Err(broken(path, &text, text.len(), "it ends inside an element"));
    }
    done.sort_by_key(|(start, _)| *start);
    let mut columns: Vec<String> = Vec::new();
    for (name, _) in done.iter().flat_map(|(_, cells)| cells) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    if columns.len().saturating_mul(done.len()) > MAX_CELLS {
        return Err(limit(path, "has too many elements", "split it"));
    }
    let mut rows = Vec::with_capacity(done.len());
    for (start, cells) in &done {
        let mut record = vec![""; columns.len()];
        for (name, cell) in cells {
            check_cell(path, name, cell)?;
            if let Some(at) = columns.iter().position(|column| column == name) {
                record[at] = cell;
            }
        }
        rows.push((At::Record(*start), StringRecord::from(record)));
    }
    let mut sheet = Sheet::of_rows(path, columns, rows);
    sheet.header = At::Record(0);
    sheet.notes = notes;
    sheet.text = text;
    Ok(sheet)
}

fn opened(
    element: &BytesStart<'_>,
    start: usize,
    stack: &[Open],
    reading: &Reading,
) -> std::result::Result<Open, String> {
    let name = element.name().as_ref().to_owned();
    let mut cells = vec![("element".to_owned(), name.clone())];
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        cells.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    let is_record = match &reading.element {
        Some(wanted) => wanted.split('|').any(|wanted| wanted == name),
        None => cells.len() > 1,
    };
    if let Some(above) = stack.last() {
        let of_above = above.cells.iter().filter(|(name, _)| !name.contains('.'));
        let above: Vec<_> = of_above
            .map(|(name, cell)| (format!("above.{name}"), cell.clone()))
            .collect();
        cells.extend(above);
    }
    Ok(Open {
        start,
        is_record,
        cells,
        text: String::new(),
    })
}

fn close(mut opened: Open, done: &mut Vec<(usize, Vec<(String, String)>)>) {
    if !opened.is_record {
        return;
    }
    let text = opened.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        opened.cells.push(("text".to_owned(), text));
    }
    done.push((opened.start, opened.cells));
}

fn broken(path: &Path, text: &str, start: usize, reason: &str) -> Error {
    let file = path.display().to_string();
    Error::Syntax {
        reason: format!("{file} cannot be read as XML: {reason}"),
        place: Some(Place::at_offset(&file, text, start, 1)),
        path: path.to_owned(),
        hint: Some("nothing of this file was taken in".to_owned()),
    }
}
