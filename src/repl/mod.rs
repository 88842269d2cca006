//! The prompt: SPARQL and every verb, with completion from the data, on one loaded graph.
//!
//! `session` holds what is remembered and does one statement; `script` finds statements in a
//! text; `interactive` is the terminal. `dots` is the table of dot-commands, from which help,
//! completion and dispatch come; a line such as `.similar harlem -k 3` is read by the same
//! definitions as the command line (`verbs`). To add a dot-command: an entry in `dots/table.rs`.

mod dots;
mod emptiness;
mod helper;
mod interactive;
mod paint;
mod places;
mod script;
mod session;
mod settings;
mod show;
mod stop;
mod trouble;
mod verbs;

use std::collections::HashSet;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::{LookFlags, read_text};
use crate::commands::query::duration;
use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use crate::output::Format;
use crate::query::{Limits, VocabularyCache};

use script::Splitter;
use session::{Flow, Session};
use settings::Settings;
use stop::Stop;

/// A prompt for SPARQL and every verb, on data that is loaded once.
///
/// A query runs when it is complete and otherwise goes on on the next line. Tab completes from
/// the data, .help lists the commands, Ctrl-C stops a query, Ctrl-D leaves. Lines from a pipe run
/// without a prompt and stop at the first error.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Repl {
    /// Data in place of the bundled programmes: files, folders, or names of bundled sets
    #[arg(value_name = "DATA")]
    pub files: Vec<String>,
    /// Allow updates of the loaded data; files change only on .save
    #[arg(long)]
    pub write: bool,
    /// How long a query may take: 30s, 500ms, 2m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// How many rows or triples a query may give
    #[arg(long, value_name = "N")]
    pub max_rows: Option<usize>,
    /// Lines to run first, in place of the file replrc in the folder of settings
    #[arg(long, value_name = "FILE")]
    pub init: Option<PathBuf>,
    /// Print every statement before its answer
    #[arg(long)]
    pub echo: bool,
}

impl Repl {
    /// Runs the prompt until it is left.
    ///
    /// # Errors
    /// Data that cannot be used. From a pipe also the first statement that fails; at a terminal
    /// failures are shown and the prompt goes on.
    pub fn run(
        &self,
        choice: Choice,
        look: &LookFlags,
        out: &mut dyn Write,
        talk: &mut dyn Write,
    ) -> Result<()> {
        let mut choice = choice;
        choice.data.extend(self.files.iter().cloned());
        choice.into_default_graph = self.write;
        let dataset = Dataset::open(&choice)?;
        let interactive = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let terminal = std::io::stdout().is_terminal();
        let mut settings = Settings::new(interactive);
        settings.mode = look.format.as_deref().map(Format::from_name).transpose()?;
        settings.labels = look.labels;
        settings.language = look.lang;
        settings.timer |= look.time;
        let mut session = Session {
            dataset: Arc::new(dataset),
            choice,
            settings,
            limits: Limits {
                timeout: self.timeout,
                max_rows: self.max_rows,
                stop: None,
            },
            interactive,
            terminal,
            colour: look.color.wanted(terminal),
            writable: self.write,
            unsaved: 0,
            asked_to_leave: false,
            parameters: Vec::new(),
            last: None,
            fix: None,
            once: None,
            output: look.output.clone(),
            tee: None,
            labels: None,
            history: Vec::new(),
            vocabulary: VocabularyCache::default(),
            named_prefixes: HashSet::new(),
            stop: Stop::new(),
            depth: 0,
            out,
            talk,
        };
        let left = session.begin(self.init.as_deref())?;
        if left == Flow::On {
            if interactive {
                interactive::run(&mut session)?;
            } else {
                session.lines(std::io::stdin().lock(), "standard input", self.echo)?;
            }
        }
        if session.unsaved > 0 && !interactive {
            session.say("note: the data was changed and not saved; .save FILE keeps it")?;
        }
        // Taking the graph apart statement by statement would only cost time.
        std::mem::forget(session.dataset);
        Ok(())
    }
}

impl Session<'_> {
    /// Runs the lines of `--init`, or at a terminal those of the file of settings, if there is one.
    fn begin(&mut self, init: Option<&std::path::Path>) -> Result<Flow> {
        if let Some(path) = init {
            let text = read_text(&path.display().to_string())?;
            return self.lines(text.as_bytes(), &path.display().to_string(), false);
        }
        let usual = places::settings().map(|folder| folder.join("replrc"));
        if let Some(path) = usual.filter(|path| self.interactive && path.is_file()) {
            let name = path.display().to_string();
            let done = read_text(&name).and_then(|text| self.lines(text.as_bytes(), &name, false));
            return match done {
                Ok(flow) => Ok(flow),
                Err(error) => self.trouble(&error).map(|()| Flow::On),
            };
        }
        Ok(Flow::On)
    }

    /// Runs the statements of a text, line by line as they come, and stops at the first error.
    ///
    /// # Errors
    /// That error; Ctrl-C.
    pub(super) fn lines(&mut self, input: impl BufRead, name: &str, echo: bool) -> Result<Flow> {
        let mut splitter = Splitter::default();
        let mut waiting = std::collections::VecDeque::new();
        let mut lines = input.split(b'\n');
        let mut ended = false;
        loop {
            while let Some(statement) = waiting.pop_front() {
                let statement: script::Statement = statement;
                if self.statement(&statement, name, echo)? == Flow::Leave {
                    return Ok(Flow::Leave);
                }
            }
            if ended {
                return Ok(Flow::On);
            }
            let Some(bytes) = lines.next() else {
                ended = true;
                waiting.extend(splitter.end());
                continue;
            };
            let bytes = bytes.map_err(Error::unreadable(name))?;
            let line = Error::utf8(name, bytes)?;
            waiting.extend(splitter.take(line.trim_end_matches('\r')));
        }
    }

    fn statement(&mut self, statement: &script::Statement, name: &str, echo: bool) -> Result<Flow> {
        if echo {
            let shown = statement.text.replace('\n', &format!("\n{GOES_ON}"));
            writeln!(self.out, "{PROMPT}{shown}").map_err(Error::Output)?;
        }
        self.history.push(statement.text.clone());
        let done = self.perform(&statement.text, Some(name), statement.line);
        if let Err(error) = &done
            && error.place().is_none()
        {
            let first = statement.text.lines().next().unwrap_or("");
            self.say(&format!("{name}:{}: {first}", statement.line + 1))?;
        }
        self.flush()?;
        done
    }
}

/// What stands before a statement.
const PROMPT: &str = "pm> ";
/// What stands before its further lines, when it is printed.
const GOES_ON: &str = "  > ";
