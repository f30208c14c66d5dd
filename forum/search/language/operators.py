"""The words of the query language that stand before a colon: one table for reading a query, for
completing it as one types, and for the page that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forum.core.i18n import lazy
from forum.core.modules import is_on
from forum.core.words import normalize


@dataclass(frozen=True, slots=True)
class Operator:
    """One word before a colon.

    `name` is also its parameter in an address. Of `english` and `russian` the first word is shown,
    the others are understood as well. `takes` says how its values are read (`values.READERS`).
    `examples` are values, one in each language.
    """

    name: str
    label: Any
    english: tuple[str, ...]
    russian: tuple[str, ...]
    takes: str
    about: Any
    examples: tuple[str, str]
    module: str = ""
    """It is there only while this module is on."""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that it is understood by."""
        return (*self.english, *self.russian)

    def word(self, locale: str) -> str:
        """What it is called in a language."""
        return self.russian[0] if locale == "ru" else self.english[0]

    def others(self, word: str) -> list[str]:
        """The words that are understood beside one."""
        return [f"{other}:" for other in self.words if other != word]

    def example(self, locale: str) -> str:
        """A use of it in a language."""
        return f"{self.word(locale)}:{self.examples[locale == 'ru']}"


OPERATORS = (
    Operator(
        "title",
        lazy("Title"),
        ("title",),
        ("заголовок", "название"),
        "words",
        lazy("A word of the title, or several in quotation marks."),
        ("invoice", "заявка"),
    ),
    Operator(
        "kind",
        lazy("Kind"),
        ("type", "kind"),
        ("вид", "тип"),
        "kind",
        lazy("Ideas, comments, standards, people or departments."),
        ("idea,standard", "идея,стандарт"),
    ),
    Operator(
        "stage",
        lazy("Stage"),
        ("stage", "status"),
        ("статус", "этап", "стадия"),
        "stage",
        lazy("The stage of an idea; standards are in force."),
        ("open", "открыта"),
    ),
    Operator(
        "affected",
        lazy("Affected department"),
        ("affected", "affects"),
        ("затронут", "затронутый", "касается"),
        "department",
        lazy("A department that is affected, by name, code or a part of the name."),
        ("finance", "финансы"),
    ),
    Operator(
        "department",
        lazy("From department"),
        ("dept", "department", "from"),
        ("отдел", "от"),
        "department",
        lazy("The department that an idea comes from, that keeps a standard, that somebody is in."),
        ("sales", "продажи"),
    ),
    Operator(
        "author",
        lazy("Author"),
        ("author", "by"),
        ("автор",),
        "person",
        lazy("Who wrote an idea or a comment: a part of the name, or “me”."),
        ("me", "я"),
    ),
    Operator(
        "tag",
        lazy("Tag"),
        ("tag", "label"),
        ("метка", "тег"),
        "tag",
        lazy("A tag of an idea."),
        ("safety", "безопасность"),
    ),
    Operator(
        "campaign",
        lazy("Campaign"),
        ("campaign",),
        ("кампания",),
        "campaign",
        lazy("The campaign that an idea was posted in, by a part of its title."),
        ("paper", "бумага"),
        module="campaigns",
    ),
    Operator(
        "votes",
        lazy("Votes"),
        ("votes", "support"),
        ("голоса", "голосов", "поддержка"),
        "number",
        lazy("How many support an idea."),
        (">20", ">20"),
    ),
    Operator(
        "comments",
        lazy("Comments"),
        ("comments",),
        ("комментарии", "комментариев"),
        "number",
        lazy("How many comments an idea has."),
        (">5", ">5"),
    ),
    Operator(
        "after",
        lazy("Written since"),
        ("after", "since"),
        ("после", "с"),
        "day",
        lazy("Written on that day or later; a month or a year counts from its first day."),
        ("last-month", "прошлый-месяц"),
    ),
    Operator(
        "before",
        lazy("Written before"),
        ("before", "until"),
        ("до", "раньше"),
        "day",
        lazy("Written earlier than that day, month or year."),
        ("2026-05", "2026-05"),
    ),
    Operator(
        "year",
        lazy("Year"),
        ("year",),
        ("год",),
        "year",
        lazy("Written in that year."),
        ("2026", "2026"),
    ),
    Operator(
        "updated",
        lazy("Last activity"),
        ("updated", "active"),
        ("обновлено", "активность"),
        "day",
        lazy("Something has happened since then; with < nothing has."),
        ("last-week", "прошлая-неделя"),
    ),
    Operator(
        "stuck",
        lazy("Stuck"),
        ("stuck",),
        ("застряло", "застряла", "висит"),
        "age",
        lazy("Open or in review, and in that stage for longer than so many days or weeks."),
        (">10d", ">10д"),
    ),
    Operator(
        "unanswered",
        lazy("Waits for an answer"),
        ("unanswered", "waiting"),
        ("без-ответа", "ждет"),
        "answering",
        lazy("Ideas that wait for an answer of yours (“me”), or of a department."),
        ("me", "меня"),
    ),
    Operator(
        "has",
        lazy("Has"),
        ("has",),
        ("есть",),
        "having",
        lazy("Ideas that became a standard."),
        ("standard", "стандарт"),
    ),
    Operator(
        "standard",
        lazy("Standard"),
        ("standard",),
        ("стандарт",),
        "standard",
        lazy("A standard by its number, the ideas it came from and what is said under it."),
        ("PS-001", "PS-001"),
    ),
    Operator(
        "clause",
        lazy("Clause"),
        ("clause", "section"),
        ("пункт", "раздел"),
        "clause",
        lazy("Standards with a clause of that number, or with those words in its heading."),
        ("deadlines", "сроки"),
    ),
    Operator(
        "version",
        lazy("Version"),
        ("version",),
        ("версия", "редакция"),
        "version",
        lazy("Standards as they were: older versions, all, or those of a number."),
        ("old", "старые"),
    ),
    Operator(
        "owner",
        lazy("Owner"),
        ("owner",),
        ("ответственный", "владелец"),
        "owner",
        lazy("Who keeps a standard: a part of the name, a department, or “me”."),
        ("me", "я"),
    ),
    Operator(
        "lang",
        lazy("Language"),
        ("lang", "language"),
        ("язык",),
        "lang",
        lazy("The language it is written in."),
        ("ru", "русский"),
    ),
    Operator(
        "sort",
        lazy("Order"),
        ("sort", "order"),
        ("порядок", "сортировка"),
        "sort",
        lazy("By votes, the newest or the last active first, instead of the best match."),
        ("votes", "голоса"),
    ),
)
BY_NAME = {operator.name: operator for operator in OPERATORS}
BY_WORD = {normalize(word): operator for operator in OPERATORS for word in operator.words}


def is_there(operator: Operator) -> bool:
    """Whether it is no part of a module that is off."""
    return not operator.module or is_on(operator.module)


def operators() -> list[Operator]:
    """Every operator that is there now."""
    return [operator for operator in OPERATORS if is_there(operator)]


def operator_of(word: str) -> Operator | None:
    """The operator that a word stands for, in either language."""
    operator = BY_WORD.get(normalize(word))
    return operator if operator is not None and is_there(operator) else None
