"""A whole import: file after file, with what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.standards.paper.coming.documents import read
from forum.standards.paper.coming.found import files_in, register_in
from forum.standards.paper.coming.loading import Loader
from forum.standards.paper.coming.reading import Refused
from forum.standards.paper.coming.register import Register, read_register


@dataclass(slots=True)
class Report:
    """What became of the files; lines by file, in order."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[Path, int, str]] = field(default_factory=list)
    notes: list[tuple[Path, int, str]] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The line every import ends with; scripts read it, so it is not translated."""
        counts = {**self.counts, "refused": len(self.refused)}
        names = ("created", "unchanged", "updated", "refused")
        return ", ".join(f"{name} {counts.get(name, 0)}" for name in names)


@dataclass(slots=True)
class Wanted:
    """What is to be imported, and how."""

    place: Path
    kind: str | None = None
    register: Path | None = None
    dry_run: bool = False


def run(admin: Person, wanted: Wanted, *, progress: Callable[[int], object]) -> Report:
    """Take in every file; a refused one is left out alone."""
    report, place = Report(), wanted.place
    path = wanted.register or register_in(place)
    register = read_register(path) if path else None
    loader = Loader(admin, wanted.dry_run)
    root = place if place.is_dir() else place.parent
    for file in files_in(place):
        _load(loader, file, root, wanted.kind, register, report)
        progress(1)
    if register is not None:
        _tell_register(register, report, is_whole=place.is_dir())
    return report


def _load(
    loader: Loader,
    file: Path,
    root: Path,
    kind: str | None,
    register: Register | None,
    report: Report,
) -> None:
    try:
        document = read(file, root, kind)
        if register is not None:
            register.complete(document)
        became = loader.load(document)
    except (Refused, OSError) as refusal:
        report.refused.append((file, 1, str(refusal)))
        return
    report.counts[became] += 1
    report.notes += [(file, line, sentence) for line, sentence in document.notes]


def _tell_register(register: Register, report: Report, *, is_whole: bool) -> None:
    """What the list says that nothing came of."""
    report.refused += [(register.path, line, reason) for line, reason in register.refused]
    if is_whole:
        report.notes += [
            (register.path, record.line, _("No document came for this line."))
            for record in register.unused()
        ]
