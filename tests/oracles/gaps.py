#!/usr/bin/env python3
"""Reference numbers for the gap map, from plain Python and SciPy.

Counts, margins and expectations are counted one by one in plain Python; lower tails of the
Poisson-binomial by the textbook recurrence in plain Python, checked against
scipy.stats.poisson_binom; adjusted p-values by scipy.stats.false_discovery_control.
Pinned: numpy 2.4.6, scipy 1.17.1. Writes golden/gaps.json; with --check compares instead.
"""

import math
import random
from pathlib import Path

from scipy.stats import binom, false_discovery_control, poisson_binom

from common.golden import check_or_write

GOLDEN = Path(__file__).parent / "golden" / "gaps.json"


def tail(probabilities, most):
    """P(X <= most), one trial after the other."""
    mass = [1.0]
    for p in probabilities:
        mass.append(0.0)
        for at in range(len(mass) - 1, 0, -1):
            mass[at] = mass[at] * (1 - p) + mass[at - 1] * p
        mass[0] *= 1 - p
    return math.fsum(mass[: most + 1])


def tails(rng):
    """Tails of mixed trials, with and without repeats."""
    cases = []
    for number in (1, 2, 7, 40, 150):
        for spread in (0.05, 0.4, 1.0):
            trials = [[rng.random() * spread, rng.randint(1, 4)] for _ in range(number)]
            flat = [p for p, copies in trials for _ in range(copies)]
            mean = sum(flat)
            for most in sorted({0, 1, int(mean / 4), int(mean), int(mean * 1.2)}):
                expected = tail(flat, most)
                # SciPy goes through a Fourier transform, exact to about 1e-14 absolute.
                assert abs(poisson_binom.cdf(most, flat) - min(expected, 1)) < 1e-12
                cases.append({"trials": trials, "most": most, "p": expected})
    for number, p, most in ((1000, 0.003, 0), (20000, 0.01, 150), (50000, 0.5, 24800)):
        cases.append({"trials": [[p, number]], "most": most, "p": float(binom.cdf(most, number, p))})
    return cases


def schema(rng):
    """Three dimensions with broader values and two axes."""
    dimensions, values = [], []
    for at, (tops, children) in enumerate(((5, 6), (4, 0), (6, 3))):
        start = len(values)
        for _ in range(tops):
            values.append({"scheme": at, "ancestors": []})
        for _ in range(children):
            parent = rng.randrange(start, len(values))
            values.append({"scheme": at, "ancestors": [parent, *values[parent]["ancestors"]]})
        dimensions.append([start, len(values)])
    silo_values = [{"scheme": int(at >= 4), "ancestors": [0] if at == 3 else []} for at in range(7)]
    axes = [{"values": [0, 4], "same": [0]}, {"values": [4, 7], "same": [1, 2]}]
    return {"dimensions": dimensions, "values": values, "axes": axes, "silo_values": silo_values}


def programmes(rng, schema, number, split):
    """Programmes of two kinds that (with `split`) keep to their own halves of the values."""
    rows = []
    for at in range(number):
        kind = rng.random() < 0.5
        row = {"values": [], "none": [], "silo_values": [], "absent": [], "count": rng.choice([1, 1, 1, 2])}
        for dimension, (start, end) in enumerate(schema["dimensions"]):
            fate = rng.random()
            if fate < 0.15:
                continue
            if fate < 0.2:
                row["none"].append(dimension)
                continue
            for value in range(start, end):
                top = ([*schema["values"][value]["ancestors"], value])[0]
                own = not split or (top % 2 == 0) == kind
                if own and rng.random() < 0.9 / (1 + 0.5 * (value - start)):
                    row["values"].append(value)
                elif rng.random() < 0.04:
                    row["absent"].append(value)
        for axis in schema["axes"]:
            if rng.random() < 0.8:
                row["silo_values"].append(rng.randrange(*axis["values"]))
        rows.append(row)
    return rows


def side(schema, rows, facet, deep):
    """Values of a facet, who has them, who states the facet, who is known not to have them."""
    kind, at = facet
    table = schema["values"] if kind == "dimension" else schema["silo_values"]
    start, end = schema["dimensions"][at] if kind == "dimension" else schema["axes"][at]["values"]
    values = [v for v in range(start, end) if deep or not table[v]["ancestors"]]
    field = "values" if kind == "dimension" else "silo_values"
    closures = []
    for row in rows:
        closure = set(row[field])
        for value in row[field]:
            closure.update(table[value]["ancestors"])
        closures.append(closure)
    if kind == "dimension":
        stated = [
            at in row["none"] or any(start <= v < end for v in row["values"]) for row in rows
        ]
    else:
        stated = [any(start <= v < end for v in row["silo_values"]) for row in rows]
    has = {v: [v in closure for closure in closures] for v in values}
    absent = {
        v: [kind == "dimension" and v in row["absent"] and not has[v][i] for i, row in enumerate(rows)]
        for v in values
    }
    return values, has, stated, absent


def gap_map(schema, rows, a, b, deep, settings):
    """The whole map, counted one programme at a time."""
    row_values, row_has, row_stated, row_absent = side(schema, rows, a, deep)
    column_values, column_has, column_stated, column_absent = side(schema, rows, b, deep)
    number = range(len(rows))
    weight = [row["count"] for row in rows]
    both = [row_stated[i] and column_stated[i] for i in number]

    def model(values, has):
        margin = {v: sum(weight[i] for i in number if both[i] and has[v][i]) for v in values}
        total = sum(margin.values())
        degree = [sum(has[v][i] for v in values) for i in number]
        chance = {
            v: [min(1.0, degree[i] * margin[v] / total) if total else 0.0 for i in number]
            for v in values
        }
        return margin, chance

    row_margin, row_chance = model(row_values, row_has)
    column_margin, column_chance = model(column_values, column_has)
    stated = sum(weight[i] for i in number if both[i])
    cells = []
    for r in row_values:
        for c in column_values:
            cell = {"row": r, "column": c, "count": 0, "absent": 0, "not_found": 0, "unknown": 0}
            cell["programmes"] = [i for i in number if row_has[r][i] and column_has[c][i]]
            for i in number:
                if row_has[r][i] and column_has[c][i]:
                    what = "count"
                elif row_absent[r][i] or column_absent[c][i]:
                    what = "absent"
                else:
                    what = "not_found" if both[i] else "unknown"
                cell[what] += weight[i]
            flat = [
                row_chance[r][i] * column_chance[c][i] for i in number if both[i] for _ in range(weight[i])
            ]
            cell["expected"] = math.fsum(flat)
            cell["independent"] = row_margin[r] * column_margin[c] / stated if stated else 0.0
            cell["p"] = None
            if stated >= settings["min_stated"] and cell["expected"] >= settings["min_expected"]:
                cell["p"] = tail(flat, cell["count"])
            cells.append(cell)
    tested = [cell for cell in cells if cell["p"] is not None]
    q = false_discovery_control([min(cell["p"], 1.0) for cell in tested]) if tested else []
    for cell in cells:
        cell["q"] = None
    for cell, value in zip(tested, q):
        cell["q"] = float(value)
    for cell in cells:
        if cell["q"] is None:
            few = "CannotTell" if stated < settings["min_stated"] else "NothingToExpect"
            cell["verdict"] = "Evidence" if cell["count"] else few
        elif cell["count"] > settings["near_empty"] * cell["expected"]:
            cell["verdict"] = "Evidence"
        else:
            cell["verdict"] = "SurprisingGap" if cell["q"] <= settings["alpha"] else "ByChance"
    all_weight = sum(weight)
    return {
        "rows": a,
        "columns": b,
        "deep": deep,
        "circular": (
            (a[0] == "axis" and b[0] == "dimension" and b[1] in schema["axes"][a[1]]["same"])
            or (b[0] == "axis" and a[0] == "dimension" and a[1] in schema["axes"][b[1]]["same"])
        ),
        "denominators": [
            all_weight,
            stated,
            sum(weight[i] for i in number if row_stated[i]),
            sum(weight[i] for i in number if column_stated[i]),
            all_weight - stated,
        ],
        "cells": cells,
    }


def build():
    rng = random.Random(20_240)
    settings = {"min_stated": 20, "min_expected": 3.0, "near_empty": 0.25, "alpha": 0.05}
    data = []
    for number, split in ((15, False), (90, False), (120, True)):
        map_schema = schema(rng)
        rows = programmes(rng, map_schema, number, split)
        facets = [["dimension", 0], ["dimension", 1], ["dimension", 2], ["axis", 0], ["axis", 1]]
        maps = [
            gap_map(map_schema, rows, a, b, deep, settings)
            for a, b, deep in (
                (facets[0], facets[1], False),
                (facets[0], facets[2], True),
                (facets[1], facets[2], False),
                (facets[3], facets[0], False),
                (facets[2], facets[4], True),
                (facets[3], facets[4], True),
            )
        ]
        pairs = []
        for x, a in enumerate(facets):
            for b in facets[x + 1 :]:
                cells = gap_map(map_schema, rows, a, b, True, settings)["cells"]
                pairs.append([sum(cell["count"] > 0 for cell in cells), len(cells)])
        data.append({"schema": map_schema, "rows": rows, "maps": maps, "coverage": pairs})
    seen = {cell["verdict"] for part in data for one in part["maps"] for cell in one["cells"]}
    assert len(seen) == 5, f"some verdicts never occur: {seen}"
    return {"settings": settings, "tails": tails(rng), "data": data}


def main():
    check_or_write(GOLDEN, build(), relative=True)


if __name__ == "__main__":
    main()
