"""Measurements, run by hand: `make bench`. None of them is part of the test run."""
