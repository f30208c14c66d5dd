"""Narrowing a search by what is known of documents.

`values` reads what was written, `readers` tells what that means to one reader, `conditions` are
what the index is asked, `understood` is a whole query.
"""
