"""Loki itself, with the configuration of the component: who is let in, what is kept, limited and deleted."""

import ssl

import pytest
import yaml

from bicoastal.monitoring.logs.ingestion import Ingestion
from bicoastal.monitoring.logs.object_storage import ObjectStorage
from tests.monitoring.logs.bucket import BUCKET, KEY, REGION, a_bucket, keys_in
from tests.monitoring.logs.server import Server

DAY_S = 86400
pytestmark = [pytest.mark.loki, pytest.mark.timeout(300)]
SMALL = Ingestion(rate_mb_s=1, burst_mb=1, streams=10, line_kb=1)
AWS = ObjectStorage(bucket=BUCKET, region=REGION)


@pytest.fixture(scope="module")
def loki(loki_program, tmp_path_factory):
    """A Loki that keeps all in its volume, with small limits."""
    with Server(loki_program, tmp_path_factory.mktemp("loki"), ingestion=SMALL) as server:
        yield server


@pytest.fixture
def bucket():
    """A bucket's address, and a client that looks into it."""
    with a_bucket() as found:
        yield found


def in_bucket(program, folder, address, **own):
    """A Loki that keeps its logs in the bucket, with its key in a file."""
    storage = ObjectStorage(bucket=BUCKET, region=REGION, endpoint=address)
    key = folder / "key"
    key.write_text(
        f"[default]\naws_access_key_id = {KEY['access_key_id']}\n"
        f"aws_secret_access_key = {KEY['secret_access_key']}\n"
    )
    return Server(
        program, folder, storage=storage, environment={"AWS_SHARED_CREDENTIALS_FILE": str(key)}, **own
    )


@pytest.mark.parametrize("storage", [None, AWS], ids=["volume", "bucket"])
def test_loki_takes_the_configuration(storage, loki_program, tmp_path):
    told = Server(loki_program, tmp_path, storage=storage).verified()
    assert told.returncode == 0, told.stderr


def test_loki_refuses_a_configuration_with_a_key_that_it_does_not_know(loki_program, tmp_path):
    server = Server(loki_program, tmp_path, changed=lambda told: told.update(retention="30d"))
    assert server.verified().returncode != 0


def test_its_own_health_check_finds_it_well(loki):
    assert loki.healthy


def test_a_line_that_was_sent_is_found_under_its_labels(loki):
    assert loki.push("a pin was made", "another one")[0] == 204
    loki.until(lambda: len(loki.lines()) == 2)
    assert loki.lines('{place="east"} |= "pin"') == ["a pin was made"]
    (stream,) = loki.found()
    assert {"place", "service", "container"} <= set(stream["stream"])
    assert "service_name" not in stream["stream"]
    assert len(loki.lines('{place="east"} | container="api.1.x"')) == 2


@pytest.mark.parametrize("shows", [None, "stranger"])
def test_whoever_shows_no_certificate_of_the_authority_is_sent_away(shows, loki):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        loki.asked("/ready", shows=shows)


def test_a_long_line_is_cut_and_kept(loki):
    assert loki.push("x" * 5000, labels={"service": "long"})[0] == 204
    loki.until(lambda: bool(loki.lines('{service="long"}')))
    assert [len(line) for line in loki.lines('{service="long"}')] == [1024]


def test_what_comes_too_fast_is_refused_so_that_it_is_sent_again(loki):
    status, said = loki.push(*("x" * 1000 for _ in range(3000)), labels={"service": "fast"})
    assert status == 429
    assert "rate limit" in said
    assert "loki_discarded_samples_total{" in loki.asked("/metrics")[1]


def test_a_line_with_more_than_fifteen_labels_is_refused(loki):
    labels = {f"label{number}": "x" for number in range(16)}
    assert loki.push("a line", labels=labels)[0] == 400


def test_it_holds_itself_to_its_memory(loki):
    told = yaml.safe_load(loki.asked("/config")[1])
    # 512 MiB is what the component gives it.
    assert told["ingester"]["wal"]["replay_memory_ceiling"] == "256MB"
    caches = told["chunk_store_config"]["chunk_cache_config"], told["query_range"]["results_cache"]["cache"]
    assert [cache["embedded_cache"]["max_size_mb"] for cache in caches] == [51, 25]
    assert told["querier"]["max_concurrent"] == 4


def test_a_question_that_would_read_too_much_is_refused(loki_program, tmp_path):
    def little(told):
        told["limits_config"]["max_query_bytes_read"] = "1KB"

    server = Server(loki_program, tmp_path, changed=little)
    with server:
        assert server.push(*("x" * 1000 for _ in range(100)))[0] == 204
    # What is in memory alone is not counted.
    with server:
        asked = {"query": '{service="api-blue"} |= "x"', "since": "1h"}
        status, said = server.asked("/loki/api/v1/query_range", **asked)
        assert (status, "would read too many bytes" in said) == (400, True), said


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/loki/api/v1/delete", {"query": '{place="east"}', "start": "1767225600"}),
        ("/loki/api/v1/rules/other", {}),
    ],
    ids=["lines", "rules"],
)
def test_no_certificate_deletes_lines_or_gives_rules(path, asked, loki):
    status, said = loki.asked(path, {}, **asked)
    assert status in {403, 404}, said


def test_logs_arrive_in_the_bucket_and_outlive_an_empty_volume(loki_program, tmp_path, bucket):
    address, store = bucket
    server = in_bucket(loki_program, tmp_path, address)
    with server:
        assert server.push("before the loss")[0] == 204
        server.until(lambda: server.lines() == ["before the loss"])
    keys = keys_in(store)
    assert [key for key in keys if key.startswith("fake/")], keys
    assert [key for key in keys if key.startswith("index/")], keys
    server.data.rename(tmp_path / "lost")
    with server:
        server.until(lambda: server.lines() == ["before the loss"])
    assert KEY["secret_access_key"] not in server.configuration.read_text() + server.log


def test_a_bucket_is_not_reached_without_its_key(loki_program, tmp_path, bucket):
    address, store = bucket
    server = in_bucket(loki_program, tmp_path, address)
    (tmp_path / "key").write_text("[default]\naws_access_key_id = other\naws_secret_access_key = other-key\n")
    with pytest.raises(AssertionError, match=r"403|Forbidden"), server:
        pass
    assert keys_in(store) == []


def test_what_is_too_old_is_deleted_from_the_bucket_and_the_rest_is_not(loki_program, tmp_path, bucket):
    def soon(told):
        told["compactor"] |= {"compaction_interval": "2s", "retention_delete_delay": "1s"}

    address, store = bucket
    server = in_bucket(loki_program, tmp_path, address, retention_days=1, changed=soon)
    with server:
        assert server.push("old", age_s=3 * DAY_S, labels={"service": "old"})[0] == 204
        assert server.push("new", labels={"service": "new"})[0] == 204

    def chunks():
        return {key for key in keys_in(store) if key.startswith("fake/")}

    before = chunks()
    assert len(before) == 2
    with server:
        server.until(lambda: len(chunks()) == 1, limit_s=180)
        assert chunks() < before
        assert server.lines('{service="new"}', since="23h") == ["new"]
