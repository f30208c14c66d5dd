"""What a standard's text says of steps and promises, read out of it without marks of our own.

`cells` takes tables and lists out of HTML, `places` knows departments by what they are called,
`reading` puts both together: typed rows where the text has them, nothing where it has not.
"""
