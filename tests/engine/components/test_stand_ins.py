"""What the engine sees of a stand-in: the life of one resource, apart from any component's rules."""

import pulumi
import pytest

from bicoastal import ContainerService, OverlayNetwork
from tests.library.samples import PLANTED_SECRET, container_service

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

NETWORK = "docker:index/network:Network"


def program(**own):
    """A network with a service in it."""

    def declared():
        network = OverlayNetwork("network", {"network_name": "shop_internal"})
        args = container_service(network_id=network.network_id, **own)
        ContainerService("app", args)
        pulumi.export("network", network.network_id)

    return declared


@pytest.fixture(scope="module")
def engine(start):
    engine = start("docker")
    engine.up(program())
    return engine


def the_service(engine):
    (service,) = engine.stand_ins["docker"].cloud.of("docker:index/service:Service")
    return service


def test_a_computed_id_reaches_who_needs_it(engine):
    (network,) = engine.stand_ins["docker"].cloud.of(NETWORK)
    joined = the_service(engine).properties["taskSpec"]["networksAdvanceds"]
    assert [one["id"] for one in joined] == [network.id]


def test_the_cloud_is_told_a_secret_that_the_state_does_not_show(engine):
    (secret,) = engine.stand_ins["docker"].cloud.of("docker:index/secret:Secret")
    assert secret.properties["data"]
    assert PLANTED_SECRET not in str(engine.state())


def test_what_was_changed_by_hand_is_found_and_set_back(engine):
    service = the_service(engine)
    service.properties = {**service.properties, "endpointSpec": {"mode": "vip"}}
    assert engine.refresh().changes == {"app-service": "update"}
    assert engine.up(program()).changes == {"app-service": "update"}
    assert the_service(engine).properties["endpointSpec"]["mode"] == "dnsrr"


def test_what_is_gone_is_made_again(engine):
    cloud = engine.stand_ins["docker"].cloud
    service = the_service(engine)
    del cloud.objects[service.type, service.id]
    engine.refresh()
    assert engine.up(program()).changes == {"app-service": "create"}


def test_what_is_there_is_taken_in_by_its_id(start):
    engine = start("docker")
    engine.stand_ins["docker"].cloud.keep(
        NETWORK,
        "there-before",
        {"name": "shop_internal", "driver": "overlay", "scope": "swarm", "labels": []},
    )

    def adopting():
        def adopt(args):
            options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(import_="there-before"))
            return pulumi.ResourceTransformResult(args.props, options) if args.custom else None

        OverlayNetwork(
            "network", {"network_name": "shop_internal"}, pulumi.ResourceOptions(transforms=[adopt])
        )

    assert engine.up(adopting).changes["network-network"] == "import"
