"""The reference every page is compared with: bare Flask and SQLAlchemy's ORM, twenty joined rows,
rendered with Jinja at as many bytes as our own page. No sign-in, no session, nothing around it."""

from __future__ import annotations

import os

from flask import Flask, render_template_string
from sqlalchemy import ForeignKey, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

PAGE = """<!doctype html><title>Items</title><ul>
{% for item in items %}<li id="item-{{ item.id }}">
<a href="/items/{{ item.id }}">{{ item.title }}</a>
<span>{{ item.author.name }}</span><span>{{ item.score }}</span><p>{{ item.body }}</p></li>
{% endfor %}</ul>"""


class Base(DeclarativeBase):
    """Models of the reference."""


class Author(Base):
    """Who wrote an item."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String)


class Item(Base):
    """A row of the page."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    score: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(lazy="raise")


def reference_app(path: str, page_bytes: int) -> Flask:
    """The reference with ten thousand rows, whose page is `page_bytes` long."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    filler = "lorem ipsum dolor " * (max(page_bytes - 3_500, 0) // 20 // 18 + 1)
    with Session(engine) as session:
        session.add_all(Author(id=n, name=f"Author {n}") for n in range(1, 101))
        session.add_all(
            Item(title=f"Item {n}", body=filler, score=n, author_id=n % 100 + 1)
            for n in range(1, 10_001)
        )
        session.commit()
    app = Flask("reference")

    @app.get("/")
    def items() -> str:
        with Session(engine) as session:
            query = select(Item).options(joinedload(Item.author)).order_by(Item.score.desc())
            return render_template_string(PAGE, items=session.scalars(query.limit(20)).all())

    return app


def served() -> Flask:
    """The reference for a server's worker: each makes its own database beside the others'."""
    path = os.environ["REFERENCE_DATABASE"]
    return reference_app(f"{path}-{os.getpid()}", int(os.environ["REFERENCE_BYTES"]))
