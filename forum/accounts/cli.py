"""`forum init` and `forum people`: what is done from the server's own shell."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from forum.accounts import arrivals, invitations, passwords, queries, recovery, standing
from forum.accounts.addresses import clean_email
from forum.accounts.models import Person, Role
from forum.core import schema
from forum.core.errors import Conflict, Invalid, NotFound


@click.command()
@click.option("--admin-email", required=True, help="E-mail of the first administrator.")
@click.option(
    "--admin-password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is their password; without it a link is printed.",
)
@with_appcontext
def init(admin_email: str, admin_password_file: Path | None) -> None:
    """Create the database and the first administrator."""
    email = clean_email(admin_email)
    if email is None:
        raise Invalid("This is not an e-mail address.")
    password = _first_line(admin_password_file) if admin_password_file else None
    if password is not None:
        passwords.check_new(password, names=(email,))
    schema.begin()
    if queries.active_admins():
        raise Conflict("This forum has an administrator already.")
    person = arrivals.add_person(
        None,
        name=_name_from(email),
        email=email,
        role=Role.ADMIN,
        password_hash=passwords.hash_password(password) if password is not None else None,
    )
    click.echo(f"Administrator: {email}")
    if password is None:
        click.echo(f"Choose a password at: {invitations.invite(None, [person])[0].link}")


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: cannot be read.") from error
    return lines[0] if lines else ""


def _name_from(email: str) -> str:
    words = email.partition("@")[0].replace(".", " ").replace("_", " ").split()
    return " ".join(word.capitalize() for word in words) or email


@click.group()
def people() -> None:
    """Manage people, by e-mail or staff number."""


def _find(who: str) -> Person:
    person = queries.by_handle(who)
    if person is None:
        raise NotFound(f"Nobody is known as {who}.")
    return person


@people.command("reset-password")
@click.argument("who")
@with_appcontext
def reset_password(who: str) -> None:
    """Print a link with which somebody chooses a new password; it works once, for a day."""
    person = _find(who)
    if not person.can_sign_in:
        raise Conflict(f"{who} is deactivated.")
    click.echo(recovery.reset_link(None, person))


@people.command()
@click.argument("who")
@with_appcontext
def disable(who: str) -> None:
    """Keep somebody out from now on; their sessions end at once."""
    standing.deactivate(None, _find(who))
    click.echo(f"{who} can no longer sign in.")


@people.command()
@click.argument("who")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="admin")
@with_appcontext
def promote(who: str, role: str) -> None:
    """Make somebody an administrator, or give them another role."""
    standing.set_role(None, _find(who), role)
    click.echo(f"{who} is now: {role}.")


@people.command()
@click.argument("who")
@with_appcontext
def invite(who: str) -> None:
    """Print a link with which somebody comes in; a new e-mail address becomes a new person."""
    person = queries.by_handle(who)
    email = clean_email(who)
    if person is None and email is None:
        raise NotFound(f"Nobody is known as {who}.")
    if person is None:
        person = arrivals.add_person(None, name=_name_from(who), email=email)
    click.echo(invitations.invite(None, [person])[0].link)
