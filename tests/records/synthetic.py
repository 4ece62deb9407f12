"""Synthetic records, written for these tests: no real work, person or number is meant."""

HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    b'1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
TITLE = "<ArticleTitle>Synthetic trial of ketamine.</ArticleTitle>"
DATE = "<PubDate><Year>2009</Year><Month>Nov</Month><Day>3</Day></PubDate>"


def article(
    pmid="1001", *, title=TITLE, date=DATE, article="", citation="", data="", version="1", status="MEDLINE"
) -> bytes:
    """One PubmedArticle; the arguments are XML put into Article, MedlineCitation and PubmedData."""
    return f"""<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM"><PMID Version="{version}">{pmid}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print">
<Volume>7</Volume><Issue>2</Issue>{date}</JournalIssue><Title>Journal of Synthetic Results</Title>
<ISOAbbreviation>J Synth Res</ISOAbbreviation></Journal>{title}{article}<Language>eng</Language></Article>
<MedlineJournalInfo><MedlineTA>J Synth Res</MedlineTA><NlmUniqueID>000</NlmUniqueID></MedlineJournalInfo>{citation}
</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>""".encode()


def abstract(*parts: str) -> str:
    return f"<Abstract>{''.join(parts)}</Abstract>"


def text(words: str, attributes: str = "") -> str:
    return f"<AbstractText {attributes}>{words}</AbstractText>"


def pubmed_set(*records: bytes) -> bytes:
    return HEAD + b"<PubmedArticleSet>\n" + b"\n".join(records) + b"\n</PubmedArticleSet>\n"


def ten() -> list[bytes]:
    return [article(str(pmid)) for pmid in range(1001, 1011)]


def jats(body="", *, meta="", front="", back="", rest="", attributes='article-type="research-article"') -> bytes:
    """One JATS article."""
    return f"""<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"
 {attributes} xml:lang="en"><front><journal-meta><journal-id journal-id-type="nlm-ta">J Synth Res</journal-id>
<journal-title-group><journal-title>Journal of Synthetic Results</journal-title></journal-title-group>
<issn pub-type="ppub">0000-0000</issn></journal-meta><article-meta><article-id pub-id-type="pmid">1001</article-id>
<article-id pub-id-type="pmc">2002</article-id><article-id pub-id-type="doi">10.0000/synth.1</article-id>
<title-group><article-title>Synthetic trial</article-title></title-group>{meta}</article-meta>{front}</front>
{f"<body>{body}</body>" if body else ""}{f"<back>{back}</back>" if back else ""}{rest}</article>""".encode()
