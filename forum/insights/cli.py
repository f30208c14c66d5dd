"""`forum insights`: rebuild, verify."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from forum.core.errors import Invalid
from forum.insights.figures import building


@click.group()
def insights() -> None:
    """What is counted of ideas, answers and standards."""


@insights.command()
@with_appcontext
def rebuild() -> None:
    """Count everything anew."""
    click.echo(f"{building.rebuild()} rows changed")


@insights.command()
@with_appcontext
def verify() -> None:
    """Compare the count with the database; exit 1 with the months and departments that differ."""
    found = list(building.differences())
    for line in found:
        click.echo(line)
    if found:
        raise Invalid(f"Rows that differ: {len(found)}.")
    click.echo("The count agrees with the database.")
