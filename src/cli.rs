//! The command line: global flags, verbs, and the way from arguments to bytes.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::query::FailOn;
use crate::commands::{Command, Context, Local};
use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::{Body, Format, Labels, Output, Shape, Style, replace_file, write};
use crate::query::{Rows, named, rows};

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
    /// Data in place of the bundled programmes: files, folders, or names of bundled sets
    #[arg(
        long,
        global = true,
        value_name = "FILE|DIR",
        env = "PEERMAP_DATA",
        value_delimiter = ',',
        help_heading = "Data"
    )]
    pub data: Vec<String>,
    /// Format of the data files, whatever their endings say
    #[arg(long, global = true, value_name = "FORMAT", help_heading = "Data")]
    pub data_format: Option<String>,
    /// A folder in place of the embedded ontology
    #[arg(long, global = true, value_name = "DIR", help_heading = "Data")]
    pub ontology: Option<PathBuf>,
    /// A table of profiles in place of the graph, for the analysis
    #[arg(long, global = true, value_name = "FILE.csv", help_heading = "Data")]
    pub profiles: Option<PathBuf>,
    /// How to write the answer: text, line, csv, tsv, json, srj, srx, md, html, ttl, nt, trig, nq, rdf, jsonld
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        visible_alias = "results",
        help_heading = "Output"
    )]
    pub format: Option<String>,
    /// Write to a file; its ending tells the format
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Output"
    )]
    pub output: Option<PathBuf>,
    /// Language of labels
    #[arg(long, global = true, value_enum, default_value_t = Language::En, help_heading = "Output")]
    pub lang: Language,
    /// Labels of IRIs in tables: off, beside or instead
    #[arg(long, global = true, value_enum, default_value_t = ShowLabels::Off, help_heading = "Output")]
    pub labels: ShowLabels,
    /// When to use colours; `NO_COLOR` turns them off
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, alias = "colour", help_heading = "Output")]
    pub color: Colour,
    /// Print no remarks, only the answer and errors
    #[arg(long, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Say how long it took
    #[arg(long, global = true, help_heading = "Output")]
    pub time: bool,
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
}

/// Labels beside IRIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowLabels {
    /// IRIs alone
    Off,
    /// The IRI, then its label
    Beside,
    /// The label alone where there is one
    Instead,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// At a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Does what the arguments say, with the answer on `out` and talk on `talk`. Returns the exit
/// code: 0, or 1 when the answer is "no" and that was asked to count.
///
/// # Errors
/// Whatever went wrong, for `main` to report.
pub fn run(cli: &Cli, out: &mut dyn Write, talk: &mut dyn Write) -> Result<u8> {
    let started = std::time::Instant::now();
    let mut cli = cli.clone();
    cli.take_in_files()?;
    let format = cli.asked_format()?;
    let choice = Choice {
        data: cli.data.clone(),
        data_format: cli.data_format.clone(),
        ontology: cli.ontology.clone(),
        profiles: cli.profiles.clone(),
        into_default_graph: matches!(cli.verb, Verb::Change(Local::Update(_))),
    };
    let mut dataset = Dataset::open(&choice)?;
    let context = Context { language: cli.lang };
    let answer = match &cli.verb {
        Verb::Ask(command) => command.run(&dataset, context)?,
        Verb::Change(local) => local.run(&mut dataset)?,
    };
    cli.write(&answer, format, &dataset, out)?;
    if !cli.quiet {
        for note in &answer.notes {
            writeln!(talk, "note: {note}").map_err(Error::Output)?;
        }
    }
    if cli.time {
        writeln!(
            talk,
            "time: {:.1} ms",
            started.elapsed().as_secs_f64() * 1000.0
        )
        .map_err(Error::Output)?;
    }
    let code = cli.exit_code(&answer.body);
    // The process ends here: taking the graph apart statement by statement would only cost time.
    std::mem::forget(dataset);
    Ok(code)
}

impl Cli {
    /// Reads the query or update that an argument names, so that commands themselves open no file.
    fn take_in_files(&mut self) -> Result<()> {
        match &mut self.verb {
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
            Verb::Change(Local::Update(update)) => {
                if self.output.is_none() {
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
            Verb::Change(Local::Export(export)) => export.folder = self.output.take(),
            Verb::Change(Local::Import(import)) => import.to_file = self.output.is_some(),
            Verb::Ask(_) => {}
        }
        Ok(())
    }

    /// The format that was asked for, by flag or by the ending of the output file.
    fn asked_format(&self) -> Result<Option<Format>> {
        if let Some(name) = &self.format {
            // What an export writes is its form, not a format of what it says.
            if name == "tables" && matches!(self.verb, Verb::Change(Local::Export(_))) {
                return Ok(None);
            }
            return Format::from_name(name).map(Some);
        }
        match self
            .output
            .as_deref()
            .and_then(Path::extension)
            .and_then(OsStr::to_str)
        {
            Some(ending) => Format::from_name(ending).map(Some),
            None if matches!(self.verb, Verb::Ask(Command::Report(_))) => Ok(Some(Format::Html)),
            None => Ok(None),
        }
    }

    fn write(
        &self,
        answer: &Output,
        asked: Option<Format>,
        dataset: &Dataset,
        out: &mut dyn Write,
    ) -> Result<()> {
        let terminal = self.output.is_none() && std::io::stdout().is_terminal();
        let format = asked.unwrap_or_else(|| {
            Format::default_for(answer.body.shape(), terminal || self.output.is_some())
        });
        let colour = match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let show_labels = match self.labels {
            ShowLabels::Off => Labels::Off,
            ShowLabels::Beside => Labels::Beside,
            ShowLabels::Instead => Labels::Instead,
        };
        let style = Style {
            prefixes: dataset.graph.prefixes().clone(),
            width: if terminal { terminal_width() } else { None },
            colour,
            labels: if show_labels == Labels::Off || answer.body.shape() != Shape::Table {
                HashMap::new()
            } else {
                labels(dataset, self.lang)?
            },
            show_labels,
        };
        let mut bytes = Vec::new();
        write(answer, format, &style, &mut bytes)?;
        match &self.output {
            Some(path) => replace_file(path, &bytes),
            None => match out.write_all(&bytes).and_then(|()| out.flush()) {
                // A reader that closed the pipe has had enough; that is no failure.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(Error::Output),
            },
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

fn read_text(source: &str) -> Result<String> {
    let path = PathBuf::from(source);
    let unreadable = |source| Error::Unreadable {
        path: path.clone(),
        source,
    };
    let bytes = if source == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        bytes
    } else {
        std::fs::read(&path).map_err(unreadable)?
    };
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::NotUtf8 {
            path,
            offset,
            byte: error.as_bytes()[offset],
        }
    })
}

/// The columns of the terminal, from its own account or from COLUMNS.
fn terminal_width() -> Option<usize> {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    told.or_else(|| {
        terminal_size::terminal_size()
            .map(|(terminal_size::Width(columns), _)| usize::from(columns))
    })
}

/// One label a thing in a language, else in English, else in any.
fn labels(dataset: &Dataset, language: Language) -> Result<HashMap<String, String>> {
    let table = rows(&dataset.graph, named("labels-of-things")?, Vec::new())?;
    let mut best: HashMap<String, (u8, String)> = HashMap::new();
    for row in Rows::new(&table) {
        let Some(oxrdf::Term::Literal(text)) = row.get("label") else {
            continue;
        };
        let rank = match text.language() {
            Some(tag) if tag == language.tag() => 0,
            Some("en") => 1,
            None => 2,
            Some(_) => 3,
        };
        let thing = row.iri("thing")?.into_string();
        let better = best.get(&thing).is_none_or(|(held, _)| rank < *held);
        if better {
            best.insert(thing, (rank, text.value().to_owned()));
        }
    }
    Ok(best
        .into_iter()
        .map(|(thing, (_, label))| (thing, label))
        .collect())
}
