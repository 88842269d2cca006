//! Files that arguments name, read before a command runs: commands themselves open none.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Verb;
use crate::commands::export::Opened;
use crate::commands::{Command, Local};
use crate::error::{Error, Result};
use crate::graph::Source;
use crate::map::Language;
use crate::output::Format;
use crate::query::named;

/// Reads the query or update that an argument names, and hands over what `-o` says to the verbs
/// that write by themselves.
///
/// # Errors
/// A file that cannot be read; an update without a place to write to.
pub fn take_in_files(
    verb: &mut Verb,
    output: &mut Option<PathBuf>,
    format: &mut Option<String>,
    language: Language,
    opened: Opened,
) -> Result<()> {
    match verb {
        Verb::Ask(Command::Query(query)) => {
            if let Some(source) = query.source.take() {
                if source != "-"
                    && !Path::new(&source).exists()
                    && !source.contains(['/', '\\'])
                    && named(&source).is_ok()
                {
                    query.named = Some(source);
                } else if source != "-"
                    && !Path::new(&source).exists()
                    && !source.contains(['/', '\\', '.'])
                {
                    named(&source)?;
                } else {
                    query.text = Some(read_text(&source)?);
                    query.name = Some(if source == "-" {
                        "standard input".to_owned()
                    } else {
                        source
                    });
                }
            }
        }
        Verb::Ask(Command::Validate(validate)) => {
            for file in &validate.shapes {
                let bytes = std::fs::read(file).map_err(Error::unreadable(file))?;
                validate.shapes_read.push((file.clone(), bytes));
            }
        }
        Verb::Change(Local::Update(update)) => {
            if output.is_none() {
                return Err(Error::usage(
                    "an update needs a place for the changed copy",
                    "add -o FILE, for example -o changed.trig",
                ));
            }
            if let Some(source) = update.source.take() {
                update.text = Some(read_text(&source)?);
                update.name = Some(if source == "-" {
                    "standard input".to_owned()
                } else {
                    source
                });
            }
        }
        Verb::Change(Local::Export(export)) => {
            export.target = output.take();
            export.format = format.take();
            export.opened = opened;
        }
        Verb::Change(Local::Import(import)) => {
            import.language = language;
            import.to_file = output.is_some();
            let by_line = output
                .as_deref()
                .and_then(Path::extension)
                .is_some_and(|ending| ending == "nt" || ending == "nq");
            if import.action.is_some() || (by_line && format.is_none() && !import.dry_run) {
                import.output = output.take();
            }
        }
        Verb::Change(Local::Review(review)) => {
            if review.take.is_some() && output.is_none() {
                return Err(Error::usage(
                    "a review that is taken back needs a place for the changed copy",
                    "add -o FILE, for example -o reviewed.trig",
                ));
            }
        }
        Verb::Ask(_)
        | Verb::Change(Local::Fmt(_))
        | Verb::Serve(_)
        | Verb::Worker(_)
        | Verb::Tool(_) => {}
    }
    Ok(())
}

/// The format that was asked for, by name or by the ending of the output file.
///
/// # Errors
/// A name that is no format.
pub fn format_for(
    verb: &Verb,
    name: Option<&str>,
    output: Option<&Path>,
) -> Result<Option<Format>> {
    if let Some(name) = name {
        return Format::from_name(name).map(Some);
    }
    match output.and_then(Path::extension).and_then(OsStr::to_str) {
        Some(ending) => Format::from_name(ending).map(Some),
        None if matches!(verb, Verb::Ask(Command::Report(_))) => Ok(Some(Format::Html)),
        None if matches!(verb, Verb::Change(Local::Review(r)) if r.take.is_none()) => {
            Ok(Some(Format::Csv))
        }
        None => Ok(None),
    }
}

/// Reads a text file, or standard input for `-`.
pub fn read_text(source: &str) -> Result<String> {
    if source != "-" {
        return Source::text(Path::new(source));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(Error::unreadable(source))?;
    Error::utf8(source, bytes)
}
