#!/usr/bin/env python3
"""Reference numbers for formal concept analysis, from the library `concepts`.

Concepts, extents, intents and lower neighbours (for the stability bound delta) come from
`concepts` 0.9.2 (pinned, with bitsets 0.9.1 and graphviz 0.21); implications from trying every
premise in plain Python. The contexts in contexts/ are from the public-domain (CC0) collection
fcatools/contexts. Writes golden/formal_concepts.json; with --check compares instead.
"""

import itertools
import random
from pathlib import Path

import concepts

from common.golden import check_or_write

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "formal_concepts.json"


def lattice(context):
    """All concepts with their delta, sorted by extent and intent."""
    objects, attributes = list(context.objects), list(context.properties)
    found = []
    for concept in context.lattice:
        below = max((len(child.extent) for child in concept.lower_neighbors), default=0)
        found.append(
            {
                "extent": sorted(objects.index(name) for name in concept.extent),
                "intent": sorted(attributes.index(name) for name in concept.intent),
                "delta": len(concept.extent) - below,
            }
        )
    return sorted(found, key=lambda one: (one["extent"], one["intent"]))


def files():
    """The published contexts. `concepts` takes no title on the second line of a file."""
    found = []
    for path in sorted((HERE / "contexts").glob("*.cxt")):
        text = path.read_text(encoding="utf-8")
        titled = text.split("\n")[1].strip() != ""
        try:
            concepts.Context.fromstring(text, frmat="cxt")
            refused = False
        except ValueError:
            refused = True
        assert refused == titled, path
        if titled:
            lines = text.split("\n")
            text = "\n".join([lines[0], "", *lines[2:]])
        context = concepts.Context.fromstring(text, frmat="cxt")
        all_concepts = lattice(context)
        found.append(
            {
                "file": path.name,
                "titled": titled,
                "objects": len(context.objects),
                "attributes": len(context.properties),
                "number": len(all_concepts),
                "concepts": all_concepts if len(all_concepts) < 100 else None,
            }
        )
    return found


def random_contexts(rng):
    """Random contexts with all their concepts, and larger ones with the numbers by support."""
    found = []
    for objects, attributes, density in ((12, 8, 0.3), (20, 12, 0.4), (9, 70, 0.15), (60, 25, 0.15)):
        rows = [[int(rng.random() < density) for _ in range(attributes)] for _ in range(objects)]
        context = concepts.Context(
            [f"o{at}" for at in range(objects)], [f"a{at}" for at in range(attributes)], rows
        )
        all_concepts = lattice(context)
        sizes = [sum(len(one["extent"]) >= s for one in all_concepts) for s in range(objects + 1)]
        found.append(
            {
                "rows": ["".join("X" if x else "." for x in row) for row in rows],
                "by_support": sizes,
                "concepts": all_concepts if len(all_concepts) < 250 else None,
                "deltas": sum(one["delta"] for one in all_concepts),
            }
        )
    return found


# Three dimensions; each value as (dimension, all broader values).
VALUES = [
    (0, []), (0, [0]), (0, [0]), (0, []),
    (1, []), (1, [4]), (1, [5, 4]), (1, []),
    (2, []), (2, []),
]  # fmt: skip


def up(values):
    closed = set(values)
    for value in values:
        closed.update(VALUES[value][1])
    return closed


def implications(rows, min_support, min_confidence, most):
    """Every premise of at most `most` values against every conclusion, then what is redundant."""
    closures = [up(row["values"]) for row in rows]
    stated = [{VALUES[v][0] for v in row["values"]} | set(row["none"]) for row in rows]
    weight = [row["count"] for row in rows]
    holds = {}
    for size in range(most + 1):
        for premise in itertools.combinations(range(len(VALUES)), size):
            extent = [i for i, closure in enumerate(closures) if closure.issuperset(premise)]
            for conclusion, (dimension, _) in enumerate(VALUES):
                if conclusion in up(premise):
                    continue
                tested = [i for i in extent if dimension in stated[i]]
                with_it = [i for i in tested if conclusion in closures[i]]
                support, all_tested = sum(weight[i] for i in with_it), sum(weight[i] for i in tested)
                if support < min_support or support < min_confidence * all_tested - 1e-12:
                    continue
                stating = sum(w for w, s in zip(weight, stated) if dimension in s)
                usual = sum(w for w, c in zip(weight, closures) if conclusion in c) / stating
                holds[premise, conclusion] = {
                    "premise": list(premise),
                    "conclusion": conclusion,
                    "support": support,
                    "tested": all_tested,
                    "open": sum(weight[i] for i in extent) - all_tested,
                    "confidence": support / all_tested,
                    "lift": support / all_tested / usual,
                    "counter_examples": [i for i in tested if conclusion not in closures[i]],
                }
    found = {"exact": [], "near": []}
    for name, exact in (("exact", True), ("near", False)):
        kind = {key: one for key, one in holds.items() if (not one["counter_examples"]) == exact}
        for (premise, conclusion), one in kind.items():
            redundant = any(
                up(other).issubset(up(premise))
                and (what == conclusion or conclusion in VALUES[what][1])
                and (set(other) != set(premise) or what != conclusion)
                # Of premises that say the same, the one without broader values of its own.
                and not (up(other) == up(premise) and what == conclusion and len(other) > len(premise))
                for other, what in kind
            )
            if not redundant:
                found[name].append(one)
        found[name].sort(
            key=lambda one: (-one["support"], len(one["premise"]), one["premise"], one["conclusion"])
        )
    return found


def programmes(rng):
    """Programmes with unknown dimensions, with implications of several demands."""
    found = []
    for number in (10, 30, 80):
        models = [[v for v in range(len(VALUES)) if rng.random() < 0.35] for _ in range(3)]
        rows = []
        for _ in range(number):
            known = {d for d in range(3) if rng.random() < 0.8}
            model = rng.choice(models)
            values = [
                v
                for v in range(len(VALUES))
                if VALUES[v][0] in known and (v in model) != (rng.random() < 0.06)
            ]
            none = sorted(known - {VALUES[v][0] for v in values})
            rows.append({"values": values, "none": none, "count": rng.choice([1, 1, 2])})
        asked = [
            {"min_support": s, "min_confidence": c, "max_premise": m, **implications(rows, s, c, m)}
            for s, c, m in ((1, 0.9, 4), (5, 0.9, 3), (5, 0.6, 2))
        ]
        found.append({"rows": rows, "asked": asked})
    return found


def build():
    rng = random.Random(1_986)
    return {
        "files": files(),
        "random": random_contexts(rng),
        "values": [{"scheme": d, "ancestors": a} for d, a in VALUES],
        "programmes": programmes(rng),
    }


def main():
    check_or_write(GOLDEN, build(), relative=True)


if __name__ == "__main__":
    main()
