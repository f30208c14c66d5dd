"""What ideas of the demo company go through on their way can be looked at."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from forum.campaigns.models import CampaignIdea
from forum.core.clock import now
from forum.core.db import db
from forum.demo import load as loader
from forum.discussion.models import Comment, Question, Side
from forum.files.models import UploadUse
from forum.ideas import clock
from forum.ideas.again.models import StillNeeded
from forum.ideas.merges import unmerging
from forum.ideas.merges.models import IdeaAuthor, Merge
from forum.ideas.models import Answer, Handover, Idea, Stage
from forum.ideas.together.models import Adoption, Suggestion, SuggestionState, Summary
from forum.moderation.models import Matter
from forum.scorecards.models import Expert
from forum.search.likely import finding
from forum.search.likely.models import LikelyDuplicate
from forum.surveys.models import SurveyAnswer, Wave
from tests.demo.made import count, the_idea

ADDED = select(Stage.id).where(Stage.slug != Stage.kind)


@pytest.mark.parametrize(
    ("model", "least", "conditions"),
    [
        pytest.param(Matter, 2, [Matter.outcome == ""], id="flags that wait"),
        pytest.param(Matter, 2, [Matter.outcome != ""], id="flags that are settled"),
        pytest.param(Merge, 1, [Merge.moved > 0], id="a merge that moved votes"),
        pytest.param(IdeaAuthor, 2, [], id="co-authors"),
        pytest.param(Suggestion, 2, [Suggestion.state == SuggestionState.OPEN], id="edits"),
        pytest.param(Comment, 2, [Comment.official_at.is_not(None)], id="official updates"),
        pytest.param(Comment, 2, [Comment.question == Question.OPEN], id="open questions"),
        pytest.param(Comment, 2, [Comment.question == Question.RESOLVED], id="resolved questions"),
        pytest.param(Comment, 2, [Comment.side == Side.WORKS], id="it works for us"),
        pytest.param(Comment, 2, [Comment.side == Side.BREAKS], id="it breaks for us"),
        pytest.param(Summary, 1, [Summary.lang == "en"], id="a summary in English"),
        pytest.param(Summary, 1, [Summary.lang == "ru"], id="a summary in Russian"),
        pytest.param(Adoption, 2, [], id="what others do too"),
        pytest.param(UploadUse, 2, [UploadUse.kind == "comment"], id="documents"),
        pytest.param(StillNeeded, 2, [], id="a declined idea that is missed"),
        pytest.param(Handover, 2, [], id="not ours"),
        pytest.param(Answer, 2, [clock.overdue(now().date())], id="overdue departments"),
        pytest.param(CampaignIdea, 4, [], id="a campaign"),
        pytest.param(Wave, 1, [Wave.mixed_at.is_not(None)], id="a survey that was answered"),
        pytest.param(Wave, 1, [Wave.state == "running"], id="a survey that runs"),
        pytest.param(SurveyAnswer, 100, [], id="answers"),
        pytest.param(Expert, 1, [Expert.submitted_at.is_not(None)], id="a scorecard"),
        pytest.param(Idea, 2, [Idea.stage_id.in_(ADDED)], id="an added stage"),
    ],
)
def test_what_ideas_go_through_can_be_looked_at(looking, model, least, conditions) -> None:
    assert count(model, *conditions) >= least


def test_moderators_are_shown_likely_duplicates_in_both_languages(company) -> None:
    with company.app_context():
        loader.index()

        while finding.sweep():  # a night's work, some seconds at a time
            pass

        second = select(LikelyDuplicate.second_id)
        found = db.session.scalars(select(Idea.lang).where(Idea.id.in_(second)))
        assert set(found) == {"en", "ru"}
        db.session.remove()


def test_what_was_merged_can_be_taken_apart_again(company) -> None:
    with company.app_context():
        idea = the_idea("one-screen-alice")
        into = the_idea("hot-desk-monitors")

        assert idea.merged_into_id == into.id
        assert idea.vote_count == 0
        assert db.session.scalars(unmerging.standing(idea.id)).one().both > 0
