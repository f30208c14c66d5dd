"""Commands of the core: the first start of a forum."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext


@click.command()
@click.option("--admin-email", required=True, help="E-mail of the first administrator.")
@click.option("--admin-password-file", type=click.Path(exists=True, path_type=Path))
@with_appcontext
def init(admin_email: str, admin_password_file: Path | None) -> None:
    """Create the database and the first administrator."""
    raise NotImplementedError
