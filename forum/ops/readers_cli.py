"""`forum readers`: what follows from the event log, made once more."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from forum.core import events
from forum.core import readers as log
from forum.core.db import end_read
from forum.search import indexer, loading
from forum.search.follower import shelf_of

SURE = "Read the whole log again? Inboxes, support and search are made anew; nothing is sent."


@click.group()
def readers() -> None:
    """What follows from the event log: inboxes, support, search."""


@readers.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def replay(yes: bool) -> None:
    """Read the log from its beginning: inboxes, support and search as it tells them, no mail.

    What people read stays read; what they chose and whom they represent is taken as it is now.
    """
    if not yes:
        click.confirm(SURE, abort=True, err=True)
    total = events.last_id()
    names = [*log.READERS, "search"]
    for reader in list(log.READERS.values()):
        with tqdm(total=total, desc=reader.name, unit=" events", file=sys.stderr) as bar:
            log.replay(reader, bar.update)
    _rebuild()
    click.echo(f"read {total} events again for {', '.join(names)}; nothing was sent")


def _rebuild() -> None:
    shelf, total = shelf_of(current_app), loading.how_many()
    end_read()
    with (
        shelf.lock(wait=True),
        tqdm(total=total, desc="search", unit=" documents", file=sys.stderr) as bar,
    ):

        def show(done: int) -> None:
            bar.update(done - bar.n)

        indexer.rebuild(shelf, show)
