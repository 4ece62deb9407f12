"""Who asks NCBI, where, and how patiently."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import InputError

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
IDCONV = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to ask NCBI; key and e-mail never appear in the repr.

    Attributes:
        tool: name of the program, sent with every request.
        email: address NCBI may write to before it blocks somebody; "" sends none.
        api_key: of an NCBI account; "" sends none.
        base_url: folder of the E-utilities.
        idconv_url: the ID converter of PMC.
        connect_timeout: seconds to make a connection.
        read_timeout: seconds without a byte.
        total_timeout: seconds for one request from connecting to the last byte.
        attempts: how often one question is sent at most.
        longest_pause: seconds; whatever pause NCBI asks for, no longer one is made, and none above 120.
        backoff: seconds; upper bound of the first pause after a failure, doubled each time.
        largest_answer: bytes of an answer, unpacked, above which it is refused.
        state: folder of the limiter; None: the user's state folder.

    >>> Settings(api_key="0123456789abcdef").rate
    10
    """

    tool: str = "ketalit"
    email: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    base_url: str = EUTILS
    idconv_url: str = IDCONV
    connect_timeout: float = 10
    read_timeout: float = 60
    total_timeout: float = 300
    attempts: int = 5
    longest_pause: float = 60
    backoff: float = 1.0
    largest_answer: int = 1 << 27
    state: Path | None = None

    @property
    def rate(self) -> int:
        """Requests a second that NCBI allows: 3, or 10 with a key (https://www.ncbi.nlm.nih.gov/books/NBK25497/)."""
        return 10 if self.api_key else 3


def config_file() -> Path:
    """Where a user may keep `api_key` and `email`."""
    import platformdirs

    return platformdirs.user_config_path("ketalit") / "config.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment, else from the user's config file.

    NCBI_API_KEY and NCBI_EMAIL; a blank one counts as not set. KETALIT_EUTILS, an address on this machine, stands in
    for NCBI; KETALIT_STATE is the folder of the limiter.

    Raises:
        InputError: the config file cannot be read, a value is not what it should be, or KETALIT_EUTILS is elsewhere.

    >>> load_settings({"NCBI_EMAIL": " ", "KETALIT_EUTILS": "http://127.0.0.1:8000"}).base_url
    'http://127.0.0.1:8000/entrez/eutils/'
    >>> load_settings({"KETALIT_EUTILS": "http://example.org/"})
    Traceback (most recent call last):
    ketalit.errors.InputError: KETALIT_EUTILS: “http://example.org/” is not on this machine.
        Expected: an address such as http://127.0.0.1:8000/.
    """
    given = {"api_key": environment.get("NCBI_API_KEY", ""), "email": environment.get("NCBI_EMAIL", "")}
    given = {name: value.strip() for name, value in given.items()}
    names = {"api_key": "NCBI_API_KEY", "email": "NCBI_EMAIL"}
    if not all(given.values()):
        path = config_file()
        for name, value in _read_config(path).items():
            if not given[name]:
                given[name], names[name] = value.strip(), f"{path}, {name}"
    for name, value in given.items():
        if not value.isascii() or not value.isprintable() or " " in value:
            kind = "an API key" if name == "api_key" else "an e-mail address"
            raise InputError(f"holds characters that {kind} never has", where=names[name])
    state = environment.get("KETALIT_STATE", "").strip()
    base_url, idconv_url = EUTILS, IDCONV
    if stand_in := environment.get("KETALIT_EUTILS", "").strip():
        if not is_local(stand_in):
            expected = "an address such as http://127.0.0.1:8000/"
            raise InputError(f"“{stand_in}” is not on this machine", where="KETALIT_EUTILS", expected=expected)
        root = stand_in.rstrip("/")
        base_url, idconv_url = f"{root}/entrez/eutils/", f"{root}/tools/idconv/api/v1/articles/"
    return Settings(
        email=given["email"],
        api_key=given["api_key"],
        base_url=base_url,
        idconv_url=idconv_url,
        state=Path(state) if state else None,
    )


def _read_config(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    except ValueError as error:  # TOML or UTF-8; their messages tell the place, not the content
        raise InputError(f"is not TOML ({error})", where=str(path), expected='api_key = "…"') from None
    values = {name: table.get(name, "") for name in ("api_key", "email")}
    for name, value in values.items():
        if not isinstance(value, str):
            raise InputError(f"{name} is not a text", where=str(path), expected=f'{name} = "…"')
    return values


def is_local(address: str) -> bool:
    """Whether an address is one of this machine, and nothing but an address.

    >>> is_local("http://127.0.0.1:8000/"), is_local("http://127.0.0.1.example.org/")
    (True, False)
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return local and plain and parts.scheme in {"http", "https"}
