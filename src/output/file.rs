//! Replacing a file whole.

use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a file beside its place and moves it there, so that a failure leaves the old one whole.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_file_with(path, |file| file.write_all(bytes).map_err(Error::Output))
}

/// The same with what `fill` writes bit by bit.
pub fn replace_file_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let unwritable = Error::unwritable(path);
    if path.is_dir() {
        return Err(unwritable(std::io::Error::from(
            std::io::ErrorKind::IsADirectory,
        )));
    }
    let Some(name) = path.file_name() else {
        return Err(unwritable(std::io::Error::from(
            std::io::ErrorKind::InvalidInput,
        )));
    };
    if path.exists() && !path.is_file() {
        let mut file = BufWriter::new(std::fs::File::create(path).map_err(&unwritable)?);
        return match fill(&mut file) {
            Err(Error::Output(error)) => Err(unwritable(error)),
            Err(other) => Err(other),
            Ok(()) => file.flush().map_err(&unwritable),
        };
    }
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside)
        .map_err(Error::Output)
        .and_then(|file| {
            let mut file = BufWriter::new(file);
            fill(&mut file)?;
            let file = file
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error);
            let whole = file.and_then(|file| file.sync_all());
            whole
                .and_then(|()| std::fs::rename(&beside, path))
                .map_err(Error::Output)
        });
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    match written {
        Err(Error::Output(error)) => Err(unwritable(error)),
        other => other,
    }
}
