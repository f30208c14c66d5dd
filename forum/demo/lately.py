"""What has happened in the demo company since this morning, by the forum's own actions."""

from __future__ import annotations

from datetime import timedelta

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.clock import today
from forum.core.db import db
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.discussion import actions as discussion
from forum.files import actions as files
from forum.ideas import handing_over, moving, stage_cards, stage_editing
from forum.ideas.actions import word
from forum.ideas.again import actions as again
from forum.ideas.answers import slot_for
from forum.ideas.merges import merging
from forum.ideas.models import Idea
from forum.ideas.together import authors, improvements, suggestions, summaries
from forum.moderation import desk, flags
from forum.moderation.models import Matter
from forum.moderation.things import thing_or_404


class Lately:
    """The file `lately.json`, told by the people whom it names; each list is a method."""

    def __init__(self, told: dict[str, list[Row]], cast: Cast, stories: dict[str, Story]) -> None:
        self.told, self.stories = told, stories
        self.people, self.departments = cast.people, cast.departments

    def tell(self) -> None:
        """Everything of the file, and the merges of today. Some thirty short writes."""
        self._merges()
        for kind, rows in self.told.items():
            for row in rows:
                getattr(self, kind)(row)

    def _idea(self, name: str) -> Idea:
        idea = self.stories[name].idea
        db.session.refresh(idea)
        return idea

    def _merges(self) -> None:
        for story in self.stories.values():
            merged = story.row["merged"]
            if merged and merged.get("moved"):
                by, into = self.people[merged["by"]], self._idea(merged["into"])
                merging.merge(by, into, [self._idea(story.row["id"])], message=merged["reason"])

    def co_authors(self, row: Row) -> None:
        """Asked by the author, who had them in mind all along, and glad to be."""
        idea, other = self._idea(row["idea"]), self.people[row["who"]]
        authors.invite(db.session.get_one(Person, idea.author_id), idea, other)
        authors.accept(other, idea)

    def suggestions(self, row: Row) -> None:
        """Another wording, which its authors have not looked at yet."""
        idea = self._idea(row["idea"])
        wording = word(title=idea.title, problem=row["problem"], proposal=row["proposal"])
        suggestions.suggest(self.people[row["by"]], idea, wording, seen=idea.revision)

    def summaries(self, row: Row) -> None:
        """Two sentences for those who read the other language."""
        by, idea = self.people[row["by"]], self._idea(row["idea"])
        summaries.summarise(by, idea, row["lang"], row["text"], seen=0)

    def improvements(self, row: Row) -> None:
        """Done already; and who does it too since."""
        idea = improvements.post_done(
            self.people[row["by"]],
            word(title=row["title"], problem=row["problem"]),
            outcome=row["outcome"],
            department_id=self.departments[row["department"]],
            done_on=today() - timedelta(days=row["done_days_ago"]),
        )
        for each in row["adopted"]:
            since = today() - timedelta(days=each["days_ago"])
            adopting = self.departments[each["department"]]
            improvements.adopt(self.people[each["by"]], idea, adopting, on=since)

    def documents(self, row: Row) -> None:
        """A file in a comment."""
        by, idea = self.people[row["by"]], self._idea(row["idea"])
        kept = files.upload(by, row["text"].encode(), row["name"])
        said = richtext.compose(f"{row['says']}\n\n{kept.shown('')}")
        discussion.comment(by, "idea", idea, idea.thread_id, said)

    def handovers(self, row: Row) -> None:
        """Not ours."""
        by, idea = self.people[row["by"]], self._idea(row["idea"])
        slot = slot_for(by, idea, self.departments[row["from"]])
        handing_over.hand_over(by, idea, slot, to_id=self.departments[row["to"]])

    def flags(self, row: Row) -> None:
        """Somebody finds something wrong; some of it a moderator has looked at."""
        by, story = self.people[row["by"]], self.stories[row["idea"]]
        kind, number = "idea", story.idea.id
        if row["comment"]:
            kind, number = "comment", story.comments[row["comment"]]
        matter_id = flags.flag(
            by, thing_or_404(by, kind, number), reason=row["reason"], note=row["note"]
        )
        if settled := row.get("settled"):
            matter = db.session.get_one(Matter, matter_id)
            moderator = self.people[settled["by"]]
            desk.decide(moderator, matter, settled["outcome"], why=settled["why"])

    def still_need(self, row: Row) -> None:
        """A declined idea that somebody misses."""
        again.still_need(self.people[row["by"]], self._idea(row["idea"]))

    def stages(self, row: Row) -> None:
        """A stage that an administrator added, and ideas that went there."""
        names = ("name_en", "name_ru", "meaning_en", "meaning_ru", "hue", "days")
        said = stage_editing.Said(**{name: row[name] for name in names})
        new = stage_editing.add(self.people["admin"], row["kind"], said, slug=row["slug"])
        for name in row["ideas"]:
            moving.move_to(self.people[row["by"]], self._idea(name), stage_cards.every()[new.id])
