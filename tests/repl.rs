//! The prompt: transcripts of `tests/repl` word for word, a real terminal, and lines at random.
//!
//! A transcript begins with the command; lines after `pm> ` and `  > ` are what is typed, all
//! else is what it says. A last line `[N]` is the exit code, a last
//! line `…` any rest. `PEERMAP_BLESS=1` writes what it
//! says now.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;

use crate::{files, peermap, root};

/// Runs lines through the prompt, with answers and talk in one stream as on a terminal.
fn transcript(arguments: &str, input: &str, folder: &Path) -> (String, i32) {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("exec \"$PEERMAP\" {arguments} 2>&1")])
        .env("PEERMAP", env!("CARGO_BIN_EXE_peermap"))
        .env("NO_COLOR", "1")
        .env("HOME", folder)
        .env_remove("PEERMAP_DATA")
        .env_remove("XDG_STATE_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut process = shell.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A prompt that has stopped reads no more.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = process.wait_with_output().unwrap();
    writer.join().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.code().unwrap(),
    )
}

/// What is typed in a transcript.
fn typed(text: &str) -> String {
    text.lines()
        .filter_map(|line| line.strip_prefix("pm> ").or(line.strip_prefix("  > ")))
        .fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn transcripts_are_word_for_word() {
    let bless = std::env::var_os("PEERMAP_BLESS").is_some();
    let mut wrong = Vec::new();
    let all = files(&root().join("tests/repl"), "txt");
    assert!(!all.is_empty());
    for path in all {
        let expected = std::fs::read_to_string(&path).unwrap();
        let (command, rest) = expected.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ peermap ").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (said, code) = transcript(arguments, &typed(rest), folder.path());
        let end = if code == 0 {
            String::new()
        } else {
            format!("[{code}]\n")
        };
        let found = format!("{command}\n{said}{end}");
        let fits = expected
            .strip_suffix("…\n")
            .map_or(found == expected, |start| found.starts_with(start));
        if !fits {
            if bless {
                std::fs::write(&path, &found).unwrap();
            } else {
                wrong.push(format!(
                    "{}\n--- expected\n{expected}--- found\n{found}",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn repl(arguments: &[&str], input: &str, folder: &Path) -> Output {
    let mut process = peermap()
        .args(["repl", "--data", "paper"])
        .args(arguments)
        .env("HOME", folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

#[test]
fn every_verb_of_the_command_line_is_a_word_of_the_prompt() {
    let folder = tempfile::tempdir().unwrap();
    let help = repl(&[], ".help\n", folder.path());
    let help = String::from_utf8(help.stdout).unwrap();
    let mut wrong = Vec::new();
    let definition = <peermap::cli::Cli as clap::CommandFactory>::command();
    for verb in definition.get_subcommands() {
        let name = verb.get_name();
        let of_the_program = ["repl", "completions", "man", "serve", "worker", "help"];
        if of_the_program.contains(&name) || verb.is_hide_set() {
            continue;
        }
        if !help.contains(&format!("\n  .{name} ")) {
            wrong.push(name.to_owned());
        }
    }
    assert!(wrong.is_empty(), "not in .help: {}", wrong.join(", "));
}

#[test]
fn a_line_gives_what_the_command_line_gives() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        "similar harlem -k 2 -f csv",
        "bridges -k 2 -f csv",
        "show harlem -f csv",
        "info -f csv",
        "named run counts",
    ] {
        let here = repl(&[], &format!(".{line}\n"), folder.path());
        let mut there = shlex::split(line).unwrap();
        there.extend(["--data".to_owned(), "paper".to_owned()]);
        let there = peermap().args(there).output().unwrap();
        assert!(there.status.success());
        assert_eq!(
            String::from_utf8_lossy(&here.stdout),
            String::from_utf8_lossy(&there.stdout),
            "{line}"
        );
    }
}

#[test]
fn a_changed_graph_is_saved_whole_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let done = repl(
        &["--write"],
        "INSERT DATA { programme:new a pm:Programme ; rdfs:label \"New\" };\n.save all.trig\n",
        folder.path(),
    );
    assert!(done.status.success());
    let again = peermap()
        .args(["query", "-f", "csv", "--data", "all.trig", "-q"])
        .arg("SELECT ?l { programme:new rdfs:label ?l }")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&again.stdout), "l\nNew\n");
}

#[test]
fn a_terminal_shows_what_a_person_should_see() {
    let script = root().join("tests/repl/terminal.py");
    let python = Command::new("python3").arg("--version").output();
    if python.is_err() {
        eprintln!("python3 is not there: the prompt is not tried at a terminal");
        return;
    }
    let output = Command::new("python3")
        .arg("-B")
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_peermap"))
        .env_remove("PEERMAP_DATA")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn completions_and_manual_pages_name_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = peermap().args(["completions", shell]).output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("bridges") && text.contains("repl"), "{shell}");
        if ["bash", "zsh", "fish"].contains(&shell) {
            let file = folder.path().join(shell);
            std::fs::write(&file, &text).unwrap();
            match Command::new(shell).arg("-n").arg(&file).output() {
                Ok(read) => assert!(read.status.success(), "{shell} cannot read its completions"),
                Err(_) => eprintln!("{shell} is not there: its completions are not read by it"),
            }
        }
    }
    let done = peermap()
        .args(["man", "-o"])
        .arg(folder.path().join("man"))
        .output()
        .unwrap();
    assert!(done.status.success());
    for page in ["peermap.1", "peermap-repl.1", "peermap-bridges.1"] {
        let text = std::fs::read_to_string(folder.path().join("man").join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_line_breaks_the_prompt_down(
        lines in proptest::collection::vec(
            prop_oneof![
                "\\.(mode|labels|lang|timer|maxrows|pager|last|prefixes|examples|named|param|explain|why|fix|history|set|help|version|similar|compare|read|load|describe|once|tee) ?[a-z0-9=:'\"{}?-]{0,12}",
                "\\PC{0,40}",
                "(SELECT|ASK|PREFIX|INSERT) [*?a-z:{}.\"'() ]{0,30}",
            ],
            1..8,
        )
    ) {
        let folder = tempfile::tempdir().unwrap();
        for line in lines {
            // One prompt a line, since it stops at the first error.
            let output = repl(&["-f", "text"], &format!("{line}\n"), folder.path());
            let code = output.status.code();
            prop_assert!(
                matches!(code, Some(0..=4)),
                "{line:?}: {code:?} {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}
