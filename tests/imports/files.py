"""Files to import, and importing them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from forum.ideas.imports.loading import Outcome, load_file


def load(app: Flask, path: Path, *, dry_run: bool = False, kind: str | None = None) -> Outcome:
    """Import a file."""
    with app.app_context():
        return load_file(path, kind=kind, dry_run=dry_run, progress=lambda _lines: None)


def write(folder: Path, *lines: Any) -> Path:
    """A file of these objects, one a line; a text is a line as it stands."""
    path = folder / "ideas.jsonl"
    rows = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def line(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A line in our own format."""
    return {"id": str(number), "title": f"Title {number}", "problem": "Old words", **fields}
