"""How “How we serve each other” begins: the least that every service promises."""

from __future__ import annotations

from forum.core.i18n import _


def title() -> str:
    """What it is called, in the reader's language."""
    return _("How we serve each other")


def body() -> str:
    """Its text, to be changed to what the company can keep; in the reader's language."""
    parts = (
        (
            _("Purpose"),
            _(
                "Colleagues are each other’s customers. This is what anybody may expect of any "
                "service in the company."
            ),
        ),
        (
            _("Scope"),
            _(
                "Every service goes by this until it has a standard of its own; that one then says "
                "what is different."
            ),
        ),
        (_("How fast we reply"), _replies()),
        (_("In which form"), _forms()),
        (_("What the customer owes"), _owed()),
        (_("How to escalate"), _escalation()),
        (_("Measures"), _("Each provider says once a year how often these times were kept.")),
        (
            _("Exceptions"),
            _(
                "What endangers people, money or customers outside is answered at once, by "
                "telephone."
            ),
        ),
    )
    return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in parts) + "\n"


def _replies() -> str:
    rows = (
        (_("Somebody has seen it"), _("the same working day")),
        (_("An answer, or the day of one"), _("two working days")),
        (_("A question back"), _("all at once, within the first answer")),
        (_("It will be late"), _("said before the day, with a new one")),
    )
    lines = "\n".join(f"| {what} | {until} |" for what, until in rows)
    return f"| {_('What')} | {_('By when')} |\n|---|---|\n{lines}"


def _forms() -> str:
    return _(
        "- To the provider’s shared address or form, not to one person.\n"
        "- What is needed, by when, and why, in the first message.\n"
        "- The answer comes the way the question came, in its language, with a name."
    )


def _owed() -> str:
    return _(
        "- Notice: no request for the same day, unless it is an exception.\n"
        "- Data: whole and checked; what is missing stops the clock.\n"
        "- An answer to questions back within two working days."
    )


def _escalation() -> str:
    return _(
        "1. Ask who has your request.\n"
        "2. After the promised day, write to the head of the providing department.\n"
        "3. Two working days later both heads decide together.\n"
        "4. What comes back again is posted as an idea: then the rule is wrong, not the people."
    )
