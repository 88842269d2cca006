//! The texts of the interface: a file a language, with the same keys.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use crate::map::Language;

const ENGLISH: &str = include_str!("../../templates/texts/en.json");
const FRENCH: &str = include_str!("../../templates/texts/fr.json");

static TEXTS: LazyLock<[Texts; 2]> = LazyLock::new(|| [Texts::read(ENGLISH), Texts::read(FRENCH)]);

/// The texts of one language by key.
#[derive(Debug)]
pub struct Texts(HashMap<String, String>);

impl Texts {
    /// The texts of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &TEXTS[0],
            Language::Fr => &TEXTS[1],
        }
    }

    /// The files are part of the program and tests read them: one that cannot be read is empty.
    fn read(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    /// The text of a key; the key itself where there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The text of a key with values in place of `{0}`, `{1}` and so on.
    pub fn with(&self, key: &str, values: &[&dyn Display]) -> String {
        let mut text = self.get(key).to_owned();
        for (at, value) in values.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), &value.to_string());
        }
        text
    }

    /// A number of things: the key with `.one` or `.many`, by the rule of the language.
    pub fn counted(&self, language: Language, key: &str, count: usize) -> String {
        let one = count == 1 || (language == Language::Fr && count == 0);
        let key = format!("{key}.{}", if one { "one" } else { "many" });
        self.with(&key, &[&count])
    }

    /// Texts whose keys begin so, without that beginning, sorted: for scripts.
    pub fn beginning(&self, lead: &str) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter_map(|(key, text)| Some((key.strip_prefix(lead)?, text.as_str())))
            .collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_no_empty_text() {
        let sorted = |texts: &Texts| {
            let mut keys: Vec<String> = texts.0.keys().cloned().collect();
            keys.sort();
            keys
        };
        let (english, french) = (Texts::of(Language::En), Texts::of(Language::Fr));
        assert!(!english.0.is_empty(), "en.json cannot be read");
        assert_eq!(sorted(english), sorted(french));
        for texts in [english, french] {
            for (key, text) in &texts.0 {
                assert!(!text.trim().is_empty(), "{key} is empty");
            }
        }
    }

    #[test]
    fn values_stand_in_the_same_places_in_both_languages() {
        for (key, english) in &Texts::of(Language::En).0 {
            let french = Texts::of(Language::Fr).get(key);
            for place in ["{0}", "{1}", "{2}", "{3}"] {
                assert_eq!(
                    english.contains(place),
                    french.contains(place),
                    "{key}: {english} | {french}"
                );
            }
        }
    }
}
