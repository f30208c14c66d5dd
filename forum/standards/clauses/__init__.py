"""Clauses of standards that stay themselves through versions, moves and edits.

`matching` finds which clause a heading continues, `keeping` writes it down with the version,
`known` reads it, `comparing` puts two versions side by side.
"""
