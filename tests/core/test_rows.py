"""What the database itself refuses, in every test's database as in a company's."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from forum.core.db import db, transaction
from forum.ideas.models import Follow
from tests.support import make


def test_a_row_that_points_nowhere_is_refused(app: Flask) -> None:
    person = make.person(app)

    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(insert(Follow).values(idea_id=987_654, person_id=person))
