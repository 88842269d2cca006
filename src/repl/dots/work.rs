//! Data in and out, scripts, the editor, parameters, and what was typed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::cli::read_text;
use crate::error::{Error, Result};
use crate::graph::DERIVED;
use crate::output::cell::{count, text};
use crate::output::{Body, Format, Output, Style, Table, replace_file, write};
use crate::query::editing::{Statement, statement};
use crate::terms::Prefixes;

use super::super::session::{Flow, Session};
use super::super::show::Asked;
use super::super::verbs;
use super::{one_word, words};

/// How deep scripts may read scripts.
const DEPTH: usize = 16;
/// How much of the history is shown unless asked for more.
const RECENT: usize = 20;

/// `.param [NAME=TERM | NAME= | off]`
pub(super) fn param(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    if rest == "off" {
        session.parameters.clear();
        return Ok(Flow::On);
    }
    if rest.is_empty() {
        let rows = session
            .parameters
            .iter()
            .map(|(name, value)| vec![text(format!("?{name}")), text(value.clone())])
            .collect();
        let answer = Output::new(Body::Table(Table {
            columns: vec!["variable".to_owned(), "value".to_owned()],
            rows,
        }));
        session.show(&answer, &Asked::default(), None)?;
        return Ok(Flow::On);
    }
    let (name, value) = rest.split_once('=').ok_or_else(|| {
        Error::usage(
            format!("`{rest}` is not a parameter"),
            "write .param name=term",
        )
    })?;
    let name = name.trim().trim_start_matches(['?', '$']).to_owned();
    let value = value.trim().to_owned();
    if !value.is_empty() {
        // Refused now rather than at the next query.
        let pair = format!("{name}={value}");
        crate::commands::query::parameters(&session.dataset, &[pair], None)?;
    }
    session.parameters.retain(|(held, _)| *held != name);
    if !value.is_empty() {
        session.parameters.push((name, value));
    }
    Ok(Flow::On)
}

/// `.load FILE|DIR|SET …`
pub(super) fn load(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let given = words(rest)?;
    if given.is_empty() {
        return Err(Error::usage(
            ".load needs a file, a folder or a bundled set",
            ".help load shows how",
        ));
    }
    let before = session.dataset.graph.len()?;
    let choice = session.choice.clone();
    let dataset = Arc::make_mut(&mut session.dataset);
    for data in &given {
        dataset.add(data, &choice)?;
    }
    dataset.derive()?;
    let after = dataset.graph.len()?;
    session.changed();
    session.say(&format!(
        "{} added",
        count(after.saturating_sub(before), "statement")
    ))?;
    Ok(Flow::On)
}

/// `.save FILE`
pub(super) fn save(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let path = PathBuf::from(one_word("save", "a file", rest)?);
    let ending = path.extension().and_then(|ending| ending.to_str());
    let format = Format::from_name(ending.unwrap_or("trig"))?;
    let mut left_out = session.dataset.ontology_graphs.clone();
    left_out.push(DERIVED.to_owned());
    let quads = session.dataset.graph.quads_outside(&left_out)?;
    let said = count(quads.len(), "statement");
    let style = Style {
        prefixes: Prefixes::clone(session.dataset.graph.prefixes()),
        ..Style::default()
    };
    let mut bytes = Vec::new();
    write(
        &Output::new(Body::Dataset(quads)),
        format,
        &style,
        &mut bytes,
    )?;
    replace_file(&path, &bytes)?;
    session.unsaved = 0;
    session.say(&format!("{said} written to {}", path.display()))?;
    Ok(Flow::On)
}

/// `.export DIR`
pub(super) fn export(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let mut line = vec!["export".to_owned()];
    match words(rest)?.as_slice() {
        [folder] if !folder.starts_with('-') => {
            line.extend(["-o".to_owned(), folder.clone()]);
        }
        given => line.extend(given.iter().cloned()),
    }
    verbs::run(session, &line)?;
    Ok(Flow::On)
}

/// `.read FILE`
pub(super) fn read(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let name = one_word("read", "a file", rest)?;
    if session.depth >= DEPTH {
        return Err(Error::Limit {
            reason: format!("scripts read each other {DEPTH} deep, down to {name}"),
            hint: Some("does one of them read itself?".to_owned()),
        });
    }
    let text = read_text(&name)?;
    let whole = Path::new(&name)
        .extension()
        .is_some_and(|ending| ending == "rq" || ending == "ru");
    if whole {
        if statement(&text) == Statement::Update {
            session.update(&text, Some(&name), 0)?;
        } else {
            session.query(&text, Some(&name), 0)?;
        }
        return Ok(Flow::On);
    }
    session.depth += 1;
    let done = session.lines(text.as_bytes(), &name, false);
    session.depth -= 1;
    done
}

/// `.edit [FILE]`
pub(super) fn edit(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let path = if rest.is_empty() {
        let path = std::env::temp_dir().join(format!("peermap-{}.rq", std::process::id()));
        let text = session
            .last
            .as_ref()
            .and_then(|last| last.query.clone())
            .unwrap_or_default();
        replace_file(&path, format!("{text}\n").as_bytes())?;
        path
    } else {
        PathBuf::from(one_word("edit", "a file", rest)?)
    };
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|editor| !editor.trim().is_empty())
        .unwrap_or_else(|| "vi".to_owned());
    session.flush()?;
    let left = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(&path)
        .status()
        .map_err(Error::Output)?;
    if !left.success() {
        return Err(Error::usage(
            format!("the editor `{editor}` ended with a failure, and nothing was run"),
            "set $EDITOR to one that is installed",
        ));
    }
    let text = read_text(&path.display().to_string())?;
    if rest.is_empty() {
        let _ = std::fs::remove_file(&path);
    }
    let text = text.trim();
    if statement(text) == Statement::Nothing {
        session.say("the text is empty: nothing was run")?;
        return Ok(Flow::On);
    }
    session.put(format!("{text}\n").as_bytes())?;
    session.history.push(text.to_owned());
    session.perform(text, None, 0)
}

/// `.history [NUMBER|WORDS]`
pub(super) fn history(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let wanted = rest.to_lowercase();
    let number = rest.parse::<usize>().ok();
    let fitting: Vec<&String> = session
        .history
        .iter()
        .filter(|line| number.is_some() || rest.is_empty() || line.to_lowercase().contains(&wanted))
        .collect();
    let show = match number {
        Some(number) => number,
        None if rest.is_empty() => RECENT,
        None => usize::MAX,
    };
    let first = fitting.len().saturating_sub(show);
    let mut lines = String::new();
    for line in &fitting[first..] {
        lines.push_str(&crate::output::plain_lines(line));
        lines.push('\n');
    }
    session.put(lines.as_bytes())?;
    Ok(Flow::On)
}
