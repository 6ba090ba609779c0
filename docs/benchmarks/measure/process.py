"""Runs programs and measures them; a program that fails ends the run."""

import contextlib
import json
import os
import pty
import shlex
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass


PATIENCE = 600  # maximum seconds for a program


class Failed(Exception):
    """A measured program did not do what it should."""


def demand(holds, message):
    if not holds:
        raise Failed(message)


@dataclass
class Run:
    seconds: float  # from just before the start to the end of the process
    cpu: float  # its own processor time in seconds
    peak: int  # peak resident memory in bytes; 0 if not measured
    out: str  # the file with its stdout
    err: str  # the file with its stderr

    def text(self):
        with open(self.out, encoding="utf-8", errors="replace") as f:
            return f.read()

    def errors(self):
        with open(self.err, encoding="utf-8", errors="replace") as f:
            return f.read()


class Place:
    """An isolated folder for the measured programs."""

    def __init__(self, folder, tools):
        self.folder, self.tools = folder, tools
        self.env = {
            "PATH": os.environ["PATH"], "HOME": self.path("home"), "TERM": "xterm-256color", "TZ": "UTC",
            "XDG_CONFIG_HOME": self.path("config"), "XDG_CACHE_HOME": self.path("cache"), "STOCKCTL_STATE_DIR": self.path("state"),
            "STOCKCTL_MERCHANT_API_KEY": "pk_test_1", "STOCKCTL_TOKEN": "a.b.c",
        }
        for name in ("home", "config", "cache"):
            os.makedirs(self.path(name), exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def forget(self):
        """Removes the journals of earlier runs."""
        shutil.rmtree(self.path("state"), ignore_errors=True)

    def run(self, argv, stdin=os.devnull, url="", code=0, memory=False, trust=""):
        """Runs a program to its end, and with memory also measures its peak memory. The
        program trusts the certificate in the file trust."""
        out, err, argv = self.path("stdout"), self.path("stderr"), self._watched(argv, memory)
        writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        files = [
            (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, out, writing, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, err, writing, 0o600),
        ]
        began = time.perf_counter()
        pid = os.posix_spawnp(argv[0], argv, self.env | {"STOCKCTL_BASE_URL": url} | ({"SSL_CERT_FILE": trust} if trust else {}), file_actions=files)
        with limited(pid, argv):
            ended = os.wait4(pid, 0)
        return self._told(ended, time.perf_counter() - began, argv, code, memory)

    def run_on_terminal(self, argv, url="", code=0, memory=False):
        """Runs a program on a terminal with 80 columns that answers no prompts."""
        out, err, argv = self.path("stdout"), self.path("stderr"), self._watched(argv, memory)
        master, slave = pty.openpty()
        name = os.ttyname(slave)
        subprocess.run(["stty", "cols", "80", "rows", "24"], stdin=slave, check=True)
        files = [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]
        with open(err, "wb"), open(out, "wb") as shown:
            began = time.perf_counter()
            pid = os.posix_spawnp(argv[0], argv, self.env | {"STOCKCTL_BASE_URL": url}, file_actions=files, setsid=True)
            os.close(slave)
            with limited(pid, argv):
                with contextlib.suppress(OSError):  # raised when the terminal ends
                    while part := os.read(master, 1 << 16):
                        shown.write(part)
                ended = os.wait4(pid, 0)
            seconds = time.perf_counter() - began
        os.close(master)
        return self._told(ended, seconds, argv, code, memory)

    def _watched(self, argv, memory):
        return [os.path.join(self.tools, "peak"), self.path("peak"), *argv] if memory else argv

    def _told(self, ended, seconds, argv, code, memory):
        _, status, used = ended
        run = Run(seconds, used.ru_utime + used.ru_stime, 0, self.path("stdout"), self.path("stderr"))
        got = os.waitstatus_to_exitcode(status)
        demand(got == code, f"exit code {got}, not {code}: {shlex.join(argv)[:300]}\n{run.errors()[-2000:]}")
        if memory:
            with open(self.path("peak"), encoding="ascii") as f:
                run.peak = int(f.read()) * 1024
            os.remove(self.path("peak"))
        return run


@contextlib.contextmanager
def limited(pid, argv):
    """Kills a program that does not end in time."""

    def late(*_):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise Failed(f"no end after {PATIENCE} s: {shlex.join(argv)[:300]}")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


class Server:
    """Runs the benchmark server for the duration of the block."""

    def __init__(self, binary, latency="0s", records=0, limit="", after="", chance=0, certificate="", http2=False):
        self.argv = [binary, "-latency", latency, "-records", str(records), "-limit", limit, "-retry-after", after, "-chance", str(chance)]
        self.argv += ["-certificate", certificate, f"-http2={str(http2).lower()}"]
        self.certificate = certificate

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        demand(self.url.startswith(("http://127.0.0.1:", "https://127.0.0.1:")), f"the server does not start: {self.argv}")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def written(self):
        """The number of writes received, and the average length of their bodies."""
        got = self._told()
        return got["writes"], got["bytes"] / max(1, got["writes"])

    def refused(self):
        """How many requests were refused."""
        return self._told()["refused"]

    def latency(self):
        """The actual average latency in seconds, as timers are late."""
        return self._told()["latency"]

    def _told(self):
        trust = ssl.create_default_context(cafile=self.certificate) if self.certificate else None
        with urllib.request.urlopen(self.url + "/written", context=trust) as answer:
            return json.load(answer)

    def cpu(self):
        """Processor time so far, in seconds."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def place(tools):
    with tempfile.TemporaryDirectory(prefix="stockctl-bench-") as folder:
        yield Place(folder, tools)
