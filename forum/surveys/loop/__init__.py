"""Answering results: a department says what it heard, what it will do and what it will not."""
