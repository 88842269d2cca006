//! Verbs of the program itself: the prompt, shell completions, manual pages.

use std::io::Write;

use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;

use super::{Cli, DataFlags, LookFlags, send};
use crate::error::{Error, Result};
use crate::output::replace_file;
use crate::repl::Repl;

/// Help with the program itself.
#[derive(Subcommand, Clone, Debug, PartialEq)]
pub enum Tool {
    /// A prompt for SPARQL and every verb, with completion from the data
    Repl(Repl),
    /// Completions for a shell, to be put where it looks for them
    ///
    /// bash: peermap completions bash > ~/.local/share/bash-completion/completions/peermap;
    /// zsh: … zsh > a folder of $fpath, as _peermap;
    /// fish: … fish > ~/.config/fish/completions/peermap.fish
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Manual pages, one a verb, into the folder that -o names
    Man,
}

impl Tool {
    /// Does it, without opening data where none is needed.
    ///
    /// # Errors
    /// Those of the prompt; a folder that cannot be written.
    pub fn run(
        &self,
        source: &DataFlags,
        look: &LookFlags,
        out: &mut dyn Write,
        talk: &mut dyn Write,
    ) -> Result<u8> {
        match self {
            Self::Repl(repl) => repl.run(source.choice(repl.write)?, look, out, talk)?,
            Self::Completions { shell } => {
                let mut bytes = Vec::new();
                clap_complete::generate(*shell, &mut Cli::command(), "peermap", &mut bytes);
                match &look.output {
                    Some(path) => replace_file(path, &bytes)?,
                    None => send(&bytes, out)?,
                }
            }
            Self::Man => man(look, talk)?,
        }
        Ok(0)
    }
}

fn man(look: &LookFlags, talk: &mut dyn Write) -> Result<()> {
    let folder = look
        .output
        .as_ref()
        .ok_or_else(|| Error::usage("manual pages need a folder", "add -o DIR"))?;
    std::fs::create_dir_all(folder).map_err(Error::unwritable(folder))?;
    let mut command = Cli::command();
    command.build();
    let written = pages(&command, folder)?;
    if look.quiet {
        return Ok(());
    }
    writeln!(talk, "{written} pages written to {}", folder.display()).map_err(Error::Output)
}

/// Writes the page of a command and those of its verbs; says how many.
fn pages(command: &clap::Command, folder: &std::path::Path) -> Result<usize> {
    let page = clap_mangen::Man::new(command.clone());
    let mut bytes = Vec::new();
    page.render(&mut bytes).map_err(Error::Output)?;
    replace_file(&folder.join(page.get_filename()), &bytes)?;
    let mut written = 1;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        if verb.get_name() != "help" {
            written += pages(verb, folder)?;
        }
    }
    Ok(written)
}
