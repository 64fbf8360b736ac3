"""A member shows a certificate that is about to end."""

from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any

from ....cache.configuration import CERTIFICATE
from ...credentials import ending
from ...project import ENVIRONMENT
from ...twin import Twin
from ..alarms import Scenario, ticketed
from ..stage import Stage

LEFT = timedelta(days=10)
SERVICE = f"{ENVIRONMENT}_sentinel-1"
_Configs = list[dict[str, Any]]
"""A service's configs, as its engine tells them."""


def strike(stage: Stage) -> None:
    """Have the witness' Sentinel show a certificate of its own key that ends in ten days. It starts anew for
    that; the other two are enough meanwhile."""
    witness = stage.twin.environment.topology.witness
    assert witness is not None
    twin, place = stage.twin, witness.name
    with closing(twin.places.engine(place)) as engine:
        spec = engine.services.get(SERVICE).attrs["Spec"]["TaskTemplate"]["ContainerSpec"]
    certificate, kept = f"{SERVICE}-{stage.run}", spec["Configs"]
    stage.strike(
        f"a certificate in {place} ends in {LEFT.days} days",
        partial(_show, twin, place, certificate, kept),
        repair=partial(_show_again, twin, place, certificate, kept),
    )


def _show(twin: Twin, place: str, certificate: str, kept: _Configs) -> None:
    text = ending(twin.layout.folder, f"{place}-redis", LEFT)
    with closing(twin.places.engine(place)) as engine:
        made = engine.configs.create(name=certificate, data=text.encode())
        new = {"ConfigID": made.id, "ConfigName": certificate}
        configs = [{**one, **new} if one["File"]["Name"] == CERTIFICATE else one for one in kept]
        engine.services.get(SERVICE).update(fetch_current_spec=True, configs=configs)


def _show_again(twin: Twin, place: str, certificate: str, kept: _Configs) -> None:
    with closing(twin.places.engine(place)) as engine:
        engine.services.get(SERVICE).update(fetch_current_spec=True, configs=kept)
        for made in engine.configs.list(filters={"name": certificate}):
            made.remove()


SCENARIO = Scenario(
    name="certificate-ends",
    summary="Let a member show a certificate that ends in ten days: one ticket, of that alone.",
    strike=strike,
    lasts_s=150,
    must=ticketed("PublicCertificateEnds"),
)
DRILL = SCENARIO.drill
