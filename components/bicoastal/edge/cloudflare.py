"""The edge's SDK, imported once.

At import it warns of each of its own 70 deprecated names, of which nothing here uses any. A program that
turns warnings into errors could not import it; and hidden in more places than one, the warnings of what we do
use would be hidden too.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import pulumi_cloudflare as cloudflare

__all__ = ["cloudflare"]
