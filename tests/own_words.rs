//! Nothing is copied: no more than eight consecutive words of the paper's body stand in the
//! ontology, the data or the prose. Runs where the paper is at hand (`PEERMAP_SHARED`).

use std::collections::HashSet;

use crate::{files, root};

/// Longest run of words in common that is left alone.
const RUN: usize = 8;

fn words(text: &str) -> Vec<String> {
    let plain = text
        .replace(['\u{2010}', '-', '/', '_'], " ")
        .to_lowercase();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_sentence_of_the_paper_is_in_the_project() {
    let Some(shared) = std::env::var_os("PEERMAP_SHARED") else {
        eprintln!("PEERMAP_SHARED is not set: the paper is not compared");
        return;
    };
    let path = std::path::Path::new(&shared).join("source/paper.txt");
    let Ok(paper) = std::fs::read_to_string(&path) else {
        eprintln!("{} is not there: the paper is not compared", path.display());
        return;
    };
    let body = paper.split("\nAUTHOR CONTRIBUTIONS").next().unwrap();
    let body = words(body);
    let runs: HashSet<&[String]> = body.windows(RUN + 1).collect();
    let mut copied = Vec::new();
    for (folder, ending) in [
        ("ontology", "ttl"),
        ("data", "csv"),
        ("queries", "rq"),
        ("src", "rs"),
        ("docs", "md"),
        ("", "md"),
    ] {
        let folder = root().join(folder);
        let list = if folder == root().join("") {
            std::fs::read_dir(root())
                .unwrap()
                .map(|e| e.unwrap().path())
                .filter(|p| p.extension().is_some_and(|e| e == ending))
                .collect()
        } else if folder.exists() {
            files(&folder, ending)
        } else {
            continue;
        };
        for file in list {
            for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
                let line_words = words(line);
                if let Some(run) = line_words.windows(RUN + 1).find(|run| runs.contains(run)) {
                    copied.push(format!(
                        "{}:{}: {}",
                        file.display(),
                        number + 1,
                        run.join(" ")
                    ));
                }
            }
        }
    }
    assert!(copied.is_empty(), "{}", copied.join("\n"));
}
