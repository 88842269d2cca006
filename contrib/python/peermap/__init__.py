"""Peer support programmes on a six-question map, for notebooks.

`open()` starts the program that comes with this package; what it answers arrives as data frames or
as JSON. Everything runs on this machine.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from io import StringIO
from threading import Thread

__all__ = ["Error", "Peermap", "open", "program"]


class Error(Exception):
    """What the program says went wrong, with the place and a way out."""


def program():
    """The path of the program: the one of this package, else the one on PATH."""
    name = "peermap.exe" if os.name == "nt" else "peermap"
    for folder in (sysconfig.get_path("scripts"), os.path.dirname(sys.executable)):
        found = os.path.join(folder or "", name)
        if os.path.isfile(found):
            return found
    found = shutil.which("peermap")
    if not found:
        raise Error("the program peermap is not installed; try: pip install --force-reinstall peermap")
    return found


def open(*data, **flags):
    """Starts the program on data: files, folders, names of bundled sets; all bundled sets by default.

    Further words become flags: `open("my-folder", lang="fr")`.
    """
    return Peermap(*data, **flags)


def _flag(name):
    return "--" + name.replace("_", "-")


class Peermap:
    """A running program with its data loaded."""

    def __init__(self, *data, **flags):
        command = [program(), "serve", "--bind", "127.0.0.1:0"]
        for path in data:
            command += ["--data", os.fspath(path)]
        for name, value in flags.items():
            command += [_flag(name)] if value is True else [_flag(name), str(value)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        said = []
        self.url = None
        for line in self._process.stderr:
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group(0)
                break
        if not self.url:
            self._process.wait()
            raise Error("".join(said).strip())
        # What the program says later must not fill the pipe.
        self._said = deque(maxlen=100)
        Thread(target=self._said.extend, args=(self._process.stderr,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Stops the program."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _get(self, path, pairs, accept=None, data=None):
        url = f"{self.url}{path}"
        if pairs:
            url += "?" + urllib.parse.urlencode(pairs)
        request = urllib.request.Request(url, data=data, headers={"Accept": accept or "*/*"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as answer:
                return answer.read().decode("utf-8")
        except urllib.error.HTTPError as refusal:
            body = refusal.read().decode("utf-8", "replace")
            try:
                problem = json.loads(body)
                said = problem.get("report") or problem.get("detail") or problem.get("title") or body
            except ValueError:
                said = body
            raise Error(said.strip()) from None

    @staticmethod
    def _pairs(subject, settings):
        pairs = []
        for name, value in settings.items():
            values = value if isinstance(value, (list, tuple)) else [value]
            for one in values:
                one = str(one).lower() if isinstance(one, bool) else str(one)
                pairs.append((name.replace("_", "-"), one))
        names = {0: [], 1: ["programme"]}.get(len(subject), ["programmes"] * len(subject))
        return list(zip(names, map(str, subject))) + pairs

    def run(self, command, *programmes, **settings):
        """Any command as its JSON: `run("similar", "harlem", top=5)`."""
        return json.loads(self._get(f"/api/{command}", self._pairs(programmes, settings), "application/json"))

    def table(self, command, *programmes, **settings):
        """Any command as a data frame."""
        text = self._get(f"/api/{command}", self._pairs(programmes, settings), "text/csv")
        return _frame(text)

    def query(self, text, **parameters):
        """A SPARQL SELECT as a data frame, ASK as a truth value; CONSTRUCT as Turtle."""
        word = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.sub(r"#[^\n]*|<[^>]*>", "", text), re.I)
        form = word.group(1).upper() if word else "SELECT"
        accept = {"SELECT": "text/csv", "ASK": "application/sparql-results+json"}.get(form, "text/turtle")
        body = urllib.parse.urlencode([("query", text), *parameters.items()]).encode()
        answer = self._get("/sparql", [], accept, body)
        if form == "SELECT":
            return _frame(answer)
        return json.loads(answer)["boolean"] if form == "ASK" else answer

    def named(self, name, **parameters):
        """A named query as a data frame; parameters as terms or labels."""
        return _frame(self._get(f"/named/{name}.csv", list(parameters.items())))


def _frame(text):
    try:
        import pandas
    except ImportError:
        raise Error("data frames need pandas: pip install 'peermap[pandas]'") from None
    return pandas.read_csv(StringIO(text))
