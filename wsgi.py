"""The application object for any WSGI server; `forum serve` uses the same one."""

from forum.starting import application

app = application()
