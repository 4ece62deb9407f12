"""The library of a review: what came from NCBI (or out of a file), byte for byte, in one SQLite file."""

from .archive import pack, unpack
from .cache import Cache
from .health import check_library, quarantine
from .model import Damage, LedgerLine, Raw, Run, RunKind, SavedSearch, Sighting, State, Stored
from .schema import FILE, SCHEMA
from .store import Library
from .upgrade import WHOLE_FILE

__all__ = [
    "FILE",
    "SCHEMA",
    "WHOLE_FILE",
    "Cache",
    "Damage",
    "LedgerLine",
    "Library",
    "Raw",
    "Run",
    "RunKind",
    "SavedSearch",
    "Sighting",
    "State",
    "Stored",
    "check_library",
    "pack",
    "quarantine",
    "unpack",
]
