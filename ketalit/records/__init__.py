"""Records and the three readers that make them: PubMed XML, PMC JATS, MEDLINE (.nbib)."""
