"""A pytest plugin that tries mutants instead of running the tests once.

Every trial is a fork of the process that has already imported and collected everything. Before the
tests of a file count as evidence they run on the unbroken forum, noting which functions each of
them calls: what fails there is never evidence, and a mutant only meets the tests that reach it.
A test that kills has to pass once more without the mutant.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import forum
from tests.mutants import live
from tests.mutants.forks import in_a_fork
from tests.mutants.plan import Known, Outcome, Task
from tests.mutants.sites import Mutant

ROOT = Path(__file__).parents[2]
failed: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    """The forum under test has to be the one beside these tests."""
    found = Path(str(forum.__file__)).parents[1]
    assert found == ROOT, f"{found} is not {ROOT}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what failed, in setup, call or teardown."""
    if report.failed:
        failed.add(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try what the folder of the work asks for."""
    trials = Trials(Path(os.environ["MUTANTS_WORK"]), session.items)
    for task in trials.known.tasks():
        trials.decide(task)
    return True


class Trials:
    """The process all trials are forked from."""

    def __init__(self, work: Path, items: list[pytest.Item]) -> None:
        self.noted = live.note_calls(ROOT)
        self.known = Known(work, ROOT)
        self.files: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            self.files[item.nodeid.split("::")[0]].append(item)
        house = self.files["tests/house/test_routes.py"]
        self.elsewhere = next(item for item in items if not item.nodeid.startswith("tests/house/"))
        assert self.passes(house[0], self.elsewhere), "the test that warms up fails"

    def passes(self, item: pytest.Item, following: pytest.Item) -> bool:
        """Run one test."""
        failed.discard(item.nodeid)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return item.nodeid not in failed

    def decide(self, task: Task) -> None:
        """Try one mutant against one file of tests after another, and write down what became."""
        started, tried, killer = time.monotonic(), 0, ""
        for name in self.known.order(task.mutant, sorted(self.files), far=task.far):
            chosen = self._evidence(name, task)
            tried += len(chosen)
            killer = self._killer(chosen, task)
            if killer:
                break
        verdict = "killed" if killer else "survived" if tried else "unreached"
        took = round(time.monotonic() - started)
        self.known.decided(task, Outcome(task.mutant.key, verdict, killer, tried, took))

    def _evidence(self, name: str, task: Task) -> list[pytest.Item]:
        """The tests of a file that pass unbroken and reach the mutant, quick ones first."""
        reach = self.known.reach(name)
        if reach is None:
            reach = self._map(name)
        items = {item.nodeid: item for item in self.files[name]}
        told, noted = reach["tests"], reach["noted"]
        chosen = [test for test in told if test in items and task.met_by(told[test], noted)]
        return [items[test] for test in sorted(chosen, key=lambda test: told[test]["took"])]

    def _map(self, name: str) -> dict[str, Any]:
        def noting(write: Callable[[Any], None]) -> None:
            items = self.files[name]
            for item, following in zip(items, [*items[1:], self.elsewhere], strict=True):
                live.forget()
                live.reached.clear()
                started = time.process_time()
                passed = self.passes(item, following)
                took = round(time.process_time() - started, 2)
                write([item.nodeid, {"ok": passed, "took": took, "at": sorted(live.reached)}])

        reach = {"noted": self.noted, "tests": dict(in_a_fork(noting))}
        self.known.mapped(name, reach)
        return reach

    def _killer(self, items: Sequence[pytest.Item], task: Task) -> str:
        """The first test that notices, and passes when asked again without the mutant."""
        while items:
            noticed = self._try(items, task.mutant)
            if not noticed:
                return ""
            at = [item.nodeid for item in items].index(noticed)
            if not self._try([items[at]], None):
                return noticed
            items = items[at + 1 :]
        return ""

    def _try(self, items: Sequence[pytest.Item], mutant: Mutant | None) -> str:
        """The first test that fails, hangs or crashes; nothing when all of them pass."""

        def run(write: Callable[[Any], None]) -> None:
            for item, following in zip(items, [*items[1:], self.elsewhere], strict=True):
                write(item.nodeid)
                if not self.passes(item, following):
                    return
            write("survived")

        said = list(in_a_fork(run)) if mutant is None else _broken(mutant, run)
        if not said:
            raise RuntimeError(f"{mutant} cannot be tried")
        return "" if said[-1] == "survived" else str(said[-1])


def _broken(mutant: Mutant, run: Callable[[Callable[[Any], None]], None]) -> list[Any]:
    """What a run says in a fork whose forum, in memory and on disk, has one rule broken."""
    path = ROOT / mutant.file
    source = path.read_text()

    def broken(write: Callable[[Any], None]) -> None:
        live.mutate(path, source, mutant.applied_to(source))
        run(write)

    try:
        path.write_text(mutant.applied_to(source))
        return list(in_a_fork(broken))
    finally:
        path.write_text(source)
