//! Asking with help: named queries, plans, reasons, prefixes.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use crate::error::{Error, Result};
use crate::nearest::did_you_mean;
use crate::output::cell::text;
use crate::output::{Body, Format, Output, Table, replace_file};
use crate::query::{CATALOGUE, NamedQuery, named as find_named, plan};

use super::super::places;
use super::super::session::{Flow, Session};
use super::super::show::Asked;
use super::super::verbs;
use super::{one_word, words};

/// The named queries that answer a question people ask, in the order of the questions.
fn questions() -> Vec<&'static NamedQuery> {
    let mut found: Vec<&NamedQuery> = CATALOGUE
        .iter()
        .filter(|query| query.competency_question().is_some())
        .collect();
    found.sort_by_key(|query| (query.competency_question(), query.name));
    found
}

/// `.examples [NUMBER|NAME]`
pub(super) fn examples(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let questions = questions();
    if rest.is_empty() {
        let width = questions.iter().map(|q| q.name.len()).max().unwrap_or(0);
        let mut lines = String::new();
        for (at, query) in questions.iter().enumerate() {
            let (name, title) = (query.name, query.title());
            let _ = writeln!(lines, "{:>3}  {name:width$}  {title}", at + 1);
        }
        session.put(format!("{lines}.examples NUMBER runs one\n").as_bytes())?;
        return Ok(Flow::On);
    }
    let word = one_word("examples", "a number or a name", rest)?;
    let query = match word.parse::<usize>() {
        Ok(number) => *questions.get(number.wrapping_sub(1)).ok_or_else(|| {
            Error::usage(
                format!("there is no example {number}"),
                format!("they go from 1 to {}", questions.len()),
            )
        })?,
        Err(_) => find_named(&word)?,
    };
    session.put(format!("{}\n", query.text.trim_end()).as_bytes())?;
    session.history.push(query.text.trim_end().to_owned());
    session.query(query.text, None, 0)?;
    Ok(Flow::On)
}

/// `.named …`: the verb, and queries of the user's own.
pub(super) fn named(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let words = words(rest)?;
    let own = |name: &str| {
        let folder = places::settings()?.join("queries");
        let path = folder.join(format!("{name}.rq"));
        let plain = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        plain.then_some(path)
    };
    match words.as_slice() {
        [save, name] if save == "save" => {
            let query = session.last.as_ref().and_then(|last| last.query.clone());
            let query = query.ok_or_else(|| {
                Error::usage(
                    "there is no query to save yet",
                    "run one, then .named save NAME",
                )
            })?;
            let path = own(name).ok_or_else(|| {
                Error::usage(
                    format!("`{name}` is not a name for a query"),
                    "use letters, digits and hyphens",
                )
            })?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(Error::unwritable(folder))?;
            }
            replace_file(&path, format!("{query}\n").as_bytes())?;
            session.say(&format!("saved as {}", path.display()))?;
        }
        [verb, name] if (verb == "run" || verb == "show") && find_named(name).is_err() => {
            let Some(path) = own(name).filter(|path| path.is_file()) else {
                return Err(find_named(name).err().unwrap_or_else(|| {
                    Error::usage("there is no such query", ".named lists them")
                }));
            };
            let query = crate::cli::read_text(&path.display().to_string())?;
            if verb == "show" {
                session.put(format!("{}\n", query.trim_end()).as_bytes())?;
            } else {
                session.query(&query, Some(&path.display().to_string()), 0)?;
            }
        }
        [] => verbs::run(session, &["named".to_owned(), "list".to_owned()])?,
        given => {
            let line: Vec<String> = std::iter::once("named".to_owned())
                .chain(given.iter().cloned())
                .collect();
            verbs::run(session, &line)?;
        }
    }
    Ok(Flow::On)
}

/// `.explain [json] [QUERY]`
pub(super) fn explain(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let (json, query) = match rest.strip_prefix("json") {
        Some(query) if query.is_empty() || query.starts_with(char::is_whitespace) => {
            (true, query.trim())
        }
        _ => (false, rest.trim()),
    };
    let text = if query.is_empty() {
        session
            .last
            .as_ref()
            .and_then(|last| last.query.clone())
            .ok_or_else(|| {
                Error::usage(
                    "there is no query to explain yet",
                    "run one, or write .explain QUERY",
                )
            })?
    } else {
        query.trim_end_matches(';').to_owned()
    };
    let options = session.options(&text, None)?;
    let dataset = Arc::clone(&session.dataset);
    let answer = session
        .stop
        .run(move || plan::explain(&dataset.graph, &text, &options))?;
    let asked = Asked {
        format: json.then_some(Format::Json),
        ..Asked::default()
    };
    session.show(&answer, &asked, None)?;
    Ok(Flow::On)
}

/// `.why`
pub(super) fn why(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let query = session
        .last
        .as_ref()
        .and_then(|last| last.query.clone())
        .ok_or_else(|| Error::usage("there is no query yet", "run one, then .why"))?;
    if rest.is_empty() {
        session.explain_last(&query)?;
    } else {
        session.explain_row(&query, rest)?;
    }
    Ok(Flow::On)
}

/// `.fix`
pub(super) fn fix(session: &mut Session<'_>, _rest: &str) -> Result<Flow> {
    session.run_fix()?;
    Ok(Flow::On)
}

/// `.prefixes [WORD]`
pub(super) fn prefixes(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let started = Instant::now();
    let known = session.dataset.graph.prefixes();
    let rows: Vec<_> = known
        .iter()
        .filter(|(prefix, namespace)| prefix.contains(rest) || namespace.contains(rest))
        .map(|(prefix, namespace)| vec![text(format!("{prefix}:")), text(namespace)])
        .collect();
    if rows.is_empty() {
        return Err(Error::Unknown {
            what: "prefix",
            name: rest.to_owned(),
            hint: did_you_mean(rest, known.iter().map(|(prefix, _)| prefix))
                .or_else(|| Some(".prefixes lists them all".to_owned())),
        });
    }
    let answer = Output::new(Body::Table(Table {
        columns: vec!["prefix".to_owned(), "namespace".to_owned()],
        rows,
    }));
    session.show(&answer, &Asked::default(), Some(started.elapsed()))?;
    Ok(Flow::On)
}
