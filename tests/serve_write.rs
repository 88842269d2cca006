//! Changing the data of a server: only with the token, the same for all workers, and kept.

use crate::server::{Got, Server};

const TOKEN: &str = "a-token-for-the-tests-only";
const BEARER: (&str, &str) = ("authorization", "Bearer a-token-for-the-tests-only");
const UPDATE: (&str, &str) = ("content-type", "application/sparql-update");

fn start(arguments: &[&str]) -> Server {
    Server::start_as(arguments, &[("PEERMAP_TOKEN", TOKEN)])
}

fn update(server: &Server, text: &str) -> Got {
    server.ask("POST", "/sparql", &[UPDATE, BEARER], text.as_bytes())
}

/// How many there are, asked so often that every worker has answered.
fn everywhere(server: &Server, pattern: &str) -> String {
    let query = format!("SELECT (COUNT(*) AS ?n) {{ {pattern} }}");
    let counts: Vec<String> = (0..6)
        .map(|_| {
            let got = server.query(&query, "text/csv");
            assert_eq!(got.status, 200, "{}", got.body);
            got.body.lines().nth(1).unwrap().to_owned()
        })
        .collect();
    assert!(
        counts.iter().all(|count| *count == counts[0]),
        "{pattern}: {counts:?}"
    );
    counts[0].clone()
}

#[test]
fn an_update_takes_the_token_and_reaches_every_worker() {
    let server = start(&["--write", "--workers", "2"]);
    let insert =
        "INSERT DATA { GRAPH <https://e.org/g> { <https://e.org/a> <https://e.org/p> 1 } }";
    for (headers, status) in [
        (vec![UPDATE], 401),
        (
            vec![UPDATE, ("authorization", "Bearer another-token-altogether")],
            401,
        ),
        (
            vec![
                UPDATE,
                ("authorization", "Basic a-token-for-the-tests-only"),
            ],
            401,
        ),
        (vec![UPDATE, BEARER], 204),
    ] {
        let got = server.ask("POST", "/sparql", &headers, insert.as_bytes());
        assert_eq!(got.status, status, "{headers:?}: {}", got.body);
        assert_eq!(got.header("www-authenticate").is_some(), status == 401);
    }
    assert_eq!(everywhere(&server, "<https://e.org/a> ?p ?o"), "1");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = serde_urlencoded::to_string([(
        "update",
        "DELETE WHERE { GRAPH ?g { <https://e.org/a> ?p ?o } }",
    )])
    .unwrap();
    assert_eq!(
        server
            .ask("POST", "/sparql", &[form], body.as_bytes())
            .status,
        401
    );
    let etag = |server: &Server| server.get("/en/", &[]).header("etag").unwrap().to_owned();
    let before = etag(&server);
    assert_eq!(
        server
            .ask("POST", "/sparql", &[form, BEARER], body.as_bytes())
            .status,
        204
    );
    assert_ne!(
        etag(&server),
        before,
        "an answer of before is not taken for one of now"
    );
    assert_eq!(everywhere(&server, "<https://e.org/a> ?p ?o"), "0");
    // What is random is the same for all.
    assert_eq!(update(&server, "INSERT { GRAPH <https://e.org/g> { ?s <https://e.org/id> ?id } } WHERE { VALUES ?s { <https://e.org/1> <https://e.org/2> } BIND(STRUUID() AS ?id) }").status, 204);
    let id = |server: &Server| {
        server
            .query(
                "SELECT ?id { <https://e.org/1> <https://e.org/id> ?id }",
                "text/csv",
            )
            .body
    };
    let first = id(&server);
    assert!((0..6).all(|_| id(&server) == first));
    // What follows from codings follows.
    let coding = "INSERT DATA { GRAPH <https://w3id.org/peermap/graph/new> { programme:new a pm:Programme . <https://w3id.org/peermap/coding/new> a pm:Coding ; pm:codingOf programme:new ; pm:onDimension dimension:function ; pm:codedValue function:navigation ; pm:finding pm:Present } }";
    assert_eq!(update(&server, coding).status, 204);
    assert_eq!(
        everywhere(&server, "programme:new pm:function function:navigation"),
        "1"
    );
    for (text, status, says) in [
        (
            "INSERT DATA { GRAPH <https://e.org/g> { <https://e.org/a> } }",
            400,
            "error",
        ),
        ("LOAD <http://127.0.0.1:1/x.ttl>", 400, "LOAD is refused"),
        (
            "LOAD SILENT <http://127.0.0.1:1/x.ttl>",
            400,
            "LOAD is refused",
        ),
        (
            "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            400,
            "SERVICE is refused",
        ),
    ] {
        let got = update(&server, text);
        assert_eq!(got.status, status, "{text}: {}", got.body);
        assert!(got.body.contains(says), "{text}: {}", got.body);
    }
    assert!(
        server
            .get("/sparql", &[("accept", "text/turtle")])
            .body
            .contains("SPARQL11Update")
    );
}

#[test]
fn graphs_are_put_added_to_and_deleted() {
    let server = start(&["--write", "--workers", "2"]);
    let turtle = ("content-type", "text/turtle");
    let path = "/store?graph=https%3A%2F%2Fe.org%2Fg";
    let pattern = "GRAPH <https://e.org/g> { ?s ?p ?o }";
    let send = |method: &str, headers: &[(&str, &str)], body: &str| {
        server.ask(method, path, headers, body.as_bytes()).status
    };
    assert_eq!(send("PUT", &[turtle], "<a:a> <a:p> 1 ."), 401);
    assert_eq!(send("PUT", &[turtle, BEARER], "<a:a> <a:p> 1 ."), 201);
    assert_eq!(
        send("POST", &[turtle, BEARER], "<a:a> <a:p> 2, [ <a:q> [] ] ."),
        204
    );
    assert_eq!(everywhere(&server, pattern), "4");
    assert_eq!(
        server
            .get(path, &[("accept", "application/n-triples")])
            .body
            .lines()
            .count(),
        4
    );
    assert_eq!(send("PUT", &[turtle, BEARER], "<a:a> <a:p> 3 ."), 204);
    assert_eq!(everywhere(&server, pattern), "1");
    assert_eq!(send("PUT", &[turtle, BEARER], "<a:a> <a:p> "), 400);
    assert_eq!(
        send("PUT", &[("content-type", "image/png"), BEARER], ""),
        415
    );
    assert_eq!(everywhere(&server, pattern), "1");
    assert_eq!(send("DELETE", &[BEARER], ""), 204);
    assert_eq!(send("DELETE", &[BEARER], ""), 404);
    assert_eq!(everywhere(&server, pattern), "0");
    let union = server.ask(
        "PUT",
        "/store?default",
        &[turtle, BEARER],
        b"<a:a> <a:p> 1 .",
    );
    assert_eq!(union.status, 400, "{}", union.body);
}

#[test]
fn whoever_only_reads_cannot_write() {
    let server = Server::start(&["--workers", "1"]);
    for (method, path) in [
        ("POST", "/sparql"),
        ("PUT", "/store?graph=a%3Aa"),
        ("DELETE", "/store?graph=a%3Aa"),
    ] {
        assert_eq!(
            server
                .ask(method, path, &[UPDATE, BEARER], b"CLEAR ALL")
                .status,
            403,
            "{method} {path}"
        );
    }
    let output = crate::peermap()
        .args(["serve", "--write"])
        .env("PEERMAP_TOKEN", "short")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a token of 16 characters"));
}

#[test]
fn what_was_acknowledged_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal").display().to_string();
    let arguments = ["--write", "--workers", "2", "--journal", &journal];
    let mut acknowledged = 0_u32;
    for round in 0..2 {
        let server = start(&arguments);
        let held = everywhere(&server, "?s <https://e.org/round> ?n")
            .parse::<u32>()
            .unwrap();
        assert!(held >= acknowledged, "{held} of {acknowledged} are there");
        // One under way when the server died may be there or not.
        assert!(held <= acknowledged + 1);
        acknowledged = held;
        let address = server.address.clone();
        let writer = std::thread::spawn(move || {
            let mut done = 0;
            for n in 0.. {
                let text = format!(
                    "INSERT DATA {{ GRAPH <https://e.org/g> {{ <https://e.org/{round}/{n}> <https://e.org/round> {n} }} }}"
                );
                match crate::server::try_ask(
                    &address,
                    "POST",
                    "/sparql",
                    &[UPDATE, BEARER],
                    text.as_bytes(),
                ) {
                    Some(got) if got.status == 204 => done += 1,
                    _ => return done,
                }
            }
            done
        });
        std::thread::sleep(std::time::Duration::from_secs(6));
        server.kill();
        let done: u32 = writer.join().unwrap();
        assert!(done > 0, "no update came through in time");
        acknowledged += done;
    }
    let server = start(&arguments);
    let held = everywhere(&server, "?s <https://e.org/round> ?n")
        .parse::<u32>()
        .unwrap();
    assert!(
        held == acknowledged || held == acknowledged + 1,
        "{held} of {acknowledged} are there"
    );
}
