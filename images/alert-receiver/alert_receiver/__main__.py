"""Run both servers until SIGTERM."""

import sys
from pathlib import Path

import uvicorn

from .mail import mail_server
from .settings import Settings, SettingsError
from .store import Store
from .web import create_app

HOST = "0.0.0.0"  # noqa: S104 the container's own network
WEB_PORT, MAIL_PORT = 8443, 2525
FOLDER = Path("/etc/alert-receiver")
TOLD = Path("/var/lib/alert-receiver/told.sqlite")

if __name__ == "__main__":
    try:
        settings = Settings.read(FOLDER)
    except SettingsError as error:
        sys.exit(f"alert-receiver: {error}")
    store = Store(TOLD)
    mail = mail_server(settings, store, HOST, MAIL_PORT)
    mail.start()
    try:
        uvicorn.run(
            create_app(settings, store),
            host=HOST,
            port=WEB_PORT,
            ssl_certfile=settings.certificate,
            access_log=False,  # a path may hold a token
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
    finally:
        mail.stop()
        store.close()
