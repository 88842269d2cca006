//! Completion of a line that begins with a dot.

use crate::query::{CATALOGUE, Completing, Vocabulary, complete};

use super::super::settings::{NAMES, modes};
use super::super::verbs;
use super::{Values, find, names};

/// What may stand at the cursor, and from where on it replaces the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::repl) struct Choices {
    /// First byte that is replaced.
    pub(in crate::repl) from: usize,
    /// What may stand there, with a remark each.
    pub(in crate::repl) offers: Vec<(String, String)>,
    /// Whether files may stand there.
    pub(in crate::repl) files: bool,
}

/// Names that completion needs besides the table.
#[derive(Clone, Debug, Default)]
pub(in crate::repl) struct Known {
    /// Programmes by short name, with their names.
    pub(in crate::repl) programmes: Vec<(String, String)>,
}

/// What may stand at the cursor of a line that begins with a dot. Total.
pub(in crate::repl) fn at(
    line: &str,
    cursor: usize,
    known: &Known,
    vocabulary: Option<&Vocabulary>,
) -> Choices {
    let before = &line[..cursor];
    let lead = before.len() - before.trim_start().len();
    let Some(blank) = before[lead..].find(char::is_whitespace) else {
        return fitting(before, lead, names().iter().map(|name| dotted(name)));
    };
    let name = before[lead..lead + blank].trim_start_matches('.');
    let rest = &before[lead + blank..];
    if let Some(dot) =
        find(name).filter(|dot| !dot.yields_to_verb(rest.trim()) || rest.trim().is_empty())
    {
        return behind_dot(dot.values, before, rest, vocabulary);
    }
    behind_verb(name, before, rest, known)
}

fn dotted(name: &str) -> (String, String) {
    let about = find(name).map(|dot| dot.about.to_owned()).or_else(|| {
        let verbs = verbs::all();
        verbs
            .into_iter()
            .find(|(verb, _)| verb == name)
            .map(|(_, about)| about)
    });
    (format!(".{name}"), about.unwrap_or_default())
}

/// The offers that begin with the last word, all of it replaced.
fn fitting(before: &str, from: usize, offers: impl Iterator<Item = (String, String)>) -> Choices {
    let typed = &before[from..];
    Choices {
        from,
        offers: offers
            .filter(|(offer, _)| offer.starts_with(typed))
            .collect(),
        files: false,
    }
}

fn last_word(before: &str) -> usize {
    before.rfind(char::is_whitespace).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    })
}

fn plain(word: &str) -> (String, String) {
    (word.to_owned(), String::new())
}

fn behind_dot(
    values: Values,
    before: &str,
    rest: &str,
    vocabulary: Option<&Vocabulary>,
) -> Choices {
    let from = last_word(before);
    match values {
        Values::Free => Choices {
            from,
            ..Choices::default()
        },
        Values::Words(words) => fitting(before, from, words.iter().map(|word| plain(word))),
        Values::Formats => fitting(before, from, modes().into_iter().map(plain)),
        Values::Settings => fitting(before, from, NAMES.iter().map(|name| plain(name))),
        Values::Queries => fitting(before, from, queries()),
        Values::Commands => {
            let bare = before[from..].trim_start_matches('.');
            let from = before.len() - bare.len();
            fitting(
                before,
                from,
                names().into_iter().map(|name| {
                    let (_, about) = dotted(&name);
                    (name, about)
                }),
            )
        }
        Values::Files => Choices {
            from,
            offers: Vec::new(),
            files: true,
        },
        Values::Sparql => {
            let Some(vocabulary) = vocabulary else {
                return Choices {
                    from,
                    ..Choices::default()
                };
            };
            let start = before.len() - rest.trim_start().len();
            let found = complete(
                &before[start..],
                before.len() - start,
                vocabulary,
                Completing::default(),
            );
            Choices {
                from: start + found.from,
                offers: found
                    .candidates
                    .into_iter()
                    .map(|candidate| (candidate.insert, candidate.detail))
                    .collect(),
                files: false,
            }
        }
    }
}

fn queries() -> impl Iterator<Item = (String, String)> {
    CATALOGUE
        .iter()
        .map(|query| (query.name.to_owned(), query.title().to_owned()))
}

/// Flags and their values, subcommands, and programmes where the verb takes one.
fn behind_verb(name: &str, before: &str, rest: &str, known: &Known) -> Choices {
    let from = last_word(before);
    let definition = verbs::definition();
    let Some(verb) = definition.find_subcommand(name) else {
        return Choices {
            from,
            ..Choices::default()
        };
    };
    let typed = &before[from..];
    let done: Vec<&str> = rest[..rest.len() - typed.len()]
        .split_whitespace()
        .collect();
    let flag_before = done.last().copied().and_then(|word| {
        verb.get_arguments()
            .chain(definition.get_arguments())
            .find(|argument| {
                word.strip_prefix("--")
                    .is_some_and(|long| argument.get_long() == Some(long))
                    || word.strip_prefix('-').is_some_and(|short| {
                        argument.get_short().is_some_and(|c| short == c.to_string())
                    })
            })
    });
    if let Some(flag) = flag_before.filter(|flag| flag.get_action().takes_values()) {
        if flag.get_long() == Some("format") {
            return fitting(before, from, modes().into_iter().map(plain));
        }
        let values = flag.get_possible_values();
        let files = values.is_empty();
        let offers = values.into_iter().map(|value| {
            (
                value.get_name().to_owned(),
                value
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        });
        return Choices {
            files,
            ..fitting(before, from, offers)
        };
    }
    if typed.starts_with('-') {
        let flags = verb
            .get_arguments()
            .chain(definition.get_arguments())
            .filter(|argument| !argument.is_hide_set())
            .filter_map(|argument| {
                let help = argument
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                Some((format!("--{}", argument.get_long()?), help))
            });
        return fitting(before, from, flags);
    }
    if verb.has_subcommands() && done.is_empty() {
        let actions = verb.get_subcommands().map(|action| {
            let about = action
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            (action.get_name().to_owned(), about)
        });
        return fitting(before, from, actions);
    }
    let takes = |what: &str| {
        verb.get_positionals()
            .any(|argument| argument.get_id().as_str().starts_with(what))
    };
    if takes("programme") {
        fitting(before, from, known.programmes.iter().cloned())
    } else if takes("source") {
        Choices {
            files: true,
            ..fitting(before, from, queries())
        }
    } else {
        Choices {
            from,
            ..Choices::default()
        }
    }
}
