"""A stand-in for NCBI's E-utilities on loopback: real HTTP, the documented semantics, and faults on demand.

    with Server(Corpus.synthetic(), today="2026-11-01") as server:
        ...  # server.url is the value for KETALIT_EUTILS, server.log tells what was asked

It imitates what is written down about the service and refuses the rest with 400 "stand-in cannot do this": one that
guesses gives false confidence. From a shell: `python -m tests.eutils`.

Where nothing is written down it takes the side that is harder for a client: records come in no particular order (the
highest PMID first), the ID converter gives PMIDs as number or as text and ids in the case they were sent. A term that
is in no record and in no list of known phrases (`vocabulary.toml`) finds nothing and is reported. MeSH headings and
publication types are exploded by the same file, which holds the part of the vocabularies that this project's searches
use. How long a history lives, how long an address may be, and the words of the errors of elink, of the converter and
of unknown PMCIDs are assumptions.
"""

from .corpus import Corpus, Entry
from .faults import FAULTS, Fault
from .server import Request, Server

__all__ = ["FAULTS", "Corpus", "Entry", "Fault", "Request", "Server"]
