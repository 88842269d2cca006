//! Data that live on other people's endpoints: a small server that answers as it is told, and
//! Virtuoso where it is installed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::{answer, peermap, run};

/// A server that gives one answer after the other to whatever it is asked, and tells what that was.
fn server(answers: Vec<String>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/sparql", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let request = request(&stream);
            stream.write_all(answer.as_bytes()).unwrap();
            let _ = tell.send(request);
        }
    });
    (url, told)
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut text = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        let end = line.trim().is_empty();
        text.push_str(&line);
        if end {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    text + &String::from_utf8(body).unwrap()
}

fn http(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn rows(body: &str) -> String {
    http("200 OK", "application/sparql-results+json", body)
}

/// What the program says of a failure, and its exit code.
fn failure(output: &Output) -> (String, i32) {
    (
        String::from_utf8_lossy(&output.stderr).into_owned(),
        output.status.code().unwrap(),
    )
}

#[test]
fn a_query_goes_with_the_prefixes_it_uses_and_the_headers_given() {
    let (url, told) = server(vec![
        rows(
            r#"{"head":{"vars":["p"]},"results":{"bindings":[{"p":{"type":"uri","value":"https://e.org/a"}}]}}"#,
        ),
        rows(r#"{"head":{},"boolean":true}"#),
    ]);
    let line = format!(
        "query -e {url} --header 'X-Key: a b' -f csv -q 'SELECT ?p {{ ?p a pm:Programme }}'"
    );
    assert_eq!(answer(&line), "p\nhttps://e.org/a\n");
    let asked = told.recv().unwrap();
    assert!(asked.starts_with("POST /sparql HTTP/1.1\r\n"), "{asked}");
    assert!(asked.to_lowercase().contains("x-key: a b\r\n"), "{asked}");
    let form: Vec<(String, String)> =
        serde_urlencoded::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(
        form,
        [(
            "query".to_owned(),
            "PREFIX pm: <https://w3id.org/peermap/ns#>\nSELECT ?p { ?p a pm:Programme }\n"
                .to_owned()
        )]
    );
    assert_eq!(
        answer(&format!("query -e {url} --get -q 'ASK {{}}'")),
        "true\n"
    );
    assert!(told.recv().unwrap().starts_with("GET /sparql?query="));
}

#[test]
fn parameters_go_as_terms() {
    let (url, told) = server(vec![rows(
        r#"{"head":{"vars":["x"]},"results":{"bindings":[]}}"#,
    )]);
    let line =
        format!("query -e {url} -q 'SELECT ?x {{ ?x pm:place ?y }}' --param 'y=\"a\\\" }} # b\"'");
    run(&line);
    let asked = told.recv().unwrap();
    let form: Vec<(String, String)> =
        serde_urlencoded::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert!(form[0].1.contains(r#""a\" } # b""#), "{}", form[0].1);
    assert!(
        spargebra::SparqlParser::new()
            .parse_query(&form[0].1)
            .is_ok()
    );
}

#[test]
fn triples_come_in_the_format_the_endpoint_likes() {
    let (url, _told) = server(vec![http(
        "200 OK",
        "text/turtle; charset=utf-8",
        "@prefix e: <https://e.org/> . e:a e:b e:c , e:d .",
    )]);
    assert_eq!(
        answer(&format!(
            "query -e {url} -f nt -q 'CONSTRUCT WHERE {{ ?s ?p ?o }}'"
        )),
        "<https://e.org/a> <https://e.org/b> <https://e.org/c> .\n<https://e.org/a> <https://e.org/b> <https://e.org/d> .\n"
    );
}

#[test]
fn what_an_endpoint_does_wrong_is_said_in_one_sentence_with_a_way_out() {
    for (response, sentence, way_out) in [
        (
            http("401 Unauthorized", "text/plain", "Who are you?\n"),
            "it answered 401 Unauthorized: Who are you?",
            "--header",
        ),
        (
            http("404 Not Found", "text/html", "<html>"),
            "it answered 404 Not Found\n",
            "/sparql",
        ),
        (
            http("503 Service Unavailable", "text/plain", ""),
            "it answered 503 Service Unavailable\n",
            "try again later",
        ),
        (
            http("200 OK", "text/html", "<html>"),
            "it answered with text/html",
            "address of the endpoint",
        ),
        (rows("{\"head\":"), "its answer is broken", ""),
        (
            rows(r#"{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri"#),
            "failed while running",
            "",
        ),
        (
            http("400 Bad Request", "text/plain", "\u{1b}[31mred\u{7}"),
            "400 Bad Request: [31mred",
            "",
        ),
    ] {
        let (url, _told) = server(vec![response]);
        let (said, code) = failure(&run(&format!(
            "query -e {url} -q 'SELECT * {{ ?s ?p ?o }}'"
        )));
        assert!(said.contains(sentence) && said.contains(way_out), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
        assert_eq!(code, 3, "{said}");
    }
    let (said, code) = failure(&run("query -e http://127.0.0.1:1/sparql -q 'ASK {}'"));
    assert!(said.contains("nothing listens there"), "{said}");
    assert_eq!(code, 3);
}

#[test]
fn what_cannot_be_asked_of_an_endpoint_is_a_usage_error() {
    for line in [
        "query -e localhost:7878 -q 'ASK {}'",
        "query -e http://127.0.0.1:1/ --header nothing -q 'ASK {}'",
        "update -e http://127.0.0.1:1/ -q 'CLEAR ALL' -o x.nq",
        "labels --push-down",
    ] {
        assert_eq!(failure(&run(line)).1, 2, "{line}");
    }
}

#[test]
fn service_reaches_the_endpoints_that_were_allowed_and_no_other() {
    let (url, told) = server(vec![rows(
        r#"{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"there"}}]}}"#,
    )]);
    let query =
        format!("query -f csv -q 'SELECT ?n {{ SERVICE <{url}> {{ ?s <https://e.org/n> ?n }} }}'");
    assert_eq!(answer(&format!("{query} --service {url}")), "n\nthere\n");
    assert!(told.recv().unwrap().contains("https%3A%2F%2Fe.org%2Fn"));
    for refused in [
        query.clone(),
        format!("{query} --service http://127.0.0.1:1/"),
        format!(
            "query --service {url} -q 'SELECT * {{ VALUES ?g {{ <{url}> }} SERVICE ?g {{ ?s ?p ?o }} }}'"
        ),
    ] {
        let (said, code) = failure(&run(&refused));
        assert!(said.starts_with("error: SERVICE is refused"), "{said}");
        assert_eq!(code, 2);
    }
}

#[test]
fn small_counts_are_left_out_when_asked() {
    let said = "present https://w3id.org/peermap/value/function/navigation|programme";
    let other = "programme|present https://w3id.org/peermap/value/function/navigation";
    let rare = "present https://w3id.org/peermap/value/function/advocacy|programme";
    let binding = |said: &str, count: u32| {
        format!(
            r#"{{"said":{{"type":"literal","value":"{said}"}},"count":{{"type":"literal","value":"{count}"}}}}"#
        )
    };
    let body = format!(
        r#"{{"head":{{"vars":["said","count"]}},"results":{{"bindings":[{},{},{}]}}}}"#,
        binding(said, 3),
        binding(other, 4),
        binding(rare, 2)
    );
    let (url, _told) = server(vec![rows(&body)]);
    let table = answer(&format!(
        "profiles --push-down --min-cell 5 -e {url} -f csv"
    ));
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines.len(), 1, "{table}");
    assert!(
        lines[0].starts_with("profile-1,") && lines[0].ends_with(",7"),
        "{table}"
    );
    assert!(
        lines[0].contains("navigation") && !table.contains("advocacy"),
        "{table}"
    );
}

/// Virtuoso with a file loaded, in a folder of its own.
struct Virtuoso {
    process: Child,
    url: String,
}

impl Drop for Virtuoso {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Virtuoso {
    /// Starts it and waits until it has loaded `data`; `None` where it is not installed.
    fn start(folder: &Path, data: &str) -> Option<Self> {
        let installed = |program: &str| {
            Command::new(program)
                .arg("--help")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok()
        };
        if !installed("virtuoso-t") || !installed("isql-vt") {
            eprintln!("Virtuoso is not installed: what needs it is left out");
            return None;
        }
        let place = folder.display();
        let (sql, web) = (free_port(), free_port());
        std::fs::write(folder.join("data.nt"), data).unwrap();
        std::fs::write(
            folder.join("virtuoso.ini"),
            format!(
                "[Database]\nDatabaseFile={place}/v.db\nErrorLogFile={place}/v.log\nLockFile={place}/v.lck\nTransactionFile={place}/v.trx\nxa_persistent_file={place}/v.pxa\n\
                 [TempDatabase]\nDatabaseFile={place}/t.db\nTransactionFile={place}/t.trx\n\
                 [Parameters]\nServerPort=127.0.0.1:{sql}\nServerThreads=10\nNumberOfBuffers=10000\nMaxDirtyBuffers=6000\nDirsAllowed={place}\n\
                 [HTTPServer]\nServerPort=127.0.0.1:{web}\nServerThreads=5\n[SPARQL]\nResultSetMaxRows=1000000\n"
            ),
        )
        .unwrap();
        let process = Command::new("virtuoso-t")
            .args(["+foreground", "+configfile", "virtuoso.ini"])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let virtuoso = Self {
            process,
            url: format!("http://127.0.0.1:{web}/sparql"),
        };
        let load = format!(
            "ld_dir('{place}', 'data.nt', 'https://e.org/all'); rdf_loader_run(); checkpoint;"
        );
        let started = Instant::now();
        loop {
            let loaded = Command::new("isql-vt")
                .arg(format!("127.0.0.1:{sql}"))
                .args(["dba", "dba", &format!("exec={load}")])
                .output()
                .unwrap();
            if loaded.status.success() && !String::from_utf8_lossy(&loaded.stderr).contains("Error")
            {
                return Some(virtuoso);
            }
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "Virtuoso does not start: {loaded:?}"
            );
            std::thread::sleep(Duration::from_millis(300));
        }
    }
}

/// What a command says, without the line that names where the data came from.
fn facts(line: &str) -> String {
    let kept: Vec<String> = answer(line)
        .lines()
        .filter(|line| !line.contains(" programmes ("))
        .map(str::to_owned)
        .collect();
    kept.join("\n")
}

#[test]
fn every_analysis_says_the_same_of_data_on_virtuoso() {
    let folder = tempfile::tempdir().unwrap();
    let all = answer("query -f nt -q 'CONSTRUCT WHERE { ?s ?p ?o }'");
    let Some(virtuoso) = Virtuoso::start(folder.path(), &all) else {
        return;
    };
    let url = &virtuoso.url;
    for line in [
        "profiles -f csv",
        "similar harlem",
        "compare harlem rural-china-community-health-workers",
        "bridges -f csv",
        "silos",
        "network -f csv",
        "labels",
        "gaps",
        "concepts",
        "named run labels-by-use -f csv",
    ] {
        assert_eq!(facts(&format!("{line} -e {url}")), facts(line), "{line}");
    }
    // One aggregate there gives the same table as every programme brought here.
    let pushed = answer(&format!("profiles --count -f csv --push-down -e {url}"));
    assert_eq!(pushed, answer("profiles --count -f csv"));
    let table = folder.path().join("profiles.csv");
    std::fs::write(&table, pushed).unwrap();
    let from_table = facts(&format!("concepts --profiles {}", table.display()));
    assert_eq!(facts(&format!("concepts --push-down -e {url}")), from_table);
    assert_eq!(
        answer(&format!("query -e {url} -q 'ASK {{ ?p a pm:Programme }}'")),
        "true\n"
    );
    assert_eq!(
        answer(&format!("query -e {url} -q 'ASK {{ ?p a pm:Nothing }}'")),
        "false\n"
    );
}

#[test]
fn functions_in_queries_give_the_numbers_of_the_commands() {
    let query = "SELECT ?b (pm:similarity(?a, ?b) AS ?score) (pm:similarityLow(?a, ?b) AS ?low) \
        (pm:similarityHigh(?a, ?b) AS ?high) (pm:comparableQuestions(?a, ?b) AS ?n) (pm:shared(?a, ?b) AS ?shared) \
        { VALUES ?a { programme:harlem-patient-navigation } ?b a pm:Programme FILTER(?a != ?b) } \
        ORDER BY DESC(?score) ?b LIMIT 1";
    let output = peermap()
        .args(["query", "-f", "csv", "-q", query])
        .output()
        .unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    let cells: Vec<&str> = found.lines().nth(1).unwrap().split(',').collect();
    let similar = answer("similar harlem -k 1 -f csv");
    let wanted: Vec<&str> = similar.lines().nth(1).unwrap().split(',').collect();
    // programme, name, score, low, high, comparable, shared
    assert_eq!(cells[0], wanted[0]);
    for (cell, column) in [(1, 2), (2, 3), (3, 4)] {
        let (found, wanted): (f64, f64) = (
            cells[cell].parse().unwrap(),
            wanted[column].parse().unwrap(),
        );
        assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
    }
    assert_eq!(cells[4], wanted[5]);
    assert_eq!(cells[5], wanted[6]);
    assert_eq!(
        answer(
            "query -f csv -q 'SELECT (pm:similarity(1, 2) AS ?x) (pm:similarity(pm:a) AS ?y) {}'"
        ),
        "x,y\n,\n"
    );
}
