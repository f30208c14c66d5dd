"""Field lengths as Whoosh keeps them: a byte each, exact up to 108 and within 2 % above."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

LENGTHS: NDArray[np.int64] = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.int64)
"""The length that each byte stands for."""


def bytes_of(lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The bytes of some lengths: the next length that has one, the longest for what is longer."""
    found: NDArray[np.uint8] = np.minimum(np.searchsorted(LENGTHS, lengths), 255).astype(np.uint8)
    return found
