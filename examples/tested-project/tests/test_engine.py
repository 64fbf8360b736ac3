"""What the real engine does with the program: skipped where there is no `pulumi`."""

import pytest
from shop import declare

RECORD = "cloudflare:index/dnsRecord:DnsRecord"


@pytest.fixture(scope="module")
def engine(start_engine, config):
    """The stack as it is after its first run."""
    engine = start_engine("aws", "cloudflare", project="tested-project", name="dev", config=config)
    cloudflare = engine.stand_ins["cloudflare"].cloud
    cloudflare.known_zones.add(config["tested-project:zone_id"])
    engine.up(declare)
    return engine


def test_a_second_run_changes_nothing(engine):
    assert engine.up(declare).changes == {}


def test_another_ttl_changes_the_record_in_place(engine):
    engine.choose("ttl_s", "600")
    assert engine.up(declare).changes == {"names-www": "update"}
    (record,) = engine.stand_ins["cloudflare"].cloud.of(RECORD)
    assert record.properties["ttl"] == 600


def test_what_somebody_changed_by_hand_is_set_back(engine):
    (record,) = engine.stand_ins["cloudflare"].cloud.of(RECORD)
    record.properties["content"] = "elsewhere.example.net"
    engine.refresh()
    assert engine.up(declare).changes == {"names-www": "update"}
