"""Event types of scorecards. They tell who was asked and that somebody rated, never how."""

from forum.core.events import event_type

ASKED = event_type("scorecard.asked", "experts were asked to rate an idea")
RATED = event_type("scorecard.rated", "an expert rated an idea")
WITHDRAWN = event_type("scorecard.withdrawn", "an expert is asked no more")
RESTORED = event_type("scorecard.restored", "an expert is asked again")
WEIGHED = event_type("scorecard.weighed", "the weights of scorecards were changed", privileged=True)
