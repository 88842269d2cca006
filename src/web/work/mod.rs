//! A worker: the data in memory and one request after the other.
//!
//! The first thread reads frames, so that it learns at once when a request is to stop or when the
//! server is gone; the second one, with a stack for deep queries, opens the data and answers.
//! An address is an arm of [`Desk::answer`].

mod pages;
mod problem;
mod reply;

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use super::message::{self, Kind, Ready, Request};
use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use reply::Reply;

/// Stack for deeply nested queries; virtual memory, of which only what is used is taken.
const STACK: usize = 256 << 20;

/// A request with its body.
struct Job {
    request: Request,
    body: Vec<u8>,
}

/// Answers the frames of `input` on `output` until `input` ends, which it does when the server
/// ends. Data that cannot be opened is told to the server, not returned.
///
/// # Errors
/// Streams that cannot be read, frames that make no sense, a thread that cannot be started.
pub fn work(
    choice: &Choice,
    input: &mut dyn Read,
    output: impl Write + Send + 'static,
) -> Result<()> {
    let (jobs, given) = channel::<Job>();
    let choice = choice.clone();
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || open_and_answer(&choice, &given, output))
        .map_err(Error::Output)?;
    let mut body = Vec::new();
    while let Some((kind, content)) = message::read(input).map_err(Error::Output)? {
        match kind {
            Kind::Body => body = content,
            Kind::Request => {
                let request = serde_json::from_slice(&content)
                    .map_err(|error| Error::Output(error.into()))?;
                let body = std::mem::take(&mut body);
                if jobs.send(Job { request, body }).is_err() {
                    break;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn open_and_answer(choice: &Choice, jobs: &Receiver<Job>, mut output: impl Write) {
    let desk = match Desk::open(choice) {
        Ok(desk) => desk,
        Err(error) => {
            let _ = message::write(&mut output, Kind::Unusable, error.report().as_bytes());
            return;
        }
    };
    let ready = serde_json::to_vec(&desk.ready()).unwrap_or_default();
    if message::write(&mut output, Kind::Ready, &ready).is_err() {
        return;
    }
    while let Ok(job) = jobs.recv() {
        let mut reply = Reply::new(&mut output);
        let answered = catch_unwind(AssertUnwindSafe(|| {
            desk.answer(&job.request, &job.body, &mut reply)
        }));
        let told = match answered {
            Ok(Ok(())) => reply.finish(),
            Ok(Err(error)) => reply.fail(&error),
            Err(_) => reply.fail(&Error::Evaluation("a fault in this program".into())),
        };
        if told.is_err() {
            return;
        }
    }
}

/// The data and what answers need at hand.
struct Desk {
    dataset: Arc<Dataset>,
}

impl Desk {
    fn open(choice: &Choice) -> Result<Self> {
        Ok(Self {
            dataset: Arc::new(Dataset::open(choice)?),
        })
    }

    fn ready(&self) -> Ready {
        Ready {
            version: String::new(),
            summary: self.dataset.origin.join(", "),
        }
    }

    fn answer(&self, request: &Request, body: &[u8], reply: &mut Reply<'_>) -> Result<()> {
        let _ = body;
        let path: Vec<&str> = request
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        match path.as_slice() {
            [] => {
                pages::front_door(request, reply);
                Ok(())
            }
            ["en" | "fr", ..] => pages::page(&self.dataset, request, reply),
            _ => Err(Error::Unknown {
                what: "page",
                name: request.path.clone(),
                hint: None,
            }),
        }
    }
}
