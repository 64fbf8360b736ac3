"""Certificates of a twin's own authority: ECDSA over P-256."""

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = datetime.timedelta(days=3650)
MEMBER_LIFE = datetime.timedelta(days=825)
RENEWED_BEFORE = datetime.timedelta(days=30)
"""A certificate with less time left than this is made anew."""
_CLOCK_SKEW = datetime.timedelta(hours=1)
_KEY_BEGINS = "-----BEGIN PRIVATE KEY-----"


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as PEM text. Shown without the key."""

    cert_pem: str = field(repr=False)
    key_pem: str = field(repr=False)


def new_authority() -> Certificate:
    """A new authority: it may sign members, and no other authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _common_name("bicoastal twin")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    builder = (
        _begun(name, name, key, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return _pem(builder.sign(key, hashes.SHA256()), key)


def new_member(authority: Certificate, member: str, names: Sequence[str]) -> Certificate:
    """A certificate for server and client use, valid for these DNS names and IP addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _signed(authority, _common_name(member), _general_names(names), key, MEMBER_LIFE)


def new_alone(member: str, names: Sequence[str]) -> Certificate:
    """A certificate that is signed by itself, for who is to be known to one alone and to no other member."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), _common_name(member)
    builder = _member(_begun(subject, subject, key, MEMBER_LIFE), _general_names(names))
    return _pem(builder.sign(key, hashes.SHA256()), key)


def anew(authority: Certificate, member: Certificate, life: datetime.timedelta) -> Certificate:
    """A member's certificate once more, for the same names and key, which ends after `life`."""
    found = _certificate(member)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return _signed(authority, found.subject, list(names), _key(member), life)


def _signed(
    authority: Certificate,
    subject: x509.Name,
    names: Sequence[x509.GeneralName],
    key: ec.EllipticCurvePrivateKey,
    life: datetime.timedelta,
) -> Certificate:
    signer_key = _key(authority)
    builder = _member(_begun(subject, _certificate(authority).subject, key, life), names).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False
    )
    return _pem(builder.sign(signer_key, hashes.SHA256()), key)


def _member(builder: x509.CertificateBuilder, names: Sequence[x509.GeneralName]) -> x509.CertificateBuilder:
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(both, critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )


def is_authority(found: Certificate) -> bool:
    """Whether this is an authority with its own key, which outlives what it signs."""
    certificate = _certificate(found)
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    return basic.ca and _time_left(certificate) > MEMBER_LIFE and _key_belongs(found)


def fits(found: Certificate, authority: Certificate, names: Sequence[str]) -> bool:
    """Whether a member's certificate is this authority's, for just these names, and not about to end."""
    certificate = _certificate(found)
    try:
        certificate.verify_directly_issued_by(_certificate(authority))
    except (InvalidSignature, ValueError):
        return False
    has = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        set(has) == set(_general_names(names))
        and _time_left(certificate) > RENEWED_BEFORE
        and _key_belongs(found)
    )


def split(text: str) -> Certificate | None:
    """The certificate and the key in one file's text; None when it holds no such pair."""
    cert_pem, begins, key = text.partition(_KEY_BEGINS)
    pair = Certificate(cert_pem, begins + key)
    try:
        _certificate(pair)
        _key(pair)
    except (ValueError, AssertionError):
        return None
    return pair


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: datetime.timedelta
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_names(names: Sequence[str]) -> list[x509.GeneralName]:
    def general(name: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            return x509.DNSName(name)

    return [general(name) for name in dict.fromkeys(names)]


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(pair: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair.cert_pem.encode())


def _key(pair: Certificate) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pair.key_pem.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _key_belongs(pair: Certificate) -> bool:
    return _certificate(pair).public_key() == _key(pair).public_key()


def _time_left(certificate: x509.Certificate) -> datetime.timedelta:
    return certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC)


def _pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Certificate:
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Certificate(certificate.public_bytes(pem).decode(), private.decode())
