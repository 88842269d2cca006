//! Mappings: what they give, what they say when they are wrong, and small files that look like
//! those of other people.

use super::{import_text, objects};
use peermap::import::mapping::{MAPPINGS, Mapping};

#[test]
fn bundled_mappings_are_those_of_the_folder_and_can_be_read() {
    let mut files: Vec<String> = std::fs::read_dir(crate::root().join("data/mappings"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let names: Vec<&str> = MAPPINGS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, files);
    for name in names {
        let mapping = Mapping::open(name).unwrap();
        assert_eq!(mapping.name(), name);
        assert!(
            !mapping.title().is_empty() && !mapping.about().is_empty(),
            "{name}"
        );
    }
}

const TRIALS: &str = "\"\";\"study\";\"year\";\"country\";\"disorder\";\"perinatal\";\"in_out_patients\";\"delivery\";\"structure_intervention\";\"percent_women\";\"condition_arm1\"
\"1\";\"One, 2001\";2001;\"NL\";\"SMI\";\"No\";\"Inpatients\";\"Face to face\";\"Structured\";47,4;\"Peer support\"
\"2\";\"One, 2001\";2001;\"NL\";\"SMI\";\"No\";\"Inpatients\";\"Face to face\";\"Structured\";47,4;\"Peer support\"
\"3\";\"Two, 2002\";2002;\"Canada\";\"depression\";\"Yes\";NA;\"Telephone\";NA;100;\"Peer support\"
\"4\";\"Three, 2003\";2003;\"Atlantis\";\"sadness\";\"No\";NA;\"Telephone\";NA;99,9;\"Peer support\"
";

fn bundled(name: &str) -> &'static str {
    MAPPINGS.iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn rows_of_one_study_are_put_together_and_rules_are_cited() {
    let (outcome, triples) = import_text("trials.csv", TRIALS, Some(bundled("metapsy"))).unwrap();
    assert_eq!(
        (outcome.rows, outcome.programmes, outcome.left_out),
        (4, 2, 1)
    );
    assert_eq!(outcome.findings.len(), 1);
    assert!(
        outcome.findings[0].place().ends_with("trials.csv:5:24"),
        "{}",
        outcome.findings[0].place()
    );
    assert_eq!(outcome.unknown.keys().next().unwrap().1, "sadness");
    let one = "programme/metapsy-one-2001";
    assert_eq!(objects(&triples, one, "issue"), ["mental-illness"]);
    assert_eq!(
        objects(&triples, one, "community"),
        ["psychiatric-inpatients"]
    );
    let two = "programme/metapsy-two-2002";
    assert_eq!(objects(&triples, two, "community"), ["women"]);
    assert_eq!(objects(&triples, two, "country"), ["CA"]);
    assert_eq!(objects(&triples, two, "trend"), ["peer-support"]);
    let coding =
        "coding/metapsy-one-2001.formality.formal-structured.metapsy-peer-support.mapping-metapsy";
    assert_eq!(objects(&triples, coding, "basis"), ["Machine"]);
    assert_eq!(
        objects(&triples, coding, "evidence"),
        ["Rule metapsy/values: column structure_intervention has \"Structured\"."]
    );
}

#[test]
fn a_look_alike_of_each_set_gives_what_it_says() {
    let directory = "id,name,agency,category,groups,areas,city,keywords,data_source,description,peer_keyword\n\
        a,Peer Navigators,,health,women|veterans,Bay,Oakland,,x,Peer navigators accompany people online.,yes\n\
        b,Bus pass,,transport,everyone,Bay,,,x,A cheaper bus.,no\n";
    let (outcome, triples) =
        import_text("p.csv", directory, Some(bundled("bay-navigator"))).unwrap();
    assert_eq!((outcome.programmes, outcome.passed_over), (1, 1));
    let id = "programme/bay-navigator-a";
    assert_eq!(objects(&triples, id, "community"), ["veterans"]);
    assert_eq!(
        objects(&triples, "peer/bay-navigator-a", "label"),
        ["peer navigator"]
    );
    assert_eq!(
        outcome.unknown.len(),
        1,
        "women is no group of that directory"
    );

    let meetings = "meeting_id,meeting_name,formats,location_text,location_info,location_municipality,location_province,published\n\
        1,New Start,W|St,Trinity Church,,Albany,NY,1\n2,New Start,M,,,Albany,NY,1\n3,Hidden,,,,Albany,NY,0\n";
    let (outcome, triples) = import_text("m.csv", meetings, Some(bundled("na-meetings"))).unwrap();
    assert_eq!((outcome.programmes, outcome.passed_over), (1, 1));
    let id = "programme/na-new-start-albany";
    assert_eq!(objects(&triples, id, "community"), ["men", "women"]);
    assert_eq!(objects(&triples, id, "kind"), ["Group"]);
    assert!(
        triples
            .iter()
            .any(|t| t.subject.to_string().contains(".space.place-of-worship."))
    );

    let facilities = r#"[{"frid": "x1", "name1": "A", "name2": "B", "city": "C", "state": "VA", "services": [
        {"f1": "Type of Care", "f2": "TC", "f3": "Mental health treatment"},
        {"f1": "Ancillary Services", "f2": "AS", "f3": "Case management; Consumer-run (peer-support) services"}]},
        {"frid": "x2", "name1": "D", "services": []}]"#;
    let (outcome, triples) =
        import_text("f.json", facilities, Some(bundled("findtreatment"))).unwrap();
    assert_eq!((outcome.programmes, outcome.passed_over), (1, 1));
    assert_eq!(
        objects(&triples, "programme/findtreatment-x1", "issue"),
        ["mental-illness"]
    );

    let services = r#"{"contents": [{"id": "s1", "name": "Peer support line", "status": "active",
        "description": "By phone.", "organization": {"id": "o1", "name": "Org"},
        "attributes": [{"taxonomy_term": {"name": "Support Groups"}}]}]}"#;
    let (outcome, triples) = import_text("s.json", services, Some(bundled("hsds"))).unwrap();
    assert_eq!((outcome.programmes, outcome.unknown.len()), (1, 0));
    assert_eq!(
        objects(&triples, "programme/hsds-s1", "trend"),
        ["peer-support"]
    );
    assert!(triples.iter().any(|t| {
        t.subject
            .to_string()
            .contains("hsds-s1.formality.fostered.")
    }));
}

#[test]
fn tables_of_a_folder_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "services.csv",
            "id,location_id,name,description,keywords,audience,eligibility,service_areas,taxonomy_ids\n1,7,Peer counselling,Elders listen.,,Older adults age 55,,,\"108-07-09, 9\"\n2,7,Library,Books.,,,,,\n",
        ),
        ("locations.csv", "id,organization_id,name\n7,3,Hall\n"),
        ("organizations.csv", "id,name\n3,Helpers\n"),
        ("addresses.csv", "id,location_id,city\n1,7,Belmont\n"),
        (
            "taxonomy.csv",
            "taxonomy_id,name,parent_id,parent_name\n108-07-09,Support Groups,,\n",
        ),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (outcome, triples) =
        super::import(folder.path(), &peermap::dataset::Importing::default()).unwrap();
    assert_eq!((outcome.programmes, outcome.passed_over), (1, 1));
    let id = "programme/ohana-1";
    assert_eq!(objects(&triples, id, "place"), ["Belmont"]);
    assert_eq!(objects(&triples, id, "community"), ["older-adults"]);
    assert_eq!(objects(&triples, id, "source"), ["ohana-helpers"]);
    assert!(
        triples
            .iter()
            .any(|t| t.subject.to_string().contains(".formality.fostered."))
    );
    let notes: Vec<&str> = outcome.findings.iter().map(|f| f.value.as_str()).collect();
    assert_eq!(notes, ["9"], "a reference that leads nowhere is told");
}

#[test]
fn any_vocabulary_of_rdf_is_read_with_a_mapping() {
    let turtle = "@prefix s: <https://schema.org/> .\n\
        <https://x.org/1> a s:Organization ; s:name \"Helpers\" ; s:knowsAbout \"HIV\", \"Cancer\" ;\n\
        s:address [ s:addressCountry \"CA\" ] .\n<https://x.org/2> a s:Place ; s:name \"Hall\" .\n";
    let map = "name = \"schema\"\n[read]\nclass = \"s:Organization\"\n[read.prefixes]\ns = \"https://schema.org/\"\n\
        [programme]\nid = \"{iri}\"\nname = \"{s:name}\"\ncountry = \"{s:address/s:addressCountry}\"\n\
        [[column]]\nname = \"s:knowsAbout\"\nsplit = \"|\"\nto = \"issues\"\n";
    let (outcome, triples) = import_text("x.ttl", turtle, Some(map)).unwrap();
    assert_eq!(
        (outcome.rows, outcome.programmes),
        (1, 1),
        "{:?}",
        outcome.findings
    );
    let id = "programme/https-x-org-1";
    assert_eq!(objects(&triples, id, "issue"), ["cancer", "hiv"]);
    assert_eq!(objects(&triples, id, "country"), ["CA"]);
}

#[test]
fn every_mistake_of_a_mapping_is_told_at_its_line() {
    let map = "name = \"m\"\n[programme]\nname = \"{nme}\"\nkidn = \"group\"\n\
        [[column]]\nname = \"a\"\nvalues = { \"x\" = \"function:navigaton\" }\n\
        [[rule]]\nid = \"r\"\ncolumn = \"a\"\nmatches = '('\ngives = \"issue:hvi\"\n\
        [[rule]]\nid = \"r\"\ncolumn = \"a\"\ngives = \"nothing\"\n";
    let error = import_text("a.csv", "name,a\nx,y\n", Some(map)).unwrap_err();
    let report = error.report();
    for (line, said) in [
        (3, "the file has no column `nme`"),
        (4, "`kidn` is no field of a programme"),
        (7, "`navigaton` is no value of function"),
        (11, "this is no regular expression"),
        (12, "`hvi` is no value of issue"),
        (14, "two rules are called `r`"),
        (14, "a condition needs one test and has 0"),
        (16, "`nothing` gives nothing"),
    ] {
        let found = report
            .lines()
            .any(|l| l.contains(&format!("map.toml:{line}:")) && l.contains(said));
        assert!(found, "{line}: {said}\n{report}");
    }
    let error =
        import_text("a.csv", "name\nx\n", Some("name = \"m\"\nprogramme = 3\n")).unwrap_err();
    assert!(error.report().contains("map.toml:2:"), "{}", error.report());
}

#[test]
fn a_draft_is_a_mapping_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("d.csv");
    std::fs::write(
        &data,
        "id,name,topic,text\n1,One,HIV,They offer navigation and listening to people on the street every day.\n\
         2,Two,Cancre,Nothing to be seen here at all but a rather long text that goes on.\n",
    )
    .unwrap();
    let map = folder.path().join("draft.toml");
    let told = crate::answer(&format!(
        "import suggest {} -o {}",
        data.display(),
        map.display()
    ));
    assert!(told.contains("peermap import -n"));
    let draft = std::fs::read_to_string(&map).unwrap();
    assert!(draft.contains("\"HIV\" = [\"issue:hiv\"]"), "{draft}");
    assert!(draft.contains("perhaps issue:cancer"), "{draft}");
    let how = peermap::dataset::Importing {
        map: Some(map.display().to_string()),
        ..peermap::dataset::Importing::default()
    };
    let (outcome, triples) = super::import(&data, &how).unwrap();
    assert_eq!(outcome.programmes, 2);
    assert_eq!(objects(&triples, "programme/d-1", "issue"), ["hiv"]);
    assert!(
        triples
            .iter()
            .any(|t| t.subject.to_string().contains("d-1.function.navigation."))
    );
}
