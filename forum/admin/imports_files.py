"""Files out of an export, put back where ideas, comments, standards and sessions show them.

A file is looked into as one that is uploaded is, and is what its line says or is refused. The same
lines again change nothing, but where what a line names, an idea, a comment, a standard or a
session, has come since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.admin.export_files import FOLDER
from forum.core.db import db, end_read
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.discussion.models import Comment
from forum.files import actions, uses
from forum.files.models import Upload
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.desk import Desk
from forum.ideas.imports.fields import Refused, line_of, moment_of, person_of
from forum.ideas.imports.loading import Outcome
from forum.ideas.models import Idea
from forum.standards.models import Standard
from forum.training.models import Session

KEY, DIGEST = re.compile(r"[A-Za-z0-9_-]{22}"), re.compile(r"[0-9a-f]{64}")
Raw = dict[str, Any]


def load_files(path: Path, *, dry_run: bool, progress: Callable[[int], object]) -> Outcome:
    """Load the lines of a file, with what lies in the folder beside it."""
    outcome, desk = Outcome(), Desk(Authors(), {})
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                _load(desk, outcome, number, line, path.parent / FOLDER, dry_run=dry_run)
            progress(1)
    return outcome


def _load(
    desk: Desk, outcome: Outcome, number: int, line: str, folder: Path, *, dry_run: bool
) -> None:
    try:
        raw = _object(line)
        here = db.session.scalar(select(Upload.id).where(Upload.key == raw["key"]))
        end_read()
        if here is None:
            file = _checked(raw, folder)
            if not dry_run:
                _create(desk, raw, file)
            outcome.created += 1
        elif not dry_run and _show(here, raw):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    except (Refused, Invalid) as refusal:
        outcome.refused.append((number, str(refusal)))


def _object(line: str) -> Raw:
    try:
        raw = json.loads(line)
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        raise Refused(_("This line is not JSON."))
    for name, shape in (("key", KEY), ("sha256", DIGEST)):
        if not shape.fullmatch(str(raw.get(name, ""))):
            raise Refused(_("“%(name)s” is missing or not as an export writes it.", name=name))
    return raw


def _checked(raw: Raw, folder: Path) -> actions.Prepared:
    """The file of a line, on the disk. Raises Refused, Invalid."""
    try:
        content = (folder / raw["sha256"]).read_bytes()
    except OSError:
        raise Refused(_("The file of this line is not in the folder beside it.")) from None
    file = actions.taken_as_it_is(content, line_of(raw, "name"))
    if file.sha256 != raw["sha256"]:
        raise Refused(_("The file of this line is not the one that was exported."))
    return actions.Prepared(raw["key"], file)


def _create(desk: Desk, raw: Raw, prepared: actions.Prepared) -> None:
    actions.lay_down(prepared)
    by = person_of(raw, "by")
    at = moment_of(raw.get("created_at"))
    with desk.open([by]):
        person = db.session.get_one(Person, desk.authors.of(by).id)
        kept = actions.register(person, prepared)
        if at is not None:
            kept.created_at = at
        upload_id = kept.id
    _show(upload_id, raw)


def _show(upload_id: int, raw: Raw) -> bool:
    """Let whatever a line names show its file; whether any of it did not before."""
    subjects = [*_ideas(raw), *_comments(raw), *_standards(raw), *_sessions(raw)]
    end_read()
    return uses.show_in(upload_id, subjects)


def _ideas(raw: Raw) -> Iterator[uses.Subject]:
    names = [str(name) for name in raw.get("ideas") or ()]
    query = select(Idea.id).where(Idea.source_id.in_(names)).order_by(Idea.id)
    return (("idea", row_id) for row_id in db.session.scalars(query).all())


def _standards(raw: Raw) -> Iterator[uses.Subject]:
    numbers = [str(number) for number in raw.get("standards") or ()]
    query = select(Standard.id).where(Standard.number.in_(numbers)).order_by(Standard.id)
    return (("standard", row_id) for row_id in db.session.scalars(query).all())


def _sessions(raw: Raw) -> Iterator[uses.Subject]:
    known = [str(uid) for uid in raw.get("sessions") or ()]
    query = select(Session.id).where(Session.uid.in_(known)).order_by(Session.id)
    return (("training", row_id) for row_id in db.session.scalars(query).all())


def _comments(raw: Raw) -> Iterator[uses.Subject]:
    for pair in raw.get("comments") or ():
        idea, comment = (str(name) for name in pair)
        query = (
            select(Comment.id)
            .join(Idea, Idea.thread_id == Comment.thread_id)
            .where(Idea.source_id == idea, Comment.source_id == comment)
        )
        yield from (("comment", row_id) for row_id in db.session.scalars(query).all())
