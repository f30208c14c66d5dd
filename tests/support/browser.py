"""A test client that behaves like a browser: keeps its cookie, sends the form's token, and looks
at every page it is given as a careful person would."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, run_wsgi_app
from werkzeug.wsgi import get_current_url

from tests.support.pages import Document, check_page, parsed

TOKEN = re.compile(r'name="csrf-token" content="([^"]*)"')


class Client(FlaskClient):
    """A client that does not unquote what is asked, twice a request, to choose its cookies: for a
    hundred thousand characters that takes longer than the answer."""

    def run_wsgi_app(self, environ: dict[str, Any], buffered: bool = False) -> Any:
        """Ask with the cookies of a place, and keep those that come back."""
        place = {**environ, "QUERY_STRING": ""}
        self._add_cookies_to_wsgi(place)
        environ.pop("HTTP_COOKIE", None)
        environ |= {name: place[name] for name in ("HTTP_COOKIE",) if name in place}
        answer = run_wsgi_app(self.application, environ, buffered=buffered)
        url = urlsplit(get_current_url(place))
        set_there = answer[2].getlist("Set-Cookie")
        self._update_cookies_from_response(url.hostname or "localhost", url.path, set_there)
        return answer


class Browser:
    """One person at one browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = Client(app, app.response_class, use_cookies=True)
        self.token = ""

    def enter_as(self, person_id: int, *, shared: bool = False) -> None:
        """Start a session as the application would after a right password."""
        from forum.accounts import sessions
        from forum.accounts.models import Person
        from forum.core.db import db, transaction

        with self.app.app_context():
            person = db.session.get_one(Person, person_id)
            with transaction():
                user = sessions.begin(person, user_agent="test", shared=shared)
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = user.id
            cookie["_fresh"] = True
            cookie["csrf"] = self.token = "test-token"
        self.person_id = person_id

    def get(self, address: str, **options: Any) -> TestResponse:
        """Fetch a page; every HTML page is checked for what all pages owe their readers."""
        return self._seen(self.client.get(address, **options))

    def post(
        self, address: str, fields: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form with this session's token."""
        data = {"csrf_token": self.token, **(fields or {})}
        return self._seen(self.client.post(address, data=data, **options))

    def json(self, address: str, **options: Any) -> Any:
        """Fetch JSON."""
        response = self.client.get(address, headers={"Accept": "application/json"}, **options)
        assert response.is_json, response.data[:300]
        return response.get_json()

    def page(self, address: str, *, status: int = 200) -> Document:
        """Fetch a page as a parsed document."""
        response = self.get(address)
        assert response.status_code == status, (response.status_code, response.text[:2000])
        return parsed(response.text)

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code != 303:
            found = TOKEN.search(response.text)
            if found and found.group(1):
                self.token = found.group(1)
                check_page(response.text)
        return response
