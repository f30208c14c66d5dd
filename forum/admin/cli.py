"""`forum import` and `forum export`: the company, its words, its ideas and their files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from forum.accounts.queries import first_administrator
from forum.admin.export import export
from forum.admin.imports import Plan, carry_out
from forum.admin.imports_departments import COLUMNS as DEPARTMENTS
from forum.admin.imports_departments import plan_departments
from forum.admin.imports_files import load_files
from forum.admin.imports_glossary import plan_glossary
from forum.admin.imports_people import COLUMNS as PEOPLE
from forum.admin.imports_people import plan_people
from forum.admin.imports_services import COLUMNS as SERVICES
from forum.admin.imports_services import plan_services
from forum.admin.imports_stages import plan_stages
from forum.admin.records.back import load_records
from forum.core.i18n import _
from forum.ideas.imports.adapters import ADAPTERS
from forum.ideas.imports.loading import Outcome, load_file
from forum.ideas.stage_sheet import COLUMNS as STAGES
from forum.search.glossary.sheet import COLUMNS as GLOSSARY
from forum.standards.paper.coming.documents import FORMATS
from forum.standards.paper.coming.found import files_in
from forum.standards.paper.coming.running import Report, Wanted
from forum.standards.paper.coming.running import run as run_standards

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would happen, change nothing.")


DIRECTORY = click.Path(file_okay=False, path_type=Path)


@click.command("export")
@click.argument("directory", type=DIRECTORY)
@with_appcontext
def export_command(directory: Path) -> None:
    """Write the company and its ideas into DIRECTORY, as files that `forum import` reads."""
    for name, rows in export(directory).items():
        click.echo(f"{name}: {rows}")


@click.group("import")
def import_group() -> None:
    """Load a file; the same file again changes nothing."""


def _command(name: str, make_plan: Callable[[bytes], Plan], sentence: str) -> None:
    @import_group.command(name, help=sentence)
    @click.argument("file", type=FILE)
    @DRY_RUN
    @with_appcontext
    def run(file: Path, dry_run: bool) -> None:
        plan = make_plan(file.read_bytes())
        if not dry_run:
            with tqdm(total=len(plan.changed), unit="line", leave=False, disable=None) as bar:
                carry_out(plan, None, progress=lambda lines: _advance(bar, lines))
        report(plan, file)


def _advance(bar: Any, lines: int) -> None:
    bar.update(lines)


def report(plan: Plan, file: Path) -> None:
    """Notes and refusals on stderr, the counts on stdout, exit code 1 for any refusal."""
    for note in plan.notes:
        click.echo(str(note), err=True)
    for outcome in plan.refused:
        click.echo(f"{file}:{outcome.line}: {outcome.reason}", err=True)
    click.echo(plan.summary)
    if plan.refused:
        raise SystemExit(1)


for _name, _make_plan, _columns in (
    ("people", plan_people, PEOPLE),
    ("departments", plan_departments, DEPARTMENTS),
    ("services", plan_services, SERVICES),
    ("glossary", plan_glossary, GLOSSARY),
    ("stages", plan_stages, STAGES),
):
    _command(_name, _make_plan, f"A CSV file with the columns {', '.join(_columns)}.")


@import_group.command(
    "ideas", help="A JSONL or CSV file of ideas; docs/import.md tells the fields."
)
@click.argument("file", type=FILE)
@click.option("--format", "kind", type=click.Choice(sorted(ADAPTERS)), help="Kind of source.")
@DRY_RUN
@with_appcontext
def import_ideas(file: Path, kind: str | None, dry_run: bool) -> None:
    """Load ideas, with a progress bar; refused lines are named and the rest is loaded."""
    _load(file, partial(load_file, file, kind=kind, dry_run=dry_run))


@import_group.command("files", help="The files.jsonl of an export, last of all.")
@click.argument("file", type=FILE)
@DRY_RUN
@with_appcontext
def import_files(file: Path, dry_run: bool) -> None:
    """Put files back where texts show them; what they hold lies in `files` beside."""
    _load(file, partial(load_files, file, dry_run=dry_run))


@import_group.command("standards")
@click.argument("place", metavar="DIR|FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice(FORMATS), help="What the files are.")
@click.option("--register", type=FILE, help="A CSV list; else the register.csv of the folder.")
@DRY_RUN
@with_appcontext
def import_standards(place: Path, kind: str | None, register: Path | None, dry_run: bool) -> None:
    """Take in standards that the company has: a Markdown, HTML or Word document each; or the
    standards.jsonl of an export."""
    if place.suffix == ".jsonl":
        _load(place, partial(load_records, place, dry_run=dry_run))
        return
    wanted = Wanted(place, kind, register, dry_run)
    with tqdm(total=len(files_in(place)), unit="file", leave=False, disable=None) as bar:
        found = run_standards(first_administrator(), wanted, progress=bar.update)
    _report_standards(found)


def _report_standards(found: Report) -> None:
    """What was not understood and what was refused on stderr, the counts on stdout."""
    for heading, lines in (
        (_("Not understood; the rest of these files was taken in:"), found.notes),
        (_("Refused:") if found.notes else "", found.refused),
    ):
        if lines and heading:
            click.echo(heading, err=True)
        for name, line, sentence in lines:
            click.echo(f"{name}:{line}: {sentence}", err=True)
    click.echo(found.summary)
    if found.refused:
        raise SystemExit(1)


@import_group.command("records", help="The company.jsonl or records.jsonl of an export.")
@click.argument("file", type=FILE)
@DRY_RUN
@with_appcontext
def import_records(file: Path, dry_run: bool) -> None:
    """Load what hangs on people, departments and ideas; docs/import.md tells when."""
    _load(file, partial(load_records, file, dry_run=dry_run))


def _load(file: Path, load: Callable[..., Outcome]) -> None:
    with file.open("rb") as lines:
        total = sum(1 for _line in lines)
    with tqdm(total=total, unit="line", leave=False, disable=None) as bar:
        outcome = load(progress=bar.update)
    for number, reason in outcome.refused:
        click.echo(f"{file}:{number}: {reason}", err=True)
    click.echo(outcome.summary)
    if outcome.refused:
        raise SystemExit(1)
