//! Settings.

use std::fmt::Write as _;

use crate::error::Result;

use super::super::session::{Flow, Session};
use super::super::settings::NAMES;

/// Sets one thing, or says what it is.
fn setting(session: &mut Session<'_>, name: &str, rest: &str) -> Result<Flow> {
    let word = rest.trim();
    if word.is_empty() {
        let held = session.settings.get(name);
        session.put(format!("{name} {held}\n").as_bytes())?;
    } else {
        session.settings.set(name, word)?;
    }
    Ok(Flow::On)
}

pub(super) fn mode(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "mode", rest)
}

pub(super) fn labels(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "labels", rest)
}

pub(super) fn lang(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "lang", rest)
}

pub(super) fn timer(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "timer", rest)
}

pub(super) fn max_rows(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "maxrows", rest)
}

pub(super) fn pager(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    setting(session, "pager", rest)
}

/// `.set`, `.set NAME`, `.set NAME VALUE`.
pub(super) fn set(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    if rest.is_empty() {
        let width = NAMES.iter().map(|name| name.len()).max().unwrap_or(0);
        let mut lines = String::new();
        for name in NAMES {
            let _ = writeln!(lines, "{name:width$}  {}", session.settings.get(name));
        }
        session.put(lines.as_bytes())?;
        return Ok(Flow::On);
    }
    let (name, word) = rest
        .split_once(|c: char| c.is_whitespace() || c == '=')
        .unwrap_or((rest, ""));
    let name = name.trim_start_matches('.');
    if !NAMES.contains(&name) {
        session.settings.set(name, word)?;
    }
    setting(session, name, word)
}
