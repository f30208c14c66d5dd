"""What moderators do for standards can be looked at in the demo."""

from __future__ import annotations

import pytest

from forum.core.clock import now
from forum.core.db import db
from forum.core.site import site
from forum.standards.approvals.models import Approval, Said
from forum.standards.categories.models import Category
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review.models import Care, Review
from forum.standards.serving.models import ServiceStandard
from tests.demo.made import count


@pytest.mark.parametrize(
    ("model", "least", "conditions"),
    [
        pytest.param(Category, 4, [], id="categories"),
        pytest.param(Category, 1, [Category.parent_id.is_not(None)], id="one below another"),
        pytest.param(Care, 8, [Care.category_id.is_not(None)], id="standards filed"),
        pytest.param(Version, 1, [Version.state == VersionState.APPROVAL], id="in approval"),
        pytest.param(Approval, 1, [Approval.state == Said.APPROVED], id="an approval"),
        pytest.param(Approval, 1, [Approval.state == Said.CHANGE], id="a change asked"),
        pytest.param(Standard, 1, [Standard.review_on < now().date()], id="an overdue review"),
        pytest.param(ServiceStandard, 1, [], id="a service with its own standard"),
    ],
)
def test_what_moderators_do_can_be_looked_at(looking, model, least, conditions) -> None:
    assert count(model, *conditions) >= least


def test_a_review_is_open_because_ideas_speak_for_it(looking) -> None:
    opened = db.session.query(Review).filter(Review.closed_at.is_(None))

    assert "touched" in [kind for review in opened for kind in review.evidence["kinds"]]


def test_services_go_by_the_general_standard_until_they_have_their_own(looking) -> None:
    general = db.session.get_one(Standard, site().serving_standard)

    assert general.title == "How we serve each other"
    assert general.state == VersionState.IN_FORCE
