//! The verbs of the command line as lines of the prompt, by the same definitions.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{CommandFactory, Parser, Subcommand};

use crate::cli::{ShowLabels, Verb, format_for, take_in_files};
use crate::commands::export::Opened;
use crate::commands::{Command, Local};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::Output;

use super::session::Session;
use super::show::Asked;

/// A line that asks like the command line, without the flags about data.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "",
    no_binary_name = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_value_name = "COMMAND"
)]
pub(super) struct Line {
    /// How to write this answer
    #[arg(short, long, global = true, value_name = "FORMAT")]
    format: Option<String>,
    /// Write this answer to a file; its ending tells the format
    #[arg(short, long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Language of labels in this answer
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    /// Labels of IRIs in this answer
    #[arg(long = "labels", global = true, value_enum)]
    show_labels: Option<ShowLabels>,
    #[command(subcommand)]
    verb: Words,
}

/// The verbs that work at the prompt.
#[derive(Subcommand, Clone, Debug)]
enum Words {
    #[command(flatten)]
    Ask(Command),
    #[command(flatten)]
    Change(Local),
}

/// The definition of all lines.
pub(super) fn definition() -> clap::Command {
    Line::command()
}

/// The verbs with one sentence each, in the order of the command line.
pub(super) fn all() -> Vec<(String, String)> {
    definition()
        .get_subcommands()
        .map(|verb| {
            let about = verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            (verb.get_name().to_owned(), about)
        })
        .collect()
}

/// The help of a verb, if there is one by that name.
pub(super) fn help(name: &str) -> Option<String> {
    let definition = definition();
    let verb = definition.find_subcommand(name)?;
    let mut verb = verb
        .clone()
        .bin_name(format!(".{name}"))
        .disable_help_flag(true);
    Some(verb.render_long_help().to_string().trim_end().to_owned())
}

/// Runs a line such as `similar harlem -k 3`, already split into words.
///
/// # Errors
/// Whatever is wrong with the line, in one sentence; whatever the verb says.
pub(super) fn run(session: &mut Session<'_>, words: &[String]) -> Result<()> {
    let line = match Line::try_parse_from(words) {
        Ok(line) => line,
        Err(error) => return refused(session, &error, words),
    };
    let Line {
        mut format,
        mut output,
        lang,
        show_labels,
        verb,
    } = line;
    let mut verb = match verb {
        Words::Ask(command) => Verb::Ask(command),
        Words::Change(Local::Update(mut update)) => {
            if let Some(source) = update.source.take() {
                update.text = Some(crate::cli::read_text(&source)?);
                update.name = Some(source);
            }
            let text = update.text.ok_or_else(|| {
                Error::usage(
                    "there is no update to run",
                    "give a file, or type the update itself",
                )
            })?;
            return session.update(&text, update.name.as_deref(), 0);
        }
        Words::Change(local) => Verb::Change(local),
    };
    let opened = Opened {
        data: session.choice.data.clone(),
        data_format: session.choice.data_format.clone(),
        ontology: session.choice.ontology.clone(),
    };
    let language = lang.unwrap_or(session.settings.language);
    take_in_files(&mut verb, &mut output, &mut format, language, opened)?;
    let format = format_for(&verb, format.as_deref(), output.as_deref())?;
    let asked = Asked {
        format,
        file: output,
        language: lang,
        labels: show_labels,
        all_rows: false,
    };
    let context = session.context(lang);
    let dataset = Arc::clone(&session.dataset);
    if let Verb::Ask(Command::Query(query)) = &mut verb {
        query.timeout = query.timeout.or(session.limits.timeout);
        query.max_rows = query.max_rows.or(session.limits.max_rows);
        query.stop = Some(session.stop.for_query());
    }
    let query = match &verb {
        Verb::Ask(Command::Query(query)) => query.text.clone(),
        _ => None,
    };
    let started = Instant::now();
    let answer: Output = session.stop.run(move || match &verb {
        Verb::Ask(command) => command.run(&dataset, context),
        Verb::Change(local) => {
            // The clone shares the statements; what runs here only reads them.
            local.run(&mut crate::dataset::Dataset::clone(&dataset))
        }
        Verb::Serve(_) | Verb::Worker(_) | Verb::Tool(_) => Err(Error::usage(
            "that belongs to the command line",
            ".quit leaves",
        )),
    })?;
    session.remember(query, answer, started.elapsed(), &asked)
}

/// What clap has against a line, in the words of this program. Help is an answer.
fn refused(session: &mut Session<'_>, error: &clap::Error, words: &[String]) -> Result<()> {
    let verb = words.first().map_or("", String::as_str);
    if matches!(
        error.kind(),
        clap::error::ErrorKind::DisplayHelp
            | clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        let text = help(verb).unwrap_or_else(|| error.to_string());
        return session.put(format!("{text}\n").as_bytes());
    }
    Err(sentence(error, verb))
}

/// The first sentence of a message of clap, and its tip as the way out.
fn sentence(error: &clap::Error, verb: &str) -> Error {
    let text = error.to_string();
    let mut reason = String::new();
    let mut tip = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some(found) = line.strip_prefix("tip:") {
            tip = Some(found.trim().to_owned());
        } else if line.starts_with("Usage:") || line.starts_with("For more") {
            break;
        } else if !line.is_empty() {
            if !reason.is_empty() {
                reason.push(' ');
            }
            reason.push_str(line.trim_start_matches("error: "));
        }
    }
    let help = format!(".help {verb} shows what it takes");
    Error::usage(
        reason,
        tip.map_or_else(|| help.clone(), |tip| format!("{tip}; {help}")),
    )
}
