//! What was changed since the data were opened, kept in order so that every worker comes to have
//! the same data, and in a file where that was asked for.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::error::{Error, Result};

/// Changes, each as a worker wrote it: one line of JSON.
#[derive(Default)]
pub(super) struct Changes {
    list: RwLock<Vec<Arc<Vec<u8>>>>,
    journal: Mutex<Option<File>>,
}

impl Changes {
    /// Reads the changes of a journal and adds to it from now on. A last line that is not whole,
    /// as a power cut leaves it, was never acknowledged and is cut off.
    ///
    /// # Errors
    /// A file that cannot be read or written, or a line that is no change.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let unreadable = Error::unreadable(path);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(&unreadable)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(&unreadable)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut list = Vec::new();
        for (number, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            if serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err() {
                return Err(Error::usage(
                    format!("line {} of {} is no change", number + 1, path.display()),
                    "give the journal that a server wrote, or a new file",
                ));
            }
            list.push(Arc::new(line.to_vec()));
        }
        let end = u64::try_from(whole).unwrap_or(u64::MAX);
        file.set_len(end).map_err(&unreadable)?;
        file.seek(SeekFrom::Start(end)).map_err(&unreadable)?;
        Ok(Self {
            list: RwLock::new(list),
            journal: Mutex::new(Some(file)),
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Those from a position on.
    pub(super) fn since(&self, from: usize) -> Vec<Arc<Vec<u8>>> {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.get(from..).unwrap_or(&[]).to_vec()
    }

    /// Adds one. When this returns, a journal has it on the disk.
    ///
    /// # Errors
    /// A journal that cannot be written; the change then does not count.
    pub(super) fn add(&self, change: Vec<u8>) -> std::io::Result<()> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = journal.as_mut() {
            let before = file.stream_position()?;
            let mut line = change.clone();
            line.push(b'\n');
            if let Err(error) = file.write_all(&line).and_then(|()| file.sync_data()) {
                file.set_len(before)?;
                file.seek(SeekFrom::Start(before))?;
                return Err(error);
            }
        }
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        list.push(Arc::new(change));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_keeps_what_was_acknowledged_and_drops_half_a_line() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("journal");
        let changes = Changes::open(&path).expect("new");
        changes.add(b"{\"n\":1}".to_vec()).expect("written");
        changes.add(b"{\"n\":2}".to_vec()).expect("written");
        drop(changes);
        let mut file = OpenOptions::new().append(true).open(&path).expect("there");
        file.write_all(b"{\"n\":").expect("written");
        let changes = Changes::open(&path).expect("readable");
        assert_eq!(changes.len(), 2);
        changes.add(b"{\"n\":3}".to_vec()).expect("written");
        assert_eq!(changes.since(2), [Arc::new(b"{\"n\":3}".to_vec())]);
        drop(changes);
        assert_eq!(Changes::open(&path).expect("readable").len(), 3);
        std::fs::write(&path, "not a change\n").expect("written");
        assert!(Changes::open(&path).is_err());
    }
}
