"""What S3 takes for a bucket's name."""

import pytest

from bicoastal.checks.storage import BUCKET_NAME

EAST, WEST = "us-east-1", "us-west-2"
EAST_BUCKET, WEST_BUCKET = f"arn:aws:s3:::shop-media-{EAST}", f"arn:aws:s3:::shop-media-{WEST}"
BOTH = (EAST, WEST)


@pytest.mark.parametrize("name", ["abc", "a.b-c.9", "1" * 63, "shop-media"])
def test_s3s_names_are_taken(name):
    assert BUCKET_NAME.problem("bucket_name", name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("ab", "a" * 64, "-ab", "ab-", ".ab", "a..b", "aB1", "a_b", "10.0.0.1"),
        *("xn--abc", "sthree-abc", "amzn-s3-demo-abc"),
        *("abc-s3alias", "abc--ol-s3", "abc.mrap", "abc--x-s3", "abc--table-s3", "abc-an"),
    ],
)
def test_what_s3_takes_for_no_name_is_refused(name):
    assert BUCKET_NAME.problem("bucket_name", name) is not None
