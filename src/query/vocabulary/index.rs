//! Finding things by the words of their names: the beginning of a word, or one slip in it.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How well a thing fits what was typed; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::query) enum Fit {
    /// The whole of a name.
    Whole,
    /// The beginning of a name.
    Start,
    /// The beginning of a word inside a name.
    Word,
    /// A word with one letter too many, too few, wrong, or two swapped.
    Slip,
}

/// Lower case without accents.
pub(in crate::query) fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A word of a name: the thing, which of its names, and whether the word begins it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    thing: u32,
    name: u32,
}

/// Names of things, by word.
#[derive(Debug, Default)]
pub(in crate::query) struct Index {
    /// Folded names.
    names: Vec<String>,
    /// Words, sorted, with where they occur.
    words: Vec<(String, Vec<Entry>)>,
}

impl Index {
    /// Builds it from pairs of a thing and a name. Time O(n log n) in the total length.
    pub(super) fn new(names: impl IntoIterator<Item = (u32, String)>) -> Self {
        let mut index = Self::default();
        let mut words: HashMap<String, Vec<Entry>> = HashMap::new();
        for (thing, name) in names {
            let folded = fold(&name);
            let at = u32::try_from(index.names.len()).unwrap_or(u32::MAX);
            for word in split(&folded) {
                let entries = words.entry(word.to_owned()).or_default();
                if entries.last().is_none_or(|last| last.name != at) {
                    entries.push(Entry { thing, name: at });
                }
            }
            index.names.push(folded);
        }
        index.words = words.into_iter().collect();
        index.words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        index
    }

    /// The things that fit, each with its best fit, in no order. With several words typed, each
    /// must begin a word of the same name. One slip is allowed in a single word of four letters
    /// or more, when nothing fits without it.
    pub(in crate::query) fn find(&self, typed: &str) -> HashMap<u32, Fit> {
        let wanted = fold(typed.trim());
        let parts: Vec<&str> = split(&wanted).collect();
        let mut found: HashMap<u32, Fit> = HashMap::new();
        let Some(first) = parts.first() else {
            return found;
        };
        let mut note = |thing: u32, fit: Fit| {
            let best = found.entry(thing).or_insert(fit);
            *best = (*best).min(fit);
        };
        let from = self
            .words
            .partition_point(|(word, _)| word.as_str() < *first);
        for (_, entries) in self.words[from..]
            .iter()
            .take_while(|(word, _)| word.starts_with(first))
        {
            for entry in entries {
                let name = &self.names[entry.name as usize];
                let rest = parts[1..]
                    .iter()
                    .all(|part| split(name).any(|word| word.starts_with(part)));
                if !rest {
                    continue;
                }
                note(
                    entry.thing,
                    if *name == wanted {
                        Fit::Whole
                    } else if name.starts_with(&wanted) {
                        Fit::Start
                    } else {
                        Fit::Word
                    },
                );
            }
        }
        if found.is_empty() && parts.len() == 1 && first.chars().count() >= 4 {
            for (word, entries) in &self.words {
                if one_slip(first, word) {
                    for entry in entries {
                        found.insert(entry.thing, Fit::Slip);
                    }
                }
            }
        }
        found
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether `typed` becomes `word`, or the beginning of it, by one insertion, deletion, change or
/// swap of neighbours. The first letter must be right, which keeps a scan of many words cheap.
pub(in crate::query) fn one_slip(typed: &str, word: &str) -> bool {
    let (typed, word) = (typed.as_bytes(), word.as_bytes());
    if typed.first() != word.first() {
        return false;
    }
    let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (a, b) = (&typed[same..], &word[same..]);
    let begins = |rest: &[u8], with: &[u8]| rest.len() >= with.len() && &rest[..with.len()] == with;
    match (a, b) {
        ([], _) | (_, []) => a.len() <= 1,
        (_, _) => {
            begins(&b[1..], &a[1..])
                || begins(b, &a[1..])
                || begins(&b[1..], a)
                || (a.len() > 1
                    && b.len() > 1
                    && a[0] == b[1]
                    && a[1] == b[0]
                    && begins(&b[2..], &a[2..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_beginning_accent_or_slip() {
        let index = Index::new(
            [(1, "Équipe de rue"), (2, "rue"), (3, "navigation")].map(|(t, n)| (t, n.to_owned())),
        );
        assert_eq!(index.find("equ"), HashMap::from([(1, Fit::Start)]));
        assert_eq!(
            index.find("rue"),
            HashMap::from([(1, Fit::Word), (2, Fit::Whole)])
        );
        assert_eq!(index.find("navgation"), HashMap::from([(3, Fit::Slip)]));
        assert_eq!(index.find("rue equ"), HashMap::from([(1, Fit::Word)]));
        assert!(index.find("zzzz").is_empty() && index.find(" ").is_empty());
    }

    #[test]
    fn one_slip_is_one() {
        for (typed, word) in [
            ("navgation", "navigation"),
            ("navvigation", "navigation"),
            ("nabigation", "navigation"),
            ("naivgation", "navigation"),
            ("navgat", "navigation"),
        ] {
            assert!(one_slip(typed, word), "{typed}");
        }
        assert!(!one_slip("nvgation", "navigation"));
        assert!(!one_slip("navigations", "advocacy"));
    }
}
