"""Cases: what was, told without a name, checked by the departments it touches before all read it.

`origins` says what a case may be made of, `names` which words may name somebody.
"""
