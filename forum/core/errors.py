"""Refusals a person can read; anything else that is raised is a bug."""

from forum.core.i18n import lazy


class DomainError(Exception):
    """A refusal with one sentence for the person and an HTTP status for the machine.

    `field` names the field to blame, if there is one.
    """

    status = 400
    sentence = lazy("This did not work.")

    def __init__(
        self, message: object = None, *, field: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message if message is not None else self.sentence
        self.field = field
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """What was sent cannot be understood."""

    status = 422


class Forbidden(DomainError):
    """The person may see it but not do it."""

    status = 403
    sentence = lazy("You may not do this.")


class NotFound(DomainError):
    """It does not exist, or the person may not see it: the answer is the same."""

    status = 404
    sentence = lazy("There is nothing here, or it is not yours to see.")


class Conflict(DomainError):
    """Somebody was faster, or the thing has moved on."""

    status = 409
    sentence = lazy("This has changed in the meantime.")


class TooLarge(DomainError):
    """More bytes than the limits table allows."""

    status = 413
    sentence = lazy("This is too large.")


class TooMany(DomainError):
    """Too many attempts; `retry_after` says when the next one may be made, in seconds."""

    status = 429
    sentence = lazy("Too many attempts. Wait a little and try again.")


class ReadOnly(DomainError):
    """The forum is being maintained: reading works, writing waits."""

    status = 503
    sentence = lazy(
        "The forum is read-only for a while. Your text is kept here; send it again soon."
    )


class DiskFull(DomainError):
    """The disk took nothing, so nothing was half-written."""

    status = 507
    sentence = lazy("The server has no space left. Nothing was saved; your text is still here.")
