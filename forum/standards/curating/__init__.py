"""For who looks after two hundred standards: many at once, with a preview or an undo.

`due` reviews, `owners` who left, `spreading` of review dates, `words` that were renamed.
"""
