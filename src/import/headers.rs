//! Names of columns: the native ones, the questions and axes of the map, and their parts, in
//! English or French, with a typo or two.

use super::plan::{Aspect, FIELDS, SOURCE_FIELDS, Target};
use super::words::{Words, plain_name};
use crate::map::ConceptualMap;

/// How a header was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// It names this.
    Known(Target),
    /// It almost names this.
    Misspelt(Target, String),
    /// It names nothing; these are nearest.
    Unknown(Vec<String>),
}

/// All names that headers can have, with what they feed.
pub(super) struct Headers {
    names: Vec<(String, String, Target)>,
}

impl Headers {
    pub(super) fn new(words: &Words, map: &ConceptualMap) -> Self {
        let mut names: Vec<(String, String, Target)> = Vec::new();
        let mut add = |name: String, shown: String, target: Target| {
            if !names.iter().any(|(held, ..)| *held == name) {
                names.push((name, shown, target));
            }
        };
        for (at, dimension) in map.dimensions.iter().enumerate() {
            for text in dimension.name.texts() {
                add(plain_name(text), text.to_owned(), Target::Dimension(at));
            }
        }
        for (at, axis) in map.axes.iter().enumerate() {
            for text in axis.name.texts() {
                add(plain_name(text), text.to_owned(), Target::Axis(at));
            }
        }
        let mut columns: Vec<(&String, &String)> = words.columns.iter().collect();
        columns.sort();
        for (name, column) in columns {
            if let Some(target) = native(column) {
                add(name.clone(), column.clone(), target);
            }
        }
        let mut aspects: Vec<(&String, &String)> = words.aspects.iter().collect();
        aspects.sort();
        for (at, dimension) in map.dimensions.iter().enumerate() {
            for (word, aspect) in &aspects {
                let Some(aspect) = Aspect::of(aspect) else {
                    continue;
                };
                for text in dimension.name.texts() {
                    let name = plain_name(text);
                    let shown = format!("{text} {word}");
                    let target = Target::Aspect(aspect, Some(at));
                    add(format!("{name} {word}"), shown.clone(), target.clone());
                    add(format!("{word} {name}"), shown, target);
                }
            }
            // A column a value: "function: navigation" with yes or no.
            for value in dimension.values.clone() {
                for of in dimension.name.texts() {
                    for text in map.values[value].name.texts() {
                        add(
                            format!("{} {}", plain_name(of), plain_name(text)),
                            format!("{of}: {text}"),
                            Target::Value(at, value),
                        );
                    }
                }
            }
        }
        Self { names }
    }

    /// What a header names. Damerau-Levenshtein distance 1, or 2 from eight letters on, counts as
    /// a typo where nothing else is as near. Linear in the number of names.
    pub(super) fn find(&self, header: &str) -> Header {
        let name = plain_name(header);
        if name.is_empty() {
            return Header::Unknown(Vec::new());
        }
        if let Some((.., target)) = self.names.iter().find(|(held, ..)| *held == name) {
            return Header::Known(target.clone());
        }
        let length = name.chars().count();
        let mut near: Vec<(usize, &String, &Target)> = self
            .names
            .iter()
            .filter(|(held, ..)| held.chars().count().abs_diff(length) <= 3)
            .map(|(held, shown, target)| (strsim::damerau_levenshtein(&name, held), shown, target))
            .filter(|(distance, ..)| *distance <= (length / 3).max(1))
            .collect();
        near.sort_by_key(|(distance, ..)| *distance);
        if let Some((best, shown, target)) = near.first() {
            let allowed = match length {
                0..=3 => 0,
                4..=7 => 1,
                _ => 2,
            };
            let alone = near
                .iter()
                .take_while(|(distance, ..)| distance == best)
                .all(|(.., other)| other == target);
            if *best <= allowed && alone {
                return Header::Misspelt((*target).clone(), (*shown).clone());
            }
        }
        let mut shown: Vec<String> = Vec::new();
        for (_, name, _) in near {
            if !shown.contains(name) && shown.len() < 3 {
                shown.push(name.clone());
            }
        }
        Header::Unknown(shown)
    }
}

/// What a column of the native tables feeds.
pub(super) fn native(column: &str) -> Option<Target> {
    if column == "url" {
        return Some(Target::Source("url"));
    }
    if column == "source_title" {
        return Some(Target::Source("title"));
    }
    if column != "source"
        && column != "locator"
        && let Some(field) = FIELDS.iter().find(|field| **field == column)
    {
        return Some(Target::Field(field));
    }
    if let Some(aspect) = Aspect::of(column) {
        return Some(Target::Aspect(aspect, None));
    }
    SOURCE_FIELDS
        .iter()
        .find(|field| **field == column)
        .map(|field| Target::Source(field))
}
