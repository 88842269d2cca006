//! One request, three faces: the same struct from a command line, a prompt line and a URL.

use clap::Parser;
use peermap::cli::{Cli, Verb};
use peermap::commands::Command;
use peermap::commands::bridges::Bridges;
use peermap::commands::show::Show;

fn from_line(line: &str) -> Command {
    let words = std::iter::once("peermap".to_owned()).chain(shlex::split(line).unwrap());
    match Cli::try_parse_from(words).unwrap().verb {
        Verb::Ask(command) => command,
        other => panic!("{other:?} is not a question"),
    }
}

#[test]
fn a_url_and_a_line_make_the_same_request() {
    let url: Show = serde_urlencoded::from_str("programme=harlem+patient").unwrap();
    assert_eq!(from_line("show 'harlem patient'"), Command::Show(url));
}

#[test]
fn defaults_are_the_same_in_every_face() {
    let url: Bridges = serde_urlencoded::from_str("").unwrap();
    assert_eq!(from_line("bridges"), Command::Bridges(url));
    let url: Bridges = serde_urlencoded::from_str("top=3&min-comparable=2").unwrap();
    assert_eq!(
        from_line("bridges -k 3 --min-comparable 2"),
        Command::Bridges(url)
    );
}

#[test]
fn a_url_cannot_name_a_file() {
    let url: peermap::commands::query::Query =
        serde_urlencoded::from_str("source=%2Fetc%2Fpasswd&query=ASK%7B%7D").unwrap();
    assert_eq!(url.source, None);
    assert_eq!(url.text.as_deref(), Some("ASK{}"));
}
