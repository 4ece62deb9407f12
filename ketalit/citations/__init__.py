"""The works that a page cites, as far as the page itself tells."""

from .bibliography import alike, last_name
from .find import Citation, CitationKind, Passage, find_citations, other_links

__all__ = ["Citation", "CitationKind", "Passage", "alike", "find_citations", "last_name", "other_links"]
