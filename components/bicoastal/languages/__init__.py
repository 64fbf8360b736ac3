"""The library for programs in Pulumi's other languages: what there is (`schema`), and the plugin of it."""

from .provider import LibraryProvider, serve
from .schema import PACKAGE, components, schema, schema_text

__all__ = ["PACKAGE", "LibraryProvider", "components", "schema", "schema_text", "serve"]
