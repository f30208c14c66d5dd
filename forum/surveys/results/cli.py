"""`forum surveys`: make figures anew, and check them."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from forum.core.errors import Invalid
from forum.surveys.results import keeping


@click.group()
def surveys() -> None:
    """Figures of closed surveys."""


@surveys.command()
@with_appcontext
def rebuild() -> None:
    """Make the figures of every closed survey anew; they come out the same."""
    waves = keeping.reported()
    rows = sum(keeping.rebuild(wave_id) for wave_id in tqdm(waves, unit=" waves", file=sys.stderr))
    click.echo(f"{len(waves)} surveys, {rows} figures and texts")


@surveys.command()
@with_appcontext
def verify() -> None:
    """Compare the figures with the answers; exit 1 with those that differ."""
    found = [line for wave_id in keeping.reported() for line in keeping.differences(wave_id)]
    for line in found:
        click.echo(line)
    if found:
        raise Invalid(f"Figures that differ: {len(found)}.")
    click.echo("The figures agree with the answers.")
