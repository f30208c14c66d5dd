"""Uploading and showing pictures."""

from flask import Blueprint

bp = Blueprint("files", __name__)
