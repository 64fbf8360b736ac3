"""A mail server that takes mail after STARTTLS and a login, and keeps it."""

import hmac
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .settings import Settings
from .store import Store

LARGEST = 1024 * 1024
"""Bytes of a mail."""


class Keeper:
    """Keeps each mail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd when a mail has come in whole."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        text = mail.get_body(("plain", "html"))
        self._store.keep(
            "mail",
            {
                "from": envelope.mail_from,
                "to": list(envelope.rcpt_tos),
                "subject": str(mail["Subject"] or ""),
                "alert": str(mail["X-Alert"] or ""),
                "text": text.get_content() if text else "",
            },
        )
        return "250 OK"


def mail_server(settings: Settings, store: Store, host: str, port: int) -> Controller:
    """The server, not yet started; it runs in a thread of its own."""

    def login(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object) -> AuthResult:
        expected = LoginPassword(settings.mail_user.encode(), settings.mail_password.encode())
        right = isinstance(given, LoginPassword) and all(
            hmac.compare_digest(one, other) for one, other in zip(given, expected, strict=True)
        )
        return AuthResult(success=right)

    return Controller(
        Keeper(store),
        hostname=host,
        port=port,
        server_hostname="alert-receiver",
        data_size_limit=LARGEST,
        tls_context=settings.tls,
        require_starttls=True,
        auth_required=True,
        auth_require_tls=True,
        # Its LOGIN asks for the name in words that Alertmanager does not know; PLAIN asks for nothing.
        auth_exclude_mechanism=["LOGIN"],
        authenticator=login,
    )
