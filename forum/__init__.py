"""Counterpart: the forum where a company's departments fix how they work for each other."""

__version__ = "0.1.0"
