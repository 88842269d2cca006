//! The prompt without its terminal: statements come in, answers and sentences go out.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::commands::Context;
use crate::commands::query::parameters;
use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::{Body, Output};
use crate::query::editing::{Statement as Kind, prefixes_used, statement, variables_used};
use crate::query::{Limits, Options, VocabularyCache, run};

use super::dots;
use super::script::is_dot;
use super::settings::Settings;
use super::show::Asked;
use super::stop::Stop;

/// What happens after a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next statement.
    On,
    /// The end.
    Leave,
}

/// The last query with its answer.
#[derive(Clone, Debug)]
pub(super) struct Last {
    /// The query, if the answer came from one.
    pub(super) query: Option<String>,
    /// Its answer.
    pub(super) answer: Arc<Output>,
    /// How long it took.
    pub(super) elapsed: Duration,
}

/// Everything that the prompt remembers.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, set in one place"
)]
pub(super) struct Session<'a> {
    /// The data. Shared with what runs on threads.
    pub(super) dataset: Arc<Dataset>,
    /// Where the data came from.
    pub(super) choice: Choice,
    /// Looks.
    pub(super) settings: Settings,
    /// What a query may take.
    pub(super) limits: Limits,
    /// Whether a person types.
    pub(super) interactive: bool,
    /// Whether answers go to a terminal.
    pub(super) terminal: bool,
    /// Whether to use colours.
    pub(super) colour: bool,
    /// Whether updates are allowed.
    pub(super) writable: bool,
    /// Updates since the data was last saved.
    pub(super) unsaved: usize,
    /// Whether leaving with unsaved updates was asked about.
    pub(super) asked_to_leave: bool,
    /// Values of variables, as typed.
    pub(super) parameters: Vec<(String, String)>,
    /// The last query and answer.
    pub(super) last: Option<Last>,
    /// A corrected query that `.fix` runs.
    pub(super) fix: Option<String>,
    /// Where the next answer goes.
    pub(super) once: Option<PathBuf>,
    /// Where all answers go.
    pub(super) output: Option<PathBuf>,
    /// Where all answers go as well.
    pub(super) tee: Option<PathBuf>,
    /// Labels, in the language in which they were last shown.
    pub(super) labels: Option<(Language, HashMap<String, String>)>,
    /// What was typed, oldest first.
    pub(super) history: Vec<String>,
    /// What the graph uses, for completion and explanations.
    pub(super) vocabulary: VocabularyCache,
    /// Prefixes that were named to the user.
    pub(super) named_prefixes: HashSet<String>,
    /// Ctrl-C.
    pub(super) stop: Stop,
    /// How deep scripts read scripts.
    pub(super) depth: usize,
    /// Answers.
    pub(super) out: &'a mut dyn Write,
    /// Talk.
    pub(super) talk: &'a mut dyn Write,
}

impl Session<'_> {
    /// Does one statement: a dot-command, a query or an update.
    ///
    /// # Errors
    /// Whatever is wrong with it; the session is then as it was.
    pub(super) fn perform(&mut self, text: &str, name: Option<&str>, line: usize) -> Result<Flow> {
        let asked_before = std::mem::take(&mut self.asked_to_leave);
        if is_dot(text) {
            self.asked_to_leave = asked_before;
            return dots::perform(self, text.trim());
        }
        match statement(text) {
            Kind::Nothing => Ok(Flow::On),
            Kind::Query => self.query(text, name, line).map(|()| Flow::On),
            Kind::Update => self.update(text, name, line).map(|()| Flow::On),
            Kind::Other => match dots::meant(text) {
                Some(command) => Err(Error::usage(
                    format!("`{}` is not SPARQL", text.trim()),
                    format!("commands begin with a dot: {command}"),
                )),
                None => self.query(text, name, line).map(|()| Flow::On),
            },
        }
    }

    /// Runs a query and shows its answer.
    pub(super) fn query(&mut self, text: &str, name: Option<&str>, line: usize) -> Result<()> {
        let text = text.trim_end().trim_end_matches(';').trim_end().to_owned();
        let options = self.options(&text, name)?;
        let dataset = Arc::clone(&self.dataset);
        // Lines before the statement, so that messages name the line of the file.
        let padded = format!("{}{text}", "\n".repeat(line));
        let started = Instant::now();
        let answer = self
            .stop
            .run(move || run(&dataset.graph, &padded, &options))?;
        let elapsed = started.elapsed();
        self.fix = None;
        self.remember(Some(text.clone()), answer, elapsed, &Asked::default())?;
        self.name_prefixes(&text)?;
        self.explain_emptiness(&text)
    }

    /// Keeps an answer for `.last` and shows it.
    pub(super) fn remember(
        &mut self,
        query: Option<String>,
        answer: Output,
        elapsed: Duration,
        asked: &Asked,
    ) -> Result<()> {
        let answer = Arc::new(answer);
        self.last = Some(Last {
            query,
            answer: Arc::clone(&answer),
            elapsed,
        });
        self.show(&answer, asked, Some(elapsed))
    }

    /// What is said about a query besides its text: the parameters that it has a variable for.
    pub(super) fn options(&self, text: &str, name: Option<&str>) -> Result<Options> {
        let variables = variables_used(text);
        let pairs: Vec<String> = self
            .parameters
            .iter()
            .filter(|(name, _)| variables.contains(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Ok(Options {
            parameters: parameters(&self.dataset, &pairs, None)?,
            name: name.map(str::to_owned),
            limits: Limits {
                stop: Some(self.stop.for_query()),
                ..self.limits.clone()
            },
            ..Options::default()
        })
    }

    /// Names prefixes that a query used without declaring them, each once.
    fn name_prefixes(&mut self, text: &str) -> Result<()> {
        if !self.interactive {
            return Ok(());
        }
        let mut named = Vec::new();
        for prefix in prefixes_used(text) {
            if let Some(namespace) = self.dataset.graph.prefixes().namespace(&prefix)
                && !self.named_prefixes.contains(&prefix)
            {
                named.push(format!("{prefix}: <{namespace}>"));
                self.named_prefixes.insert(prefix);
            }
        }
        if named.is_empty() {
            return Ok(());
        }
        self.aside(&format!("known prefixes used: {}", named.join(" · ")))
    }

    /// Applies an update to the loaded graph.
    pub(super) fn update(&mut self, text: &str, name: Option<&str>, line: usize) -> Result<()> {
        if !self.writable {
            return Err(Error::usage(
                "this prompt only reads, and that is an update",
                "start it with --write to change the loaded data; files change only on .save",
            ));
        }
        let update = crate::commands::update::Update {
            source: None,
            text: Some(format!("{}{text}", "\n".repeat(line))),
            name: name.map(str::to_owned),
        };
        let started = Instant::now();
        let answer = update.run(Arc::make_mut(&mut self.dataset))?;
        self.changed();
        self.unsaved += 1;
        for note in &answer.notes {
            self.say(note)?;
        }
        if self.settings.timer {
            self.aside(&super::show::duration(started.elapsed()))?;
        }
        Ok(())
    }

    /// Forgets what was computed from the data.
    pub(super) fn changed(&mut self) {
        self.labels = None;
        self.fix = None;
    }

    /// What verbs need besides the data.
    pub(super) fn context(&self, language: Option<Language>) -> Context {
        Context {
            language: language.unwrap_or(self.settings.language),
        }
    }

    /// A sentence for people, apart from answers.
    pub(super) fn say(&mut self, sentence: &str) -> Result<()> {
        self.flush()?;
        writeln!(self.talk, "{sentence}").map_err(Error::Output)
    }

    /// A sentence said aside, where colours allow in a faint one.
    pub(super) fn aside(&mut self, sentence: &str) -> Result<()> {
        if self.colour {
            self.say(&format!("\u{1b}[2m{sentence}\u{1b}[0m"))
        } else {
            self.say(sentence)
        }
    }

    /// Writes out what is waiting, so that answers and talk keep their order.
    pub(super) fn flush(&mut self) -> Result<()> {
        match self.out.flush() {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Error::Output),
        }
    }

    /// Whether leaving now would lose updates, said once.
    pub(super) fn may_leave(&mut self) -> Result<bool> {
        if self.unsaved == 0 || self.asked_to_leave || !self.interactive {
            return Ok(true);
        }
        self.asked_to_leave = true;
        let times = if self.unsaved == 1 {
            "1 update is"
        } else {
            "updates are"
        };
        let many = if self.unsaved == 1 {
            String::new()
        } else {
            format!("{} ", self.unsaved)
        };
        self.say(&format!(
            "{many}{times} not saved: .save FILE keeps the data; leave again to lose the change"
        ))?;
        Ok(false)
    }

    /// Whether the last answer has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.last
            .as_ref()
            .is_some_and(|last| match &last.answer.body {
                Body::Table(table) => table.rows.is_empty(),
                Body::Graph(triples) => triples.is_empty(),
                Body::Boolean(value) => !value,
                _ => false,
            })
    }
}
