"""`forum search`: rebuild, verify, status, evaluate."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app, g, has_app_context
from flask.cli import with_appcontext
from tqdm import tqdm

from forum.core.db import end_read
from forum.core.errors import Invalid
from forum.core.site import site_cache
from forum.search import evaluate as evaluation
from forum.search import indexer, loading
from forum.search.follower import shelf_of
from forum.search.status import status as index_status
from forum.search.verify import differences


@click.group()
def search() -> None:
    """The search index."""


@search.command()
@with_appcontext
def rebuild() -> None:
    """Make the index anew while the old one serves."""
    target = shelf_of(current_app)
    total = loading.how_many()
    end_read()
    with (
        target.lock(wait=True),
        tqdm(total=total, unit=" documents", smoothing=0.05, file=sys.stderr) as bar,
    ):

        def show(done: int) -> None:
            bar.update(done - bar.n)

        count = indexer.rebuild(target, show)
    click.echo(f"{count} documents indexed")


@search.command()
@with_appcontext
def verify() -> None:
    """Compare the index with the database; exit 1 with the ids that differ."""
    target = shelf_of(current_app)
    with target.lock(wait=True):
        found = list(differences(target))
    for line in found:
        click.echo(line)
    if found:
        raise Invalid(f"Documents that differ: {len(found)}.")
    click.echo("The index agrees with the database.")


@search.command()
@with_appcontext
def status() -> None:
    """How far the index has come in the event log."""
    found = index_status()
    if found.position is None:
        click.echo(
            "There is no index yet; `forum serve` or `forum search rebuild` makes one.", err=True
        )
    click.echo(found.line())


@search.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--exclude-self/--include-self", default=None, help="A query's own document counts.")
def evaluate(folder: Path, exclude_self: bool | None) -> None:
    """Measure the ranking on a judged collection: docs.jsonl, queries.tsv, qrels.tsv."""
    if not evaluation.folder_is_collection(folder):
        raise Invalid(f"{folder} needs docs.jsonl, queries.tsv and qrels.tsv")
    if has_app_context():  # a collection belongs to no forum, whose database need not even exist
        g.site = site_cache().last_known()
    for line in evaluation.evaluate(folder, exclude_self=exclude_self).lines():
        click.echo(line)
