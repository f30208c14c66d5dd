"""Event types of campaigns."""

from forum.core.events import event_type

STARTED = event_type("campaign.started", "a campaign was made")
CHANGED = event_type("campaign.changed", "a campaign was changed")
CLOSED = event_type("campaign.summed-up", "the owner summed a campaign up")
JOINED = event_type("campaign.joined", "an idea was posted in a campaign")
IMPORTED = event_type("campaign.imported", "a campaign was imported")
