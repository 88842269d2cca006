#!/usr/bin/env python3
"""Reference numbers for the significance of shared values.

Null models (probabilities, p-values of pairs and the edges of the FDR projection) from `bicm` 3.4.0;
p-values of several dimensions from one Poisson-binomial variable over the probabilities of all of
them, by `scipy` 1.17.1; adjusted p-values from `statsmodels` 0.15.0; silo pairs from all permutations
in plain Python. Also pinned: numpy 2.4.6, numba 0.68.1, pandas 3.1.1. The table of 18 women and 14
events is that of Davis, Gardner and Gardner (1941).

Writes golden/significance.json; with --check compares instead and exits 1 on a difference.
"""

import contextlib
import io
import itertools
import math
import statistics
import warnings
from pathlib import Path

import numpy as np
from bicm import BipartiteGraph
from scipy.stats import poisson_binom
from statsmodels.stats.multitest import multipletests

from common.golden import check_or_write

# numba warns about itself.
warnings.filterwarnings("ignore")

GOLDEN = Path(__file__).parent / "golden" / "significance.json"
LEVEL = 0.05

# Events of each woman, from 0.
DAVIS = [
    [0, 1, 2, 3, 4, 5, 7, 8], [0, 1, 2, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8],
    [0, 2, 3, 4, 5, 6, 7], [2, 3, 4, 6], [2, 4, 5, 7], [4, 5, 6, 7], [5, 7, 8], [4, 6, 7, 8],
    [6, 7, 8, 11], [7, 8, 9, 11], [7, 8, 9, 11, 12, 13], [6, 7, 8, 9, 11, 12, 13],
    [5, 6, 8, 9, 10, 11, 12, 13], [6, 7, 9, 10, 11], [7, 8], [8, 10], [8, 10],
]


def incidence(rows, size):
    table = np.zeros((len(rows), size), dtype=int)
    for at, values in enumerate(rows):
        table[at, values] = 1
    return table


def solved(table):
    """The graph of `bicm` with its model: from the first of its methods that keeps the margins to
    1e-10. With its usual regularisation, Newton's method stops at 3e-8 on one of these tables;
    without it, it meets a singular matrix on another."""
    for method in [
        {"method": "newton", "regularise": False},
        {"method": "fixed-point", "max_steps": 100_000},
        {"method": "newton"},
    ]:
        graph = BipartiteGraph(biadjacency=table)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                options = {"max_steps": 1000, **method}
                graph.solve_tool(tol=1e-14, eps=1e-14, light_mode=False, **options)
        except np.linalg.LinAlgError:
            continue
        p = graph.get_bicm_matrix()
        if all(np.abs(p.sum(axis) - table.sum(axis)).max() < 1e-10 for axis in (0, 1)):
            return graph, p
    raise AssertionError("no method of bicm keeps the margins")


def upper_tail(probabilities, shared):
    """P(at least `shared` successes)."""
    if shared == 0:
        return 1.0
    p = np.asarray(probabilities, dtype=float)
    sure = int((p == 1.0).sum())
    if shared <= sure:
        return 1.0
    p = p[(p > 0.0) & (p < 1.0)]
    # From the small end: the survival function of scipy is 1 - cdf.
    wanted = range(shared - sure, len(p) + 1)
    return min(1.0, math.fsum(poisson_binom.pmf(k, p) for k in wanted))


def adjusted(p_values):
    bh = multipletests(p_values, alpha=LEVEL, method="fdr_bh")
    by = multipletests(p_values, alpha=LEVEL, method="fdr_by")
    return {
        "bh": bh[1].tolist(),
        "by": by[1].tolist(),
        "bh_discoveries": int(bh[0].sum()),
        "by_discoveries": int(by[0].sum()),
    }


def one_dimension(name, rows, size, keep):
    """One table without empty or full rows and columns: `bicm` alone gives everything. `keep` pairs
    are written."""
    table = incidence(rows, size)
    degrees = table.sum(1), table.sum(0)
    assert 0 < degrees[0].min() and degrees[0].max() < size, name
    assert 0 < degrees[1].min() and degrees[1].max() < len(rows), name
    graph, p = solved(table)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        # Without a progress bar, 3.4.0 computes no p-values at all in a single thread.
        graph.compute_projection(rows=True, alpha=LEVEL, method="poibin", threads_num=1,
                                 progress_bar=True)
        projection = graph.get_rows_projection(alpha=LEVEL, fmt="edgelist")
        p_values = graph.get_projected_pvals_mat(layer="rows")
    pairs = list(itertools.combinations(range(len(rows)), 2))
    adjustment = adjusted([p_values[a, b] for a, b in pairs])
    edges = sorted([int(min(e)), int(max(e))] for e in projection)
    assert len(edges) == adjustment["bh_discoveries"], (name, len(edges))
    every = max(1, len(pairs) // keep)
    shared = table @ table.T
    return {
        "name": name,
        "sizes": [size],
        "rows": [{"stated": [0], "values": list(map(int, r))} for r in rows],
        "probabilities": [p[at].tolist() for at in range(0, len(rows), max(1, len(rows) // 20))],
        "probability_step": max(1, len(rows) // 20),
        "pairs": [
            {
                "a": a,
                "b": b,
                "shared": int(shared[a, b]),
                "expected": float(p[a] @ p[b]),
                "p": float(p_values[a, b]),
                "bh": adjustment["bh"][at],
                "by": adjustment["by"][at],
            }
            for at, (a, b) in enumerate(pairs)
            if at % every == 0
        ],
        "tests": len(pairs),
        "bh_discoveries": adjustment["bh_discoveries"],
        "by_discoveries": adjustment["by_discoveries"],
        "edges": edges if len(edges) < 2000 else None,
    }


def several_dimensions(name, sizes, rows, across=None):
    """A model a dimension over the rows that state it; rows are lists with None for not stated.
    `across` limits the family to pairs from different groups."""
    starts = [sum(sizes[:d]) for d in range(len(sizes))]
    probabilities = [[None] * len(sizes) for _ in rows]
    for d, size in enumerate(sizes):
        stating = [at for at, row in enumerate(rows) if row[d] is not None]
        table = incidence([rows[at][d] for at in stating], size)
        _, p = solved(table)
        for at, line in zip(stating, p):
            probabilities[at][d] = line
    pairs = []
    for a, b in itertools.combinations(range(len(rows)), 2):
        if across is not None and across[a] == across[b]:
            continue
        both = [d for d in range(len(sizes)) if rows[a][d] is not None and rows[b][d] is not None]
        if not both:
            continue
        product = np.concatenate([probabilities[a][d] * probabilities[b][d] for d in both])
        shared = sum(len(set(rows[a][d]) & set(rows[b][d])) for d in both)
        pairs.append({"a": a, "b": b, "shared": shared, "expected": math.fsum(product),
                      "p": upper_tail(product, shared)})
    adjustment = adjusted([pair["p"] for pair in pairs])
    for at, pair in enumerate(pairs):
        pair["bh"], pair["by"] = adjustment["bh"][at], adjustment["by"][at]
    return {
        "name": name,
        "sizes": sizes,
        "groups": across,
        "rows": [
            {
                "stated": [d for d in range(len(sizes)) if row[d] is not None],
                "values": [starts[d] + int(v) for d in range(len(sizes)) for v in row[d] or []],
            }
            for row in rows
        ],
        "pairs": pairs,
        "tests": len(pairs),
        "bh_discoveries": adjustment["bh_discoveries"],
        "by_discoveries": adjustment["by_discoveries"],
        "edges": [[q["a"], q["b"]] for q in pairs if q["bh"] <= LEVEL],
    }


def neither_empty_nor_full(table):
    n, size = table.shape
    return (
        0 < table.sum(1).min() and table.sum(1).max() < size
        and 0 < table.sum(0).min() and table.sum(0).max() < n
    )


def values_of(table):
    return [np.flatnonzero(row).tolist() for row in table]


def noise(rng, n, size, mean):
    """Rows of independent values of falling frequency, none empty or full."""
    weight = np.arange(1, size + 1) ** -0.4
    frequency = np.minimum(0.9, mean * weight / weight.sum())
    while True:
        table = rng.random((n, size)) < frequency
        if neither_empty_nor_full(table):
            return values_of(table)


def models(rng, n, size, mean, kinds, flip):
    """Rows that are copies of a few models with some values changed."""
    base = incidence(noise(rng, kinds, size, mean), size)
    while True:
        table = base[rng.integers(kinds, size=n)] ^ (rng.random((n, size)) < flip)
        if neither_empty_nor_full(table):
            return values_of(table)


def facets(rng, n, sizes, unknown, kinds):
    """Programmes of a few models, with dimensions not stated, stated empty and stated full."""
    bases = [[rng.random(size) < 0.3 for size in sizes] for _ in range(kinds)]
    rows = []
    for _ in range(n):
        kind = bases[rng.integers(kinds)]
        rows.append([
            None if rng.random() < unknown else
            np.flatnonzero(base ^ (rng.random(size) < 0.02)).tolist()
            for size, base in zip(sizes, kind)
        ])
    rows[1] = [list(range(size)) for size in sizes]
    rows[2] = [[] for _ in sizes]
    rows[3] = [None] * len(sizes)
    return rows


def adjustments(rng):
    """P-values with ties, each with how often it comes."""
    families = []
    for size, scale in [(1, 1), (12, 1), (60, 3), (400, 5)]:
        p = np.round(rng.random(size) ** scale, 3).clip(1e-3, 1.0)
        values, counts = np.unique(p, return_counts=True)
        family = adjusted(p)
        first = [int(np.flatnonzero(p == v)[0]) for v in values]
        families.append({
            "p": values.tolist(), "counts": counts.tolist(),
            "bh": [family["bh"][at] for at in first], "by": [family["by"][at] for at in first],
            "bh_discoveries": family["bh_discoveries"],
            "by_discoveries": family["by_discoveries"],
        })
    return families


def mixing(sets, silos, edges):
    """Edges by pair of silos, and the same over all permutations of the sets."""
    pairs = list(itertools.combinations_with_replacement(range(silos), 2))

    def count(order):
        counts = dict.fromkeys(pairs, 0)
        for a, b in edges:
            for s in sets[order[a]]:
                for t in sets[order[b]]:
                    counts[min(s, t), max(s, t)] += 1
        return counts

    observed = count(range(len(sets)))
    null = [count(order) for order in itertools.permutations(range(len(sets)))]
    found = []
    for pair in pairs:
        values = [counts[pair] for counts in null]
        mean = statistics.fmean(values)
        if mean == 0:
            continue
        high = sum(v >= observed[pair] for v in values) / len(values)
        low = sum(v <= observed[pair] for v in values) / len(values)
        found.append({"a": pair[0], "b": pair[1], "observed": observed[pair], "expected": mean,
                      "deviation": statistics.pstdev(values), "p": min(1.0, 2 * min(high, low))})
    return {"sets": sets, "silos": silos, "edges": [list(e) for e in edges], "pairs": found}


def build():
    rng = np.random.default_rng(20240917)
    facet_sizes = [24, 5, 4, 9, 7, 16]
    groups = rng.integers(4, size=50).tolist()
    return {
        "level": LEVEL,
        "families": [
            one_dimension("davis", DAVIS, 14, 10**9),
            one_dimension("noise", noise(rng, 120, 40, 9), 40, 400),
            one_dimension("models", models(rng, 120, 60, 12, 12, 0.02), 60, 400),
            several_dimensions("facets", facet_sizes, facets(rng, 50, facet_sizes, 0.15, 12)),
            several_dimensions("across", [40, 20], facets(rng, 50, [40, 20], 0.2, 10), groups),
        ],
        "adjustments": adjustments(rng),
        "mixing": [
            mixing([[0], [0], [0, 1], [1], [1], [2], [2]], 3,
                   [(0, 1), (0, 2), (1, 2), (3, 4), (2, 3), (5, 6), (4, 5)]),
            mixing([[0], [0], [0], [1], [1], [1], [1, 2]], 3,
                   [(0, 1), (0, 2), (1, 2), (3, 4), (4, 5), (5, 6), (3, 6)]),
        ],
    }


def rounded(value):
    """Thirteen digits are more than enough to compare by."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


def main():
    check_or_write(GOLDEN, rounded(build()))


if __name__ == "__main__":
    main()
