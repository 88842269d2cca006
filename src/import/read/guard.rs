//! What a file may cost: limits on its size, on what it unpacks to and on its cells, and whether
//! it stays the same while it is read.

use std::fs::Metadata;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// The largest file, in bytes.
pub const MAX_FILE: u64 = 512 << 20;
/// The most that a packed file may unpack to, in bytes.
pub const MAX_UNPACKED: u64 = 512 << 20;
/// The largest cell, in bytes.
pub const MAX_CELL: usize = 1 << 20;
/// The most cells of a workbook.
pub const MAX_CELLS: usize = 20_000_000;

/// A limit that a file passes.
pub(super) fn limit(path: &Path, reason: &str, hint: &str) -> Error {
    Error::Limit {
        reason: format!("{} {reason}", path.display()),
        hint: Some(hint.to_owned()),
    }
}

/// Reads a file whole.
///
/// # Errors
/// A file that cannot be read, is larger than [`MAX_FILE`], or is written to in the meantime.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = Error::unreadable(path);
    let mut file = std::fs::File::open(path).map_err(&unreadable)?;
    let before = file.metadata().map_err(&unreadable)?;
    if before.len() > MAX_FILE {
        return Err(too_large(path));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0));
    file.by_ref()
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(&unreadable)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(too_large(path));
    }
    let after = std::fs::metadata(path).map_err(&unreadable)?;
    if before.is_file() && is_changed(&before, &after, bytes.len() as u64) {
        return Err(unreadable(std::io::Error::other(
            "it changed while it was read, and nothing of it was taken in",
        )));
    }
    Ok(bytes)
}

fn too_large(path: &Path) -> Error {
    limit(
        path,
        &format!("is larger than {} MB", MAX_FILE >> 20),
        "split it; several files can be imported in one go",
    )
}

fn is_changed(before: &Metadata, after: &Metadata, read: u64) -> bool {
    let time = |metadata: &Metadata| metadata.modified().ok();
    before.len() != read || after.len() != read || time(before) != time(after)
}

/// Unpacks every part of a packed workbook once, keeping nothing, so that a small file that
/// unpacks to a huge one is refused before anything is built from it. Linear in what is unpacked,
/// which is limited; holds 64 kB.
///
/// # Errors
/// More than [`MAX_UNPACKED`] bytes, a part that declares entities, or a broken archive.
pub(super) fn check_archive(path: &Path, bytes: &[u8]) -> Result<()> {
    let broken = |reason: String| Error::Syntax {
        reason: format!("{} is not a whole workbook: {reason}", path.display()),
        place: None,
        path: path.to_owned(),
        hint: Some("open it in a spreadsheet program and save it again".to_owned()),
    };
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let mut room = MAX_UNPACKED;
    let mut buffer = vec![0; 64 << 10];
    for at in 0..archive.len() {
        let mut part = archive
            .by_index(at)
            .map_err(|error| broken(error.to_string()))?;
        let name = part
            .name()
            .map_err(|error| broken(error.to_string()))?
            .into_owned();
        let is_markup = Path::new(&name)
            .extension()
            .is_some_and(|ending| ending == "xml" || ending == "rels");
        let mut first = true;
        loop {
            let read = part
                .read(&mut buffer)
                .map_err(|error| broken(format!("{name}: {error}")))?;
            if read == 0 {
                break;
            }
            room = room.checked_sub(read as u64).ok_or_else(|| {
                limit(
                    path,
                    &format!("unpacks to more than {} MB", MAX_UNPACKED >> 20),
                    "a file like this can fill the memory; save the sheet as CSV if it is really that large",
                )
            })?;
            if first && is_markup && declares_entities(&buffer[..read]) {
                return Err(broken(format!("{name} declares entities of its own")));
            }
            first = false;
        }
    }
    Ok(())
}

/// Whether markup begins with a document type, which no workbook needs.
fn declares_entities(start: &[u8]) -> bool {
    [&b"<!DOCTYPE"[..], b"<!ENTITY"]
        .iter()
        .any(|mark| start.windows(mark.len()).any(|window| window == *mark))
}

/// Refuses a cell that is too large.
pub(super) fn check_cell(path: &Path, place: &str, cell: &str) -> Result<()> {
    if cell.len() <= MAX_CELL {
        return Ok(());
    }
    Err(limit(
        path,
        &format!(
            "has a cell of {} MB at {place}: more than {} MB is no cell",
            cell.len() >> 20,
            MAX_CELL >> 20
        ),
        "a quote that is never closed does this; look at the text before it",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_or_is_written_again_counts_as_changed() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "a").expect("written");
        let before = std::fs::metadata(&path).expect("there");
        assert!(!is_changed(&before, &before, 1));
        assert!(is_changed(&before, &before, 2));
        std::fs::write(&path, "ab").expect("written");
        let after = std::fs::metadata(&path).expect("there");
        assert!(is_changed(&before, &after, 1));
    }

    #[test]
    fn markup_with_entities_is_seen() {
        assert!(declares_entities(b"<?xml version='1.0'?><!DOCTYPE lolz ["));
        assert!(!declares_entities(b"<?xml version='1.0'?><worksheet>"));
    }
}
