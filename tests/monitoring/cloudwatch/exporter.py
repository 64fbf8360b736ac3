"""A real Alloy that asks the stand-in for CloudWatch, with the component's own configuration."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bicoastal.monitoring.serving.identity import CA, CERTIFICATE, KEY, NAME
from bicoastal.monitoring.watchers.cloudwatch import PATH, configuration_text, questions_of
from bicoastal.monitoring.watchers.replications import Replications
from bicoastal.settings import read
from bicoastal.twin.certificates import new_authority, new_member
from tests.monitoring.cloudwatch.stand_in import ACCESS_KEY, Asked
from tests.monitoring.programs import free_port, running

EAST, WEST = "shop-uploads-us-east-1", "shop-uploads-us-west-2"
REGION = "us-east-1"
FIGURES = {
    Asked(REGION, "ReplicationLatency", "Maximum", WEST, EAST, "everything"): 12.0,
    Asked(REGION, "BytesPendingReplication", "Maximum", WEST, EAST, "everything"): 0.0,
    Asked(REGION, "OperationsFailedReplication", "Sum", EAST, WEST, "everything"): 3.0,
}


def configuration() -> str:
    """The one in the east, of a bucket that is replicated both ways."""
    sides = [{"bucket": EAST, "region": REGION}, {"bucket": WEST, "region": "us-west-2"}]
    ways = [{"source": a, "destination": b} for a, b in (sides, sides[::-1])]
    asked = questions_of(REGION, read(Replications, {"ways": ways}, "The test").ways)
    return configuration_text(REGION, list(asked))


class Exporter:
    """An Alloy that runs."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self.port, self._context = port, context

    def page(self, *, with_certificate: bool = True) -> str:
        """What Prometheus gets, or an error of httpx."""
        context = self._context if with_certificate else ssl.create_default_context()
        answer = httpx.get(f"https://127.0.0.1:{self.port}{PATH}", verify=context, trust_env=False)
        return answer.raise_for_status().text


@contextmanager
def exporter(
    program: str, folder: Path, aws: str, asked: Callable[[str], bool] = lambda page: "aws_s3" in page
) -> Iterator[Exporter]:
    """Alloy with what the component gives it, but for the places of its files; from when its page shows that
    it has asked."""
    authority = new_authority()
    own = new_member(authority, NAME, ["127.0.0.1", NAME])
    files = {CA: authority.cert_pem, CERTIFICATE: own.cert_pem, KEY: own.key_pem}
    text = configuration()
    for path, content in files.items():
        here = folder / Path(path).name
        here.write_text(content)
        text = text.replace(f'"{path}"', f'"{here}"')
    (folder / "config.alloy").write_text(text)
    (folder / "aws").write_text(f"[default]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = x\n")
    context = ssl.create_default_context(cadata=authority.cert_pem)
    context.load_cert_chain(folder / Path(CERTIFICATE).name, folder / Path(KEY).name)
    found = Exporter(free_port(), context)
    environment = {
        **os.environ,
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": aws,
    }
    command = [
        program,
        "run",
        f"--server.http.listen-addr=127.0.0.1:{found.port}",
        f"--storage.path={folder / 'data'}",
        "--disable-reporting",
        str(folder / "config.alloy"),
    ]

    def told() -> bool:
        try:
            return asked(found.page())
        except httpx.HTTPError:
            return False

    with running(command, folder / "alloy.log", told, environment=environment):
        yield found
