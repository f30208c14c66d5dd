"""The application object for any WSGI server; `forum serve` uses the same one."""

from forum.app import create_app

app = create_app()
