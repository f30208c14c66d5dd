"""Edges of the map: who serves whom with what, and how far both sides agree.

`ends` says who stands at an end; `policy` who speaks for it; `actions` are what its people do, with
the rule of denials beside it; `curating` is for administrators and files; `history` keeps what a
service was; `following` goes along when departments merge and people move; `queries` reads. For the
features above `asked` says who is served by what, `between` which services there are between
departments, `seen` who sees them.
"""

from forum.departments.services.curating import add_service, weigh_service
from forum.departments.services.saying import clean_service_name

__all__ = ["add_service", "clean_service_name", "weigh_service"]
