"""TLS by which both sides show a certificate of one authority."""

import ssl
import tempfile


def shown(authority_pem: str, cert_pem: str, key_pem: str) -> ssl.SSLContext:
    """Trust in the authority alone, and what the caller shows. Raises `ssl.SSLError` for what is no
    certificate or key, and for a key that is another certificate's."""
    context = ssl.create_default_context(cadata=authority_pem)
    # The module reads a key from a file alone.
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pair:  # mode 0600
        pair.write(f"{cert_pem}\n{key_pem}")
        pair.flush()
        context.load_cert_chain(pair.name)
    return context
