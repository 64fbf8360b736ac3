"""A stack's configuration, as the Pulumi engine reads it."""

import yaml

from bicoastal.twin.apply.stack_config import StackSecrets, write_stack_config

BY_PULUMI = "v1:s5N09HvCF2E=:v1:ssPKaMrdumBVttK7:tuqsfvoc771bNTt9f6DgRil5qXqWVw=="
"""The `encryptionsalt` that `pulumi stack init` wrote under the passphrase `xyz`."""


def test_what_pulumi_encrypted_is_recognized():
    assert StackSecrets("xyz", BY_PULUMI).encryption_salt == BY_PULUMI


def test_the_salt_of_another_passphrase_is_replaced():
    assert StackSecrets("another", BY_PULUMI).encryption_salt != BY_PULUMI


def test_secrets_are_encrypted_and_groups_stay_groups(tmp_path):
    file = tmp_path / "Pulumi.local.yaml"
    config = {"it:settings": '{"api": {"replicas": 2}}', "it:authority": "PEM", "it:key": "hush-hush"}
    write_stack_config(file, config, {"it:key"}, "xyz")
    told = yaml.safe_load(file.read_text())
    assert told["config"]["it:settings"] == {"api": {"replicas": 2}}
    assert told["config"]["it:authority"] == "PEM"
    assert told["config"]["it:key"]["secure"].startswith("v1:")
    assert "hush-hush" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_salt_stays_from_one_writing_to_the_next(tmp_path):
    file = tmp_path / "Pulumi.local.yaml"
    write_stack_config(file, {}, (), "xyz")
    first = yaml.safe_load(file.read_text())["encryptionsalt"]
    write_stack_config(file, {}, (), "xyz")
    assert yaml.safe_load(file.read_text())["encryptionsalt"] == first
