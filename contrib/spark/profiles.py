#!/usr/bin/env python3
"""Profiles of programmes, counted on Apache Spark.

For a warehouse that will not be exported: the job reads statements (N-Triples, or Parquet with the
columns subject, predicate, object as N-Triples terms), the ontology of peermap among them, and
writes the table that `peermap profiles --count -f csv` writes: each profile once, without names,
with the number of programmes that have it. peermap then analyses it: `peermap bridges --profiles
FILE.csv`.

    spark-submit profiles.py --output profiles.csv statements.nt [more.nt …]
    spark-submit profiles.py --output profiles.csv --min-cell 5 statements.parquet

Everything but the last sorting of the distinct profiles runs in parallel.
"""

import argparse
import csv
import os
import sys
import tempfile

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f

PM = "https://w3id.org/peermap/ns#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


def arguments():
    parser = argparse.ArgumentParser(description="Profiles of programmes, counted on Apache Spark.")
    parser.add_argument("input", nargs="+", help="N-Triples (.nt) or Parquet, files or folders")
    parser.add_argument("--output", required=True, help="the table to write, CSV")
    parser.add_argument("--min-cell", type=int, default=1, help="leave out profiles of fewer programmes")
    parser.add_argument("--partitions", type=int, default=0, help="parts to cut the statements into")
    return parser.parse_args()


def statements(spark, paths, partitions):
    """Statements as subject, predicate, object: N-Triples terms, each statement once."""
    parquet = [path for path in paths if path.rstrip("/").endswith(".parquet")]
    lines = [path for path in paths if path not in parquet]
    found = None
    if parquet:
        found = spark.read.parquet(*parquet).select("subject", "predicate", "object")
    if lines:
        term = r"^\s*(<[^>]*>|_:\S+)\s+(<[^>]*>)\s+(.*\S)\s*\.\s*$"
        read = spark.read.text(lines).where(~f.col("value").rlike(r"^\s*(#|$)"))
        read = read.select(
            *(f.regexp_extract("value", term, at).alias(name)
              for at, name in [(1, "subject"), (2, "predicate"), (3, "object")]))
        found = read if found is None else found.unionByName(read)
    if partitions:
        found = found.repartition(partitions)
    return found.distinct()


def iri(column):
    return f.regexp_extract(column, "^<(.*)>$", 1)


def text(column):
    return f.regexp_extract(column, '^"(.*?)"(\\^\\^<.*>|@.*)?$', 1)


def links(triples, predicate, subject, target):
    """Pairs of IRIs that a predicate links."""
    found = triples.where(f.col("predicate") == f"<{predicate}>")
    return found.select(iri("subject").alias(subject), iri("object").alias(target))


def literals(triples, predicate, subject, target):
    found = triples.where(f.col("predicate") == f"<{predicate}>")
    return found.select(iri("subject").alias(subject), text("object").alias(target))


def of_class(triples, name, column):
    return links(triples, TYPE, column, "class").where(f.col("class") == PM + name).select(column)


def schemes(triples, kind):
    """Dimensions, or silo axes, in their order: scheme, property, notation."""
    found = of_class(triples, kind, "scheme")
    for predicate, column, read in [
        (PM + "property", "property", links),
        (NOTATION, "notation", literals),
        (PM + "order", "order", literals),
    ]:
        found = found.join(read(triples, predicate, "scheme", column), "scheme")
    return found.withColumn("order", f.col("order").cast("int"))


def values(triples):
    """Values of the map and of silos: value, scheme, notation, place in the scheme."""
    found = links(triples, IN_SCHEME, "value", "scheme")
    found = found.join(literals(triples, NOTATION, "value", "notation"), "value")
    return found.join(literals(triples, PM + "order", "value", "place"), "value").select(
        "value", "scheme", "notation", f.col("place").cast("int").alias("place"))


def answers(triples, dimensions, known):
    """What codings find: programme, column, notation, place; `none` for a denied question."""
    coding = links(triples, PM + "codingOf", "coding", "programme")
    finding = links(triples, PM + "finding", "coding", "finding")
    coded = links(triples, PM + "codedValue", "coding", "value")
    asked = links(triples, PM + "onDimension", "coding", "scheme")
    said = coding.join(finding, "coding").join(asked, "coding").join(coded, "coding", "left")
    column = dimensions.select("scheme", f.col("notation").alias("column"))
    present = said.where((f.col("finding") == PM + "Present") & f.col("value").isNotNull())
    present = present.drop("scheme").join(known, "value").join(column, "scheme")
    present = present.select("programme", "column", "notation", "place").distinct()
    denied = said.where((f.col("finding") == PM + "Absent") & f.col("value").isNull())
    denied = denied.join(column, "scheme").select("programme", "column").distinct()
    denied = denied.join(present, ["programme", "column"], "left_anti")
    denied = denied.select("programme", "column", f.lit("none").alias("notation"), f.lit(0).alias("place"))
    return present.unionByName(denied)


def silos(triples, axes, known):
    column = axes.select("property", f.concat(f.lit("silo:"), "notation").alias("column"))
    stated = triples.select(
        iri("subject").alias("programme"), iri("predicate").alias("property"), iri("object").alias("value"))
    stated = stated.join(f.broadcast(column), "property").join(known, "value")
    return stated.select("programme", "column", "notation", "place").distinct()


def labels(triples):
    engaged = links(triples, PM + "engages", "programme", "peer")
    called = links(triples, PM + "calledBy", "peer", "label")
    found = engaged.join(called, "peer").select(
        "programme", f.lit("label").alias("column"),
        f.regexp_extract("label", "[^/#]*$", 0).alias("notation"), f.lit(0).alias("place"))
    return found.distinct()


def table(triples):
    """Each profile once with its count, and the names of the columns."""
    dimensions, axes, known = schemes(triples, "Dimension"), schemes(triples, "SiloAxis"), values(triples)
    names = ["label"]
    names += [f"silo:{row.notation}" for row in axes.orderBy("order").collect()]
    names += [row.notation for row in dimensions.orderBy("order").collect()]
    said = answers(triples, dimensions, known)
    said = said.unionByName(silos(triples, axes, known)).unionByName(labels(triples))
    in_order = f.array_sort(f.collect_set(f.struct("place", "notation")))
    cell = f.array_join(f.transform(in_order, lambda value: value["notation"]), "|")
    cells = said.groupBy("programme", "column").agg(cell.alias("cell"))
    wide = cells.groupBy("programme").pivot("column", names).agg(f.first("cell"))
    everyone = of_class(triples, "Programme", "programme").distinct()
    wide = everyone.join(wide, "programme", "left").na.fill("", names)
    return wide.groupBy(*(f"`{name}`" for name in names)).agg(f.count("*").alias("count")), names


def main():
    given = arguments()
    spark = SparkSession.builder.appName("peermap profiles").getOrCreate()
    triples = statements(spark, given.input, given.partitions).cache()
    counted, names = table(triples)
    counted = counted.where(f.col("count") >= given.min_cell)
    order = Window.orderBy(*(f.col(f"`{name}`") for name in names))
    rows = counted.withColumn("place", f.row_number().over(order)).orderBy("place").collect()
    if not rows:
        sys.exit("error: no programme was found; are the statements N-Triples, with the ontology?")
    digits = len(str(len(rows)))
    folder = os.path.dirname(os.path.abspath(given.output))
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["programme", *names, "count"])
        for row in rows:
            writer.writerow([f"profile-{row['place']:0{digits}}", *(row[name] for name in names), row["count"]])
    os.replace(out.name, given.output)
    spark.stop()


if __name__ == "__main__":
    main()
