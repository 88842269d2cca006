"""Reference numbers for the network analyses.

    python network.py            write golden/network.json
    python network.py --check    recompute, compare, and read the files of golden/network

The formats are written by the Rust tests (PEERMAP_BLESS=1) from the document in the golden file;
--check reads them with other tools and compares them with that document.

Needs networkx 3.6.1, igraph 1.0.0, leidenalg 0.12.0, scikit-learn 1.9.1, numpy 2.4.6, pydot 4.0.1.
"""

import csv
import json
import math
import random
import sys
from pathlib import Path

import igraph
import leidenalg
import networkx as nx
import numpy as np
import pydot
from networkx.algorithms.community import modularity
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from common.golden import check_or_write

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden" / "network.json"
FILES = HERE / "golden" / "network"


class Chosen(random.Random):
    """Gives networkx the sources that we want."""

    def __init__(self, sources):
        super().__init__(0)
        self.sources = sources

    def sample(self, population, k):
        assert k == len(self.sources)
        return self.sources


def participation(graph, silos):
    out = []
    for node in graph:
        weights = np.zeros(10)
        for neighbour, data in graph[node].items():
            for silo in silos[neighbour]:
                weights[silo] += data["weight"] / len(silos[neighbour])
        total = weights.sum()
        out.append(None if total == 0 else float(1 - ((weights / total) ** 2).sum()))
    return out


def leiden(graph, resolution):
    """Best modularity of twenty seeds, each run until nothing improves."""
    if graph.number_of_edges() == 0:
        return None
    g = igraph.Graph(n=len(graph), edges=list(graph.edges))
    weights = [data["weight"] for *_, data in graph.edges(data=True)]
    best = max(
        leidenalg.find_partition(
            g,
            leidenalg.RBConfigurationVertexPartition,
            weights=weights,
            resolution_parameter=resolution,
            n_iterations=-1,
            seed=seed,
        ).quality()
        for seed in range(1, 21)
    )
    return best / (2 * sum(weights))


def network_case(name, graph, rng):
    nodes = len(graph)
    edges = sorted((min(a, b), max(a, b), d["weight"]) for a, b, d in graph.edges(data=True))
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from(edges)
    silos = [sorted(rng.sample(range(4), rng.choice([0, 1, 1, 1, 1, 2]))) for _ in range(nodes)]
    sources = sorted(rng.sample(range(nodes), max(2, nodes // 3)))
    partition = [rng.randrange(5) for _ in range(nodes)]
    groups = [[n for n in range(nodes) if partition[n] == g] for g in range(5)]
    single = graph.subgraph([n for n in graph if len(silos[n]) == 1]).copy()
    nx.set_node_attributes(single, {n: silos[n][0] for n in single}, "silo")
    inside = sum(bool(set(silos[a]) & set(silos[b])) for a, b in graph.edges)
    judged = sum(bool(silos[a]) and bool(silos[b]) for a, b in graph.edges)
    assortativity = None
    if len({single.nodes[n]["silo"] for e in single.edges for n in e}) > 1:
        assortativity = float(nx.attribute_assortativity_coefficient(single, "silo"))
    exact = nx.betweenness_centrality(graph)
    sampled = nx.betweenness_centrality(graph, k=len(sources), seed=Chosen(sources))
    burt = nx.constraint(graph, weight="weight")
    optimal = None
    if nodes <= 34 and edges:
        g = igraph.Graph(n=nodes, edges=[e[:2] for e in edges])
        found = g.community_optimal_modularity(weights=[e[2] for e in edges])
        optimal = modularity(graph, list(found), weight="weight")
    return {
        "name": name,
        "nodes": nodes,
        "edges": edges,
        "silos": silos,
        "sources": sources,
        "partition": partition,
        "betweenness": [exact[n] for n in range(nodes)],
        "sampled": [sampled[n] for n in range(nodes)],
        "articulation_points": sorted(nx.articulation_points(graph)),
        "single_links": sorted(sorted(e) for e in nx.bridges(graph)),
        "constraint": [None if burt[n] != burt[n] else burt[n] for n in range(nodes)],
        "components": sorted(
            (sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0])
        ),
        "ego": [
            [n, d]
            for n, d in sorted(
                nx.single_source_shortest_path_length(graph, 0, cutoff=2).items(),
                key=lambda item: (item[1], item[0]),
            )
        ],
        "participation": participation(graph, silos),
        "modularity": {
            str(r): modularity(graph, [g for g in groups if g], weight="weight", resolution=r)
            if edges
            else None
            for r in (0.5, 1.0, 2.0)
        },
        "silo_modularity": modularity(
            single,
            [c for s in range(4) if (c := [n for n in single if single.nodes[n]["silo"] == s])],
            weight="weight",
        )
        if single.number_of_edges()
        else None,
        "assortativity": assortativity,
        "ei": (judged - 2 * inside) / judged if judged else None,
        "leiden": {str(r): leiden(graph, r) for r in (0.5, 1.0, 2.0)},
        "optimal": optimal,
    }


def random_graph(nodes, edges, groups, rng):
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    while graph.number_of_edges() < edges:
        a, b = rng.randrange(nodes), rng.randrange(nodes)
        if a != b and (a % groups == b % groups or rng.random() < 0.15):
            graph.add_edge(a, b, weight=round(0.2 + 0.8 * rng.random(), 6))
    return graph


def networks():
    rng = random.Random(1)
    karate = nx.karate_club_graph()
    nx.set_edge_attributes(karate, 1.0, "weight")
    return [
        network_case("karate", karate, rng),
        network_case("sparse", random_graph(24, 20, 3, rng), rng),
        network_case("groups", random_graph(60, 150, 5, rng), rng),
        network_case("larger", random_graph(150, 420, 8, rng), rng),
        network_case("edgeless", random_graph(5, 0, 1, rng), rng),
    ]


def labellings():
    rng = random.Random(2)
    cases = [
        ([0, 0, 1, 1], [0, 0, 1, 1]),
        ([0, 0, 1, 1], [1, 0, 1, 0]),
        ([0, 0, 0, 0], [0, 1, 2, 3]),
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 0, 0], [1, 1, 1]),
        ([7], [3]),
        ([], []),
    ]
    for size, left, right, kept in [
        (10, 3, 2, 0.5),
        (40, 4, 4, 0.8),
        (200, 12, 5, 0.3),
        (500, 30, 8, 0.0),
        (300, 150, 40, 0.1),
    ]:
        a = [rng.randrange(left) for _ in range(size)]
        b = [x % right if rng.random() < kept else rng.randrange(right) for x in a]
        cases.append((a, b))
    return [
        {
            "a": a,
            "b": b,
            "ami": float(adjusted_mutual_info_score(a, b)),
            "ari": float(adjusted_rand_score(a, b)),
        }
        for a, b in cases
    ]


def document():
    rng = random.Random(3)
    nasty = ['plain', 'a & b <c> "d" \'e\'', "back\\slash\\", "comma, semi; pipe", "été 支援 🤝",
             "two\nlines\tand tab", "{brace} [bracket]", ""]
    nodes = [
        {
            "name": f"https://example.org/p/{at}?a=1&b=2",
            "label": label,
            "silos": [rng.sample(["youth", "women", "été"], rng.randrange(3)),
                      rng.sample(["hiv", "cancer"], rng.randrange(2))],
            "community": rng.choice([None, 0, 1, 2]),
            "x": rng.random(),
            "y": rng.random(),
        }
        for at, label in enumerate(nasty)
    ]
    edges = []
    for a in range(len(nodes)):
        for b in range(a + 1, len(nodes)):
            if rng.random() < 0.4:
                full = rng.random() < 0.6
                edges.append(
                    {
                        "a": a,
                        "b": b,
                        "score": rng.random(),
                        "low": rng.random() if full else None,
                        "high": rng.random() if full else None,
                        "comparable": rng.randrange(4, 7) if full else None,
                        "p": 10.0 ** -rng.randrange(1, 300) if full else None,
                        "q": rng.random() if full else None,
                    }
                )
    return {"title": 'A "test" & <more>', "axes": ["community", "issue"],
            "nodes": nodes, "edges": edges}


def expected_nodes(doc):
    for node in doc["nodes"]:
        out = {"name": node["name"], "label": node["label"], "x": node["x"], "y": node["y"]}
        for axis, values in zip(doc["axes"], node["silos"]):
            if values:
                out[f"silo_{axis}"] = "|".join(values)
        if node["community"] is not None:
            out["community"] = node["community"]
        yield out


def expected_edges(doc):
    for edge in doc["edges"]:
        out = {k: v for k, v in edge.items() if k not in "ab" and v is not None}
        yield (edge["a"], edge["b"]), out


def equal(a, b):
    """Numbers may differ by rounding: the golden file is read by a parser that rounds."""
    if isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-14)
    return a == b


def same(what, got, expected):
    """Every expected attribute is there with its value, and nothing else beyond those allowed."""
    extra = {"id", "value", "viz", "weight", "pos"}
    assert set(got) - extra == set(expected) - extra, (what, got, expected)
    for key, value in expected.items():
        assert equal(got[key], value), (what, key, got[key], value)


def check_graph(what, graph, doc):
    """A networkx graph whose nodes are "0", "1" and so on."""
    assert not graph.is_directed() and len(graph) == len(doc["nodes"]), what
    for at, expected in enumerate(expected_nodes(doc)):
        same(what, graph.nodes[str(at)], expected)
    edges = list(expected_edges(doc))
    assert graph.number_of_edges() == len(edges), what
    for (a, b), expected in edges:
        same(what, graph.edges[str(a), str(b)], expected)


def check_files(doc):
    graph = nx.read_graphml(FILES / "network.graphml")
    assert graph.graph["title"] == doc["title"]
    check_graph("GraphML, networkx", graph, doc)

    graph = igraph.Graph.Read_GraphML(str(FILES / "network.graphml"))
    assert graph.vcount() == len(doc["nodes"]) and graph.ecount() == len(doc["edges"])
    for vertex, expected in zip(graph.vs, expected_nodes(doc)):
        for key, value in expected.items():
            assert equal(vertex[key], value), ("GraphML, igraph", key, vertex[key], value)
    for edge, ((a, b), expected) in zip(graph.es, expected_edges(doc)):
        assert edge.tuple == (a, b)
        for key, value in expected.items():
            assert equal(edge[key], value), ("GraphML, igraph", key, edge[key], value)

    graph = nx.read_gexf(FILES / "network.gexf")
    for at, node in enumerate(doc["nodes"]):
        position = graph.nodes[str(at)]["viz"]["position"]
        assert abs(position["x"] - 1000 * node["x"]) < 1e-9
        assert abs(position["y"] - 1000 * (1 - node["y"])) < 1e-9
    check_graph("GEXF, networkx", graph, doc)

    with open(FILES / "network.cyjs", encoding="utf-8") as file:
        graph = nx.cytoscape_graph(json.load(file))
    for _, _, data in graph.edges(data=True):
        del data["source"], data["target"]
    check_graph("Cytoscape JSON, networkx", graph, doc)

    (dot,) = pydot.graph_from_dot_data((FILES / "network.dot").read_text(encoding="utf-8"))
    plain = lambda text: (
        text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if text.startswith('"') else text
    )
    assert plain(dot.get_name()) == doc["title"] and dot.get_type() == "graph"
    names = [node["name"] for node in doc["nodes"]]
    nodes = {plain(n.get_name()): n.get_attributes() for n in dot.get_nodes()}
    edges = {
        (plain(e.get_source()), plain(e.get_destination())): e.get_attributes()
        for e in dot.get_edges()
    }
    read = lambda attributes, like: {
        k: type(like[k])(plain(str(v))) if k in like else v for k, v in attributes.items()
    }
    assert len(nodes) == len(names)
    for expected in expected_nodes(doc):
        got = nodes[expected.pop("name")]
        same("DOT, pydot", read(got, expected), expected)
    assert len(edges) == len(doc["edges"])
    for (a, b), expected in expected_edges(doc):
        same("DOT, pydot", read(edges[names[a], names[b]], expected), expected)

    for name, rows in [
        ("nodes.csv", list(expected_nodes(doc))),
        ("edges.csv", [{"source": names[a], "target": names[b], **e}
                       for (a, b), e in expected_edges(doc)]),
    ]:
        with open(FILES / name, encoding="utf-8", newline="") as file:
            got = list(csv.DictReader(file))
        assert len(got) == len(rows), name
        for line, expected in zip(got, rows):
            for key, text in line.items():
                value = expected.get(key, "")
                read = type(value)(text) if text else ""
                assert equal(read, value), (name, key, text, value)


def main():
    fresh = {"networks": networks(), "labellings": labellings(), "document": document()}
    check_or_write(GOLDEN, fresh, ensure_ascii=False)
    if "--check" in sys.argv[1:]:
        check_files(json.loads(GOLDEN.read_text(encoding="utf-8"))["document"])
        print(f"{GOLDEN.name} and the files of {FILES.name} are as expected")


if __name__ == "__main__":
    main()
