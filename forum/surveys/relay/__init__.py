"""The relay: who serves asks the unknown author of a text one question, and is answered once.

Nothing is stored to find an author by: the random key of a text is the digest of a secret that was
shown to whoever wrote it, and to nobody else.
"""
