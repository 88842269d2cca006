//! A first draft of a mapping, from the headers and values of a file.
//!
//! What the words of the map say exactly is written; what is only near is a remark. A person reads
//! it through: the draft is a start, not an answer.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use crate::import::headers::{Header, Headers};
use crate::import::plan::{Target, parts};
use crate::import::read::{Reading, Sheet};
use crate::import::run::Importer;
use crate::import::tables::slug;
use crate::import::words::plain_name;
use crate::output::plain;

/// How many rows are looked at.
const ROWS: usize = 5_000;
/// A column with more different values is text, not a list of terms.
const MOST_VALUES: usize = 60;
/// How many rules are drafted.
const MOST_RULES: usize = 40;
/// Text in a column is long from this mean length on.
const LONG: usize = 30;

/// What a column holds.
struct Column {
    name: String,
    filled: usize,
    length: usize,
    /// Values with how often, in the order of first appearance.
    values: Vec<(String, usize)>,
    is_cut: bool,
    split: Option<&'static str>,
    texts: Vec<String>,
}

/// The draft as TOML.
pub fn draft(sheet: &Sheet, importer: &Importer<'_>, reading: &Reading) -> String {
    let columns = look(sheet);
    let headers = Headers::new(importer.words, importer.map);
    let stem = Path::new(&sheet.file).file_stem().map_or_else(
        || "draft".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let mut text = String::new();
    let mut say = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    say(format!(
        "# A first draft for {}: read every line before you trust it.",
        sheet.file
    ));
    say("# `peermap import -n FILE --map THIS` says what it would make.".to_owned());
    say(format!("name = {}", quoted(&slug(&stem))));
    say("title = \"\"".to_owned());
    say("missing = [\"NA\", \"N/A\"]".to_owned());
    say("# Rows of one programme put together: merge = true".to_owned());
    let mut read = Vec::new();
    if let Some(delimiter) = reading.delimiter {
        read.push(format!("delimiter = {}", quoted(&delimiter.to_string())));
    }
    if let Some(encoding) = &reading.encoding {
        read.push(format!("encoding = {}", quoted(encoding)));
    }
    if let Some(sheet) = &reading.sheet {
        read.push(format!("sheet = {}", quoted(sheet)));
    }
    if !read.is_empty() {
        say(format!("\n[read]\n{}", read.join("\n")));
    }

    let mut fields: HashMap<&str, &str> = HashMap::new();
    let mut rest: Vec<&Column> = Vec::new();
    for column in &columns {
        match headers.find(&column.name) {
            Header::Known(Target::Field(field)) if !fields.contains_key(field) => {
                fields.insert(field, &column.name);
            }
            Header::Known(Target::Source("url")) if !fields.contains_key("url") => {
                fields.insert("url", &column.name);
            }
            Header::Known(Target::Dimension(_) | Target::Axis(_) | Target::Value(..)) => {
                say(format!(
                    "\n[[column]]\nname = {}\nto = {}",
                    quoted(&column.name),
                    quoted(&column.name)
                ));
            }
            _ => rest.push(column),
        }
    }
    say("\n[programme]".to_owned());
    let name = fields
        .get("name")
        .copied()
        .or_else(|| likely_name(&columns));
    match name {
        Some(name) => say(format!("name = {}", quoted(&format!("{{{name}}}")))),
        None => say("name = \"\"   # which column says what it is called?".to_owned()),
    }
    let mut others: Vec<_> = fields
        .iter()
        .filter(|(field, _)| !matches!(**field, "name" | "url"))
        .collect();
    others.sort();
    for (field, column) in others {
        let of_own = if *field == "id" {
            format!("{}-{{{column}}}", slug(&stem))
        } else {
            format!("{{{column}}}")
        };
        say(format!("{} = {}", field.replace('_', "-"), quoted(&of_own)));
    }
    say("\n[source]".to_owned());
    say(format!(
        "title = {}   # who publishes the data, and under which licence?",
        quoted(&stem)
    ));
    if let Some(url) = fields.get("url") {
        say(format!(
            "# url = {}   # one source a row",
            quoted(&format!("{{{url}}}"))
        ));
    }
    for column in &rest {
        if let Some(lines) = terms(column, importer) {
            say(lines);
        }
    }
    let long: Vec<&Column> = columns
        .iter()
        .filter(|column| column.filled > 0 && column.length / column.filled >= LONG)
        .collect();
    say(rules(&long, importer));
    text
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn look(sheet: &Sheet) -> Vec<Column> {
    let mut columns: Vec<Column> = sheet
        .columns
        .iter()
        .map(|name| Column {
            name: name.clone(),
            filled: 0,
            length: 0,
            values: Vec::new(),
            is_cut: false,
            split: None,
            texts: Vec::new(),
        })
        .collect();
    let mut rows = 0;
    sheet.rows(
        &mut |row| {
            for (column, cell) in columns.iter_mut().zip(row.cells) {
                let cell = plain(cell.trim());
                if !cell.is_empty() {
                    column.filled += 1;
                    column.length += cell.chars().count();
                    column.texts.push(cell.to_owned());
                }
            }
            rows += 1;
            if rows < ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
        &mut |_| {},
    );
    for column in &mut columns {
        column.split = ["|", ";"].into_iter().find(|split| {
            let with = column
                .texts
                .iter()
                .filter(|text| text.contains(split))
                .count();
            with * 20 > column.texts.len()
        });
        for text in &column.texts {
            for part in parts(text, column.split) {
                if let Some((_, count)) = column.values.iter_mut().find(|(value, _)| value == part)
                {
                    *count += 1;
                } else if column.values.len() < MOST_VALUES {
                    column.values.push((part.to_owned(), 1));
                } else {
                    column.is_cut = true;
                }
            }
        }
    }
    columns
}

/// The column whose texts are short and mostly different.
fn likely_name(columns: &[Column]) -> Option<&str> {
    columns
        .iter()
        .filter(|column| plain_name(&column.name).contains("name"))
        .find(|column| column.filled > 0)
        .or_else(|| {
            columns.iter().find(|column| {
                column.filled > 0
                    && column.values.iter().all(|(_, count)| *count == 1)
                    && column
                        .texts
                        .iter()
                        .all(|text| text.contains(char::is_alphabetic))
                    && column.length / column.filled < 2 * LONG
            })
        })
        .map(|column| column.name.as_str())
}

/// A column whose values are terms, with what the map knows of them.
fn terms(column: &Column, importer: &Importer<'_>) -> Option<String> {
    let is_text = column.is_cut || column.filled == 0 || column.length / column.filled >= LONG;
    let is_number = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || ",.-:%".contains(c))
    };
    if is_text || column.values.iter().all(|(value, _)| is_number(value)) {
        return None;
    }
    let mut lines = format!("\n[[column]]\nname = {}\n", quoted(&column.name));
    if let Some(split) = column.split {
        let _ = writeln!(lines, "split = {}", quoted(split));
    }
    lines.push_str("values = {\n");
    for (value, count) in &column.values {
        let known = known(value, importer);
        let gives: Vec<String> = known.iter().map(|give| quoted(give)).collect();
        let remark = if known.is_empty() {
            let near = near(value, importer);
            if near.is_empty() {
                String::new()
            } else {
                format!("; perhaps {}", near.join(" or "))
            }
        } else {
            String::new()
        };
        let _ = writeln!(
            lines,
            "  {} = [{}],   # {count} times{remark}",
            quoted(value),
            gives.join(", ")
        );
    }
    lines.push('}');
    Some(lines)
}

/// What the map calls exactly so.
fn known(value: &str, importer: &Importer<'_>) -> Vec<String> {
    let (map, words) = (importer.map, importer.words);
    let of_questions = map
        .dimensions
        .iter()
        .enumerate()
        .filter_map(|(at, dimension)| {
            let value = words.value(at, value)?;
            Some(format!(
                "{}:{}",
                dimension.name.notation, map.values[value].name.notation
            ))
        });
    let of_axes = map.axes.iter().enumerate().filter_map(|(at, axis)| {
        let value = words.silo(at, value)?;
        Some(format!(
            "{}:{}",
            axis.name.notation, map.silo_values[value].name.notation
        ))
    });
    of_questions.chain(of_axes).collect()
}

fn near(value: &str, importer: &Importer<'_>) -> Vec<String> {
    let map = importer.map;
    let mut near: Vec<String> = Vec::new();
    for (at, axis) in map.axes.iter().enumerate() {
        let found = map.near_silo_values(at, value);
        near.extend(found.first().map(|v| format!("{}:{v}", axis.name.notation)));
    }
    for (at, dimension) in map.dimensions.iter().enumerate() {
        let found = map.near_values(at, value);
        near.extend(
            found
                .first()
                .map(|v| format!("{}:{v}", dimension.name.notation)),
        );
    }
    near.truncate(3);
    near
}

/// Rules for the words of the map that stand in long texts, most frequent first.
fn rules(columns: &[&Column], importer: &Importer<'_>) -> String {
    if columns.is_empty() {
        return String::new();
    }
    let map = importer.map;
    let of_questions = map.dimensions.iter().flat_map(|dimension| {
        map.values[dimension.values.clone()]
            .iter()
            .map(move |value| (&dimension.name, &value.name))
    });
    let of_axes = map.axes.iter().flat_map(|axis| {
        map.silo_values[axis.values.clone()]
            .iter()
            .map(move |value| (&axis.name, &value.name))
    });
    let texts: Vec<Vec<String>> = columns
        .iter()
        .map(|column| {
            column
                .texts
                .iter()
                .map(|text| format!(" {} ", plain_name(text)))
                .collect()
        })
        .collect();
    let mut found: Vec<(usize, String)> = Vec::new();
    for (scheme, value) in of_questions.chain(of_axes) {
        let mut words: Vec<String> = value.texts().map(plain_name).collect();
        words.sort();
        words.dedup();
        let phrases: Vec<String> = words.iter().map(|word| format!(" {word} ")).collect();
        let count = texts
            .iter()
            .flatten()
            .filter(|text| phrases.iter().any(|phrase| text.contains(phrase)))
            .count();
        if count == 0 {
            continue;
        }
        let alternatives: Vec<String> = value
            .texts()
            .map(|text| regex::escape(&text.to_lowercase()).replace(r"\-", "[- ]"))
            .collect();
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
        let mut alternatives = alternatives;
        alternatives.sort();
        alternatives.dedup();
        found.push((
            count,
            format!(
                "\n[[rule]]   # {count} rows\nid = {}\ncolumns = [{}]\nmatches = '\\b({})s?\\b'\ngives = [{}]\nconfidence = \"low\"",
                quoted(&format!("{}-{}", scheme.notation, value.notation)),
                names.join(", "),
                alternatives.join("|"),
                quoted(&format!("{}:{}", scheme.notation, value.notation))
            ),
        ));
    }
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    found.truncate(MOST_RULES);
    found
        .into_iter()
        .map(|(_, rule)| rule)
        .collect::<Vec<_>>()
        .join("\n")
}
