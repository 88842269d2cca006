//! `fmt`: hand-written Turtle in one layout.

use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;

use crate::error::{Error, Result};
use crate::graph::{Source, parse, rdf_format};
use crate::output::{Body, Output, replace_file};
use crate::publish::fmt::format;

/// Lay out Turtle and `TriG` files alike, with their comments, order and grouping as they are.
///
/// Only white space changes. For one form whatever the order, see `peermap export`. Folders stand
/// for the .ttl and .trig files in them.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Fmt {
    /// Files or folders
    #[arg(value_name = "FILE|DIR", required = true)]
    pub files: Vec<PathBuf>,
    /// Write nothing; name the files that would change, with exit code 1 if any would
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change, with exit code 1 if anything would
    #[arg(long)]
    pub diff: bool,
}

impl Fmt {
    /// Reads all files before it writes the first.
    ///
    /// # Errors
    /// A file that cannot be read, is no Turtle or `TriG`, or is broken: then nothing is written.
    pub fn run(&self) -> Result<Output> {
        let mut files = Vec::new();
        for path in &self.files {
            collect(path, &mut files)?;
        }
        let mut changes = Vec::new();
        for path in &files {
            let (before, after) = laid_out(path)?;
            if before != after {
                changes.push((path, before, after));
            }
        }
        let shown = |path: &Path| path.display().to_string();
        if self.check || self.diff {
            let said: Vec<String> = changes
                .iter()
                .map(|(path, before, after)| {
                    if self.diff {
                        let name = shown(path);
                        let diff = TextDiff::from_lines(before.as_str(), after.as_str());
                        diff.unified_diff().header(&name, &name).to_string()
                    } else {
                        format!("{} would change", shown(path))
                    }
                })
                .collect();
            let output = Output::new(said_or(&said, "nothing would change"));
            return Ok(output.saying_no(!changes.is_empty()).with_note(format!(
                "{} of {} files would change",
                changes.len(),
                files.len()
            )));
        }
        for (path, _, after) in &changes {
            replace_file(path, after.as_bytes())?;
        }
        let said: Vec<String> = changes.iter().map(|(path, _, _)| shown(path)).collect();
        Ok(Output::new(Body::Text(said.join("\n"))).with_note(format!(
            "{} of {} files changed",
            changes.len(),
            files.len()
        )))
    }
}

fn said_or(said: &[String], nothing: &str) -> Body {
    Body::Text(if said.is_empty() {
        nothing.to_owned()
    } else {
        said.join("\n")
    })
}

fn is_turtle(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "ttl" || ending == "trig")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let unreadable = Error::unreadable(path);
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(&unreadable)? {
        let entry = entry.map_err(&unreadable)?.path();
        if entry.is_dir() || is_turtle(&entry) {
            inside.push(entry);
        }
    }
    inside.sort();
    for entry in inside {
        collect(&entry, files)?;
    }
    Ok(())
}

/// The text of a file before and after.
fn laid_out(path: &Path) -> Result<(String, String)> {
    if !is_turtle(path) {
        return Err(Error::usage(
            format!("{} is no Turtle or TriG", path.display()),
            "give .ttl or .trig files; `peermap export FILE` writes others anew",
        ));
    }
    let text = Source::text(path)?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    if let Some(format) = ending.and_then(rdf_format) {
        parse(text.as_bytes(), format, "file", None, path)?;
    }
    let after = format(&text);
    Ok((text, after))
}
