"""Golden files: written once, then compared with what the libraries give."""

import json
import sys

TOLERANCE = 1e-9


def differs(a, b, relative=False, at="$"):
    """First place where two values differ, numbers by more than 1e-9, or None.

    With `relative` the tolerance grows with numbers above 1.
    """
    if isinstance(a, float) or isinstance(b, float):
        if not all(type(value) in (int, float) for value in (a, b)):
            return at
        scale = max(1.0, abs(a), abs(b)) if relative else 1.0
        return None if abs(a - b) <= TOLERANCE * scale else at
    if isinstance(a, (dict, list)) and type(a) is type(b):
        if len(a) != len(b) or (isinstance(a, dict) and a.keys() != b.keys()):
            return at
        keys = a.keys() if isinstance(a, dict) else range(len(a))
        places = (differs(a[key], b[key], relative, f"{at}.{key}") for key in keys)
        return next((place for place in places if place), None)
    return None if a == b else at


def check_or_write(path, fresh, relative=False, ensure_ascii=True):
    """Writes a golden file; with --check on the command line exits where it differs instead."""
    fresh = json.loads(json.dumps(fresh))
    if "--check" in sys.argv[1:]:
        place = differs(fresh, json.loads(path.read_text(encoding="utf-8")), relative)
        if place:
            sys.exit(f"golden/{path.name} differs at {place}")
        return
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(fresh, separators=(",", ":"), ensure_ascii=ensure_ascii)
    path.write_text(text + "\n", encoding="utf-8")
