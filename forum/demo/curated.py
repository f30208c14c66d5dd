"""What the demo company's moderators have done for its standards lately, by the forum's own
actions: categories, a version in approval, a review that ideas opened, how services are rendered.
"""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, end_read, transaction
from forum.core.i18n import speaking
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.departments.models import Service
from forum.standards import actions, drafts
from forum.standards.approvals import actions as approvals
from forum.standards.approvals.models import Approval, Said
from forum.standards.categories import actions as categories
from forum.standards.categories import filing
from forum.standards.categories.actions import Named
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.kept.models import IdeaClause
from forum.standards.models import NEXT, Standard, Version, VersionState
from forum.standards.review import opening
from forum.standards.serving import actions as serving
from forum.standards.serving import outline


class Curated:
    """The file `curated.json`; standards are named by their keys in `standards.json`."""

    def __init__(
        self, told: Row, standards: list[Row], cast: Cast, stories: dict[str, Story]
    ) -> None:
        self.told, self.people, self.departments = told, cast.people, cast.departments
        self.stories = stories
        self.places = {row["key"]: place for place, row in enumerate(standards, 1)}

    def tell(self) -> None:
        """Everything of the file. Some twenty short writes."""
        self._file()
        self._approve(self.told["approval"])
        self._serve(self.told["serving"])
        self._ask(self.told["about"])
        end_read()
        readers.catch_up()
        opening.sweep()

    def _standard(self, key: str) -> Standard:
        query = select(Standard).where(Standard.sequence == self.places[key])
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def _file(self) -> None:
        moderator = self.people["moderator"]
        made: dict[str | None, int | None] = {None: None}
        for row in self.told["categories"]:
            named = Named(row["en"], row["ru"], made[row["under"]])
            made[row["en"]] = categories.add(moderator, named).id
            for key in row["standards"]:
                standard = self._standard(key)
                with transaction():
                    filing.file(moderator, standard, made[row["en"]])

    def _approve(self, row: Row) -> None:
        """A draft is sent; one department approves it, another asks for a change."""
        standard = self._standard(row["standard"])
        version = approvals.send(self.people[row["by"]], standard, seen=standard.lock)
        asks = row["asks"]
        self._answer(standard, version, row["approves"], approvals.Answer(Said.APPROVED))
        clause = self._clause(standard, asks["clause"], next_one=True)
        self._answer(
            standard, version, asks, approvals.Answer(Said.CHANGE, asks["note"], clause.key)
        )

    def _answer(
        self, standard: Standard, version: Version, row: Row, said: approvals.Answer
    ) -> None:
        query = select(Approval.id).where(
            Approval.version_id == version.id,
            Approval.department_id == self.departments[row["department"]],
        )
        approvals.answer(self.people[row["by"]], standard, db.session.scalars(query).one(), said)

    def _clause(self, standard: Standard, title: str, *, next_one: bool = False) -> Clause:
        states = NEXT if next_one else (VersionState.IN_FORCE,)
        query = (
            select(Clause)
            .join(VersionClause, VersionClause.clause_id == Clause.id)
            .join(Version, Version.id == VersionClause.version_id)
            .where(
                Version.standard_id == standard.id,
                Version.state.in_(states),
                VersionClause.title == title,
            )
        )
        return db.session.scalars(query).one()

    def _serve(self, row: Row) -> None:
        """What every service goes by until it has a standard of its own, and one that has."""
        moderator, owner = self.people[row["by"]], self.people[row["owner"]]
        with speaking(row["lang"]):
            title, body = outline.title(), outline.body()
        wording = drafts.word(of=None, title=title, body=body, owner_id=owner.id, departments=())
        general = drafts.begin(moderator, wording)
        actions.publish(moderator, general)
        serving.govern(moderator, general, (), everybody=True)
        own = row["own"]
        service = select(Service.id).where(Service.name == own["service"])
        self._govern(moderator, self._standard(own["standard"]), db.session.scalars(service).one())

    def _govern(self, moderator: Person, standard: Standard, service_id: int) -> None:
        serving.govern(moderator, standard, (service_id,), everybody=False)

    def _ask(self, row: Row) -> None:
        """Three ideas about one clause, which is enough to look at its standard again."""
        clause = self._clause(self._standard(row["standard"]), row["clause"])
        with transaction():
            db.session.add_all(
                IdeaClause(idea_id=self.stories[key].idea.id, clause_id=clause.id)
                for key in row["ideas"]
            )
