//! One folder a case: `command` is a line of arguments, `stdout`, `stderr` and `code` what it must
//! print and return. Other files of the folder are its input. Lines of `stdout` that end in `…`
//! match any longer line, and a last line `…` matches any rest.

use std::path::Path;
use std::process::Stdio;

use crate::{folders, peermap, root};

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn fits(expected: &str, found: &str) -> bool {
    let mut found_lines = found.lines();
    let expected_lines: Vec<&str> = expected.lines().collect();
    for (number, expected) in expected_lines.iter().enumerate() {
        if *expected == "…" && number + 1 == expected_lines.len() {
            return true;
        }
        let Some(line) = found_lines.next() else {
            return false;
        };
        let fits = expected
            .strip_suffix('…')
            .map_or(line == *expected, |start| line.starts_with(start));
        if !fits {
            return false;
        }
    }
    found_lines.next().is_none()
}

#[test]
fn every_case_prints_what_it_should() {
    let bless = std::env::var_os("PEERMAP_BLESS").is_some();
    let mut wrong = Vec::new();
    let cases = folders(&root().join("tests/cases"));
    assert!(!cases.is_empty());
    for folder in cases {
        let command = text(&folder.join("command"));
        let mut process = peermap();
        process
            .args(shlex::split(command.trim()).unwrap())
            .current_dir(&folder);
        let input = folder.join("stdin");
        process.stdin(if input.exists() {
            Stdio::from(std::fs::File::open(&input).unwrap())
        } else {
            Stdio::null()
        });
        let output = process.output().unwrap();
        let code = output.status.code().unwrap();
        let found = [
            (
                "stdout",
                String::from_utf8_lossy(&output.stdout).into_owned(),
            ),
            (
                "stderr",
                String::from_utf8_lossy(&output.stderr).into_owned(),
            ),
            (
                "code",
                if code == 0 {
                    String::new()
                } else {
                    format!("{code}\n")
                },
            ),
        ];
        for (file, found) in found {
            let path = folder.join(file);
            let expected = text(&path);
            if !fits(&expected, &found) {
                if bless && found.is_empty() {
                    let _ = std::fs::remove_file(&path);
                } else if bless {
                    std::fs::write(&path, &found).unwrap();
                } else {
                    wrong.push(format!(
                        "{} {file}\n--- expected\n{expected}--- found\n{found}",
                        folder.file_name().unwrap().to_string_lossy()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_dotted_line_fits_any_longer_one() {
    assert!(fits("a…\nb\n", "abc\nb\n"));
    assert!(!fits("a…\nb\n", "abc\nb\nc\n"));
    assert!(fits("a\n…\n", "a\nb\nc\n"));
    assert!(!fits("a\nb\n", "a\n"));
}
