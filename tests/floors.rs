//! The house has floors: a module uses modules of its own floor and below, never above, and the
//! jobs of floor 3 do not use each other.

use crate::{files, root};

const FLOORS: &[&[&str]] = &[
    &["vocab", "error", "nearest"],
    &["terms", "output", "graph", "query"],
    &["map", "profile"],
    &["import", "validate", "analysis", "publish"],
    &["dataset", "commands"],
    &["pages"],
    &["cli", "repl", "web"],
];

/// The floor whose rooms are closed to each other.
const JOBS: usize = 3;

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn no_module_reaches_upstairs() {
    let mut wrong = Vec::new();
    for file in files(&root().join("src"), "rs") {
        let relative = file.strip_prefix(root().join("src")).unwrap();
        let own = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .trim_end_matches(".rs")
            .to_owned();
        if own == "lib" || own == "main" {
            continue;
        }
        let here = floor(&own).unwrap_or_else(|| {
            panic!("src/{own} has no floor: add it to tests/floors.rs and lib.rs")
        });
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let Some(there) = floor(&used) else { continue };
                if there > here || (here == JOBS && there == JOBS && used != own) {
                    wrong.push(format!(
                        "{}:{}: {own} uses {used}",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small_enough_to_read() {
    let mut long = Vec::new();
    for file in files(&root().join("src"), "rs") {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        let limit = if file.ends_with("main.rs") { 60 } else { 480 };
        if lines > limit {
            long.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
