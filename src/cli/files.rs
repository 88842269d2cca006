//! Files that arguments name, read before a command runs: commands themselves open none.

use std::io::Read;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// Reads a text file, or standard input for `-`.
pub fn read_text(source: &str) -> Result<String> {
    let path = PathBuf::from(source);
    let unreadable = |source| Error::Unreadable {
        path: path.clone(),
        source,
    };
    let bytes = if source == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        bytes
    } else {
        std::fs::read(&path).map_err(unreadable)?
    };
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::NotUtf8 {
            path,
            offset,
            byte: error.as_bytes()[offset],
        }
    })
}
