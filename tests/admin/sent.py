"""What the forms of the settings send, and what became of it."""

from __future__ import annotations

from forum.core.site import site

GENERAL = {
    "name": "Better together",
    "accent": "#8b1f5f",
    "default_locale": "ru",
    "time_zone": "Asia/Yekaterinburg",
    "welcome_en": "",
    "welcome_ru": "",
}


TEXTS = dict.fromkeys(
    ("announcement_en", "announcement_ru", "privacy_en", "privacy_ru", "imprint_en", "imprint_ru"),
    "",
)


ACCESS = {
    "registration": "closed",
    "registration_domains": "",
    "idle_minutes": "10",
    "retention_days": "0",
}


MAIL = {"host": "", "port": "25", "tls": "starttls", "user": "", "mail_from": "", "address": ""}


def setting(app, name):
    """A setting as a fresh request sees it."""
    with app.app_context():
        return getattr(site(), name)
