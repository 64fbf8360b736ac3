"""What docs/first-deploy.md tells people to run for production, run as far as it needs no account."""

import ipaddress
import re
import shutil
import subprocess

import pytest
from cryptography import x509

from bicoastal.cache import redis_nodes
from bicoastal.database import voters
from bicoastal.stack.configuration import PASSWORDS
from bicoastal.stack.parts import certified_members
from tests.infra.environments import ROOT, planned, read, tracked

CERTIFICATES, SECRETS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/first-deploy.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder in which the certificates were made."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(["bash", "-euc", CERTIFICATES], cwd=folder, check=True, capture_output=True)
    return folder


def names_in(certificate):
    """The names and addresses that a certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}


def test_every_member_gets_a_certificate_for_its_hosts_address_and_the_name_that_clients_dial(folder):
    stack = read(planned("production")).stack
    expected = {
        **{voter.name: {voter.address, "postgres"} for voter in voters(stack.topology)},
        **{member.name: {member.address, "postgres"} for member in stack.database.members(stack.topology)},
        **{node.name: {node.address, "redis"} for node in redis_nodes(stack.topology)},
        **{f"{region.name}-nginx": {"nginx"} for region in stack.topology.regions},
    }
    assert set(expected) == set(certified_members(stack.topology, stack.database))
    authority = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
    for member, names in expected.items():
        certificate = x509.load_pem_x509_certificate((folder / f"{member}.pem").read_bytes())
        certificate.verify_directly_issued_by(authority)
        assert names_in(certificate) == names | {"127.0.0.1", "localhost"}, member
        assert (folder / f"{member}.key").stat().st_mode & 0o777 == 0o600


def test_the_edges_certificate_comes_from_an_authority_of_its_own(folder):
    authority = x509.load_pem_x509_certificate((folder / "origin-pull-authority.pem").read_bytes())
    certificate = x509.load_pem_x509_certificate((folder / "origin-pull.pem").read_bytes())
    certificate.verify_directly_issued_by(authority)


def test_what_is_made_is_put_where_the_program_reads_it():
    members = re.search(r"for member in (.*?); do", SECRETS, re.DOTALL)[1].replace("\\", "").split()
    passwords = re.search(r"for name in (.*?); do", SECRETS, re.DOTALL)[1].replace("\\", "").split()
    stack = read(planned("production")).stack
    assert sorted(members) == sorted(certified_members(stack.topology, stack.database))
    assert sorted(passwords) == sorted(PASSWORDS)
    put = set(re.findall(r"put --(?:secret|plaintext) (smellpin:\w+)", SECRETS))
    assert put <= set(tracked("production"))


def test_the_addresses_are_private():
    addresses = re.findall(r"IP:([\d.]+)", CERTIFICATES)
    assert len(addresses) > 10
    assert all(ipaddress.ip_address(address).is_private for address in addresses)
