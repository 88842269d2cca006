//! What the prompt remembers about looks, each thing with the words that set it.

use crate::cli::ShowLabels;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::nearest::near_or_all;
use crate::output::Format;
use crate::output::cell::grouped;

/// Rows of a table that a person is shown.
pub(super) const ROWS: usize = 40;

/// Looks and limits of the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// The format of answers; `None` chooses by what the answer is.
    pub(super) mode: Option<Format>,
    /// Labels beside IRIs.
    pub(super) labels: ShowLabels,
    /// Language of labels.
    pub(super) language: Language,
    /// Whether to say how long an answer took.
    pub(super) timer: bool,
    /// How many rows of a table are shown; `None` shows all.
    pub(super) max_rows: Option<usize>,
    /// Who shows what does not fit the screen.
    pub(super) pager: Pager,
}

/// Who shows what does not fit the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Pager {
    /// Nobody: it runs through.
    Off,
    /// `$PAGER`, or `less -FIRX`.
    #[default]
    Usual,
    /// A command.
    Command(String),
}

/// The settings by name, in the order in which they are listed.
pub(super) const NAMES: &[&str] = &["mode", "labels", "lang", "timer", "maxrows", "pager"];

/// The words of a format, `auto` first.
pub(super) fn modes() -> Vec<&'static str> {
    let mut words = vec!["auto", "table"];
    words.extend(Format::ALL.iter().map(|format| format.name()));
    words
}

impl Settings {
    /// What the prompt begins with: at a terminal there is a cap and a timer, in a script neither.
    pub(super) fn new(interactive: bool) -> Self {
        Self {
            mode: None,
            labels: ShowLabels::Off,
            language: Language::default(),
            timer: interactive,
            max_rows: interactive.then_some(ROWS),
            pager: Pager::default(),
        }
    }

    /// Changes one by name.
    ///
    /// # Errors
    /// A name or a word that is none; the error lists those there are.
    pub(super) fn set(&mut self, name: &str, word: &str) -> Result<()> {
        let lower = word.to_lowercase();
        match name {
            "mode" if lower == "auto" => self.mode = None,
            "mode" => {
                self.mode = Some(
                    Format::from_name(&lower)
                        .map_err(|_| no_such("mode", word, near_or_all(&lower, modes())))?,
                );
            }
            "labels" => {
                self.labels = match lower.as_str() {
                    "off" => ShowLabels::Off,
                    "on" | "beside" => ShowLabels::Beside,
                    "instead" => ShowLabels::Instead,
                    _ => {
                        return Err(no_such(
                            "way to show labels",
                            word,
                            list("on, off, beside, instead"),
                        ));
                    }
                };
            }
            "lang" => {
                self.language = match lower.as_str() {
                    "en" => Language::En,
                    "fr" => Language::Fr,
                    _ => return Err(no_such("language", word, list("en, fr"))),
                };
            }
            "timer" => self.timer = on_or_off(word)?,
            "maxrows" => {
                self.max_rows = match lower.as_str() {
                    "off" | "all" | "0" => None,
                    digits => Some(digits.parse().map_err(|_| {
                        Error::usage(
                            format!("`{word}` is not a number of rows"),
                            "write a whole number such as 40, or off",
                        )
                    })?),
                };
            }
            "pager" => {
                self.pager = match lower.as_str() {
                    "off" => Pager::Off,
                    "on" => Pager::Usual,
                    _ => Pager::Command(word.to_owned()),
                };
            }
            _ => {
                return Err(Error::Unknown {
                    what: "setting",
                    name: name.to_owned(),
                    hint: Some(near_or_all(name, NAMES.iter().copied())),
                });
            }
        }
        Ok(())
    }

    /// What one is set to, as [`Self::set`] would read it.
    pub(super) fn get(&self, name: &str) -> String {
        match name {
            "mode" => self.mode.map_or("auto", Format::name).to_owned(),
            "labels" => match self.labels {
                ShowLabels::Off => "off",
                ShowLabels::Beside => "on",
                ShowLabels::Instead => "instead",
            }
            .to_owned(),
            "lang" => self.language.tag().to_owned(),
            "timer" => if self.timer { "on" } else { "off" }.to_owned(),
            "maxrows" => self.max_rows.map_or_else(|| "off".to_owned(), grouped),
            "pager" => match &self.pager {
                Pager::Off => "off".to_owned(),
                Pager::Usual => "on".to_owned(),
                Pager::Command(command) => command.clone(),
            },
            _ => String::new(),
        }
    }
}

/// `on` or `off`, and some other words for them.
fn on_or_off(word: &str) -> Result<bool> {
    match word.to_lowercase().as_str() {
        "on" | "yes" | "true" => Ok(true),
        "off" | "no" | "false" => Ok(false),
        _ => Err(Error::usage(
            format!("`{word}` is neither on nor off"),
            "write on or off",
        )),
    }
}

fn list(words: &str) -> String {
    format!("one of: {words}")
}

fn no_such(what: &'static str, word: &str, hint: String) -> Error {
    Error::Unknown {
        what,
        name: word.to_owned(),
        hint: Some(hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_got_can_be_set() {
        let mut settings = Settings::new(true);
        for (name, word) in [
            ("mode", "csv"),
            ("mode", "auto"),
            ("labels", "instead"),
            ("labels", "on"),
            ("lang", "fr"),
            ("timer", "off"),
            ("maxrows", "7"),
            ("maxrows", "off"),
            ("pager", "off"),
            ("pager", "cat -n"),
        ] {
            settings.set(name, word).expect(word);
            assert_eq!(settings.get(name), word, "{name}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let mut settings = Settings::new(false);
        let mut report =
            |name: &str, word: &str| settings.set(name, word).expect_err("wrong").report();
        assert_eq!(
            report("mode", "jsn"),
            "error: no mode is called `jsn`\nhint: did you mean `json`?\n"
        );
        assert_eq!(
            report("lang", "de"),
            "error: no language is called `de`\nhint: one of: en, fr\n"
        );
        assert_eq!(
            report("timer", "maybe"),
            "error: `maybe` is neither on nor off\nhint: write on or off\n"
        );
        assert_eq!(
            report("maxrow", "3"),
            "error: no setting is called `maxrow`\nhint: did you mean `maxrows`?\n"
        );
    }
}
