"""`forum people`: what an administrator does from the server's own shell."""

from __future__ import annotations

import click


@click.group()
def people() -> None:
    """Manage people."""
