"""The sample API is an image's content, not a package: tests import it from its folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "images" / "sample-api"))
