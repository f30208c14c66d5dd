"""The first process: forks the children, restarts those that fall, and starts no thread itself."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from forum.core.orphans import die_with

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.1
PATIENCE = 15.0
"""Seconds a child gets to finish after SIGTERM."""
STEADY = 10.0
"""A child that lived this long may be restarted at once."""
LONGEST_PAUSE = 5.0
ENDINGS = (signal.SIGTERM, signal.SIGINT)


@dataclass(slots=True)
class Child:
    """A process to keep running: `run` is its whole life."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    began: float = 0.0
    falls: int = 0
    due: float = 0.0


class Supervisor:
    """Keeps children alive until SIGTERM or SIGINT, then lets them finish."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.ending = False

    def run(self, started: Callable[[], bool]) -> None:
        """Fork, ask `started` until it is true, then watch until told to end."""
        for number in ENDINGS:
            signal.signal(number, self._end)
        for child in self.children:
            fork(child)
        told = False
        while not self.ending:
            told = told or started()
            self._mend()
            time.sleep(LOOK_EVERY)
        self._finish()

    def _end(self, _number: int, _frame: object) -> None:
        self.ending = True

    def _mend(self) -> None:
        fallen = {pid for pid, _status in _reaped()}
        clock = time.monotonic()
        for child in self.children:
            if child.pid in fallen:
                _note_fall(child, clock)
            if child.pid == 0 and clock >= child.due:
                fork(child)

    def _finish(self) -> None:
        alive = {child.pid for child in self.children if child.pid}
        _signal_all(alive, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while alive and time.monotonic() < deadline:
            alive -= {pid for pid, _status in _reaped()}
            time.sleep(0.02)
        _signal_all(alive, signal.SIGKILL)


def fork(child: Child) -> None:
    """Start a child; it leaves through `os._exit`, never back into the parent's code."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        child.pid, child.began = pid, time.monotonic()
        return
    code = 1
    try:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_DFL)
        die_with(parent)
        child.run()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        log.exception("serve.child.broke", child=child.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _note_fall(child: Child, clock: float) -> None:
    steady = clock - child.began > STEADY
    child.falls = 0 if steady else child.falls + 1
    child.due = clock + min(LONGEST_PAUSE, 0.1 * 2**child.falls if child.falls else 0.0)
    log.error("serve.child.fell", child=child.name, pid=child.pid, falls=child.falls)
    child.pid = 0


def _reaped() -> list[tuple[int, int]]:
    ended: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, status))


def _signal_all(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
