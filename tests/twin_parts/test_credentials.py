"""A twin's credentials: made once, private, kept, renewed when they no longer serve."""

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from bicoastal.twin import certificates
from bicoastal.twin.credentials import CredentialsExposed, ending, ensure

MEMBERS = {"postgres-east": ["postgres", "10.200.0.26"], "etcd": ["10.200.0.42"]}
PASSWORDS = ["superuser", "application"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "credentials").iterdir()}


def test_a_second_call_keeps_every_file_byte_for_byte(tmp_path: Path) -> None:
    first = ensure(tmp_path, MEMBERS, PASSWORDS)
    before = contents(tmp_path)
    assert ensure(tmp_path, MEMBERS, PASSWORDS) == first
    assert contents(tmp_path) == before


def test_files_and_folder_are_private(tmp_path: Path) -> None:
    ensure(tmp_path, MEMBERS, PASSWORDS)
    folder = tmp_path / "credentials"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_file_that_others_could_read_is_made_private_again(tmp_path: Path) -> None:
    ensure(tmp_path, MEMBERS, PASSWORDS)
    file = tmp_path / "credentials" / "rotation-key"
    file.chmod(0o644)
    ensure(tmp_path, MEMBERS, PASSWORDS)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    ensure(tmp_path, MEMBERS, PASSWORDS)
    file = tmp_path / "credentials" / "rotation-key"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CredentialsExposed):
        ensure(tmp_path, MEMBERS, PASSWORDS)


def test_passwords_are_long_and_all_different(tmp_path: Path) -> None:
    made = ensure(tmp_path, {}, PASSWORDS)
    secrets = [*made.passwords.values(), made.rotation_key]
    assert all(len(secret) >= 32 for secret in secrets)
    assert len(set(secrets)) == len(secrets)


def test_no_secret_shows_when_credentials_are_printed(tmp_path: Path) -> None:
    made = ensure(tmp_path, MEMBERS, PASSWORDS)
    text = f"{made!r} {made.certificates!r}"
    assert "PRIVATE KEY" not in text
    assert not any(secret in text for secret in (*made.passwords.values(), made.rotation_key))


def test_a_member_answers_to_its_names_as_server_and_client(tmp_path: Path) -> None:
    made = ensure(tmp_path, MEMBERS, PASSWORDS)
    leaf = x509.load_pem_x509_certificate(made.certificates["postgres-east"].cert_pem.encode())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert names.get_values_for_type(x509.DNSName) == ["postgres"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["10.200.0.26"]
    assert set(usage) == {x509.oid.ExtendedKeyUsageOID.SERVER_AUTH, x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH}


def test_a_handshake_with_these_certificates_succeeds_both_ways(tmp_path: Path) -> None:
    made = ensure(tmp_path, MEMBERS, PASSWORDS)
    contexts = []
    for purpose, member in ((ssl.Purpose.CLIENT_AUTH, "postgres-east"), (ssl.Purpose.SERVER_AUTH, "etcd")):
        context = ssl.create_default_context(purpose, cadata=made.ca_pem)
        context.verify_mode = ssl.CERT_REQUIRED
        file = tmp_path / f"{member}.pem"
        file.write_text(made.certificates[member].cert_pem + made.certificates[member].key_pem)
        context.load_cert_chain(file)
        contexts.append(context)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = contexts[0].wrap_bio(to_server, to_client, server_side=True)
    client = contexts[1].wrap_bio(to_client, to_server, server_hostname="10.200.0.26")
    done = set()
    for _ in range(10):
        for side in (client, server):
            try:
                side.do_handshake()
                done.add(side)
            except ssl.SSLWantReadError:
                continue
    assert done == {client, server}


def test_a_member_whose_names_changed_gets_a_new_certificate_and_the_others_keep_theirs(
    tmp_path: Path,
) -> None:
    first = ensure(tmp_path, MEMBERS, PASSWORDS)
    second = ensure(tmp_path, {**MEMBERS, "etcd": ["10.200.0.58"]}, PASSWORDS)
    assert second.certificates["etcd"] != first.certificates["etcd"]
    assert second.certificates["postgres-east"] == first.certificates["postgres-east"]
    assert second.ca_pem == first.ca_pem


def test_a_certificate_about_to_end_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr(certificates, "MEMBER_LIFE", datetime.timedelta(days=29))
        first = ensure(tmp_path, MEMBERS, PASSWORDS)
    second = ensure(tmp_path, MEMBERS, PASSWORDS)
    assert second.certificates["etcd"] != first.certificates["etcd"]
    assert second.ca_pem == first.ca_pem


@pytest.mark.parametrize("kept", [0, 40, 700])
def test_a_half_written_file_is_made_anew(tmp_path: Path, kept: int) -> None:
    first = ensure(tmp_path, MEMBERS, PASSWORDS)
    file = tmp_path / "credentials" / "member-etcd.pem"
    file.write_bytes(file.read_bytes()[:kept])
    assert ensure(tmp_path, MEMBERS, PASSWORDS).certificates["etcd"] != first.certificates["etcd"]


def test_a_new_authority_signs_every_member_anew(tmp_path: Path) -> None:
    first = ensure(tmp_path, MEMBERS, PASSWORDS)
    (tmp_path / "credentials" / "authority.pem").unlink()
    second = ensure(tmp_path, MEMBERS, PASSWORDS)
    assert all(second.certificates[member] != first.certificates[member] for member in MEMBERS)


def test_what_a_killed_write_left_is_cleared_away(tmp_path: Path) -> None:
    ensure(tmp_path, MEMBERS, PASSWORDS)
    left = tmp_path / "credentials" / ".half-x"
    left.write_text("half")
    ensure(tmp_path, MEMBERS, PASSWORDS)
    assert not left.exists()


def test_a_members_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot name a certificate"):
        ensure(tmp_path, {"../x": ["a"]}, PASSWORDS)


def test_a_member_can_be_given_a_certificate_that_ends_soon_for_the_key_and_names_that_it_has(tmp_path):
    member = ensure(tmp_path, {"east-redis": ["127.0.0.1", "redis"]}).certificates["east-redis"]
    found = x509.load_pem_x509_certificate(
        ending(tmp_path, "east-redis", datetime.timedelta(days=10)).encode()
    )
    kept = x509.load_pem_x509_certificate(member.cert_pem.encode())
    assert found.public_key() == kept.public_key()
    names = [
        one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value for one in (found, kept)
    ]
    assert names[0] == names[1]
    left = found.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=9) < left <= datetime.timedelta(days=10)
    assert ensure(tmp_path, {"east-redis": ["127.0.0.1", "redis"]}).certificates["east-redis"] == member


def test_who_is_to_be_known_to_one_alone_signs_its_own_certificate(tmp_path: Path) -> None:
    made = ensure(tmp_path, {**MEMBERS, "east-api": ["api"]}, alone=["east-api"])
    authority = x509.load_pem_x509_certificate(made.ca_pem.encode())
    own = x509.load_pem_x509_certificate(made.certificates["east-api"].cert_pem.encode())
    own.verify_directly_issued_by(own)
    with pytest.raises(ValueError, match="does not match"):
        own.verify_directly_issued_by(authority)
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    again = ensure(tmp_path, {**MEMBERS, "east-api": ["api"]}, alone=["east-api"])
    assert again == made
    signed = ensure(tmp_path, {**MEMBERS, "east-api": ["api"]})
    x509.load_pem_x509_certificate(
        signed.certificates["east-api"].cert_pem.encode()
    ).verify_directly_issued_by(authority)
