//! Help, version, and the end.

use std::fmt::Write as _;

use crate::error::Result;

use super::super::session::{Flow, Session};
use super::super::verbs;
use super::table::{DOTS, TOPICS};
use super::{Dot, find, unknown};

/// `.help [COMMAND]`
pub(super) fn help(session: &mut Session<'_>, rest: &str) -> Result<Flow> {
    let mut words = rest.split_whitespace();
    let text = match words.next() {
        None => overview(),
        Some(word) => {
            let name = word.trim_start_matches('.');
            let as_verb = words.next().is_some();
            match find(name).filter(|_| !as_verb) {
                Some(dot) => about(dot),
                None => verbs::help(name).ok_or_else(|| unknown(name))?,
            }
        }
    };
    session.put(format!("{text}\n").as_bytes())?;
    Ok(Flow::On)
}

/// Everything about one dot-command.
fn about(dot: &Dot) -> String {
    let mut text = format!("{}\n  {}", dot.usage, dot.about);
    for line in dot.more.lines() {
        let _ = write!(text, "\n  {line}");
    }
    if !dot.aliases.is_empty() {
        let others: Vec<String> = dot.aliases.iter().map(|name| format!(".{name}")).collect();
        let _ = write!(text, "\n  Also: {}", others.join(", "));
    }
    text
}

/// All commands under their headings.
fn overview() -> String {
    let verbs = verbs::all();
    let longest = |names: &mut dyn Iterator<Item = usize>| names.max().unwrap_or(0) + 1;
    let width = longest(&mut DOTS.iter().map(|dot| dot.name.len()));
    let verb_width = longest(&mut verbs.iter().map(|(name, _)| name.len()));
    let mut text = String::from(
        "Type SPARQL: it runs when it is complete; Tab completes, an empty line runs it as it is.\n",
    );
    for topic in TOPICS {
        let _ = write!(text, "\n{topic}\n");
        for dot in DOTS.iter().filter(|dot| dot.topic == *topic) {
            let _ = writeln!(text, "  {:width$}  {}", format!(".{}", dot.name), dot.about);
        }
    }
    text.push_str("\nAnalyse: the verbs of the command line, with their flags\n");
    for (name, about) in verbs.iter().filter(|(name, _)| {
        DOTS.iter().all(|dot| dot.name != name) || find(name).is_some_and(|d| d.yields_to_verb(""))
    }) {
        let _ = writeln!(text, "  {:verb_width$}  {about}", format!(".{name}"));
    }
    text.push_str("\n.help COMMAND says more. Ctrl-C stops a query, Ctrl-R searches the history.");
    text
}

/// `.version`
pub(super) fn version(session: &mut Session<'_>, _rest: &str) -> Result<Flow> {
    let text = format!(
        "peermap {} · {} · {} statements\n",
        env!("CARGO_PKG_VERSION"),
        session.dataset.origin.join(", "),
        crate::output::cell::grouped(session.dataset.graph.len()?),
    );
    session.put(text.as_bytes())?;
    Ok(Flow::On)
}

/// `.quit`
pub(super) fn quit(session: &mut Session<'_>, _rest: &str) -> Result<Flow> {
    Ok(if session.may_leave()? {
        Flow::Leave
    } else {
        Flow::On
    })
}
