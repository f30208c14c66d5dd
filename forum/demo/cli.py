"""`forum demo`: a believable company, then the server."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterable
from typing import Any

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from forum.core import schema
from forum.core.db import db
from forum.core.errors import Invalid
from forum.demo import content
from forum.ops import server
from forum.ops.cli import PORT

BEYOND = (
    "A demo, whose passwords everybody knows, listens on this machine only. "
    "Add --public-demo if you mean it."
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="Only make the company.")
@click.option("--public-demo", is_flag=True, help="Let other machines in.")
@with_appcontext
def demo(host: str, port: int, no_serve: bool, public_demo: bool) -> None:
    """Make a demo company in the data folder, then serve it."""
    if not (no_serve or public_demo or is_loopback(host)):
        raise Invalid(BEYOND)
    # Late: it brings the search and its dictionaries along, which no other command needs.
    from forum.demo.load import index, load

    if not no_serve:
        port = server.claim(host, port)  # now, rather than after the company is made
    schema.begin()
    load(_bar)
    _introduce(host, port)
    db.session.remove()
    if no_serve:
        index()  # a server follows the log by itself
    else:
        db.engine.dispose()
        server.become(host, port)


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bar(steps: Iterable[Any], total: int) -> Iterable[Any]:
    made: Iterable[Any] = tqdm(
        steps, total=total, desc="Making the company", file=sys.stderr, mininterval=0.5
    )
    return made


def _introduce(host: str, port: int) -> None:
    from forum.demo.load import PASSWORD, SIGN_INS

    shown = f"[{host}]" if ":" in host else host
    click.echo(f"The demo is at http://{shown}:{port}")
    click.echo(f"Sign in with one of these; the password is {PASSWORD}:")
    people = content.read()
    for key in SIGN_INS:
        person = people.person(key)
        click.echo(f"  {person['email']:26} {person['name']}, {person['title']}")
