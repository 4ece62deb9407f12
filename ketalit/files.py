"""Write files so that a kill at any moment leaves either the old file or the new one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .errors import InputError


def write_atomically(path: Path, content: bytes) -> Path:
    """Write a file: to a temporary name in the same folder, flushed to disk, then renamed.

    Returns:
        The path.

    Raises:
        InputError: the folder does not exist or the file cannot be written there; nothing was changed.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_atomically(folder / "a.txt", b"all of it").read_bytes()
    b'all of it'
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"there is no folder “{path.parent}”", where=str(path), next_step="Make it first")
    if path.is_dir():
        raise InputError("is a folder", where=str(path), expected="the name of a file")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"cannot be written ({error.strerror or error})", where=str(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path
