"""How soon `forum serve` is ready, and how much memory its processes hold.

`python -m tests.benchmarks.start [--ideas N] [--times 3]` starts the server on a filled forum.
CPU seconds until ready are those of the whole family of processes: what a start costs on a machine
that has nothing else to do; the first start also compiles the modules, as an installation does.

PSS shares the pages that a fork shares; RSS counts them each time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from forum.accounts.passwords import hash_password
from tests.benchmarks.fill import fill
from tests.support import make
from tests.support.server import PASSWORD, Server, Visitor, close, fresh, wait_until

TICKS = os.sysconf("SC_CLK_TCK")
EMAIL = "starter@example.org"


def processor_seconds(pid: int) -> float:
    """CPU seconds of a process and of the children it has buried."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def memory(pid: int) -> tuple[float, float]:
    """PSS and RSS of a process in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return int(sizes["Pss"]) / 1024, int(sizes["Rss"]) / 1024


def role(server: Server, pid: int) -> str:
    """What a process does, as far as its place in the family tells."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])
    if pid == server.first:
        return "first"
    return "web or jobs" if parent == server.first else "web worker"


def report(server: Server, when: str) -> None:
    """The memory of each process."""
    for pid in sorted(server.members):
        pss, rss = memory(pid)
        print(f"  {when:22} {role(server, pid):12} PSS {pss:6.1f} MB  RSS {rss:6.1f} MB")


def start(folder: Path) -> None:
    """One start: seconds, CPU seconds, memory before and after the first search."""
    compiled = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
    }
    server = Server(folder, **compiled)
    try:
        seconds = server.start()
        spent = sum(processor_seconds(pid) for pid in server.members)
        print(f"ready after {seconds:.2f} s, {spent:.2f} CPU s", flush=True)
        visitor = Visitor(server.port).sign_in(EMAIL)
        for address in ("/", "/ideas") * 10:
            visitor.get(address)
        report(server, "before the first search")
        wait_until(lambda: b'"index":"ok"' in visitor.get("/health/ready").body, within=120)
        for _time in range(6):
            visitor.get("/search?q=invoice")
        report(server, "after six searches")
    finally:
        server.stop()


def main() -> None:
    """Fill a forum, then start its server some times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        folder.mkdir(mode=0o700)
        app = fresh(folder)
        fill(app, given.ideas)
        make.person(app, email=EMAIL, password_hash=hash_password(PASSWORD))
        close(app)
        for _time in range(given.times):
            start(folder)


if __name__ == "__main__":
    main()
