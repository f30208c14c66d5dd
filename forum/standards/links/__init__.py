"""Links to standards in texts: what refers to which, and which links are broken.

`reading` finds them in a text, `reader` follows the log and writes them down, `queries` asks.
"""
