"""What is to be tried, in which order of tests, and what is already known; kept in one folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.mutants.sites import Mutant

NEAR = {
    "accounts": ("accounts", "people", "admin"),
    "admin": ("admin", "people", "departments", "imports"),
    "core": ("core", "accounts", "ideas", "admin", "files"),
    "departments": ("departments", "people", "imports"),
    "discussion": ("ideas", "standards", "notifications", "people"),
    "files": ("files", "people", "ideas"),
    "home": ("home", "people", "departments"),
    "ideas": ("ideas", "home", "imports", "people"),
    "moderation": ("ideas", "home", "search"),
    "notifications": ("notifications", "people"),
    "standards": ("standards", "home", "people"),
}
AFTER = ("house", "core")
TABLE = "tests/house/test_routes.py"
NEVER = ("browser", "benchmarks", "mutants")
LONG = (
    "test_killed.py",
    "test_commands.py",
    "test_backups.py",
    "test_durability.py",
    "test_serving.py",
    "test_core_only.py",
    "test_russian_pages.py",
)
RARELY = ("demo", "hostile", "ops", "core")


@dataclass(frozen=True, slots=True)
class Task:
    """A mutant to try, near its feature or everywhere."""

    mutant: Mutant
    far: bool

    def met_by(self, told: dict[str, Any], noted: list[str]) -> bool:
        """Whether a test passes unbroken and reaches the mutant, as far as that was noted."""
        place = f"{self.mutant.file}::{self.mutant.inside}"
        return told["ok"] and (place in told["at"] or self.mutant.file not in noted)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant."""

    key: str
    verdict: str
    by: str = ""
    tried: int = 0
    took: int = 0


class Known:
    """The folder of the work: tasks, verdicts, and which test reaches what."""

    def __init__(self, work: Path, tree: Path) -> None:
        self.work, self.tree = work, tree
        (work / "reach").mkdir(parents=True, exist_ok=True)

    def tasks(self) -> list[Task]:
        """What was asked for and is not known yet."""
        asked = json.loads((self.work / "tasks.json").read_text())
        return [Task(Mutant(**each["mutant"]), each["far"]) for each in asked]

    def ask(self, tasks: list[Task]) -> None:
        """Leave the tasks for the process that tries them."""
        (self.work / "tasks.json").write_text(json.dumps([asdict(task) for task in tasks]))

    def order(self, mutant: Mutant, files: list[str], *, far: bool) -> list[str]:
        """Files of tests, the likeliest to notice first."""
        near = (*NEAR.get(mutant.feature, (mutant.feature,)), *AFTER)
        if mutant.kind == "where":
            near = (*near, "leaks")
        rest = sorted({file.split("/")[1] for file in files} - {*near, *NEVER})
        near = tuple(dict.fromkeys(near))
        folders = [*near, *sorted(rest, key=lambda name: name in RARELY)] if far else near
        cheap = sorted(files, key=lambda name: (self.reach(name) is None, name))
        found = [file for folder in folders for file in cheap if file.split("/")[1] == folder]
        if not far:
            found = [n for n in found if not n.endswith(LONG) or f"/{mutant.feature}/" in n]
        first = TABLE if mutant.kind == "access" else ""
        return sorted(found, key=lambda name: (name != first, name.endswith(LONG)))

    def reach(self, name: str) -> dict[str, Any] | None:
        """What each test of a file reaches, if that is known of this tree."""
        path = self._reach_path(name)
        return json.loads(path.read_text()) if path.exists() else None

    def mapped(self, name: str, told: dict[str, Any]) -> None:
        """Keep what the tests of a file reach."""
        self._reach_path(name).write_text(json.dumps(told))

    def _reach_path(self, name: str) -> Path:
        return self.work / "reach" / f"{self._sum(name)}.json"

    def _sum(self, name: str) -> str:
        content = hashlib.sha256((self.tree / name).read_bytes())
        content.update(name.encode())
        return content.hexdigest()[:24]

    @cached_property
    def _tests(self) -> str:
        content = hashlib.sha256()
        for path in sorted((self.tree / "tests").rglob("*.py")):
            if "mutants" not in path.parts:
                content.update(path.read_bytes())
        return content.hexdigest()

    def decided(self, task: Task, outcome: Outcome) -> None:
        """Keep a verdict; a survivor's holds for these tests only."""
        told = {**asdict(outcome), "far": task.far, "tests": self._tests}
        told["file"] = self._sum(task.mutant.file)
        with (self.work / "verdicts.jsonl").open("a") as lines:
            lines.write(json.dumps(told) + "\n")

    def verdict(self, mutant: Mutant, *, far: bool) -> Outcome | None:
        """What is known of a mutant that is still the same, in front of tests that are."""
        path = self.work / "verdicts.jsonl"
        found = None
        for line in path.read_text().splitlines() if path.exists() else ():
            told = json.loads(line)
            same = told["key"] == mutant.key and told["file"] == self._sum(mutant.file)
            tested = told["verdict"] == "killed" or (
                told["tests"] == self._tests and told["far"] >= far
            )
            if same and tested:
                found = Outcome(*(told[name] for name in ("key", "verdict", "by", "tried", "took")))
        return found
