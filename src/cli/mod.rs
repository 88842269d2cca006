//! The command line: global flags, verbs, and the way from arguments to bytes.

mod browser;
mod files;
mod flags;
mod progress;
mod tools;
mod writing;

use std::collections::HashMap;
use std::io::{IsTerminal, Write};

use clap::{Parser, Subcommand};

use crate::commands::export::Opened;
use crate::commands::query::FailOn;
use crate::commands::{Command, Context, Local};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::{
    Body, Format, Labels, Output, Shape, Style, replace_file, replace_file_with, write,
};
use crate::web::{Serve, Work, serve, work};

use progress::Bar;

pub use browser::show_with;
pub use files::{format_for, read_text, take_in_files};
pub use flags::{Colour, DataFlags, LookFlags, ShowLabels};
pub use tools::Tool;
pub use writing::{labels, send, send_as_it_comes, terminal_width};

/// Stack for deeply nested queries and data, which the engine reads recursively. Virtual memory:
/// only what is used is taken.
pub const STACK: usize = 256 << 20;

/// Peer support programmes on a six-question map: who does the same work under other names and
/// in other silos.
#[derive(Parser, Clone, Debug, PartialEq)]
#[command(
    name = "peermap",
    version,
    arg_required_else_help = true,
    propagate_version = true
)]
#[command(
    after_help = "Try: peermap bridges · peermap show harlem · peermap query -q 'SELECT * { ?p a pm:Programme }'"
)]
pub struct Cli {
    /// Which data
    #[command(flatten)]
    pub source: DataFlags,
    /// How the answer looks
    #[command(flatten)]
    pub look: LookFlags,
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// What the command line can do.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Verb {
    /// Ask.
    #[command(flatten)]
    Ask(Command),
    /// Change.
    #[command(flatten)]
    Change(Local),
    /// Serve the explorer, a SPARQL endpoint and linked data
    Serve(Serve),
    /// Answer the frames of a server
    #[command(hide = true)]
    Worker(Work),
    /// Help with the program itself.
    #[command(flatten)]
    Tool(Tool),
}

/// Does what the arguments say, with the answer on `out` and talk on `talk`. Returns the exit
/// code: 0, or 1 when the answer is "no" and that was asked to count.
///
/// # Errors
/// Whatever went wrong, for `main` to report.
pub fn run(cli: &Cli, out: &mut dyn Write, talk: &mut dyn Write) -> Result<u8> {
    let started = std::time::Instant::now();
    let mut cli = cli.clone();
    // An empty PEERMAP_DATA is one that was not set.
    cli.source.data.retain(|data| !data.is_empty());
    match &mut cli.verb {
        Verb::Serve(options) => {
            cli.source.data.append(&mut options.data);
            let elsewhere = &cli.source.elsewhere;
            if elsewhere.endpoint.is_some() || !elsewhere.services.is_empty() {
                return Err(Error::usage(
                    "a server never asks another one",
                    "give the data as files: peermap serve DATA",
                ));
            }
            return serve(options, cli.source.arguments(), talk);
        }
        Verb::Worker(settings) => {
            let choice = cli.source.choice(false)?;
            work(
                &choice,
                settings,
                &mut std::io::stdin().lock(),
                std::io::stdout(),
            )?;
            return Ok(0);
        }
        Verb::Tool(tool) => return tool.run(&cli.source, &cli.look, out, talk),
        Verb::Ask(_) | Verb::Change(_) => {}
    }
    if matches!(cli.verb, Verb::Change(_)) && cli.source.elsewhere.endpoint.is_some() {
        return Err(Error::usage(
            "an endpoint is only read",
            "leave out --endpoint, or load its data with --data",
        ));
    }
    if let Verb::Ask(Command::Validate(validate)) = &cli.verb
        && !validate.given.is_empty()
    {
        cli.source.data.clone_from(&validate.given);
    }
    take_in_files(
        &mut cli.verb,
        &mut cli.look.output,
        &mut cli.look.format,
        cli.look.lang,
        Opened {
            data: cli.source.data.clone(),
            data_format: cli.source.data_format.clone(),
            ontology: cli.source.ontology.clone(),
        },
    )?;
    let format = format_for(
        &cli.verb,
        cli.look.format.as_deref(),
        cli.look.output.as_deref(),
    )?;
    let choice = cli
        .source
        .choice(matches!(cli.verb, Verb::Change(Local::Update(_))))?;
    let mut dataset = Dataset::open(&choice)?;
    let context = Context {
        language: cli.look.lang,
    };
    let answer = match &cli.verb {
        Verb::Ask(command) => command.run(&dataset, context)?,
        Verb::Change(Local::Import(import)) => {
            let mut bar = Bar::new(cli.look.quiet);
            import.run_watched(&dataset, &mut |done, whole| bar.show(done, whole))?
        }
        Verb::Change(local) => local.run(&mut dataset)?,
        Verb::Serve(_) | Verb::Worker(_) | Verb::Tool(_) => return Ok(0),
    };
    cli.write(&answer, format, &dataset, out)?;
    if !cli.look.quiet {
        for note in &answer.notes {
            writeln!(talk, "note: {note}").map_err(Error::Output)?;
        }
    }
    if cli.look.time {
        writeln!(
            talk,
            "time: {:.1} ms",
            started.elapsed().as_secs_f64() * 1000.0
        )
        .map_err(Error::Output)?;
    }
    let code = cli.exit_code(&answer.body) | u8::from(answer.is_no);
    // The process ends here: taking the graph apart statement by statement would only cost time.
    std::mem::forget(dataset);
    Ok(code)
}

impl Cli {
    fn write(
        &self,
        answer: &Output,
        asked: Option<Format>,
        dataset: &Dataset,
        out: &mut dyn Write,
    ) -> Result<()> {
        let terminal = self.look.output.is_none() && std::io::stdout().is_terminal();
        let format = asked.unwrap_or_else(|| {
            Format::default_for(answer.body.shape(), terminal || self.look.output.is_some())
        });
        let show_labels = self.look.labels.labels();
        let style = Style {
            prefixes: dataset.graph.prefixes().clone(),
            width: if terminal { terminal_width() } else { None },
            colour: self.look.color.wanted(terminal),
            labels: if show_labels == Labels::Off || answer.body.shape() != Shape::Table {
                HashMap::new()
            } else {
                labels(dataset, self.look.lang)?
            },
            show_labels,
            ..Style::default()
        };
        if matches!(answer.body, Body::Rows(_)) && format.streams() {
            return match &self.look.output {
                Some(path) => replace_file_with(path, |file| write(answer, format, &style, file)),
                None => send_as_it_comes(out, |out| write(answer, format, &style, out)),
            };
        }
        let mut bytes = Vec::new();
        write(answer, format, &style, &mut bytes)?;
        match &self.look.output {
            Some(path) => replace_file(path, &bytes),
            None => send(&bytes, out),
        }
    }

    fn exit_code(&self, body: &Body) -> u8 {
        let Verb::Ask(Command::Query(query)) = &self.verb else {
            return 0;
        };
        let empty = match body {
            Body::Table(table) => table.rows.is_empty(),
            Body::Graph(triples) => triples.is_empty(),
            _ => false,
        };
        let fails = match query.fail_on {
            Some(FailOn::Rows) => matches!(body, Body::Table(_) | Body::Graph(_)) && !empty,
            Some(FailOn::Empty) => empty,
            Some(FailOn::False) => matches!(body, Body::Boolean(false)),
            None => false,
        };
        u8::from(fails)
    }
}
