//! Replacing a file whole.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a file beside its place and moves it there, so that a failure leaves the old one whole.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let unwritable = |source| Error::Unwritable {
        path: path.to_owned(),
        source,
    };
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
        return std::fs::write(path, bytes).map_err(unwritable);
    }
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(unwritable)
}
