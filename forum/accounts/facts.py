"""Event types of people and their ways in."""

from forum.core.events import event_type

SIGNED_IN = event_type("person.signed-in", "somebody signed in")
PASSWORD_CHANGED = event_type("person.password-changed", "a password was set", privileged=True)
INVITED = event_type("person.invited", "somebody was invited", privileged=True)
CREATED = event_type("person.created", "a person was added", privileged=True)
CHANGED = event_type("person.changed", "a person's details changed", privileged=True)
ROLE_CHANGED = event_type("person.role-changed", "a role was given", privileged=True)
DEACTIVATED = event_type("person.deactivated", "a person was deactivated", privileged=True)
REACTIVATED = event_type("person.reactivated", "a person was let in again", privileged=True)
ERASED = event_type("person.erased", "a person was erased", privileged=True)
EMAIL_CHANGED = event_type("person.email-changed", "an e-mail was changed", privileged=True)
SETTINGS_CHANGED = event_type("site.settings-changed", "site settings changed", privileged=True)
RESET_LINK_MADE = event_type(
    "person.reset-link-made", "a link to set a new password was made", privileged=True
)
CODE_MADE = event_type("person.code-made", "a sign-in code was made", privileged=True)
IMPORTED = event_type("person.imported", "an imported file named an author nobody knew")
NAME_REMOVED = event_type("person.name-removed", "a text lost an erased person's name")
