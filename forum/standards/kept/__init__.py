"""Whether promises are kept: anyone on either side says so in ten seconds.

`sides` tells who promises and who is served, `rates` counts so that nobody is recognised,
`marking` writes, `about` remembers which clause an idea would change.
"""
