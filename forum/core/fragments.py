"""What htmx is answered: never a whole page, always the part that belongs where it looks.

A view may make a fragment of its own. For the others a page is cut down to what stands in its
`main`, and a redirect becomes a line that leads to the thing, with the header that goes there.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

BEGINS, ENDS = '<main id="main" tabindex="-1">', "</main>"


def install(app: Flask) -> None:
    """Cut answers to size after everything else has been decided."""
    app.after_request(_cut)


def wants_fragment() -> bool:
    """Whether this is a small exchange that a page holds by itself."""
    return request.headers.get("HX-Request") == "true"


def fragment(template: str, **shown: Any) -> ResponseReturnValue:
    """A part of a page."""
    return render_template(template, **shown), 200


def _cut(response: Response) -> Response:
    if request.method != "POST" or response.mimetype != "text/html":
        return response
    response.vary.add("HX-Request")
    if not wants_fragment() or response.is_streamed:
        return response
    if response.status_code == 303:
        _lead(response)
    else:
        _keep_main(response)
    return response


def _lead(response: Response) -> None:
    """A line with the way to the thing; browsers that hold the exchange go there."""
    address = response.headers.pop("Location")
    response.status_code = 200
    response.headers["HX-Redirect"] = address
    response.set_data(render_template("errors/_done.html", address=address))


def _keep_main(response: Response) -> None:
    page = response.get_data(as_text=True)
    if BEGINS not in page:
        return
    response.set_data(page.partition(BEGINS)[2].rpartition(ENDS)[0])
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#main", "innerHTML"
