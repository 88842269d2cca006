"""NumPy on the same profiles: popcounts of 64-bit words, the fastest that it has.

`numpy_bits.py FOLDER` reads what `cargo bench --bench pairs -- --write FOLDER` wrote, compares the
answers and prints processor seconds of one thread, the median of three, with the ratio to ours.
T50: pairs with Jaccard >= 0.5; K10: the ten nearest of each. Needs numpy >= 2 (2.4.6 was used).
"""

import csv
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

ROWS = 64  # so many at a time, for the caches: the best of 16, 64 and 256


def load(path):
    words = np.fromfile(path, dtype="<u8").reshape(-1, 2)
    return np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1])


def shared(low, high, start, stop, first):
    both = np.bitwise_count(low[start:stop, None] & low[None, first:])
    both += np.bitwise_count(high[start:stop, None] & high[None, first:])
    return both


def t50(low, high):
    sizes = np.bitwise_count(low) + np.bitwise_count(high)
    order = np.argsort(sizes, kind="stable")
    low, high, sizes = low[order], high[order], sizes[order].astype(np.uint8)
    edges = 0
    for start in range(0, len(low), ROWS):
        stop = min(start + ROWS, len(low))
        # Sorted by size, those more than twice as large cannot reach a half.
        end = np.searchsorted(sizes, 2 * int(sizes[stop - 1]), side="right")
        both = shared(low[:end], high[:end], start, stop, start)
        reach = 3 * both >= sizes[start:stop, None] + sizes[None, start:end]
        edges += int(np.count_nonzero(np.triu(reach, 1)))
    return edges


def k10(low, high):
    sizes = (np.bitwise_count(low) + np.bitwise_count(high)).astype(np.float32)
    total = 0.0
    for start in range(0, len(low), ROWS):
        stop = min(start + ROWS, len(low))
        both = shared(low, high, start, stop, 0).astype(np.float32)
        score = both / (sizes[start:stop, None] + sizes[None, :] - both)
        score[np.arange(stop - start), np.arange(start, stop)] = -1
        best = np.partition(score, len(low) - 10, axis=1)[:, -10:]
        total += float(best.sum(dtype=np.float64))
    return total


def timed(run, *arguments):
    times = []
    for _ in range(3):
        started = time.process_time()
        result = run(*arguments)
        times.append(time.process_time() - started)
    return result, sorted(times)[1]


def main():
    folder = Path(sys.argv[1])
    with open(folder / "answers.tsv", encoding="utf-8") as file:
        answers = list(csv.DictReader(file, delimiter="\t"))
    print(f"numpy {np.__version__}, load {os.getloadavg()[0]:.1f}")
    for answer in answers:
        low, high = load(folder / f"profiles-{answer['profiles']}.bin")
        edges, seconds = timed(t50, low, high)
        assert edges == int(answer["t50"]), (edges, answer["t50"])
        ratio = seconds / float(answer["t50_seconds"])
        print(f"T50 {answer['profiles']:>6} {seconds:8.3f} s  B3 {ratio:.0f}x")
        total, seconds = timed(k10, low, high)
        assert abs(total - float(answer["k10"])) < 1e-6 * total, (total, answer["k10"])
        ratio = seconds / float(answer["k10_seconds"])
        print(f"K10 {answer['profiles']:>6} {seconds:8.3f} s  B3 {ratio:.0f}x")


if __name__ == "__main__":
    main()
