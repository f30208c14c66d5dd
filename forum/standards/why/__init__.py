"""Why a clause exists: what it came from, how it was worded, and who is to be told when it goes.

`keeping` links clauses with the ideas that fed their version, `linking` adds and takes links away
by hand, `queries` read all of it and `shown` says it on the clause's page.
"""
