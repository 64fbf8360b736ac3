"""What asks CloudWatch, where there is a real Alloy: what it takes, what it tells, and whom."""

import httpx
import pytest

from tests.monitoring.cloudwatch.exporter import EAST, FIGURES, WEST, configuration, exporter
from tests.monitoring.cloudwatch.stand_in import cloudwatch
from tests.monitoring.logs.test_alloy import told
from tests.monitoring.programs import program


@pytest.fixture(scope="session")
def alloy():
    return program("alloy")


@pytest.fixture(scope="module")
def page(alloy, tmp_path_factory):
    with cloudwatch(FIGURES) as aws, exporter(alloy, tmp_path_factory.mktemp("alloy"), aws.url) as found:
        with pytest.raises(httpx.HTTPError):
            found.page(with_certificate=False)
        yield found.page()


def figures(page):
    """Each figure by its metric and the bucket that is written to."""
    for line in page.splitlines():
        if line.startswith("aws_s3_"):
            name, _, labels = line.partition("{")
            source = labels.partition('dimension_SourceBucket="')[2].partition('"')[0]
            yield (name, source), float(line.split()[-1])


def test_alloy_takes_the_configuration_and_would_write_it_the_same(alloy, tmp_path):
    file = tmp_path / "config.alloy"
    file.write_text(configuration())
    for said in (told(alloy, "validate", file), told(alloy, "fmt", file)):
        assert said.returncode == 0, said.stderr
    assert said.stdout == file.read_text()


def test_it_tells_what_cloudwatch_of_its_region_counts(page):
    assert dict(figures(page)) == {
        ("aws_s3_replication_latency_maximum", WEST): 12,
        ("aws_s3_bytes_pending_replication_maximum", WEST): 0,
        ("aws_s3_operations_failed_replication_sum", EAST): 3,
    }


def test_what_cloudwatch_has_no_figure_of_is_not_told(alloy, tmp_path):
    some = {asked: value for asked, value in FIGURES.items() if asked.metric == "ReplicationLatency"}
    with cloudwatch(some) as aws, exporter(alloy, tmp_path, aws.url) as found:
        assert dict(figures(found.page())) == {("aws_s3_replication_latency_maximum", WEST): 12}


def test_what_may_not_be_asked_is_not_told_and_that_it_was_asked_is(alloy, tmp_path):
    with (
        cloudwatch(FIGURES, refuses=True) as aws,
        exporter(alloy, tmp_path, aws.url, lambda page: "yace_cloudwatch_request_errors" in page) as found,
    ):
        assert aws.refused > 0
        assert not dict(figures(found.page()))
