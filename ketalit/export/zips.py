"""Office files (zip archives) without the time of writing, so that equal tables give equal files."""

from __future__ import annotations

import io
import re
import zipfile

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_NEVER = (1980, 1, 1, 0, 0, 0)


def without_times(archive: bytes) -> bytes:
    """The same archive with every time set to the first one a zip file can hold.

    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w") as file:
    ...     file.writestr("a.xml", "<a/>")
    >>> zipfile.ZipFile(io.BytesIO(without_times(buffer.getvalue()))).infolist()[0].date_time
    (1980, 1, 1, 0, 0, 0)
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\3", content)
            entry = zipfile.ZipInfo(name, _NEVER)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return buffer.getvalue()
