//! All tests that need more than one module: one binary, one module a feature.
//!
//! - `cases`: folders of `tests/cases`, one command with its exact output each. Adding a case is
//!   adding a folder; `PEERMAP_BLESS=1` writes what the program prints now.
//! - `completion`: what is offered at each place of a query, on a graph by hand.
//! - `mistakes`: broken queries with the exact text that explains them.
//! - `why`: the reasons of empty answers, on the graph of `completion`.
//! - `queries`: every named query on hand-made data (`tests/queries`) and on the bundled data.
//! - `ontology`: checks of `tests/ontology`, and files that each check must catch.
//! - `map_is_data`: a value and a dimension added in Turtle alone.
//! - `facts`: the query that `--as-sparql` prints returns what the answer stands on.
//! - `floors`, `source`: the layout of `src` and what may not stand in it.
//! - `own_words`: nothing is copied from the paper.
//! - `oracle_*`: reference numbers of other libraries (`golden`), made by `tests/oracles/*.py`.
//! - `elsewhere`: data on endpoints of other people, and functions in queries.
//! - `faces`: one request from a command line, a prompt line and a URL.
//! - `importing`: files of other people: problems at their cells, limits, mappings, the template.
//! - `loading`: formats, broken files, updates.
//! - `properties`: whatever the input, nothing panics.
//! - `publishing`: canonical forms, round trips, the W3C cases of RDFC-1.0, files whole or not at
//!   all.
//! - `readme`: the commands of README.md give what it says.
//! - `robustness`: what falls without a question is what the verb itself says without it.
//! - `saving`: results kept as RDF are what the commands say, and the same bytes each time.
//! - `streaming`: every pair of `network --all` once, in little memory.
//! - `repl`: the prompt in scripts, at a terminal and with lines at random.
//! - `shacl`: the W3C cases, what each provocation file stands for, and pySHACL.
//! - `report`: the page stands alone and agrees with the commands that it names.
//! - `pages`: the pages of the explorer, without a server
//! - `serve`, `serve_write`, `serve_hostile`: the protocol and manners of a `server`, changing its
//!   data, and what is sent to harm it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop with the cause"
)]
#![expect(
    clippy::print_stderr,
    reason = "a test says what it left out and what it measured"
)]

mod cases;
mod completion;
mod elsewhere;
mod faces;
mod facts;
mod floors;
mod golden;
mod importing;
mod loading;
mod map_is_data;
mod mistakes;
mod ontology;
mod oracle_formal_concepts;
mod oracle_gaps;
mod oracle_labels;
mod oracle_network;
mod oracle_significance;
mod oracle_similarity;
mod own_words;
mod pages;
mod properties;
mod publishing;
mod queries;
mod readme;
mod repl;
mod report;
mod robustness;
mod saving;
mod serve;
mod serve_hostile;
mod serve_write;
mod server;
mod shacl;
mod source;
mod streaming;
mod why;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, away from the settings of whoever runs the tests.
fn peermap() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peermap"));
    command
        .env_remove("PEERMAP_DATA")
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .current_dir(root());
    command
}

/// Runs the program with arguments split as a shell would.
fn run(line: &str) -> Output {
    peermap()
        .args(shlex::split(line).unwrap())
        .output()
        .unwrap()
}

/// What the program prints, which must succeed.
fn answer(line: &str) -> String {
    let output = run(line);
    assert!(
        output.status.success(),
        "{line}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Files of a folder and below with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Folders directly in a folder, sorted.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}
