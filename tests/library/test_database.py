"""The Postgres cluster's configuration, from its declaration."""

import json
import re

import pytest
import yaml

from bicoastal import ConsensusMember, PostgresMember
from bicoastal.database import PostgresCluster, TimingProfile, voters
from bicoastal.database.cluster import OWN_PARAMETERS
from bicoastal.database.timing import TIMINGS
from bicoastal.ingress.routes import HealthCheck
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PASSWORDS, PLANTED_SECRET, site, topology

CONFIG = "docker:index/serviceConfig:ServiceConfig"
SERVICE = "docker:index/service:Service"
TOPOLOGY = read(Topology, topology(), "topology")


def files(pulumi_mocks, place="east", **cluster):
    def program():
        args = {**ARGUMENTS["PostgresMember"](), "site": site(place), "cluster": cluster}
        PostgresMember("it", args)

    plan = pulumi_mocks.run(program)
    texts = {config.name: config.inputs["dataRaw"] for config in plan.of_type(CONFIG)}
    patroni = yaml.safe_load(texts["it-member-file-patroni"])
    return patroni, json.loads(texts["it-member-file-dynamic"])


def test_each_region_has_its_members_at_fixed_addresses_and_ports_of_their_own():
    members = PostgresCluster().members(TOPOLOGY)
    assert [(m.name, m.address, m.port, m.rest_port) for m in members] == [
        ("east-postgres-1", "10.1.0.10", 5433, 8008),
        ("east-postgres-2", "10.1.0.10", 5434, 8009),
        ("west-postgres-1", "10.2.0.10", 5433, 8008),
        ("west-postgres-2", "10.2.0.10", 5434, 8009),
    ]


def test_members_of_a_region_are_spread_over_its_hosts():
    args = topology()
    args["regions"][0]["hosts"] = 2
    members = PostgresCluster().members(read(Topology, args, "topology"))
    assert [m.address for m in members[:2]] == ["10.1.0.10", "10.1.0.11"]


@pytest.mark.parametrize(
    ("mode", "synchronous", "strict"),
    [("async", False, False), ("sync", True, False), ("strict", True, True)],
)
def test_the_mode_is_what_patroni_is_told(pulumi_mocks, mode, synchronous, strict):
    _, dynamic = files(pulumi_mocks, mode=mode)
    assert dynamic["synchronous_mode"] is synchronous
    assert dynamic["synchronous_mode_strict"] is strict
    assert dynamic["synchronous_node_count"] == 2


def test_the_profiles_are_those_that_patroni_accepts():
    for timing in TIMINGS.values():
        assert timing.loop_wait_s + 2 * timing.retry_timeout_s <= timing.ttl_s


def test_a_timing_profile_sets_patronis_clocks(pulumi_mocks):
    _, dynamic = files(pulumi_mocks)
    assert [dynamic[k] for k in ("ttl", "loop_wait", "retry_timeout")] == [30, 5, 10]
    _, dynamic = files(pulumi_mocks, timing="fast")
    assert [dynamic[k] for k in ("ttl", "loop_wait", "retry_timeout")] == [20, 5, 5]


def test_worst_promotion_is_lease_and_loop_and_election_and_check():
    check = HealthCheck(path="/primary", interval_s=0.5, fast_interval_s=0.25, rise=1)
    assert TIMINGS[TimingProfile.WAN].promotion_worst_s(check) == 37.5
    assert TIMINGS[TimingProfile.FAST].promotion_worst_s(check) == 27.5


def test_the_declaration_is_both_the_bootstrap_and_what_members_follow_later(pulumi_mocks):
    patroni, dynamic = files(pulumi_mocks)
    assert patroni["bootstrap"]["dcs"] == dynamic


def test_only_members_of_the_primary_region_may_make_a_new_cluster(pulumi_mocks):
    there, _ = files(pulumi_mocks, place="west")
    assert "bootstrap" not in there


def test_a_standby_that_is_away_cannot_fill_the_primarys_disk(pulumi_mocks):
    _, dynamic = files(pulumi_mocks, maximum_slot_wal_mb=512)
    assert dynamic["postgresql"]["parameters"]["max_slot_wal_keep_size"] == "512MB"


def test_a_member_can_rewind_and_a_crashed_primary_is_not_waited_for(pulumi_mocks):
    patroni, dynamic = files(pulumi_mocks)
    assert dynamic["postgresql"]["use_pg_rewind"] is True
    assert "data-checksums" in patroni["bootstrap"]["initdb"]
    assert dynamic["primary_start_timeout"] == 10


def test_nobody_comes_by_network_without_tls_and_the_superuser_not_at_all(pulumi_mocks):
    patroni, _ = files(pulumi_mocks)
    rules = [rule.split() for rule in patroni["postgresql"]["pg_hba"]]
    by_network = [rule for rule in rules if rule[0] != "local"]
    assert all(rule[0] == "hostssl" or rule[-1] == "reject" for rule in by_network)
    assert ["host", "all", "postgres", "all", "reject"] in by_network
    assert by_network.index(["host", "all", "postgres", "all", "reject"]) < by_network.index(
        ["hostssl", "all", "all", "all", "scram-sha-256"]
    )


def test_who_may_connect_is_each_members_own_file_and_no_dynamic_setting(pulumi_mocks):
    patroni, dynamic = files(pulumi_mocks)
    assert "pg_hba" not in dynamic["postgresql"]
    assert "local replication replication scram-sha-256" in patroni["postgresql"]["pg_hba"]


def test_members_verify_one_another_in_full(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: PostgresMember("it", ARGUMENTS["PostgresMember"]()))
    env = plan.of_type(SERVICE)[0].inputs["taskSpec"]["containerSpec"]["env"]
    assert {env[f"PATRONI_{who}_SSLMODE"] for who in ("SUPERUSER", "REPLICATION", "REWIND")} == {
        "verify-full"
    }


def test_a_parameter_of_the_user_is_passed_on(pulumi_mocks):
    patroni, _ = files(pulumi_mocks, parameters={"work_mem": "8MB"})
    assert patroni["postgresql"]["parameters"]["work_mem"] == "8MB"


def test_every_parameter_that_the_cluster_sets_is_its_own(pulumi_mocks):
    patroni, dynamic = files(pulumi_mocks)
    ours = {*patroni["postgresql"]["parameters"], *dynamic["postgresql"]["parameters"]}
    tuning = {"log_checkpoints", "logging_collector", "max_connections", "max_worker_processes"}
    assert {name for name in ours if not re.fullmatch(OWN_PARAMETERS, name)} == tuning


def test_passwords_are_swarm_secrets_and_nothing_else(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: PostgresMember("it", ARGUMENTS["PostgresMember"]()))
    spec = plan.of_type(SERVICE)[0].inputs["taskSpec"]["containerSpec"]
    names = {secret["fileName"] for secret in spec["secrets"]}
    assert {name.replace("_", "-") for name in PASSWORDS} <= names
    assert PLANTED_SECRET not in str(spec)


def test_a_client_can_ask_in_which_region_it_is(pulumi_mocks):
    patroni, _ = files(pulumi_mocks, place="west")
    assert patroni["postgresql"]["parameters"]["bicoastal.region"] == "west"


def consensus(pulumi_mocks, place):
    def program():
        ConsensusMember("it", {**ARGUMENTS["ConsensusMember"](), "site": site(place)})

    plan = pulumi_mocks.run(program, stack="s")
    return {service.inputs["name"]: service.inputs for service in plan.of_type(SERVICE)}


def test_there_is_a_voter_in_each_place():
    assert [voter.name for voter in voters(TOPOLOGY)] == ["east-etcd-1", "west-etcd-1", "witness-etcd-1"]


def test_only_the_witness_keeps_the_leadership(pulumi_mocks):
    assert set(consensus(pulumi_mocks, "witness")) == {"s_etcd-1", "s_etcd-leader-keeper"}
    assert set(consensus(pulumi_mocks, "east")) == {"s_etcd-1"}


def test_peers_and_clients_of_a_voter_show_their_certificates(pulumi_mocks):
    command = consensus(pulumi_mocks, "east")["s_etcd-1"]["taskSpec"]["containerSpec"]["commands"]
    assert "--client-cert-auth" in command
    assert "--peer-client-cert-auth" in command
    assert "--advertise-client-urls=https://10.1.0.10:2379" in command
    assert not any("http://" in word for word in command)
