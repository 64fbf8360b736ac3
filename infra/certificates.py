"""When the certificates end that an environment is declared with."""

from collections.abc import Mapping
from typing import cast

import pulumi

from bicoastal.checks.stand_ins import is_stand_in
from bicoastal.stack import certificates_of

OTHERS = ("authority", "origin_certificate", "origin_pull_authority", "origin_pull_certificate")
"""Those that stand beside the members'."""


def ends(config: pulumi.Config) -> dict[str, int]:
    """The second since the epoch at which each ends, by its name; where a text holds several, the first one
    that ends. What is not filled in yet, or cannot be read, has none."""
    others = {name: config.get(name) for name in OTHERS}
    declared = {**cast(Mapping[str, str | None], certificates_of(config)), **others}
    found = {name: _end(text) for name, text in declared.items() if text and not is_stand_in(text)}
    return {name: second for name, second in found.items() if second is not None}


def _end(text: str) -> int | None:
    from cryptography import x509  # 9 MB, which a plan of what is not filled in need not load

    try:
        certificates = x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return None
    return min(int(one.not_valid_after_utc.timestamp()) for one in certificates)
