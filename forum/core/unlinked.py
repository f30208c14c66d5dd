"""Words of people in mails: shown as they are, and never taken for an address by a mail program.

Mail programs turn whatever looks like an address into a link. A name such as “evil.example” would
thereby carry a link of a stranger's choice in a mail of ours.
"""

from __future__ import annotations

import re

BREAK = "\u200b"
"""Zero width: nobody sees it, and no address goes on behind it."""
JOINT = re.compile(r"(?<=[^\s])([.:/@\\\u2024\u3002\uff0e\uff61\uff20\uff1a\uff0f])(?=[^\s])")
"""What holds an address together: between two characters, other scripts' full stops too."""
NOT_SHOWN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""


def unlinked(text: str) -> str:
    """The same words, with every joint that could make an address of them broken."""
    return JOINT.sub(rf"\1{BREAK}", NOT_SHOWN.sub("", text))
