"""Files for a container that is made and not yet started."""

import io
import tarfile
from collections.abc import Mapping


def archive(files: Mapping[str, str], *, owner: int = 0, mode: int = 0o644) -> bytes:
    """The files, name to text, as Docker takes them; `owner` is the user's and the group's number."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.uid, entry.gid = len(content), mode, owner, owner
            packed.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
