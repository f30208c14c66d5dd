"""What closed waves say, told so that nobody is recognised.

`atoms` decides which answers may only be told together, `cells` adds them up, `keeping` writes that
down once when a wave has closed, `told` reads it for pages.
"""
