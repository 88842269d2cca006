//! Where answers go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::show_with;
use crate::error::{Error, Result};
use crate::output::{Format, replace_file};

use super::super::session::{Flow, Last, Session};
use super::super::show::{Asked, feed};
use super::one_word;

fn last_answer(session: &Session<'_>) -> Result<Last> {
    session.last.clone().ok_or_else(|| {
        Error::usage(
            "there is no answer yet",
            "ask something first; .examples has questions",
        )
    })
}

/// `.last [FORMAT]`
pub(super) fn last(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let Last {
        answer, elapsed, ..
    } = last_answer(session)?;
    let asked = Asked {
        format: if rest.is_empty() {
            None
        } else {
            Some(Format::from_name(rest)?)
        },
        all_rows: true,
        ..Asked::default()
    };
    session.show(&answer, &asked, Some(elapsed))?;
    Ok(Flow::On)
}

/// `.once FILE`
pub(super) fn once(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    session.once = Some(PathBuf::from(one_word("once", "a file", rest)?));
    Ok(Flow::On)
}

/// `.output [FILE]`
pub(super) fn output(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    if rest.is_empty() {
        session.output = None;
        return Ok(Flow::On);
    }
    let path = PathBuf::from(one_word("output", "a file", rest)?);
    replace_file(&path, b"")?;
    session.output = Some(path);
    Ok(Flow::On)
}

/// `.tee [FILE]`
pub(super) fn tee(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    session.tee = if rest.is_empty() {
        None
    } else {
        Some(PathBuf::from(one_word("tee", "a file", rest)?))
    };
    Ok(Flow::On)
}

/// `.pipe COMMAND`
pub(super) fn pipe(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    if rest.is_empty() {
        return Err(Error::usage(
            ".pipe needs a command",
            "for example: .pipe sort | head",
        ));
    }
    let Last { answer, .. } = last_answer(session)?;
    let format = session
        .settings
        .mode
        .unwrap_or_else(|| Format::default_for(answer.body.shape(), false));
    let bytes = session.bytes(&answer, format, &Asked::default(), None)?;
    session.flush()?;
    feed(rest, &bytes).map_err(Error::Output)?;
    Ok(Flow::On)
}

/// `.open [FILE.html]`
pub(super) fn open(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let Last { answer, .. } = last_answer(session)?;
    let path = if rest.is_empty() {
        std::env::temp_dir().join(format!("peermap-{}.html", std::process::id()))
    } else {
        PathBuf::from(one_word("open", "a file", rest)?)
    };
    let answer = Arc::clone(&answer);
    let bytes = session.bytes(&answer, Format::Html, &Asked::default(), None)?;
    replace_file(&path, &bytes)?;
    session.say(&format!("written to {}", path.display()))?;
    if session.interactive && !browse(&path) {
        session.say("no browser was found: open that file in one")?;
    }
    Ok(Flow::On)
}

/// Shows a file in the browser; says whether there was one to ask.
fn browse(path: &Path) -> bool {
    let own = std::env::var("BROWSER")
        .ok()
        .filter(|name| !name.is_empty());
    own.iter()
        .map(String::as_str)
        .chain(["xdg-open", "open"])
        .any(|program| show_with(program, path))
}
