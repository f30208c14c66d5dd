"""Commands about ideas."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from forum.ideas import support_check


@click.group()
def ideas() -> None:
    """Ideas and their support."""


@ideas.command("verify-support")
@click.option("--fix", is_flag=True, help="Write the right figures.")
@with_appcontext
def verify_support(fix: bool) -> None:
    """Recompute the balanced support of open ideas; exit 1 when a kept figure is wrong.

    Ideas that are decided keep the figure they were decided with.
    """
    support_check.catch_up()
    wrong = 0
    for batch in support_check.differing():
        wrong += len(batch)
        for idea_id in sorted(batch):
            click.echo(str(idea_id))
        if fix:
            support_check.fix(batch)
    click.echo(f"differing {wrong}, fixed {wrong if fix else 0}")
    if wrong and not fix:
        sys.exit(1)
