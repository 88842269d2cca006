//! The pages of the explorer, without a server: every page in both languages, facets that agree
//! with their query, and texts that are all there and all used.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use peermap::commands::query::Query;
use peermap::dataset::{Choice, Dataset};
use peermap::map::Language;
use peermap::output::Body;
use peermap::pages::{Answer, Explorer};
use peermap::query::Limits;

use crate::{files, root};

static EXPLORER: LazyLock<Explorer> = LazyLock::new(|| {
    let dataset = Dataset::open(&Choice::default()).unwrap();
    Explorer::new(Arc::new(dataset)).unwrap()
});

const PAGES: &[&str] = &[
    "",
    "programmes",
    "programmes?function=listening&function=not-stated&space=home&q=health",
    "programmes?label=peer&page=2",
    "programme/harlem-patient-navigation",
    "compare",
    "compare?programme=harlem-patient-navigation&programme=alcoholics-anonymous&programme=mobpresh",
    "map",
    "map?axis=community&links=3&other-silo=yes&seed=2",
    "map?colour=like&focus=harlem-patient-navigation",
    "pair?a=harlem-patient-navigation&b=alcoholics-anonymous",
    "silos?axis=setting",
    "gaps",
    "gaps?rows=space&columns=main-role&all-values=yes",
    "labels",
    "label/peer",
    "label/pair-aidant",
    "situate",
    "situate?step=2&function=listening",
    "situate?step=7&function=listening&space=home&relation=none",
    "query",
    "query?query=ASK+%7B+%3Fp+a+pm%3AProgramme+%7D",
    "query?named=labels-by-use",
    "query?query=SELECT+%3Fx",
    "data",
    "search?q=navig",
    "search?q=naviagtion",
    "vocabulary",
    "cookbook",
    "value/space/home",
    "silo/issue/hiv",
    "source/hex14034",
    "dimension/function",
];

fn get(language: Language, address: &str) -> Arc<Answer> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    EXPLORER.respond(language, path, query, &Limits::default())
}

fn page(language: Language, address: &str) -> String {
    let answer = get(language, address);
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(answer.status, 200, "{address}: {text}");
    text
}

#[test]
fn every_page_is_there_in_both_languages() {
    let mut wrong = Vec::new();
    for address in PAGES {
        for language in [Language::En, Language::Fr] {
            let text = page(language, address);
            let tag = language.tag();
            for wanted in [
                format!("<html lang=\"{tag}\">"),
                "<main id=\"main\"".to_owned(),
                "<h1>".to_owned(),
                format!("data {}", EXPLORER.version()).replace(
                    "data",
                    if language == Language::En {
                        "data"
                    } else {
                        "données"
                    },
                ),
            ] {
                if !text.contains(&wanted) {
                    wrong.push(format!("{tag} {address}: lacks {wanted}"));
                }
            }
            for unwanted in [
                "style=\"",
                "onclick",
                "http://localhost",
                ">href=",
                "src=\"http",
            ] {
                if text.contains(unwanted) {
                    wrong.push(format!("{tag} {address}: has {unwanted}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Links of a page to other pages of the same server.
fn links(text: &str) -> BTreeSet<String> {
    text.split("href=\"/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| !link.starts_with("assets/"))
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .map(|link| link.split('#').next().unwrap_or("").to_owned())
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    let mut all = BTreeSet::new();
    for address in PAGES {
        all.extend(links(&page(Language::En, address)).into_iter().take(120));
    }
    assert!(all.len() > 500, "only {} links", all.len());
    // Every path once, with the first of its questions.
    let mut seen = BTreeSet::new();
    for link in &all {
        let path = link.split('?').next().unwrap();
        if !seen.insert(path.to_owned()) {
            continue;
        }
        let (tag, rest) = link.split_once('/').unwrap();
        let language = if tag == "fr" {
            Language::Fr
        } else {
            Language::En
        };
        let answer = get(language, rest);
        if answer.status != 200 {
            broken.push(format!("{link}: {}", answer.status));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The query that a page shows.
fn sparql(text: &str) -> String {
    let start = text.find("<pre tabindex=\"0\"><code>").unwrap() + 24;
    let end = start + text[start..].find("</code>").unwrap();
    text[start..end]
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
}

#[test]
fn facets_and_their_query_choose_the_same_programmes() {
    let dataset = &EXPLORER.dataset;
    let map = &dataset.map;
    let first = |at: usize| &map.values[map.dimensions[at].values.start].name.notation;
    let mut asked = vec![
        "q=health".to_owned(),
        "label=peer".to_owned(),
        format!(
            "{}={}&label=peer",
            map.dimensions[0].name.notation,
            first(0)
        ),
    ];
    for (at, dimension) in map.dimensions.iter().enumerate() {
        let name = &dimension.name.notation;
        asked.push(format!("{name}=not-stated"));
        asked.push(format!("{name}=none"));
        asked.push(format!("{name}={}&{name}=not-stated", first(at)));
    }
    for axis in &map.axes {
        let name = &axis.name.notation;
        let value = &map.silo_values[axis.values.start].name.notation;
        asked.push(format!("{name}=not-stated"));
        asked.push(format!(
            "{name}={value}&{}={}",
            map.dimensions[0].name.notation,
            first(0)
        ));
    }
    let mut filled = 0;
    for query in asked {
        let csv = get(Language::En, &format!("programmes.csv?{query}"));
        let shown: BTreeSet<String> = String::from_utf8_lossy(&csv.body)
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect();
        let text = sparql(&page(Language::En, &format!("programmes?{query}")));
        let command = Query {
            text: Some(text.clone()),
            no_auto_prefix: true,
            ..Query::default()
        };
        let Body::Table(table) = command.run(dataset).unwrap().body else {
            panic!("{query}: no rows");
        };
        let found: BTreeSet<String> = table
            .rows
            .iter()
            .map(|row| row[0].as_ref().unwrap().to_string())
            .map(|iri| iri.trim_matches(['<', '>']).to_owned())
            .collect();
        assert_eq!(shown, found, "{query}\n{text}");
        filled += usize::from(!found.is_empty());
    }
    assert!(filled > 10, "only {filled} requests find anything");
}

#[test]
fn downloads_can_be_read() {
    for (address, media, beginning) in [
        ("programmes.csv", "text/csv", "programme,"),
        ("programme/harlem-patient-navigation.ttl", "text/turtle", ""),
        (
            "programme/harlem-patient-navigation.json",
            "application/json",
            "{",
        ),
        ("map.svg", "image/svg+xml", "<svg"),
        ("map.graphml", "", "<?xml"),
        ("map.edges", "text/csv", ""),
        ("map/graph", "application/json", "{"),
        ("gaps.csv", "text/csv", "row,column"),
        ("silos.json", "application/json", "{"),
        (
            "situate.csv?function=listening",
            "text/csv",
            "programme,name,score",
        ),
        ("query.csv?query=SELECT+(1+AS+%3Fx)+%7B%7D", "text/csv", "x"),
        ("label/peer.ttl", "text/turtle", ""),
    ] {
        let answer = get(Language::En, address);
        assert_eq!(answer.status, 200, "{address}");
        assert!(
            answer.media_type.starts_with(media),
            "{address}: {}",
            answer.media_type
        );
        let text = String::from_utf8_lossy(&answer.body);
        assert!(
            !text.is_empty() && text.starts_with(beginning),
            "{address}: {text}"
        );
    }
}

#[test]
fn mistakes_are_pages_that_say_so() {
    for (address, status, said) in [
        ("nothing", 404, "no page is called"),
        ("programme/nobody", 404, "no page is called"),
        ("programmes?space=hoem", 404, "did you mean `home`"),
        ("map?links=many", 400, "is not a number"),
        ("pair?a=mobpresh", 400, "lacks its programme b"),
        ("map.ttl", 400, "cannot be written as ttl"),
    ] {
        let answer = get(Language::En, address);
        let text = String::from_utf8_lossy(&answer.body).replace("&#39;", "'");
        assert_eq!(answer.status, status, "{address}: {text}");
        assert!(text.contains(said), "{address}: {text}");
    }
    let text = page(
        Language::En,
        "programmes?q=%3Cscript%3Ealert(1)%3C/script%3E",
    );
    assert!(!text.contains("<script>alert"), "markup from an address");
}

#[test]
fn texts_of_the_interface_are_all_there_and_all_used() {
    let mut code = String::new();
    for (folder, ending) in [
        ("src/pages", "rs"),
        ("templates", "html"),
        ("src/pages/assets", "js"),
    ] {
        for file in files(&root().join(folder), ending) {
            if !file.to_string_lossy().contains("vendor") {
                code += &std::fs::read_to_string(file).unwrap();
            }
        }
    }
    let english = std::fs::read_to_string(root().join("templates/texts/en.json")).unwrap();
    let texts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&english).unwrap();
    let made = [
        "script.",
        "verdict.",
        "basis.",
        "confidence.",
        "search.",
        "data.",
        "home.",
        "label.",
    ];
    let unused: Vec<&String> = texts
        .keys()
        .filter(|key| !made.iter().any(|lead| key.starts_with(lead)))
        .filter(|key| {
            let stem = key.trim_end_matches(".one").trim_end_matches(".many");
            let script = stem.strip_prefix("script.").unwrap_or(stem);
            !code.contains(&format!("\"{stem}\"")) && !code.contains(&format!("\"{script}\""))
        })
        .collect();
    assert!(unused.is_empty(), "never used: {unused:?}");
    let mut missing = BTreeSet::new();
    for lead in [".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", ".t1(\n"] {
        for part in code.split(lead).skip(1) {
            let key = part
                .trim_start()
                .trim_start_matches('"')
                .split('"')
                .next()
                .unwrap();
            if !texts.contains_key(key) {
                missing.insert(key.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "no text for: {missing:?}");
}
