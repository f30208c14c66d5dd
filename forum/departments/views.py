"""Pages of the tree and of a department."""

from flask import Blueprint

bp = Blueprint("departments", __name__)
