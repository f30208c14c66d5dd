"""The demo company: believable, the same every time, its days relative to today."""
