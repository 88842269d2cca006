//! Where files of the user lie, by the XDG base directory specification.

use std::path::PathBuf;

fn folder(variable: &str, home: &str) -> Option<PathBuf> {
    let given = std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let base = given.or_else(|| {
        let house = std::env::var_os("HOME").filter(|house| !house.is_empty())?;
        Some(PathBuf::from(house).join(home))
    })?;
    Some(base.join("peermap"))
}

/// The folder of settings: `$XDG_CONFIG_HOME/peermap`, else `~/.config/peermap`.
pub(super) fn settings() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config")
}

/// The file of what was typed: `$XDG_STATE_HOME/peermap/history`, else below `~/.local/state`.
pub(super) fn history() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state").map(|folder| folder.join("history"))
}
