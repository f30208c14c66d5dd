"""Sessions: when and where cases are revisited, who comes, and what it came to.

`times` knows clocks, `seats` who sits and who waits, `agenda` which cases, `outcomes` how they end.
"""
