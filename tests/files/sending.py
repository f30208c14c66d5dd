"""Sending files as the editor does."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser

JSON = {"Accept": "application/json"}


def send(browser: Browser, raw: bytes, name: str = "photo.jpg") -> Any:
    """Upload as the editor does. As bytes, since the test client leaves large files open."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'--xx\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    return browser.client.post(
        "/files",
        data=head.encode() + raw + b"\r\n--xx--\r\n",
        content_type="multipart/form-data; boundary=xx",
        headers={**JSON, "X-CSRF-Token": browser.token},
    )
