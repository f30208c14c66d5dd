"""Commands about standards."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from forum.standards.kept import counting
from forum.standards.kept.shown import since


@click.group()
def standards() -> None:
    """Standards and their promises."""


@standards.command("verify-promises")
@click.option("--fix", is_flag=True, help="Count again what differs.")
@with_appcontext
def verify_promises(fix: bool) -> None:
    """Count again what was said of promises; exit 1 when a kept figure is wrong."""
    counting.sweep(since())
    wrong = list(counting.differing(since()))
    for clause_id in wrong:
        click.echo(str(clause_id))
    if fix and wrong:
        counting.put_right(wrong)
        counting.sweep(since())
    click.echo(f"differing {len(wrong)}, fixed {len(wrong) if fix else 0}")
    if wrong and not fix:
        sys.exit(1)
