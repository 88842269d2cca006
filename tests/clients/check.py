#!/usr/bin/env python3
"""Other people's clients work with the endpoint: each asks a server and must get what is true.

    check.py PEERMAP [FOLDER]

FOLDER holds the npm packages of package.json; without it Comunica is left out, which is said.
What is true is what `peermap query` prints of the same data.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pandas
import pyoxigraph
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, N3, POST, TURTLE, XML, SPARQLWrapper

HERE = Path(__file__).resolve().parent
PM = "https://w3id.org/peermap/ns#"
PREFIX = f"PREFIX pm: <{PM}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
PROGRAMMES = f"{PREFIX} SELECT ?p ?name WHERE {{ ?p a pm:Programme ; rdfs:label ?name }} ORDER BY ?p ?name"
TOKEN = "a-token-for-the-tests-only"


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "serve", "-b", "127.0.0.1:0", "--write", "--workers", "2"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PEERMAP_TOKEN": TOKEN},
        )
        line = self.process.stderr.readline()
        self.origin = "http://" + line.split("http://")[1].split("/")[0]
        self.endpoint = self.origin + "/sparql"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(20) == 0, "a server that is told to end ends well"

    def get(self, path, accept):
        with urlopen(Request(self.origin + path, headers={"Accept": accept})) as answer:
            return answer.read()


def local(program, query):
    """The rows that the command line gives, as a frame."""
    done = subprocess.run([program, "query", "-q", query, "-f", "csv"], capture_output=True, check=True)
    return pandas.read_csv(io.BytesIO(done.stdout))


def sparqlwrapper(server, true):
    for method in ("GET", POST):
        client = SPARQLWrapper(server.endpoint)
        client.setMethod(method)
        client.setQuery(PROGRAMMES)
        client.setReturnFormat(JSON)
        rows = client.queryAndConvert()["results"]["bindings"]
        assert [row["p"]["value"] for row in rows] == list(true["p"])
        client.setReturnFormat(XML)
        assert len(client.queryAndConvert().getElementsByTagName("result")) == len(true)
        client.setReturnFormat(CSV)
        frame = pandas.read_csv(io.BytesIO(client.queryAndConvert()))
        assert frame.equals(true)
        client.setQuery(f"{PREFIX} CONSTRUCT {{ ?p a pm:Programme }} WHERE {{ ?p a pm:Programme }}")
        for form in (TURTLE, N3):
            client.setReturnFormat(form)
            text = client.queryAndConvert()
            assert len(Graph().parse(data=text, format="turtle")) == true["p"].nunique()
    client = SPARQLWrapper(server.endpoint)
    client.setMethod(POST)
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.setQuery("INSERT DATA { GRAPH <https://e.org/w> { <https://e.org/w> <https://e.org/p> 1 } }")
    client.query()
    client.setQuery("ASK { <https://e.org/w> <https://e.org/p> 1 }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"]


def rdflib_store(server, true):
    graph = Graph(SPARQLStore(server.endpoint))
    rows = list(graph.query(PROGRAMMES))
    assert [str(row.p) for row in rows] == list(true["p"])
    assert [str(row.name) for row in rows] == list(true["name"])
    programme = URIRef(true["p"][0])
    assert (programme, None, URIRef(PM + "Programme")) in graph
    names = {str(name) for name in graph.objects(programme, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))}
    assert true["name"][0] in names
    store = SPARQLUpdateStore(server.endpoint, server.endpoint, headers={"Authorization": f"Bearer {TOKEN}"})
    named = Graph(store, identifier=URIRef("https://e.org/g"))
    said = (URIRef("https://e.org/a"), URIRef("https://e.org/p"), Literal("é \"x\"\n", lang="fr"))
    named.add(said)
    assert said in named
    named.remove(said)
    assert said not in named


def data_frames(server, true):
    frame = pandas.read_csv(f"{server.endpoint}?format=csv&query={quote(PROGRAMMES)}")
    assert frame.equals(true)
    counts = pandas.read_csv(f"{server.origin}/named/counts.csv")
    assert counts.loc[counts["class"] == PM + "Programme", "count"].item() == true["p"].nunique()
    some = pandas.read_csv(f"{server.origin}/named/programmes-with-a-value.csv?value=function:navigation")
    assert 0 < len(some) < len(true)
    assert len(pandas.read_csv(f"{server.origin}/named/counts.tsv", sep="\t")) == len(counts)


def oxigraph(server, true):
    query = "/sparql?query=" + quote(PROGRAMMES)
    for form in (pyoxigraph.QueryResultsFormat.JSON, pyoxigraph.QueryResultsFormat.XML, pyoxigraph.QueryResultsFormat.TSV):
        rows = pyoxigraph.parse_query_results(server.get(query, form.media_type), form)
        assert [row["p"].value for row in rows] == list(true["p"]), form
    path = "/store?graph=" + quote("https://w3id.org/peermap/graph/paper")
    first = None
    for form, name in (
        (pyoxigraph.RdfFormat.N_TRIPLES, "nt"),
        (pyoxigraph.RdfFormat.TURTLE, "turtle"),
        (pyoxigraph.RdfFormat.RDF_XML, "xml"),
        (pyoxigraph.RdfFormat.JSON_LD, "json-ld"),
    ):
        body = server.get(path, form.media_type)
        assert len(list(pyoxigraph.parse(body, form))) > 100, form
        graph = Graph().parse(data=body, format=name)
        first = first or graph
        assert isomorphic(first, graph), name
    for form in (pyoxigraph.RdfFormat.TRIG, pyoxigraph.RdfFormat.N_QUADS):
        store = pyoxigraph.Store()
        store.load(server.get("/store", form.media_type), form)
        found = store.query(PROGRAMMES, use_default_graph_as_union=True)
        assert [row["p"].value for row in found] == list(true["p"]), form


def comunica(server, true, folder):
    script = [str(HERE / "comunica.mjs"), str(Path(folder) / "node_modules"), server.origin]
    done = subprocess.run(["node", *script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] == len(true), found
    assert found["yes"] is True
    assert found["triples"] == true["p"].nunique()
    assert found["names"] == [{"name": "Al-Anon Family Groups"}], found["names"]


def main():
    program = sys.argv[1]
    true = local(program, PROGRAMMES)
    assert len(true) > 200
    checks = [sparqlwrapper, rdflib_store, data_frames, oxigraph]
    with Server(program) as server:
        for check in checks:
            check(server, true)
            print(f"   {check.__name__}: well")
        if len(sys.argv) > 2:
            comunica(server, true, sys.argv[2])
            print("   comunica: well")
            checks.append(comunica)
        else:
            print("   comunica: left out, no folder of npm packages given")
    print(f"{len(checks)} passed, 0 failed")


if __name__ == "__main__":
    main()
