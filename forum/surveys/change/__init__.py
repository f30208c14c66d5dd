"""Before and after: whether an idea moved what it promised to move."""
