"""Work done in a fork of this process, which tells what it found a line at a time."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

PATIENCE = 240
"""Seconds of silence after which a fork counts as hung, and is ended."""
Write = Callable[[Any], None]


def in_a_fork(work: Callable[[Write], None]) -> Iterator[Any]:
    """What `work` wrote, in its order; the fork ends with it, by whatever end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _work(work, writing)
    os.close(writing)
    buffer = b""
    while part := _next(reading):
        buffer += part
        *lines, buffer = buffer.split(b"\n")
        yield from (json.loads(line) for line in lines)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)


def _next(reading: int) -> bytes:
    ready, _, _ = select.select([reading], [], [], PATIENCE)
    return os.read(reading, 65536) if ready else b""


def _work(work: Callable[[Write], None], writing: int) -> None:
    try:
        work(lambda told: _tell(writing, told))
    except BaseException as problem:
        print(f"in a fork: {problem!r}", file=sys.__stderr__, flush=True)
    finally:
        os._exit(0)


def _tell(writing: int, told: Any) -> None:
    left = json.dumps(told).encode() + b"\n"
    while left:
        left = left[os.write(writing, left) :]
