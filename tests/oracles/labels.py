"""Reference numbers for tests/oracle_labels.rs, from scikit-bio, SciPy, scikit-learn and NumPy.

Writes golden/labels.json beside this file; with --check it computes everything anew and exits 1
when a number differs by more than 1e-9. What no library has (indicator values, niche breadth,
Schoener's D, exact p-values by listing every arrangement) is written out plainly here.
"""

import itertools
import pathlib
import random
import warnings

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import jensenshannon, pdist, squareform
from scipy.stats import entropy, f_oneway, false_discovery_control
from skbio import DistanceMatrix
from skbio.stats.distance import permanova, permdisp
from sklearn.metrics import silhouette_score

from common.golden import check_or_write

GOLDEN = pathlib.Path(__file__).parent / "golden" / "labels.json"


def lower(square):
    return [float(square[i][j]) for i in range(len(square)) for j in range(i)]


def distributions(rng):
    cases = []
    for size in [1, 2, 5, 12]:
        for _ in range(5):
            p, q = rng.dirichlet(np.full(size, 0.4)), rng.dirichlet(np.full(size, 0.4))
            if size > 2:
                p[0] = 0.0
                p /= p.sum()
            cases.append({
                "p": p.tolist(), "q": q.tolist(),
                "jensen_shannon": float(jensenshannon(p, q, base=2) ** 2) if size > 1 else 0.0,
                "schoener": float(1 - np.abs(p - q).sum() / 2),
                "effective_number": float(np.exp(entropy(p))),
            })
    return cases


def rates(rng):
    cases = []
    for size in [1, 2, 7, 40]:
        p = np.round(rng.uniform(0, 1, size) ** 3, 3)
        cases.append({
            "p": p.tolist(),
            "q": false_discovery_control(p, method="bh").tolist(),
            "quantiles": [[at, float(np.quantile(p, at))] for at in [0, 0.025, 0.05, 0.5, 0.975, 1]],
        })
    return cases


def anderson_2006(distances, groups):
    """Distances to centroids in full principal coordinates, imaginary ones subtracted."""
    n = len(groups)
    centre = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-centre @ (distances ** 2) @ centre / 2)
    points = vectors * np.sqrt(np.abs(values))
    real, imaginary = points[:, values > 0], points[:, values <= 0]
    out = []
    for group in sorted(set(groups)):
        own = np.array(groups) == group
        part = [((x[own] - x[own].mean(axis=0)) ** 2).sum(axis=1) for x in (real, imaginary)]
        out.append(np.sqrt(np.abs(part[0] - part[1])))
    return out


def variance(rng):
    cases = []
    for kind in ["euclidean", "manhattan"]:
        for count, size in [(2, 12), (3, 30), (5, 40)]:
            groups = [int(g) for g in rng.permutation(np.arange(size) % count)]
            first = {}
            groups = [first.setdefault(g, len(first)) for g in groups]
            points = rng.normal(size=(size, 3)) * (1 + np.array(groups))[:, None]
            points += np.array(groups)[:, None] * 0.4
            distances = squareform(pdist(points, "euclidean" if kind == "euclidean" else "cityblock"))
            matrix = DistanceMatrix(distances)
            found = permanova(matrix, groups, permutations=0)
            f = float(found["test statistic"])
            spread = anderson_2006(distances, groups)
            spread_f = float(f_oneway(*spread).statistic)
            if kind == "euclidean":
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    library = permdisp(matrix, groups, test="centroid", permutations=0, dimensions=0)
                assert abs(library["test statistic"] - spread_f) < 1e-9, (library, spread_f)
            cases.append({
                "kind": kind, "groups": groups, "distances": lower(distances),
                "pseudo_f": f,
                # F = (R² / (a − 1)) / ((1 − R²) / (n − a))
                "r2": f * (count - 1) / (f * (count - 1) + size - count),
                "permdisp_f": spread_f,
                "permdisp_means": [float(group.mean()) for group in spread],
            })
    return cases


def exact(rng):
    """Every arrangement of eight items inside two strata of four."""
    points = rng.normal(size=(8, 2))
    points[:4] += 2
    groups = [0, 1, 0, 1, 1, 0, 0, 1]
    points += np.array(groups)[:, None] * 0.8
    distances = squareform(pdist(points))
    matrix = DistanceMatrix(distances)

    def ratio(groups):
        return float(permanova(matrix, list(groups), permutations=0)["test statistic"])

    observed = ratio(groups)
    halves = [set(itertools.permutations(groups[:4])), set(itertools.permutations(groups[4:]))]
    arrangements = [a + b for a in halves[0] for b in halves[1]]
    extreme = [ratio(a) >= observed - 1e-12 for a in arrangements]
    explained = [ratio(a) / (ratio(a) + 6) for a in arrangements]
    return {
        "groups": groups, "strata": [0] * 4 + [1] * 4, "distances": lower(distances),
        "p": float(np.mean(extreme)), "r2_by_chance": float(np.mean(explained)),
    }


def splits(rng):
    cases = []
    for size in [2, 3, 5, 12, 30]:
        points = rng.normal(size=(size, 3))
        points[: size // 3] += 2.5
        distances = squareform(pdist(points))
        tree = linkage(squareform(distances), "average")
        two = fcluster(tree, 2, "maxclust")
        cases.append({
            "distances": lower(distances),
            "second": [bool(group != two[0]) for group in two],
            "silhouette": float(silhouette_score(distances, two, metric="precomputed")) if size > 2 else 0.0,
        })
    return cases


DIMENSIONS = [range(0, 5), range(5, 9), range(9, 11)]
PARENTS = {1: [0], 2: [0], 6: [5]}


def programmes(draw):
    rows = []
    for at in range(60):
        labels = [["guide", "navigator", "buddy", "mentor", "aide"][min(4, int(draw.expovariate(0.7)))]]
        if draw.random() < 0.15:
            labels.append("buddy" if labels[0] != "buddy" else "guide")
        if draw.random() < 0.05:
            labels = []
        values, none = [], []
        for number, dimension in enumerate(DIMENSIONS):
            state = draw.random()
            if state < 0.15:
                continue
            if state < 0.22:
                none.append(number)
                continue
            lean = 2 if "navigator" in labels or "guide" in labels else 0
            values += sorted(draw.sample(list(dimension), min(len(dimension), draw.choice([1, 1, 2, 3]))))
            if draw.random() < 0.4 and dimension[0] + lean in dimension:
                values.append(dimension[0] + lean)
        silo = [draw.randrange(3)] if draw.random() < 0.8 else []
        rows.append({"name": f"p{at:03}", "labels": sorted(labels), "values": sorted(set(values)),
                     "none": none, "silos": silo})
    return rows


def closure(values):
    return set(values) | {parent for value in values for parent in PARENTS.get(value, [])}


def states(row, number):
    return number in row["none"] or any(value in DIMENSIONS[number] for value in row["values"])


def apart(a, b):
    parts = []
    for number, dimension in enumerate(DIMENSIONS):
        if states(a, number) and states(b, number):
            x, y = (closure(row["values"]) & set(dimension) for row in (a, b))
            if x | y:
                parts.append(1 - len(x & y) / len(x | y))
    return sum(parts) / len(parts) if parts else None


def distribution(rows, number):
    """Shares of the leaf values of a dimension, "none of them" last; how many rows state it."""
    dimension = DIMENSIONS[number]
    shares, stating = dict.fromkeys([*dimension, None], 0.0), 0
    for row in rows:
        if not states(row, number):
            continue
        stating += 1
        held = [value for value in row["values"] if value in dimension]
        leaves = [v for v in held if not any(v in PARENTS.get(w, []) for w in held)] or [None]
        for leaf in leaves:
            shares[leaf] += 1 / len(leaves)
    return [share / max(stating, 1) for share in shares.values()], stating


def indicators(rows, names):
    """IndVal for presence and absence, among rows that state the value's dimension."""
    out = {name: {} for name in names}
    for number, dimension in enumerate(DIMENSIONS):
        stating = [row for row in rows if states(row, number)]
        sizes = {name: sum(name in row["labels"] for row in stating) for name in names}
        counting = [name for name in names if sizes[name] >= 5]
        if len(counting) < 2:
            continue
        for value in dimension:
            share = {
                name: sum(name in row["labels"] and value in closure(row["values"]) for row in stating)
                / sizes[name] for name in counting
            }
            total = sum(share.values())
            for name in counting:
                if share[name] > 0:
                    out[name][str(value)] = [share[name] / total, share[name]]
    return out


def population(draw):
    rows = programmes(draw)
    names = sorted({name for row in rows for name in row["labels"]})
    labels = {}
    for name in names:
        members = [row for row in rows if name in row["labels"]]
        known = [d for a, b in itertools.combinations(members, 2) if (d := apart(a, b)) is not None]
        stated = [
            (tuple(row["values"]), tuple(n for n in range(3) if states(row, n)))
            for row in members if any(states(row, n) for n in range(3))
        ]
        counts = [stated.count(profile) for profile in set(stated)]
        breadth = [distribution(members, number) for number in range(3)]
        labels[name] = {
            "programmes": len(members),
            "dispersion": float(np.mean(known)) if len(members) >= 5 and known else None,
            "pairs": len(known),
            "distinct": len(counts),
            "effective": float(np.exp(entropy(counts))),
            "breadth": [[count, float(np.exp(entropy(shares)))] for shares, count in breadth],
        }
    common = [name for name in names if labels[name]["programmes"] >= 5]
    pairs = []
    for a, b in itertools.combinations(common, 2):
        x = [row for row in rows if a in row["labels"] and b not in row["labels"]]
        y = [row for row in rows if b in row["labels"] and a not in row["labels"]]
        found = []
        for number in range(3):
            (p, n), (q, m) = distribution(x, number), distribution(y, number)
            if min(n, m) >= 5:
                found.append([number, float(jensenshannon(p, q, base=2) ** 2),
                              1 - sum(abs(s - t) for s, t in zip(p, q)) / 2])
        pairs.append({"labels": [a, b], "programmes": [len(x), len(y)], "dimensions": found,
                      "divergence": float(np.mean([f[1] for f in found])) if found else None})
    labelled = [row for row in rows if set(row["labels"]) & set(common)]
    return {"rows": rows, "labels": labels, "pairs": pairs, "indicators": indicators(labelled, common)}


def null(draw):
    """Label a on five of nine programmes of one silo and on two of four of another: every draw."""
    rows = []
    for at in range(13):
        silo = 0 if at < 9 else 1
        label = "a" if at in (0, 1, 2, 4, 7, 9, 11) else "b"
        values = sorted(draw.sample(range(5), 2) + draw.sample(range(5, 9), 1))
        if label == "a":
            values = sorted({*values, 2})
        rows.append({"name": f"p{at:03}", "labels": [label], "values": values, "none": [],
                     "silos": [silo]})
    square = [[apart(a, b) for b in rows] for a in rows]

    def spread(members):
        return float(np.mean([square[a][b] for a, b in itertools.combinations(members, 2)]))

    observed = spread([at for at, row in enumerate(rows) if row["labels"] == ["a"]])
    draws = [
        spread(first + second)
        for first in itertools.combinations(range(9), 5)
        for second in itertools.combinations(range(9, 13), 2)
    ]
    real = indicators(rows, ["a", "b"])["a"]
    extreme = dict.fromkeys(real, 0)
    for first in itertools.combinations(range(9), 5):
        for second in itertools.combinations(range(9, 13), 2):
            given = [{**row, "labels": ["a" if at in first + second else "b"]} for at, row in enumerate(rows)]
            found = indicators(given, ["a", "b"])["a"]
            for value, (specificity, fidelity) in real.items():
                other = found.get(value, [0, 0])
                extreme[value] += other[0] * other[1] >= specificity * fidelity - 1e-12
    return {
        "rows": rows, "mean": float(np.mean(draws)), "median": float(np.median(draws)),
        "p_lower": float(np.mean([d <= observed + 1e-12 for d in draws])),
        "p_upper": float(np.mean([d >= observed - 1e-12 for d in draws])),
        "indicator_p": {value: count / len(draws) for value, count in extreme.items()},
    }


def compute():
    rng, draw = np.random.default_rng(20), random.Random(20)
    return {
        "distributions": distributions(rng), "rates": rates(rng), "variance": variance(rng),
        "exact": exact(rng), "splits": splits(rng), "population": population(draw), "null": null(draw),
    }


def main():
    check_or_write(GOLDEN, compute(), relative=True)


main()
