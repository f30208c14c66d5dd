"""Commands of the core: the chain of privileged actions."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from forum.core import audit as chain


@click.group()
def audit() -> None:
    """Look after the chain of privileged actions."""


@audit.command()
@with_appcontext
def verify() -> None:
    """Check that no privileged action was changed, removed or put in."""
    good, broken = chain.verify()
    if broken is None:
        click.echo(f"The chain holds: {good} privileged actions.")
        return
    click.echo(f"The chain breaks at event {broken}; {good} before it hold.", err=True)
    sys.exit(1)
