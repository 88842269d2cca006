//! Showing a file or an address in a browser.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// Has a program show something, without waiting for it and without its talk; says whether there
/// was such a program.
pub fn show_with(program: &str, what: impl AsRef<OsStr>) -> bool {
    Command::new(program)
        .arg(what)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .is_ok()
}
