"""The works that a page cites, as far as the page itself tells."""

from .find import Citation, CitationKind, Passage, find_citations, other_links
from .mentions import alike, last_name

__all__ = ["Citation", "CitationKind", "Passage", "alike", "find_citations", "last_name", "other_links"]
