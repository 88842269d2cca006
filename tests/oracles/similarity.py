"""Reference numbers for the similarity of programmes.

Random programmes of a fixed seed, compared by an own plain implementation of the mean of Gower over
simGIC (and simUI), by scikit-learn and SciPy (jaccard, cosine) and by hand (overlap, inclusion); the
Davis two-mode graph, compared by igraph. Writes golden/similarity.json; with --check it recomputes
and exits 1 when the file differs by more than 1e-9.

Needs igraph 1.0.0, networkx 3.6.1, numpy 2.4.6, scikit-learn 1.9.1 and scipy 1.17.1.
"""

import math
import random
from pathlib import Path

import igraph
import networkx
import numpy
from scipy.spatial.distance import jaccard as scipy_jaccard
from sklearn.metrics import jaccard_score
from sklearn.metrics.pairwise import cosine_similarity

from common.golden import check_or_write

GOLDEN = Path(__file__).parent / "golden" / "similarity.json"
MIN_COMPARABLE = 3
MEASURES = ["gower", "simui", "jaccard", "overlap", "inclusion", "cosine"]


def make_schema(rng):
    """Six dimensions; a parent comes before its children, up to three levels."""
    dimensions = []
    for at, size in enumerate([14, 5, 7, 6, 6, 9]):
        parents = []
        for value in range(size):
            candidates = [v for v in range(value) if depth(parents, v) < 2]
            parents.append(rng.choice(candidates) if candidates and rng.random() < 0.5 else None)
        weight = [1.0, 1.0, 0.5, 1.0, 2.0, 1.25][at]
        dimensions.append({"weight": weight, "parents": parents})
    return dimensions


def depth(parents, value):
    steps = 0
    while parents[value] is not None:
        value = parents[value]
        steps += 1
    return steps


def make_programmes(rng, schema, count):
    programmes = []
    for _ in range(count):
        codings = []
        for dimension in schema:
            if rng.random() < 0.2:
                codings.append(None)  # not stated
                continue
            values = range(len(dimension["parents"]))
            codings.append([v for v in values if rng.random() < 1.6 / len(values)])  # may be none
        programmes.append({"codings": codings, "count": rng.randint(3, 9)})
    return programmes


def closed(dimension, values):
    found = set()
    for value in values:
        while value is not None:
            found.add(value)
            value = dimension["parents"][value]
    return found


def leaves(dimension, values):
    broader = set()
    for value in values:
        broader |= closed(dimension, [value]) - {value}
    return set(values) - broader


def information(schema, programmes):
    """-ln((1 + n) / (1 + N)) a value, N counting who states the dimension."""
    table = []
    for at, dimension in enumerate(schema):
        stating = sum(p["count"] for p in programmes if p["codings"][at] is not None)
        numbers = []
        for value in range(len(dimension["parents"])):
            having = sum(
                p["count"]
                for p in programmes
                if p["codings"][at] is not None and value in closed(dimension, p["codings"][at])
            )
            numbers.append(-math.log((1 + having) / (1 + stating)))
        table.append(numbers)
    return table


def compare(schema, table, measure, a, b):
    """[score, low, high, comparable], or None."""
    weights, scores, missing = [], [], 0.0
    pool_a, pool_b = set(), set()
    for at, dimension in enumerate(schema):
        x, y = a["codings"][at], b["codings"][at]
        if x is None or y is None:
            missing += dimension["weight"]
            continue
        if not x and not y:
            continue
        weights.append(dimension["weight"])
        cx, cy = closed(dimension, x), closed(dimension, y)
        weigh = (lambda s: sum(table[at][v] for v in s)) if measure == "gower" else len
        scores.append(weigh(cx & cy) / weigh(cx | cy))
        pool_a |= {(at, v) for v in leaves(dimension, x)}
        pool_b |= {(at, v) for v in leaves(dimension, y)}
    if len(weights) < MIN_COMPARABLE:
        return None
    weight = sum(weights)
    if measure in ("gower", "simui"):
        score = sum(w * s for w, s in zip(weights, scores)) / weight
    else:
        score = pooled(measure, pool_a, pool_b)
    low = weight * score / (weight + missing)
    high = (weight * score + missing) / (weight + missing)
    return [score, low, high, len(weights)]


def pooled(measure, a, b):
    everything = sorted(a | b)
    x = numpy.array([v in a for v in everything])
    y = numpy.array([v in b for v in everything])
    if measure == "jaccard":
        score = float(jaccard_score(x, y, zero_division=0.0))
        assert abs(score - (1 - scipy_jaccard(x, y))) < 1e-12
        return score
    if measure == "cosine":
        return float(cosine_similarity([x.astype(float)], [y.astype(float)])[0, 0])
    smallest = min(len(a), len(b)) if measure == "overlap" else len(a)
    return len(a & b) / smallest if smallest else 0.0


def davis():
    graph = networkx.davis_southern_women_graph()
    women, events = graph.graph["top"], graph.graph["bottom"]
    nodes = women + events
    edges = [(nodes.index(u), nodes.index(v)) for u, v in graph.edges]
    rows = igraph.Graph(len(nodes), edges).similarity_jaccard(vertices=range(len(women)), loops=False)
    attended = [sorted(events.index(e) for e in graph[woman]) for woman in women]
    return {"women": women, "events": len(events), "attended": attended, "jaccard": rows}


def make():
    rng = random.Random(20260)
    schema = make_schema(rng)
    programmes = make_programmes(rng, schema, 40)
    table = information(schema, programmes)
    pairs = {}
    for measure in MEASURES:
        found = []
        for i, a in enumerate(programmes):
            for j, b in enumerate(programmes):
                if i < j or (measure == "inclusion" and i > j):
                    found.append([i, j, compare(schema, table, measure, a, b)])
        pairs[measure] = found
    return {
        "schema": schema,
        "programmes": programmes,
        "information": table,
        "min_comparable": MIN_COMPARABLE,
        "pairs": pairs,
        "davis": davis(),
    }


def rounded(value):
    if isinstance(value, float):
        return round(value, 13)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value


def main():
    check_or_write(GOLDEN, rounded(make()))


if __name__ == "__main__":
    main()
