"""`forum upgrade`: back up, migrate, verify; the index is made anew behind the running forum."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from forum.core import audit, epoch
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import DomainError
from forum.core.schema import WANTED, current_revision, known_revisions, migrate, schema_state
from forum.ops.backups import back_up


class CannotUpgrade(DomainError):
    """Why the database stays as it is."""


def pending() -> list[tuple[str, str]]:
    """The migrations still to run as (revision, sentence). Raises CannotUpgrade."""
    current = current_revision()
    if current is None:
        raise CannotUpgrade("The database is empty. Run `forum init` or `forum demo` first.")
    revisions = known_revisions()
    known = [revision for revision, _sentence in revisions]
    if current not in known:
        raise CannotUpgrade("The database belongs to a newer version of the forum.")
    return revisions[known.index(current) + 1 :]


def upgrade() -> Path | None:
    """Bring the database to this version's schema; the backup made first, None if all was well."""
    if not pending():
        _verify()
        return None
    folder: Path = current_app.config["DATA_DIR"] / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"before-{WANTED}-{now():%Y%m%d-%H%M%S}.tar.gz"
    back_up(kept)
    db.session.remove()
    try:
        migrate()
    except SQLAlchemyError as error:
        raise CannotUpgrade(f"The migration failed ({error.__class__.__name__}). {kept}") from error
    _verify()
    epoch.renew()
    return kept


def _verify() -> None:
    if schema_state() != "ok":
        raise CannotUpgrade("The schema is not the one this version wants.")
    _good, broken = audit.verify()
    if broken is not None:
        raise CannotUpgrade(f"The audit chain is broken at event {broken}.")
