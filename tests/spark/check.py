#!/usr/bin/env python3
"""The Spark job gives the table of `peermap profiles --count`, on a cluster and when a worker dies.

    check.py PEERMAP

starts a master and two workers on this machine, each a process group of its own, runs
contrib/spark/profiles.py on the bundled data as N-Triples and as Parquet, and kills one worker with
its executor in the middle of the second run.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pyspark

ROOT = Path(__file__).resolve().parents[2]
JOB = ROOT / "contrib/spark/profiles.py"
HOME = Path(pyspark.__file__).parent
TIMEOUT = 300


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster:
    def __init__(self, folder, stack):
        self.folder = folder
        self.environment = dict(
            os.environ, SPARK_HOME=str(HOME), PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1",
            SPARK_NO_DAEMONIZE="1")
        self.port, self.page = free_port(), free_port()
        self.stack = stack
        self.master = f"spark://127.0.0.1:{self.port}"
        self.start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
                   "--port", str(self.port), "--webui-port", str(self.page))
        self.wait("the master", lambda: self.state() is not None)
        self.workers = [self.worker(name) for name in ("one", "two")]
        self.wait("two workers", lambda: self.alive() == 2)

    def start(self, name, *command):
        log = open(self.folder / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(
            [HOME / "bin/spark-class", *command], env=self.environment, stdout=log, stderr=log,
            start_new_session=True)
        self.stack.callback(self.stop, process)
        return process

    def worker(self, name):
        place = self.folder / name
        place.mkdir()
        return self.start(
            name, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
            "--memory", "1g", "--work-dir", str(place), "--webui-port", str(free_port()), self.master)

    @staticmethod
    def stop(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def state(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5) as page:
                return json.load(page)
        except OSError:
            return None

    def alive(self):
        state = self.state() or {"workers": []}
        return sum(worker["state"] == "ALIVE" for worker in state["workers"])

    @staticmethod
    def wait(what, holds):
        end = time.monotonic() + TIMEOUT
        while not holds():
            if time.monotonic() > end:
                raise SystemExit(f"waited {TIMEOUT} s for {what}")
            time.sleep(0.3)

    def submit(self, log, *arguments):
        out = open(self.folder / log, "w", encoding="utf-8")
        settings = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8",
            "spark.executor.memory": "512m", "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1"}
        flags = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
        return subprocess.Popen(
            [HOME / "bin/spark-submit", "--master", self.master, *flags, *map(str, arguments)],
            env=self.environment, stdout=out, stderr=out)


def finish(process, folder, log):
    code = process.wait(timeout=TIMEOUT)
    if code:
        raise SystemExit((folder / log).read_text(encoding="utf-8")[-4000:])


def main():
    peermap = Path(sys.argv[1]).resolve()

    def ask(*words):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PEERMAP_")}
        return subprocess.run([peermap, *words], check=True, capture_output=True, env=environment).stdout

    failed = passed = 0

    def check(what, holds):
        nonlocal failed, passed
        print(("ok      " if holds else "FAILED  ") + what, flush=True)
        passed, failed = passed + bool(holds), failed + (not holds)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        statements = folder / "all.nt"
        statements.write_bytes(ask("query", "-f", "nt", "-q", "CONSTRUCT WHERE { ?s ?p ?o }"))
        wanted = ask("profiles", "--count", "-f", "csv")
        cluster = Cluster(folder, stack)

        finish(cluster.submit("first.log", JOB, "--output", folder / "first.csv", statements), folder, "first.log")
        check("two workers give the table that peermap gives", (folder / "first.csv").read_bytes() == wanted)

        convert = folder / "convert.py"
        convert.write_text(
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from profiles import SparkSession, statements\n"
            "spark = SparkSession.builder.getOrCreate()\n"
            "statements(spark, [sys.argv[2]], 4).write.parquet(sys.argv[3])\n", encoding="utf-8")
        parquet = folder / "all.parquet"
        finish(cluster.submit("convert.log", convert, JOB.parent, statements, parquet), folder, "convert.log")

        # Many parts, so that there is something left to do when the worker goes.
        job = cluster.submit("second.log", JOB, "--partitions", "48", "--output", folder / "second.csv", parquet)
        log = folder / "second.log"
        cluster.wait("the second run to be at work", lambda: "Finished task 4.0" in log.read_text(encoding="utf-8"))
        running = job.poll() is None
        cluster.stop(cluster.workers[0])
        finish(job, folder, "second.log")
        check("a worker was killed in the middle of a run", running and cluster.alive() < 2)
        check("the table from Parquet is the same, with one worker less", (folder / "second.csv").read_bytes() == wanted)

        table = folder / "first.csv"
        wanted = ask("concepts", "-f", "csv", "--profiles", str(table))
        check("peermap analyses the table", wanted.count(b"\n") > 10)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
