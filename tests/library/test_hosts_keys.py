"""The keys that sshd takes: those that EC2 Instance Connect signed for this host, and no others."""

import base64
import subprocess
import time

import pytest

from tests.library.programs import Programs
from tests.library.test_hosts_first_boot import files, told


class Connect:
    """EC2 Instance Connect as a host sees it: its metadata, signed by an authority of this test."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = Programs(folder)
        self.trusted = folder / "trusted"
        self.trusted.mkdir()
        self.sign_up("managed-ssh-signer.us-east-1.amazonaws.com")
        (folder / "keys.sh").write_text(files(told())["/usr/libexec/bicoastal/keys"]["content"])

    def _openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def sign_up(self, name, authority="ca"):
        """A signer of this name, certified by the authority that the host trusts, or by another."""
        new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
        self._openssl(
            *new, "-keyout", f"{authority}.key", "-out", f"{authority}.pem", "-subj", f"/CN={authority}"
        )
        self._openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "s.key",
            "-out",
            "s.csr",
            "-subj",
            f"/CN={name}",
        )
        by = ("-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial")
        self._openssl("x509", "-req", "-in", "s.csr", *by, "-days", "1", "-out", "s.pem")
        if authority == "ca":
            (self.trusted / "ca.pem").write_text((self.folder / "ca.pem").read_text())
            self._openssl("rehash", str(self.trusted))

    def block(self, key, *, instance="i-0abc", seconds=60):
        """A key as the service hands it out."""
        header = f"#Timestamp={int(time.time()) + seconds}\n#Instance={instance}\n#Caller=arn\n#New=field\n"
        (self.folder / "data").write_text(f"{header}{key}\n")
        pss = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")
        self._openssl("dgst", "-sha256", *pss, "-sign", "s.key", "-out", "signature", "data")
        signature = base64.encodebytes((self.folder / "signature").read_bytes()).decode()
        return f"{header}{key}\n{signature}\n"

    def keys(self, blocks):
        """What sshd is told while the service hands these out; None when it hands out nothing."""
        (self.folder / "blocks").write_text(blocks or "")
        self.programs.answer(
            "curl",
            f"""case "${{@: -1}}" in
              */api/token) echo token;;
              */active-keys/deploy/) {f"cat {self.folder}/blocks" if blocks is not None else "exit 22"};;
              */signer-cert/) cat {self.folder}/s.pem;;
              */instance-id) echo i-0abc;;
              */placement/region) echo us-east-1;;
              */services/domain) echo amazonaws.com;;
            esac""",
        )
        script = str(self.folder / "keys.sh")
        return self.programs.run("bash", script, "deploy", SSL_CERT_DIR=str(self.trusted)).stdout.splitlines()


@pytest.fixture(scope="module")
def connect(tmp_path_factory):
    return Connect(tmp_path_factory.mktemp("connect"))


def test_sshd_is_told_the_keys_that_instance_connect_signed_for_this_host(connect):
    blocks = connect.block("ssh-ed25519 ONE") + connect.block("ssh-ed25519 TWO")
    assert connect.keys(blocks) == ["ssh-ed25519 ONE", "ssh-ed25519 TWO"]


def test_sshd_is_told_nothing_when_there_is_no_key(connect):
    assert connect.keys(None) == []


def test_a_key_that_is_old_is_not_told(connect):
    assert connect.keys(connect.block("ssh-ed25519 OLD", seconds=-1)) == []


def test_a_key_for_another_host_is_not_told(connect):
    assert connect.keys(connect.block("ssh-ed25519 OTHER", instance="i-0def")) == []


def test_a_key_that_was_changed_is_not_told_and_the_next_one_is(connect):
    changed = connect.block("ssh-ed25519 GOOD").replace("GOOD", "EVIL")
    assert connect.keys(changed + connect.block("ssh-ed25519 TWO")) == ["ssh-ed25519 TWO"]


def test_a_signer_of_another_name_or_authority_is_not_believed(tmp_path):
    connect = Connect(tmp_path)
    connect.sign_up("managed-ssh-signer.us-west-2.amazonaws.com")
    assert connect.keys(connect.block("ssh-ed25519 KEY")) == []
    connect.sign_up("managed-ssh-signer.us-east-1.amazonaws.com", authority="stranger")
    assert connect.keys(connect.block("ssh-ed25519 KEY")) == []
