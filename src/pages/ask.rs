//! What an address asks for after its question mark.

use std::str::FromStr;

use crate::error::{Error, Result};

/// Names and values in the order of the address. Empty values are left out, as forms send them for
/// fields that nobody filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pairs: Vec<(String, String)>,
}

impl Ask {
    /// Reads the part of an address after the question mark; what cannot be read is left out.
    pub fn read(query: &str) -> Self {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default();
        Self::of(pairs)
    }

    /// The same from names and values.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let pairs = pairs
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .collect();
        Self { pairs }
    }

    /// The first value of a name.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a name, or the usual one.
    pub fn or<'a>(&'a self, name: &str, usual: &'a str) -> &'a str {
        self.one(name).unwrap_or(usual)
    }

    /// A number, or the usual one.
    ///
    /// # Errors
    /// A value that is no such number.
    pub fn number<T: FromStr>(&self, name: &str, usual: T) -> Result<T> {
        match self.one(name) {
            None => Ok(usual),
            Some(text) => text.trim().parse().map_err(|_| {
                Error::usage(
                    format!("`{text}` is not a number that {name} can have"),
                    "write digits, with a point for fractions",
                )
            }),
        }
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.one(name).is_some()
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The same with these values for a name in place of those it has.
    #[must_use]
    pub fn with(&self, name: &str, values: &[&str]) -> Self {
        let mut pairs: Vec<(String, String)> = self
            .pairs
            .iter()
            .filter(|(n, _)| n != name)
            .cloned()
            .collect();
        pairs.extend(
            values
                .iter()
                .map(|value| (name.to_owned(), (*value).to_owned())),
        );
        Self { pairs }
    }

    /// The same without one value of a name.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> Self {
        let pairs = self.pairs.iter();
        Self {
            pairs: pairs
                .filter(|(n, v)| n != name || v != value)
                .cloned()
                .collect(),
        }
    }

    /// Names and values.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The address again: empty, or a question mark and what follows it.
    pub fn written(&self) -> String {
        if self.pairs.is_empty() {
            return String::new();
        }
        let text = serde_urlencoded::to_string(&self.pairs).unwrap_or_default();
        format!("?{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::Ask;

    #[test]
    fn an_address_is_read_changed_and_written_again() {
        let ask = Ask::read("?space=home&space=caf%C3%A9&q=&links=7");
        assert_eq!(ask.all("space").collect::<Vec<_>>(), ["home", "café"]);
        assert_eq!(ask.one("q"), None);
        assert_eq!(ask.number("links", 5).ok(), Some(7));
        assert_eq!(ask.number("seed", 1).ok(), Some(1));
        assert_eq!(
            ask.with("links", &["3"]).without("space", "home").written(),
            "?space=caf%C3%A9&links=3"
        );
        assert!(Ask::read("links=many").number("links", 5).is_err());
    }
}
