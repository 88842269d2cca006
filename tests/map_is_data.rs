//! The map is data: a value, and a whole seventh dimension, are added in `ontology/map.ttl` alone.

use std::fs;
use std::path::Path;

use crate::{peermap, root};

/// The ontology in a folder of its own, with more at the end of `map.ttl`.
fn ontology_with(folder: &Path, more: &str) {
    for file in crate::files(&root().join("ontology"), "ttl") {
        if file.parent().unwrap().ends_with("ontology") {
            fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
    }
    let map = folder.join("map.ttl");
    let text = fs::read_to_string(&map).unwrap();
    fs::write(&map, format!("{text}\n{more}")).unwrap();
}

const NEW_VALUE: &str = r#"
function:gardening a pm:Function , skos:Concept ;
    skos:inScheme dimension:function ; skos:topConceptOf dimension:function ; skos:notation "gardening" ;
    skos:prefLabel "gardening together"@en , "jardiner ensemble"@fr ; pm:order 900 .
"#;

const NEW_DIMENSION: &str = r#"
pm:Rhythm a owl:Class ; rdfs:subClassOf pm:MapValue .
pm:rhythm a owl:ObjectProperty ; rdfs:subPropertyOf pm:hasMapValue ; rdfs:domain pm:Programme ; rdfs:range pm:Rhythm .
dimension:rhythm a pm:Dimension , skos:ConceptScheme ;
    skos:notation "rhythm" ; skos:prefLabel "rhythm"@en , "rythme"@fr ;
    pm:question "How often do peers meet people?"@en , "À quel rythme les pairs rencontrent-ils les gens ?"@fr ;
    pm:inFacet facet:roles ; pm:order 7 ; pm:scale pm:Nominal ; pm:weight 1.0 ; pm:property pm:rhythm .
<https://w3id.org/peermap/value/rhythm/weekly> a pm:Rhythm , skos:Concept ;
    skos:inScheme dimension:rhythm ; skos:topConceptOf dimension:rhythm ; skos:notation "weekly" ;
    skos:prefLabel "weekly"@en , "chaque semaine"@fr ; pm:order 1 .
"#;

fn tables(folder: &Path, dimension: &str, value: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("programmes.csv"),
        "id,name,kind,community\none,One,programme,women\ntwo,Two,programme,youth\nthree,Three,group,\n",
    )
    .unwrap();
    let coding = |programme: &str| {
        format!(
            "{programme},{dimension},{value},present,explicit,high,Stated for the test in four words,book,§1,tester\n"
        )
    };
    fs::write(
        folder.join("codings.csv"),
        format!("programme,dimension,value,finding,basis,confidence,evidence,source,locator,coder\n{}{}", coding("one"), coding("two")),
    )
    .unwrap();
    fs::write(
        folder.join("sources.csv"),
        "id,title,url\nbook,A book,https://example.org/book\n",
    )
    .unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = peermap()
        .arg("--ontology")
        .arg(folder.join("ontology"))
        .arg("--data")
        .arg(folder.join("data"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn prepared(more: &str, dimension: &str, value: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("ontology")).unwrap();
    ontology_with(&folder.path().join("ontology"), more);
    tables(&folder.path().join("data"), dimension, value);
    folder
}

#[test]
fn a_value_added_to_the_map_is_everywhere() {
    let folder = prepared(NEW_VALUE, "function", "jardiner ensemble");
    let folder = folder.path();
    assert_eq!(
        run(folder, &["bridges", "-f", "csv"]),
        "a,b,rarity,shared,comparable,only_a,only_b,separated_by\n\
         https://w3id.org/peermap/programme/one,https://w3id.org/peermap/programme/two,0.0000,gardening,1,,,community\n"
    );
    assert!(
        run(folder, &["show", "one"])
            .contains("gardening together  Stated for the test in four words")
    );
    assert!(
        run(folder, &["show", "one", "--lang", "fr"])
            .contains("jardiner ensemble  Stated for the test in four words")
    );
    let direct = run(
        folder,
        &[
            "query",
            "-q",
            "SELECT ?p { ?p pm:function function:gardening } ORDER BY ?p",
            "-f",
            "csv",
        ],
    );
    assert_eq!(
        direct,
        "p\nhttps://w3id.org/peermap/programme/one\nhttps://w3id.org/peermap/programme/two\n"
    );
}

#[test]
fn a_seventh_dimension_is_everywhere() {
    let folder = prepared(NEW_DIMENSION, "rhythm", "weekly");
    let folder = folder.path();
    let bridges = run(folder, &["bridges", "-f", "csv"]);
    assert!(bridges.contains(",weekly,1,"), "{bridges}");
    let info = run(folder, &["info", "-f", "csv"]);
    assert_eq!(info.lines().last(), Some("rhythm,1,2,0,0,1"));
    let card = run(folder, &["show", "three"]);
    assert!(
        card.contains("\nrhythm\n    not stated  nobody has looked\n"),
        "{card}"
    );
    let profiles = run(folder, &["profiles", "-f", "csv"]);
    assert_eq!(
        profiles
            .lines()
            .next()
            .map(|header| header.contains(",rhythm,")),
        Some(true),
        "{profiles}"
    );
    let direct = run(
        folder,
        &[
            "query",
            "-q",
            "SELECT ?p { ?p pm:rhythm ?v } ORDER BY ?p",
            "-f",
            "csv",
        ],
    );
    assert_eq!(direct.lines().count(), 3);
}
