"""Write the schema into each file that is named."""

import sys
from pathlib import Path

from .schema import schema_text

for file in map(Path, sys.argv[1:]):
    file.write_text(schema_text())
