"""Rules of the forum, broken one at a time: does any test notice?"""
