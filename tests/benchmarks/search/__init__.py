"""Searching beside SQLite's FTS5 and tantivy."""
