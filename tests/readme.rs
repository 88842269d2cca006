//! README.md and docs/ are true: each command of a `console` block prints what stands below it.
//!
//! Lines that start with `$ ` are run, with `peermap` being the program just built; the lines
//! after them are what it must print. `…` at the end of a line stands for the rest of the line,
//! alone on a line for any lines.

use crate::{peermap, root};

fn fits(expected: &[&str], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        Some((line, rest)) => found.split_first().is_some_and(|(first, others)| {
            line.strip_suffix('…')
                .map_or(*line == *first, |start| first.starts_with(start))
                && fits(rest, others)
        }),
    }
}

fn check(line: &str, expected: &[&str]) -> bool {
    let Some(arguments) = line.strip_prefix("peermap ") else {
        return false;
    };
    let output = peermap()
        .args(shlex::split(arguments).unwrap())
        .output()
        .unwrap();
    let found = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        fits(expected, &found.lines().collect::<Vec<_>>()),
        "$ {line}\n--- expected\n{}\n--- found\n{found}",
        expected.join("\n")
    );
    true
}

/// Runs the commands of one page and says how many there were.
fn check_page(page: &std::path::Path) -> usize {
    let text = std::fs::read_to_string(page).unwrap();
    let mut run = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let mut command: Option<&str> = None;
        let mut expected = Vec::new();
        for line in block.lines().chain(std::iter::once("$ ")) {
            if let Some(next) = line.strip_prefix("$ ") {
                if let Some(command) = command {
                    run += usize::from(check(command, &expected));
                }
                command = Some(next);
                expected.clear();
            } else {
                expected.push(line);
            }
        }
    }
    run
}

#[test]
fn the_commands_of_the_readme_print_what_it_says() {
    assert!(check_page(&root().join("README.md")) >= 5);
}

#[test]
fn the_commands_of_the_docs_print_what_they_say() {
    for page in crate::files(&root().join("docs"), "md") {
        assert!(check_page(&page) >= 1, "{} runs no command", page.display());
    }
}
