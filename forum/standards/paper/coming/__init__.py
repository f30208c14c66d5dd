"""A company's own standards, one document a file, taken in as standards in force.

`found` lists the files, `documents` reads each (`words` for Word, `markup` for HTML and Markdown),
`register` what a list beside them says, `loading` writes them down.
"""
