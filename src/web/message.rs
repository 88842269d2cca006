//! What passes between the process that listens and a worker: frames over standard input and
//! output, each a letter, a length and content.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Largest content of a frame that is believed, in bytes.
const LARGEST: u32 = 1 << 30;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// To a worker: a [`Request`].
    Request,
    /// To a worker: the body of the request that follows it.
    Body,
    /// To a worker: stop what you are doing.
    Stop,
    /// Either way: statements that went and came, one line of JSON.
    Change,
    /// From a worker: ready, with a [`Ready`].
    Ready,
    /// From a worker: the data cannot be used, with an exit code and a report for people.
    Unusable,
    /// From a worker: a [`Head`].
    Head,
    /// From a worker: a part of the answer.
    Part,
    /// From a worker: the answer is whole, with a [`Done`].
    Done,
    /// From a worker: the answer breaks off after its first part, with the reason.
    Broken,
}

const LETTERS: [(u8, Kind); 10] = [
    (b'Q', Kind::Request),
    (b'B', Kind::Body),
    (b'S', Kind::Stop),
    (b'C', Kind::Change),
    (b'R', Kind::Ready),
    (b'U', Kind::Unusable),
    (b'H', Kind::Head),
    (b'P', Kind::Part),
    (b'D', Kind::Done),
    (b'X', Kind::Broken),
];

impl Kind {
    fn letter(self) -> u8 {
        LETTERS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or(b'X', |(letter, _)| *letter)
    }

    fn of(letter: u8) -> io::Result<Self> {
        LETTERS
            .iter()
            .find(|(known, _)| *known == letter)
            .map(|(_, kind)| *kind)
            .ok_or_else(|| io::Error::other("a frame of unknown kind"))
    }
}

/// What is asked, without its body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The method, in capitals.
    pub(super) method: String,
    /// The path, percent-encoded as it came.
    pub(super) path: String,
    /// What follows the question mark.
    pub(super) query: String,
    /// The header `Accept`.
    pub(super) accept: String,
    /// The header `Accept-Language`.
    pub(super) language: String,
    /// The header `Content-Type`.
    pub(super) content_type: String,
    /// Scheme and host under which the server was called.
    pub(super) origin: String,
    /// Whether it changes data, which the server has allowed.
    pub(super) writes: bool,
}

/// What a worker says when it has its data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ready {
    /// A short name for exactly these data.
    pub(super) version: String,
    /// What people are told when the server starts.
    pub(super) summary: String,
}

/// The start of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// HTTP status.
    pub(super) status: u16,
    /// Names and values of headers.
    pub(super) headers: Vec<(String, String)>,
}

/// The end of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    /// Memory that the worker holds now, in bytes; 0 where that is not known.
    pub(super) memory: u64,
}

/// Writes a frame.
pub(super) fn write(out: &mut dyn Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    put(out, kind, content)?;
    out.flush()
}

/// Writes a frame that is sent with the next one.
pub(super) fn put(out: &mut dyn Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    out.write_all(&head(kind, content)?)?;
    out.write_all(content)
}

/// Reads a frame; none at the end of the stream.
pub(super) fn read(from: &mut dyn Read) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut head = [0; 5];
    match from.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let (kind, length) = understood(head)?;
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok(Some((kind, content)))
}

/// As [`write()`], without blocking.
pub(super) async fn send(
    out: &mut (impl AsyncWrite + Unpin),
    kind: Kind,
    content: &[u8],
) -> io::Result<()> {
    // In one go: each write wakes the other process.
    let mut frame = Vec::with_capacity(content.len() + 5);
    put(&mut frame, kind, content)?;
    out.write_all(&frame).await?;
    out.flush().await
}

/// As [`read()`], without blocking; the end of the stream is an error.
pub(super) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head).await?;
    let (kind, length) = understood(head)?;
    let mut content = vec![0; length];
    from.read_exact(&mut content).await?;
    Ok((kind, content))
}

fn head(kind: Kind, content: &[u8]) -> io::Result<[u8; 5]> {
    let length = u32::try_from(content.len())
        .ok()
        .filter(|length| *length <= LARGEST)
        .ok_or_else(|| io::Error::other("a frame that is too long"))?
        .to_le_bytes();
    Ok([kind.letter(), length[0], length[1], length[2], length[3]])
}

fn understood(head: [u8; 5]) -> io::Result<(Kind, usize)> {
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    if length > LARGEST {
        return Err(io::Error::other("a frame that is too long"));
    }
    let length = usize::try_from(length).map_err(io::Error::other)?;
    Ok((Kind::of(head[0])?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        write(&mut bytes, Kind::Part, b"abc").expect("memory");
        write(&mut bytes, Kind::Done, b"").expect("memory");
        let mut from = bytes.as_slice();
        assert_eq!(
            read(&mut from).ok(),
            Some(Some((Kind::Part, b"abc".to_vec())))
        );
        assert_eq!(read(&mut from).ok(), Some(Some((Kind::Done, Vec::new()))));
        assert_eq!(read(&mut from).ok(), Some(None));
        assert!(read(&mut b"?\0\0\0\0".as_slice()).is_err());
        assert!(read(&mut b"P\xff\xff\xff\xff".as_slice()).is_err());
    }
}
