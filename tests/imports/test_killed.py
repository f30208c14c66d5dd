"""A load that is killed in the middle leaves nobody working, and goes on when it is run again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.ideas.models import Idea
from tests.support import postgres
from tests.support.server import FORUM, ROOT, close, environment, forum, fresh, wait_until

IDEAS = 400
WORDS = "The gate of hall **seven** opens too late, and lorries queue on the road. " * 12


def _line(number: int) -> str:
    said = [{"id": f"c{n}", "author": f"Voice {n}", "body": f"Reply {n}"} for n in range(2)]
    comments = [*said, {"id": "deep", "body": "Deeper", "parent": "c1"}]
    return json.dumps(
        {"id": f"gate-{number}", "title": f"Gate {number}", "problem": WORDS, "comments": comments}
    )


def _group_lives(group: int) -> bool:
    """Whether any process of the group still runs; one that ended but is not reaped does not."""
    entries = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return any(_runs_in(entry, group) for entry in entries)


def _runs_in(entry: Path, group: int) -> bool:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[2] == str(group) and fields[0] != "Z"


@pytest.mark.share(2)
@pytest.mark.parametrize("after", [1, 150])
def test_a_killed_load_goes_on_where_it_stopped(database, tmp_path, after) -> None:
    path = tmp_path / "gates.jsonl"
    path.write_text("\n".join(map(_line, range(IDEAS))), encoding="utf-8")
    url = None if database == "sqlite" else postgres.new_database()
    app = fresh(tmp_path, url)
    close(app)

    def stored(model: Any) -> int:
        try:
            with app.app_context():
                return db.session.scalar(select(func.count()).select_from(model)) or 0
        finally:
            close(app)

    load = subprocess.Popen(
        [*FORUM, "import", "ideas", str(path)],
        env=environment(tmp_path, url),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        arrived = wait_until(lambda: stored(Idea) >= after or load.poll() is not None, within=60)
        assert arrived, "waited in vain"
    finally:
        load.kill()
        load.wait()
    before = stored(Idea)
    orphaned = _lives_on(load.pid)
    again = forum("import", "ideas", str(path), folder=tmp_path, url=url)

    assert before < IDEAS, "the load ended before it could be killed"
    assert not orphaned, "a process of the killed load works on"
    assert again.returncode == 0, again.stderr
    counts = dict(part.rsplit(" ", 1) for part in again.stdout.strip().split(", "))
    assert counts["refused"] == "0"
    assert sum(map(int, counts.values())) == IDEAS
    assert (stored(Idea), stored(Comment)) == (IDEAS, 3 * IDEAS)
    assert stored(Text) == 4 * IDEAS
    with app.app_context():
        kept = db.session.scalars(select(Idea.comment_count)).all()
    close(app)
    assert Counter(kept) == {3: IDEAS}
    third = forum("import", "ideas", str(path), folder=tmp_path, url=url)
    assert third.stdout.strip() == f"created 0, unchanged {IDEAS}, updated 0, refused 0"


def _lives_on(group: int) -> bool:
    """Whether children outlive their killed parent by two seconds; they are ended then."""
    if wait_until(lambda: not _group_lives(group), within=2):
        return False
    os.killpg(group, signal.SIGKILL)
    return True
