"""Run the API until SIGTERM; open requests are answered first."""

import sys

import uvicorn

from .app import create_app
from .database import Database
from .settings import Settings, SettingsError

if __name__ == "__main__":
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        sys.exit(f"sample-api: {error}")
    uvicorn.run(
        create_app(settings, Database(settings)),
        host="0.0.0.0",  # noqa: S104 the container's own network
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=20,
        timeout_keep_alive=75,
    )
