//! The prompt at a terminal.

use std::sync::Arc;

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};

use crate::error::{Error, Result};
use crate::output::cell::{count, grouped};
use crate::output::one_line;
use crate::query::{Rows, named, rows};

use super::PROMPT;
use super::helper::Helper;
use super::places;
use super::session::{Flow, Session};

/// How many lines of history are kept.
const KEPT: usize = 5_000;

/// Reads, does and shows until it is left.
///
/// # Errors
/// A terminal that cannot be used. What goes wrong with a statement is shown and forgotten.
pub(super) fn run(session: &mut Session<'_>) -> Result<()> {
    let mut editor = editor(session)?;
    greet(session)?;
    let mut known = None;
    loop {
        refresh(session, &mut editor, &mut known)?;
        match editor.readline(PROMPT) {
            Ok(line) => {
                if line.trim().is_empty() {
                    continue;
                }
                keep(session, &mut editor, line.trim_end());
                let before = session.history.len();
                match session.perform(&line, None, 0) {
                    Ok(Flow::On) => {}
                    Ok(Flow::Leave) => return Ok(()),
                    Err(error) => session.trouble(&error)?,
                }
                // What a command ran, such as .fix, can be recalled and changed as well.
                for text in session.history.split_off(before) {
                    keep(session, &mut editor, &text);
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => {
                if session.may_leave()? {
                    return Ok(());
                }
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

fn failed(error: ReadlineError) -> Error {
    match error {
        ReadlineError::Io(error) => Error::Output(error),
        other => Error::Output(std::io::Error::other(other.to_string())),
    }
}

fn editor(session: &mut Session<'_>) -> Result<Editor<Helper, DefaultHistory>> {
    let config = Config::builder()
        .max_history_size(KEPT)
        .and_then(|config| config.history_ignore_dups(true))
        .map_err(failed)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .completion_prompt_limit(60)
        .color_mode(if session.colour {
            ColorMode::Forced
        } else {
            ColorMode::Disabled
        })
        .build();
    let mut editor = Editor::with_config(config).map_err(failed)?;
    editor.set_helper(Some(Helper::new(session.colour, session.writable)));
    if let Some(path) = places::history() {
        if let Some(folder) = path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        // The first time there is none; where none can be kept, it lasts as long as the prompt.
        let _ = editor.load_history(&path);
    }
    session.history = editor.history().iter().cloned().collect();
    Ok(editor)
}

/// Remembers a line, also for the next time.
fn keep(session: &mut Session<'_>, editor: &mut Editor<Helper, DefaultHistory>, line: &str) {
    if editor.add_history_entry(line).unwrap_or(false)
        && let Some(path) = places::history()
    {
        let _ = editor.append_history(&path);
    }
    if !line.starts_with(char::is_whitespace) {
        session.history.push(line.to_owned());
    }
}

/// Gives the editor what the data now has, after a change.
fn refresh(
    session: &Session<'_>,
    editor: &mut Editor<Helper, DefaultHistory>,
    known: &mut Option<u64>,
) -> Result<()> {
    let version = session.dataset.graph.version();
    if *known == Some(version) {
        return Ok(());
    }
    *known = Some(version);
    let vocabulary = session.vocabulary.get(&session.dataset.graph)?;
    let mut programmes = Vec::new();
    let table = rows(&session.dataset.graph, named("programmes")?, Vec::new())?;
    for row in Rows::new(&table) {
        let iri = row.iri("programme")?;
        let name = crate::terms::short_name(iri.as_str()).to_owned();
        programmes.push((name, one_line(&row.text("label").unwrap_or_default())));
    }
    programmes.dedup_by(|later, earlier| later.0 == earlier.0);
    if let Some(helper) = editor.helper_mut() {
        helper.vocabulary = Some(Arc::clone(&vocabulary));
        helper.known.programmes = programmes;
    }
    Ok(())
}

/// One line that says what is loaded.
fn greet(session: &mut Session<'_>) -> Result<()> {
    let table = rows(&session.dataset.graph, named("counts")?, Vec::new())?;
    let of = |class: oxrdf::NamedNodeRef<'_>| {
        Rows::new(&table)
            .find(|row| row.iri("class").is_ok_and(|iri| iri.as_ref() == class))
            .and_then(|row| row.text("count").ok()?.parse::<usize>().ok())
            .unwrap_or(0)
    };
    let line = format!(
        "peermap {} · {} · {} · {} triples · {} · .help",
        env!("CARGO_PKG_VERSION"),
        count(of(crate::vocab::PROGRAMME), "programme"),
        count(of(crate::vocab::SOURCE), "source"),
        grouped(session.dataset.graph.len()?),
        if session.writable {
            "updates allowed"
        } else {
            "read-only"
        },
    );
    session.say(&line)?;
    if session.choice.data.is_empty() {
        session
            .aside("the bundled sample; peermap repl FILE opens your own · .examples to begin")?;
    }
    Ok(())
}
