"""Reviews of standards: on time, on evidence, with an outcome.

`clock` reminds, `evidence` holds the kinds of evidence and `opening` opens reviews by it, `closing`
and `actions` write down what came of them, `intervals` says when the next one is due.
"""
