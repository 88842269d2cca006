//! Dot-commands: finding the one that a line means, and running it.

pub(super) mod completion;
mod explore;
mod help;
mod looks;
mod output;
mod table;
mod work;

use crate::error::{Error, Result};
use crate::nearest::nearest;

use super::session::{Flow, Session};
use super::verbs;

pub(super) use table::{DOTS, Dot, Values};

/// Does a line that begins with a dot.
///
/// # Errors
/// No such command, with the nearest ones; whatever the command says.
pub(super) fn perform(session: &mut Session<'_>, line: &str) -> Result<Flow> {
    let line = line.trim().trim_start_matches('.').trim_end_matches(';');
    let (name, rest) = line
        .split_once(char::is_whitespace)
        .map_or((line, ""), |(name, rest)| (name, rest.trim()));
    if let Some(dot) = find(name) {
        if dot.yields_to_verb(rest) {
            return as_verb(session, line);
        }
        return (dot.run)(session, rest);
    }
    if verbs::all().iter().any(|(verb, _)| verb == name) {
        return as_verb(session, line);
    }
    Err(unknown(name))
}

fn as_verb(session: &mut Session<'_>, line: &str) -> Result<Flow> {
    verbs::run(session, &words(line)?).map(|()| Flow::On)
}

/// A dot-command by its name or another word for it.
pub(super) fn find(name: &str) -> Option<&'static Dot> {
    DOTS.iter()
        .find(|dot| dot.name == name || dot.aliases.contains(&name))
}

/// Every word that may follow the dot: commands, then verbs that no command hides.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = DOTS.iter().map(|dot| dot.name.to_owned()).collect();
    for (verb, _) in verbs::all() {
        if !names.contains(&verb) {
            names.push(verb);
        }
    }
    names
}

fn unknown(name: &str) -> Error {
    let names = names();
    let near: Vec<String> = nearest(name, names.iter().map(String::as_str))
        .into_iter()
        .map(|name| format!("`.{name}`"))
        .collect();
    let hint = if near.is_empty() {
        ".help lists them all".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Error::Unknown {
        what: "command",
        name: format!(".{name}"),
        hint: Some(hint),
    }
}

/// The dot-command that somebody means who typed its name without a dot.
pub(super) fn meant(text: &str) -> Option<String> {
    let word = text.trim().trim_end_matches(';').trim();
    let first = word.split_whitespace().next()?;
    let known = find(first).is_some() || verbs::all().iter().any(|(verb, _)| verb == first);
    (known && !word.contains('{')).then(|| format!(".{word}"))
}

/// Splits a line as a shell does.
///
/// # Errors
/// A quote that is not closed.
pub(super) fn words(line: &str) -> Result<Vec<String>> {
    shlex::split(line).ok_or_else(|| {
        Error::usage(
            "a quote is not closed",
            "close it, or write \\' for the mark itself",
        )
    })
}

/// The one word that a command needs.
///
/// # Errors
/// None, or several.
fn one_word(dot: &str, what: &str, rest: &str) -> Result<String> {
    let mut words = words(rest)?;
    match words.len() {
        1 => Ok(words.remove(0)),
        0 => Err(Error::usage(
            format!(".{dot} needs {what}"),
            format!(".help {dot} shows how"),
        )),
        _ => Err(Error::usage(
            format!(".{dot} takes one thing, and there are {}", words.len()),
            "put it in quotes if it has blanks",
        )),
    }
}
