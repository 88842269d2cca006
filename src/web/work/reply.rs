//! An answer on its way to the server.

use std::io::{self, Write};

use super::problem;
use crate::error::{Error, Result};
use crate::web::message::{self, Done as End, Head, Kind};

/// How much of an answer is held back, in bytes, so that what fails early has a status of its own.
const FIRST: usize = 64 << 10;

/// What went wrong, with a status where the error alone does not tell it.
#[derive(Debug)]
pub(super) struct Failure {
    /// HTTP status.
    pub(super) status: Option<u16>,
    /// What went wrong.
    pub(super) error: Error,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            status: None,
            error,
        }
    }
}

/// Whether an answer was given.
pub(super) type Done = std::result::Result<(), Failure>;

/// Takes status, headers and content, and sends them in frames. What fails before [`FIRST`] bytes
/// are written becomes a problem document; what fails later breaks the answer off.
pub(super) struct Reply<'a> {
    out: &'a mut dyn Write,
    head: Head,
    held: Vec<u8>,
    sent: bool,
    written: u64,
    max_bytes: u64,
}

impl<'a> Reply<'a> {
    pub(super) fn new(out: &'a mut dyn Write, max_bytes: u64) -> Self {
        Self {
            out,
            head: Head {
                status: 200,
                headers: Vec::new(),
            },
            held: Vec::new(),
            sent: false,
            written: 0,
            max_bytes,
        }
    }

    /// Sets the status.
    pub(super) fn status(&mut self, status: u16) -> &mut Self {
        self.head.status = status;
        self
    }

    /// Adds a header.
    pub(super) fn header(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.head.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Says of which media type the content is.
    pub(super) fn media_type(&mut self, media_type: &str) -> &mut Self {
        self.header("content-type", media_type)
    }

    /// Answers with another address to go to.
    pub(super) fn go_to(&mut self, status: u16, address: &str) {
        self.status(status).header("location", address);
    }

    /// Tells the server what was changed, before anything of the answer.
    pub(super) fn changed(&mut self, change: &[u8]) -> io::Result<()> {
        message::write(self.out, Kind::Change, change)
    }

    /// Writes content that is at hand.
    pub(super) fn whole(&mut self, content: &[u8]) -> Result<()> {
        self.write_all(content).map_err(Error::Output)
    }

    /// Sends what is left, and that this is all.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.send()?;
        let end = End {
            memory: memory_in_use(),
        };
        message::write(self.out, Kind::Done, &serde_json::to_vec(&end)?)
    }

    /// Answers with what went wrong.
    pub(super) fn fail(mut self, failure: &Failure) -> io::Result<()> {
        // What could not be written for its length says so, not that a stream failed.
        let too_long = self.too_long();
        let error = if self.written > self.max_bytes {
            &too_long
        } else {
            &failure.error
        };
        if self.sent {
            return message::write(self.out, Kind::Broken, error.report().as_bytes());
        }
        let (status, document) = problem::of(error, failure.status);
        self.held = document;
        self.head = Head {
            status,
            headers: vec![
                ("content-type".to_owned(), problem::MEDIA_TYPE.to_owned()),
                ("cache-control".to_owned(), "no-store".to_owned()),
            ],
        };
        self.finish()
    }

    fn too_long(&self) -> Error {
        Error::Limit {
            reason: format!(
                "the answer is longer than {} bytes, which is the limit",
                self.max_bytes
            ),
            hint: Some("add LIMIT, or ask for fewer columns".to_owned()),
        }
    }

    fn send(&mut self) -> io::Result<()> {
        if !self.sent {
            message::put(self.out, Kind::Head, &serde_json::to_vec(&self.head)?)?;
            self.sent = true;
        }
        if !self.held.is_empty() {
            message::put(self.out, Kind::Part, &self.held)?;
            self.held.clear();
        }
        Ok(())
    }
}

impl Write for Reply<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if self.written > self.max_bytes {
            return Err(io::Error::other("the answer is too long"));
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() >= FIRST {
            self.send()?;
            self.out.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of memory that this process holds, where the system tells.
fn memory_in_use() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * 4096
}
