#!/usr/bin/env python3
"""Speed of the server: 200 clients at once, and each query beside `oxigraph serve`.

    serve.py PEERMAP [SECONDS]

Uses `wrk` (Debian: wrk) and `oxigraph` (PyPI: oxigraph) where they are on the path, and says what
it leaves out. Latencies are medians of 60 requests on one kept connection, turn about.
"""

import http.client
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PREFIXES = "PREFIX pm: <https://w3id.org/peermap/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERIES = {
    "yes or no": "ASK { ?s ?p ?o }",
    "10 rows": "SELECT ?p { ?p a pm:Programme } LIMIT 10",
    "all names": "SELECT ?p ?n { ?p a pm:Programme ; rdfs:label ?n }",
    "join": "SELECT ?a ?b { ?a pm:function ?f ; pm:community ?c . ?b pm:function ?f ; pm:community ?c FILTER(?a != ?b) } LIMIT 2000",
    "count": "SELECT ?f (COUNT(?p) AS ?n) { ?p pm:function ?f } GROUP BY ?f",
    "10,000 rows": "SELECT * { ?s ?p ?o } LIMIT 10000",
}
PATHS = ["/sparql?query=ASK%7B%7D", "/named/counts.csv", "/programme/al-anon", "/en/"]


def start(command, stream):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in getattr(process, stream):
        if "http://" in line:
            return process, line.split("http://")[1].split("/")[0].split()[0]
    raise SystemExit(f"{command[0]} does not start")


def latency(address, path, query):
    connection = http.client.HTTPConnection(address)
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}

    def once():
        started = time.perf_counter()
        connection.request("POST", path, (PREFIXES + query).encode(), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        return 1000 * (time.perf_counter() - started)

    return once


def main():
    program = sys.argv[1]
    seconds = sys.argv[2] if len(sys.argv) > 2 else "30"
    server, address = start([program, "serve", "-b", "127.0.0.1:0"], "stderr")
    running = [server]
    try:
        if shutil.which("wrk"):
            script = "local n = 0\nlocal paths = { " + ", ".join(f'"{path}"' for path in PATHS) + " }\n"
            script += 'request = function() n = n + 1; return wrk.format("GET", paths[n % #paths + 1]) end\n'
            with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
                file.write(script)
                file.flush()
                subprocess.run(["wrk", "-t2", "-c200", f"-d{seconds}s", "--latency", "-s", file.name, f"http://{address}"], check=True)
        else:
            print("no wrk: 200 clients at once are left out")
        if not shutil.which("oxigraph"):
            print("no oxigraph: the comparison is left out")
            return
        with tempfile.TemporaryDirectory() as folder:
            data = folder + "/all.nt"
            everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
            subprocess.run([program, "query", "-q", everything, "-o", data, "--quiet"], check=True)
            subprocess.run(["oxigraph", "load", "--location", folder + "/store", "--file", data], check=True, capture_output=True)
            other, beside = start(["oxigraph", "serve-read-only", "--location", folder + "/store", "--bind", "127.0.0.1:7981"], "stderr")
            running.append(other)
            for name, query in QUERIES.items():
                ours, theirs = latency(address, "/sparql", query), latency(beside, "/query", query)
                times = [(ours(), theirs()) for _ in range(60)]
                own, its = (statistics.median(column) for column in zip(*times))
                print(f"{name:12} peermap {own:7.2f} ms   oxigraph {its:7.2f} ms   ratio {own / its:.2f}")
    finally:
        for process in running:
            process.terminate()


if __name__ == "__main__":
    main()
