"""What was acknowledged stays, whichever process dies and whenever."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import Select, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.ideas.models import Idea, Vote
from tests.support import make
from tests.support.server import ROOT, Server, Visitor, close, environment, wait_until

Serve = Callable[..., Server]
IDEA = re.compile(r"/ideas/(\d+)(?:#comment-(\d+))?$")


@dataclass
class Writer:
    """Somebody who posts, comments and votes without end, and notes what was acknowledged."""

    number: int
    targets: list[int]
    ideas: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    votes: set[int] = field(default_factory=set)
    refusals: list[int] = field(default_factory=list)

    def work(self, port: int, stop: threading.Event, first: int) -> None:
        """Until the server is gone or everybody is told to stop."""
        try:
            visitor = Visitor(port).sign_in(f"writer{self.number}@example.org")
            turn = first
            while not stop.is_set():
                self.one_round(visitor, f"w{self.number}t{turn}")
                turn += 1
        except OSError:  # the server was killed: what was not answered is not acknowledged
            return

    def one_round(self, visitor: Visitor, mark: str) -> None:
        """An idea, a comment and a vote."""
        posted = visitor.post("/ideas/new", problem=f"Problem {mark} of ours", action="post")
        if idea := self._acknowledged(posted.status, posted.location):
            self.ideas[mark] = int(idea[1])
        target = self.targets[len(self.comments) % len(self.targets)]
        said = visitor.post(f"/ideas/{target}/comments", body=f"Comment {mark}")
        if comment := self._acknowledged(said.status, said.location):
            self.comments[mark] = int(comment[2])
        if self.targets and len(self.votes) < len(self.targets):
            wanted = self.targets[len(self.votes)]
            answer = visitor.post(f"/ideas/{wanted}/vote")
            if self._acknowledged(answer.status, answer.location):
                self.votes.add(wanted)

    def _acknowledged(self, status: int, location: str) -> re.Match[str] | None:
        if status != 303:
            self.refusals.append(status)
            return None
        found = IDEA.search(location)
        assert found, location
        return found


@pytest.mark.parametrize(
    "kills", [2, pytest.param(10, marks=pytest.mark.full)], ids=["twice", "ten-times"]
)
def test_nothing_acknowledged_is_lost_when_the_server_is_killed_under_load(
    company: Flask, folder: Path, kills: int
) -> None:
    targets = [make.idea(company, title=f"Target {number}") for number in range(60)]
    close(company)
    writers = [Writer(number, targets) for number in (1, 2, 3)]

    for turn in range(kills):
        server = Server(folder)
        server.start()
        be_busy_until_killed(server, writers, turn)

        assert wait_until(server.is_gone, within=1)

    check_kept(company, writers)
    check_found(folder, writers)


def be_busy_until_killed(server: Server, writers: list[Writer], turn: int) -> None:
    """Load from all writers, then SIGKILL: to the first process, or to the whole group."""
    stop = threading.Event()
    before = sum(len(writer.comments) for writer in writers)
    threads = [
        threading.Thread(target=writer.work, args=(server.port, stop, turn * 1000))
        for writer in writers
    ]
    for each in threads:
        each.start()
    wait_until(lambda: sum(len(w.comments) for w in writers) >= before + 12, within=30)
    if turn % 2:
        server.kill_group()
    else:
        server.kill_first()
    stop.set()
    for each in threads:
        each.join(30)


def check_kept(company: Flask, writers: list[Writer]) -> None:
    """Every acknowledged idea, comment and vote is a row with its text."""
    with company.app_context():
        ideas = texts(select(Idea.id, Text.plain).join(Text, Text.id == Idea.problem_id))
        comments = texts(select(Comment.id, Text.plain).join(Text, Text.id == Comment.text_id))
        voted = select(Vote.idea_id, Person.email).join(Person, Person.id == Vote.person_id)
        votes = {(row[0], row[1]) for row in db.session.execute(voted)}
    assert sum(len(writer.ideas) for writer in writers) > 0
    for writer in writers:
        assert writer.refusals == []
        assert {m: ideas[i].split()[1] for m, i in writer.ideas.items()} == {
            m: m for m in writer.ideas
        }
        assert {m: comments[i].split()[1] for m, i in writer.comments.items()} == {
            m: m for m in writer.comments
        }
        assert {(idea, f"writer{writer.number}@example.org") for idea in writer.votes} <= votes


def texts(query: Select[tuple[int, str]]) -> dict[int, str]:
    """Texts by id."""
    return {row[0]: row[1] for row in db.session.execute(query)}


def check_found(folder: Path, writers: list[Writer]) -> None:
    """The search catches up by itself after the last restart."""
    server = Server(folder)
    server.start()
    try:
        reader = Visitor(server.port).sign_in("writer4@example.org")
        for writer in writers:
            mark, idea = list(writer.ideas.items())[-1]
            assert wait_until(lambda mark=mark, idea=idea: finds(reader, mark, idea), 30, 0.2), mark
    finally:
        server.stop()


def finds(reader: Visitor, mark: str, idea: int) -> bool:
    """Whether the one search box knows the idea."""
    answer = reader.get(f"/search?q={quote(mark)}", Accept="application/json")
    hits = json.loads(answer.body)["hits"] if answer.status == 200 else []
    return any(hit["kind"] == "idea" and hit["id"] == str(idea) for hit in hits)


def test_every_acknowledgement_comes_after_its_fsync(
    company: Flask, folder: Path, tmp_path: Path
) -> None:
    assert shutil.which("strace"), "strace is not installed; run `make test-tools`"
    idea = make.idea(company)
    close(company)
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-y", "-e", "trace=write,fsync,fdatasync", "-o", str(trace)]
    command += [sys.executable, "-m", "tests.ops.scripts.acknowledging", str(idea)]

    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr[-2000:]
    synced, acknowledged = 0, []
    for line in trace.read_text().splitlines():
        if "sync(" in line and "forum.sqlite3" in line:
            synced += 1
        elif '"ACK' in line:
            acknowledged.append(synced)
            synced = 0
    assert len(acknowledged) == 7  # the sign-in before them, two ideas, two comments, two votes
    assert all(count >= 1 for count in acknowledged), acknowledged
