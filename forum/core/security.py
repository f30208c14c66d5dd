"""Headers, hosts and proxies: what every response carries and which requests are refused."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from forum.core.access import is_no_store

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}
SHOWN_ONCE = ("secret", "addresses")
"""Flashes with something that nobody but their reader may ever hold."""
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def install(app: Flask) -> None:
    """Check the host first, add the headers last."""
    app.session_interface = Cookies()
    app.before_request(_check_host)
    app.before_request(_keep_out_of_caches)
    app.after_request(_add_headers)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


class Cookies(SecureCookieSessionInterface):
    """The session cookie: once it was given over https, no browser sends it without."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the address people use is one of https, or this request came by it."""
        return super().get_cookie_secure(app) or request.is_secure


def _check_host() -> None:
    public = current_app.config["PUBLIC_URL"]
    if not public or request.path.startswith("/health/"):
        return
    if request.host.lower() != _host_of(public):
        abort(400, "unknown host")


def _keep_out_of_caches() -> None:
    """A secret waits to be shown once: whatever page does it is stored nowhere."""
    if request.endpoint == "static":
        return
    if any(category in SHOWN_ONCE for category, _message in session.get("_flashes", ())):
        g.no_store = True


@cache
def _host_of(public: str) -> str:
    """The host as requests name it: without a port that goes without saying."""
    parts = urlsplit(public if "://" in public else f"//{public}")
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    host = parts.netloc.lower()
    return host.removesuffix(usual) if usual else host


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        lasting = "public, max-age=31536000, immutable"
        response.headers["Cache-Control"] = lasting if "v" in request.args else "no-cache"
        return response
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _caching()
    if str(current_app.config["PUBLIC_URL"] or "").startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _caching() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    if is_no_store(view) or g.get("no_store"):
        return "no-store"
    return "private, no-cache"
