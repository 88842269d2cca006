//! A worker: the data in memory and one request after the other.
//!
//! The first thread reads frames, so that it learns at once when a request is to stop or when the
//! server is gone; the second one, with a stack for deep queries, opens the data and answers.
//! An address is an arm of [`Desk::answer`].

mod accept;
mod api;
mod graphs;
mod linked;
mod offers;
mod pages;
mod problem;
mod reply;
mod service;
mod sparql;
mod writing;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};

use clap::Args;

use super::message::{self, Kind, Ready, Request};
use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use crate::output::Style;
use crate::pages::Explorer;
use crate::query::{Stop, VocabularyCache};
use crate::vocab::BASE;
use reply::{Done, Failure, Reply};

/// Stack for deeply nested queries; virtual memory, of which only what is used is taken.
const STACK: usize = 256 << 20;

/// What a server tells its workers.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What the IRIs of the dataset start with
    #[arg(long, default_value = BASE)]
    pub base: String,
    /// How many rows or triples an answer may have
    #[arg(long, default_value_t = 1_000_000)]
    pub max_rows: usize,
    /// How many bytes an answer may have
    #[arg(long, default_value_t = 256 << 20)]
    pub max_bytes: u64,
    /// The server accepts updates
    #[arg(long)]
    pub write: bool,
}

/// What there is to do.
enum Job {
    /// Answer.
    Answer {
        request: Request,
        body: Vec<u8>,
        stop: Stop,
    },
    /// Change the data as another worker did.
    Follow(Vec<u8>),
}

/// Answers the frames of `input` on `output` until `input` ends, which it does when the server
/// ends. Data that cannot be opened is told to the server, not returned.
///
/// # Errors
/// Streams that cannot be read, frames that make no sense, a thread that cannot be started.
pub fn work(
    choice: &Choice,
    settings: &Work,
    input: &mut dyn Read,
    output: impl Write + Send + 'static,
) -> Result<()> {
    let (jobs, given) = channel::<Job>();
    let (choice, settings) = (choice.clone(), settings.clone());
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || open_and_answer(&choice, &settings, &given, BufWriter::new(output)))
        .map_err(Error::Output)?;
    let mut body = Vec::new();
    let mut current = Stop::default();
    while let Some((kind, content)) = message::read(input).map_err(Error::Output)? {
        match kind {
            Kind::Body => body = content,
            Kind::Stop => current.stop(),
            Kind::Change => {
                let gone = jobs.send(Job::Follow(content)).is_err();
                if gone {
                    break;
                }
            }
            Kind::Request => {
                let request = serde_json::from_slice(&content)
                    .map_err(|error| Error::Output(error.into()))?;
                let body = std::mem::take(&mut body);
                current = Stop::default();
                let stop = current.clone();
                if jobs
                    .send(Job::Answer {
                        request,
                        body,
                        stop,
                    })
                    .is_err()
                {
                    break;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn open_and_answer(choice: &Choice, settings: &Work, jobs: &Receiver<Job>, mut output: impl Write) {
    let mut desk = match Desk::open(choice, settings) {
        Ok(desk) => desk,
        Err(error) => {
            let mut told = vec![error.kind().exit_code()];
            told.extend_from_slice(error.report().as_bytes());
            let _ = message::write(&mut output, Kind::Unusable, &told);
            return;
        }
    };
    let ready = serde_json::to_vec(&desk.ready()).unwrap_or_default();
    if message::write(&mut output, Kind::Ready, &ready).is_err() {
        return;
    }
    while let Ok(job) = jobs.recv() {
        let (request, body, stop) = match job {
            Job::Answer {
                request,
                body,
                stop,
            } => (request, body, stop),
            // Data that differ from those of the others would give wrong answers.
            Job::Follow(change) if desk.follow(&change).is_err() => return,
            Job::Follow(_) => continue,
        };
        let mut reply = Reply::new(&mut output, desk.max_bytes);
        let answered = catch_unwind(AssertUnwindSafe(|| {
            if request.writes {
                desk.write(&request, &body, &mut reply)
            } else {
                desk.answer(&request, &body, &stop, &mut reply)
            }
        }));
        let told = match answered {
            Ok(Ok(())) => reply.finish(),
            Ok(Err(failure)) => reply.fail(&failure),
            Err(_) => reply.fail(&Error::Evaluation("a fault in this program".into()).into()),
        };
        if told.is_err() {
            return;
        }
    }
}

/// The data and what answers need at hand.
struct Desk {
    dataset: Arc<Dataset>,
    vocabulary: VocabularyCache,
    /// The pages of these data; made when first asked for.
    explorer: OnceLock<Explorer>,
    version: String,
    base: String,
    max_rows: usize,
    max_bytes: u64,
    writes: bool,
}

impl Desk {
    fn open(choice: &Choice, settings: &Work) -> Result<Self> {
        let dataset = Arc::new(Dataset::open(choice)?);
        Ok(Self {
            version: version(&dataset)?,
            dataset,
            vocabulary: VocabularyCache::default(),
            explorer: OnceLock::new(),
            base: settings.base.clone(),
            max_rows: settings.max_rows,
            max_bytes: settings.max_bytes,
            writes: settings.write,
        })
    }

    fn ready(&self) -> Ready {
        Ready {
            version: self.version.clone(),
            summary: self.dataset.origin.join(", "),
        }
    }

    fn style(&self) -> Style {
        Style {
            prefixes: self.dataset.graph.prefixes().clone(),
            ..Style::default()
        }
    }

    fn answer(&self, request: &Request, body: &[u8], stop: &Stop, reply: &mut Reply<'_>) -> Done {
        let path: Vec<&str> = request
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        match path.as_slice() {
            ["sparql"] if reads || request.method == "POST" => {
                sparql::answer(self, request, body, stop, reply)
            }
            ["api", what @ ("complete" | "check" | "why")] if request.method == "POST" => {
                api::editor(self, what, body, stop, reply)
            }
            ["api", "complete" | "check" | "why"] => Err(not_allowed(request, "POST")),
            ["sparql"] => Err(not_allowed(request, "GET, HEAD, POST")),
            _ if !reads => Err(not_allowed(request, "GET, HEAD")),
            [] => {
                pages::front_door(request, reply);
                Ok(())
            }
            ["en" | "fr", ..] => pages::page(self, request, stop, reply),
            ["assets", ..] => pages::asset(request, reply),
            ["store"] => graphs::answer(self, request, stop, reply),
            ["api", verb] => api::verb(self, verb, request, stop, reply),
            ["named", query] => api::named_query(self, query, request, stop, reply),
            _ => linked::answer(self, request, stop, reply),
        }
    }
}

/// A short name for exactly these data, in whatever order they were loaded. Blank nodes have other
/// names each time and do not count.
fn version(dataset: &Dataset) -> Result<String> {
    let mut sum = 0_u64;
    for quad in dataset.graph.quads_outside(&[])? {
        if !quad.subject.is_blank_node() && !quad.object.is_blank_node() {
            let mut hasher = DefaultHasher::new();
            quad.hash(&mut hasher);
            sum = sum.wrapping_add(hasher.finish());
        }
    }
    Ok(format!("{sum:016x}"))
}

fn not_allowed(request: &Request, allowed: &str) -> Failure {
    Failure {
        status: Some(405),
        error: Error::usage(
            format!("{} cannot be asked with {}", request.path, request.method),
            format!("use {allowed}"),
        ),
    }
}
