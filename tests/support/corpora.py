"""Lines of real corpora, or a few of our own where the corpora are absent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def strings(folder: Path, name: str, stand_ins: Sequence[str]) -> list[str]:
    """The strings (`s`) of a JSONL file under `hostile/`, or the stand-ins."""
    path = folder / "hostile" / name
    if not path.is_file():
        return list(stand_ins)
    return [json.loads(line)["s"] for line in path.read_text("utf-8").splitlines() if line]
