//! An answer on its way to the server.

use std::io::{self, Write};

use super::problem;
use crate::error::{Error, Result};
use crate::web::message::{self, Done, Head, Kind};

/// How much of an answer is held back, in bytes, so that what fails early has a status of its own.
const FIRST: usize = 64 << 10;

/// Takes status, headers and content, and sends them in frames. What fails before [`FIRST`] bytes
/// are written becomes a problem document; what fails later breaks the answer off.
pub(super) struct Reply<'a> {
    out: &'a mut dyn Write,
    head: Head,
    held: Vec<u8>,
    sent: bool,
}

impl<'a> Reply<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            head: Head {
                status: 200,
                headers: Vec::new(),
            },
            held: Vec::new(),
            sent: false,
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

    /// Writes content that is at hand.
    pub(super) fn whole(&mut self, content: &[u8]) -> Result<()> {
        self.write_all(content).map_err(Error::Output)
    }

    /// Sends what is left, and that this is all.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.send()?;
        let done = serde_json::to_vec(&Done::default())?;
        message::write(self.out, Kind::Done, &done)
    }

    /// Answers with what went wrong.
    pub(super) fn fail(mut self, error: &Error) -> io::Result<()> {
        if self.sent {
            return message::write(self.out, Kind::Broken, error.report().as_bytes());
        }
        let (status, document) = problem::of(error);
        self.held = document;
        self.head = Head {
            status,
            headers: vec![("content-type".to_owned(), problem::MEDIA_TYPE.to_owned())],
        };
        self.finish()
    }

    fn send(&mut self) -> io::Result<()> {
        if !self.sent {
            message::write(self.out, Kind::Head, &serde_json::to_vec(&self.head)?)?;
            self.sent = true;
        }
        if !self.held.is_empty() {
            message::write(self.out, Kind::Part, &self.held)?;
            self.held.clear();
        }
        Ok(())
    }
}

impl Write for Reply<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= FIRST {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
