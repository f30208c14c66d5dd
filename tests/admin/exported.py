"""What `forum export` writes, brought into an empty forum and written again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from tests.support.forums import Prepared

FILES = (
    "people.csv",
    "departments.csv",
    "people.csv",
    "services.csv",
    "glossary.csv",
    "stages.csv",
    "company.jsonl",
    "ideas.jsonl",
    "standards.jsonl",
    "records.jsonl",
    "files.jsonl",
)
"""People name departments and departments name people, so people come twice."""


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def bring(app: Flask, file: Path) -> str:
    """Import a file of an export by the command that is for it; records say beforehand what they
    will do."""
    if file.stem not in ("company", "records", "standards"):
        return run(app, "import", file.stem, str(file))
    command = "standards" if file.stem == "standards" else "records"
    foretold = run(app, "import", command, str(file), "--dry-run")
    done = run(app, "import", command, str(file))
    assert foretold == done
    return done


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): file.read_text(encoding="utf-8", errors="surrogateescape")
        for file in files
    }


def moved(app: Flask, prepared: Prepared, folder: Path) -> dict[str, str]:
    """Export, import into an empty forum and export again: the same files, which are returned."""
    run(app, "export", str(folder / "one"))
    prepared.reset()
    for name in FILES:
        bring(app, folder / "one" / name)
    run(app, "export", str(folder / "two"))
    one, two = contents(folder / "one"), contents(folder / "two")
    assert two.keys() == one.keys()
    for name in one:
        assert two[name] == one[name], name
    return two
