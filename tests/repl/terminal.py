#!/usr/bin/env python3
"""The prompt at a real terminal: terminal.py PATH-OF-PEERMAP. Needs Python's own library only."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import time

PROGRAM = sys.argv[1]
SGR = re.compile(rb"\x1b\[[0-9;]*m")
MOVES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """A peermap repl in a pseudo-terminal of so many columns."""

    def __init__(self, columns, home, colour, *arguments):
        self.seen = b""
        self.process, self.end = pty.fork()
        if self.process == 0:
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": home,
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "PAGER": "cat",
            }
            if not colour:
                environment["NO_COLOR"] = "1"
            os.chdir(home)
            os.execve(PROGRAM, [PROGRAM, "repl", "--data", "paper", *arguments], environment)
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def read(self, seconds):
        """What comes until it has been quiet for a while."""
        got = b""
        until = time.time() + seconds
        while time.time() < until:
            ready, _, _ = select.select([self.end], [], [], 0.05)
            if ready:
                try:
                    part = os.read(self.end, 65536)
                except OSError:
                    break
                if not part:
                    break
                got += part
        self.seen += got
        return got

    def wait(self, text, seconds=60):
        """Reads until a text appears."""
        got = b""
        until = time.time() + seconds
        while time.time() < until:
            got += self.read(0.1)
            if text in MOVES.sub("", SGR.sub(b"", got).decode("utf-8", "replace")):
                return got
        raise AssertionError(f"waited for {text!r} and saw {got.decode('utf-8', 'replace')!r}")

    def type(self, text):
        os.write(self.end, text.encode())

    def ask(self, line, until):
        self.type(line + "\r")
        return self.wait(until)

    def leave(self):
        """Ctrl-D; the exit code."""
        self.type("\x04")
        until = time.time() + 20
        while time.time() < until:
            self.read(0.1)
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("Ctrl-D did not leave")


def plain(got):
    return MOVES.sub("", SGR.sub(b"", got).decode("utf-8", "replace"))


def a_session(columns, colour):
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(columns, home, colour)
        banner = plain(terminal.wait("pm> "))
        assert "29 programmes" in banner and "read-only" in banner, banner

        # A query runs when it is complete and otherwise goes on.
        terminal.type("SELECT (1 AS ?one)\r")
        assert "1 row" not in plain(terminal.read(0.7))
        terminal.ask("{}", "1 row")

        # Tab offers what the data has.
        terminal.type("SELECT ?p { ?p pm:functio\t")
        terminal.wait("pm:function")
        terminal.type("\x15\x03")
        terminal.wait("pm> ")

        # Wide, right-to-left and control characters.
        got = terminal.ask(
            'SELECT ?a ?b { VALUES (?a ?b) { ("\u4f60\u597d" "\u05e9\u05dc\u05d5\u05dd") ("\\u001B[31mred" "x") } }',
            "2 rows",
        )
        answer = got[got.rfind("\u2500".encode()) :]
        assert b"\x1b[31mred" not in answer, answer
        assert "\u4f60\u597d" in answer.decode(), answer

        # An error shows its place and the prompt stays.
        got = plain(terminal.ask("SELECT count(*) { ?s a pm:Programme }", "^^"))
        assert "error:" in got, got

        # Ctrl-C clears the line and stops a query; the prompt stays.
        terminal.type("SELECT nothing\x03")
        terminal.wait("pm> ")
        terminal.type("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }\r")
        terminal.read(1.5)
        terminal.type("\x03")
        terminal.wait("stopped by Ctrl-C", 20)
        terminal.ask("ASK { ?s a pm:Programme }", "true")

        # A blank in front keeps a line out of the history.
        terminal.ask(" ASK { ?secret a pm:Programme }", "true")
        assert terminal.leave() == 0
        if not colour:
            assert not SGR.search(terminal.seen), SGR.search(terminal.seen)
        else:
            assert SGR.search(terminal.seen)
        history = open(os.path.join(home, ".local/state/peermap/history"), encoding="utf-8").read()
        assert "SELECT (1 AS ?one)\\n{}" in history, history
        assert "secret" not in history, history


def leaving_with_changes():
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(100, home, False, "--write")
        terminal.wait("pm> ")
        terminal.ask("INSERT DATA { programme:x a pm:Programme }", "added")
        terminal.read(1)
        terminal.type("\x04")
        terminal.wait("not saved")
        assert terminal.leave() == 0


for columns in (80, 200):
    for colour in (True, False):
        a_session(columns, colour)
leaving_with_changes()
print("5 passed, 0 failed")
