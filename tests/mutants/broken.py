"""A forum in which one line is another, for as long as a test looks at it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import forum
from tests.mutants.live import mutate

ROOT = Path(forum.__file__).parent


class Broken(NamedTuple):
    """A line of the forum and what stands there instead."""

    name: str
    file: str
    line: str
    instead: str


@contextmanager
def broken_by(broken: Broken) -> Iterator[None]:
    """The forum with the line that it should not have."""
    path = ROOT / broken.file
    source = path.read_text()
    assert source.count(broken.line) == 1, f"{broken.file} has that line once"
    gc.unfreeze()  # what the run has set aside is not seen by the one who looks for functions
    mutate(path, source, source.replace(broken.line, broken.instead))
    try:
        yield
    finally:
        mutate(path, source, source)
