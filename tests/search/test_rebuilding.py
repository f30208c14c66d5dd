"""While the index is being built, the search page says so and stays a page."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.browser import Browser


def test_a_narrowed_search_says_that_the_index_is_being_rebuilt(
    sign_in: Callable[..., Browser],
) -> None:
    page = sign_in().page("/search?q=invoice&kind=idea")

    assert "The search is being rebuilt" in page.text
