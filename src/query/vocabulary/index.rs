//! Finding things by the words of their names: the beginning of a word, or one slip in it.

use std::collections::HashMap;
use std::ops::Range;

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
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A place where a word occurs.
#[derive(Clone, Copy, Debug)]
struct Entry {
    thing: u32,
    name: u32,
    /// The word begins the name.
    first: bool,
    /// The name has no other word.
    alone: bool,
}

/// Names of things, by word.
#[derive(Debug, Default)]
pub(in crate::query) struct Index {
    /// Folded names.
    names: Vec<String>,
    /// Words, sorted, with where they occur.
    words: Vec<(String, Vec<Entry>)>,
    /// One more than the greatest thing.
    things: usize,
}

impl Index {
    /// Builds it from pairs of a thing and a name. Time O(n log n) in the total length.
    pub(super) fn new(names: impl IntoIterator<Item = (u32, String)>) -> Self {
        let mut index = Self::default();
        let mut words: HashMap<String, Vec<Entry>> = HashMap::new();
        for (thing, name) in names {
            let folded = fold(&name);
            let at = u32::try_from(index.names.len()).unwrap_or(u32::MAX);
            let count = split(&folded).count();
            for (place, word) in split(&folded).enumerate() {
                let entries = words.entry(word.to_owned()).or_default();
                if entries.last().is_none_or(|last| last.name != at) {
                    entries.push(Entry {
                        thing,
                        name: at,
                        first: place == 0,
                        alone: count == 1,
                    });
                }
            }
            index.things = index.things.max(thing as usize + 1);
            index.names.push(folded);
        }
        index.words = words.into_iter().collect();
        index.words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        index
    }

    /// The things that fit and that `keep` keeps, each with its best fit, by position.
    ///
    /// With several words typed, each must begin a word of the same name. One slip is allowed in
    /// a single word of four letters or more, when nothing fits without it.
    pub(in crate::query) fn find(
        &self,
        typed: &str,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<(u32, Fit)> {
        let wanted = fold(typed.trim());
        let mut parts: Vec<&str> = split(&wanted).collect();
        // The rarest word leads; the others are looked up in the names that it finds.
        parts.sort_by_key(|part| {
            let range = self.beginning_with(part);
            self.words[range]
                .iter()
                .map(|(_, entries)| entries.len())
                .sum::<usize>()
        });
        let Some((lead, others)) = parts.split_first() else {
            return Vec::new();
        };
        let mut best: Vec<Option<Fit>> = vec![None; self.things];
        let mut any = false;
        let mut note = |thing: u32, fit: Fit| {
            let place = &mut best[thing as usize];
            if place.is_none_or(|old| fit < old) && keep(thing) {
                *place = Some(fit);
                any = true;
            }
        };
        for (word, entries) in &self.words[self.beginning_with(lead)] {
            for entry in entries {
                if others.is_empty() {
                    let whole = entry.alone && word == lead;
                    let fit = match entry.first {
                        true if whole => Fit::Whole,
                        true => Fit::Start,
                        false => Fit::Word,
                    };
                    note(entry.thing, fit);
                    continue;
                }
                let name = &self.names[entry.name as usize];
                let has = |part: &&str| split(name).any(|word| word.starts_with(part));
                if others.iter().all(has) {
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
        }
        if !any && others.is_empty() && lead.chars().count() >= 4 {
            let first: String = lead.chars().take(1).collect();
            for (word, entries) in &self.words[self.beginning_with(&first)] {
                if one_slip(lead, word) {
                    for entry in entries {
                        let place = &mut best[entry.thing as usize];
                        if place.is_none() && keep(entry.thing) {
                            *place = Some(Fit::Slip);
                        }
                    }
                }
            }
        }
        (0u32..)
            .zip(best)
            .filter_map(|(thing, fit)| Some((thing, fit?)))
            .collect()
    }

    fn beginning_with(&self, start: &str) -> Range<usize> {
        let from = self
            .words
            .partition_point(|(word, _)| word.as_str() < start);
        let length = self.words[from..].partition_point(|(word, _)| word.starts_with(start));
        from..from + length
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
        let find = |typed: &str| index.find(typed, |_| true);
        assert_eq!(find("equ"), [(1, Fit::Start)]);
        assert_eq!(find("rue"), [(1, Fit::Word), (2, Fit::Whole)]);
        assert_eq!(find("navgation"), [(3, Fit::Slip)]);
        assert_eq!(find("rue equ"), [(1, Fit::Word)]);
        assert_eq!(index.find("rue", |thing| thing == 2), [(2, Fit::Whole)]);
        assert!(find("zzzz").is_empty() && find(" ").is_empty());
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
        assert!(!one_slip("nvgatoin", "navigation"));
        assert!(!one_slip("navigations", "advocacy"));
    }
}
