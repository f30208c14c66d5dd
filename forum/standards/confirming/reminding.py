"""Reminders."""


def sweep() -> None:
    """Nothing yet."""
