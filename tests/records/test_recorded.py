"""Real records (`../shared/recorded`): how many parse, why the rest does not, and whether Bio.Entrez agrees."""

import collections
import csv
import gzip
import html
import importlib
import io
import re
import unicodedata

from Bio import Entrez

from ketalit.errors import InputError
from ketalit.records.files import read_file
from ketalit.records.model import from_json, to_json
from ketalit.records.pubmed import iter_pubmed
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

KINDS = ("pubmed_xml", "pubmed_xml_gz", "pmc_jats", "medline_text")
# Why a recorded file or a part of it may be refused. Every refusal has to match one of these: nothing else is true.
TRUE_REASONS = (
    "the file is empty",
    "this is XML of another kind",  # log4j, Ant, MeSH, Elsevier full text
    "the file is of no known format",  # tables of words from a student's project
    "XML written as a quoted string",
    "it has no MedlineCitation",
    "it has no PMID, PMCID or DOI",
    "it has no end tag",  # made by JabRef to be malformed
    "is no MEDLINE field",
    "the set is not closed",
)


def recorded():
    """Files of the manifest that hold, or are said to hold, PubMed, JATS or MEDLINE records."""
    with (SHARED / "recorded" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] in KINDS:
                path = SHARED / "recorded" / row["group"] / row["repository"].replace("/", "__") / row["path"]
                yield path, row["group"], int(row["n_records"])


def test_recorded_files_parse_or_are_refused_by_a_true_name():
    said, read = collections.Counter(), collections.Counter()
    refusals = []
    for path, group, count in recorded():
        said[group] += count
        try:
            result = read_file(path)
        except InputError as error:
            refusals.append(str(error))
            continue
        read[group] += min(len(result.records), count)
        refusals += [str(problem) for problem in result.problems if problem.lost]
        for record in result.records:
            assert record.identifiers, path.name
            assert from_json(to_json(record)) == record
    for group, count in said.items():
        print(f"\n{group}: {read[group]} of {count} recorded records parse ({read[group] / count:.1%})", end="")
    share = sum(read.values()) / sum(said.values())
    print(f"\nall: {sum(read.values())} of {sum(said.values())} ({share:.2%}); refused by name:")
    print("".join(f"  {refusal}\n" for refusal in refusals))
    assert share >= 0.98
    assert [refusal for refusal in refusals if not any(reason in refusal for reason in TRUE_REASONS)] == []


def test_every_pmid_in_the_bytes_is_found():
    """The PMIDs of whole files, counted without our parser."""
    own = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID[^>]*>(\d+)</PMID>")
    for path, group, _ in recorded():
        body = path.read_bytes()
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        if group == "pubmed_xml" and own.search(body) and not body.startswith(b'"'):
            expected = [pmid.decode() for pmid in own.findall(body)]
            assert [record.pmid for record in iter_pubmed(body, problems=[])] == expected, path.name


def plain(text):
    """Text without inline markup, spaces and typography: what both readers must agree on."""
    text = re.sub(r"</?(?:i|b|u|sub|sup|em|strong)\b[^>]*>", "", html.unescape(str(text)))
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).replace("−", "-"))


def same_text(theirs, ours):
    """Formulas are markup in Bio.Entrez and text here: then every character of the text must be there."""
    if "<math" in str(theirs) or "<mml:" in str(theirs):
        left = collections.Counter(plain(re.sub(r"</?[a-z:]+\b[^>]*>", "", str(theirs))))
        return not left - collections.Counter(plain(ours))
    return plain(theirs) == plain(ours)


def compare(theirs, ours):
    """Names of the fields in which Bio.Entrez and we differ."""
    citation, data = theirs["MedlineCitation"], theirs.get("PubmedData", {})
    article = citation["Article"]
    abstract = [part for part in article.get("Abstract", {}).get("AbstractText", []) if plain(part)]
    authors = [author for author in article.get("AuthorList", []) if author.attributes.get("ValidYN") != "N"]
    links = [
        (link.attributes["RefType"], str(link.get("PMID", ""))) for link in citation.get("CommentsCorrectionsList", [])
    ]
    listed = [str(item).rstrip(".") for item in data.get("ArticleIdList", []) if item.attributes["IdType"] == "doi"]
    pmc = [str(item) for item in data.get("ArticleIdList", []) if item.attributes["IdType"] == "pmc"]
    references = sum(len(part.get("Reference", [])) for part in data.get("ReferenceList", []))
    date = article["Journal"]["JournalIssue"]["PubDate"]
    year = date.get("Year") or re.search(r"\d{4}", date["MedlineDate"])[0]
    places = [plain(place["Affiliation"]) for author in authors for place in author["AffiliationInfo"]]
    keywords = [plain(word) for words in citation["KeywordList"] for word in words if plain(word)]
    checks = {
        "title": same_text(article["ArticleTitle"], ours.title),
        "abstract": len(abstract) == len(ours.abstract)
        and all(same_text(part, section.text) for part, section in zip(abstract, ours.abstract, strict=True)),
        "labels": [part.attributes.get("Label", "").replace("UNLABELLED", "") for part in abstract]
        == [section.label for section in ours.abstract],
        "authors": [plain(a.get("LastName") or a.get("CollectiveName") or a.get("ForeName")) for a in authors]
        == [plain(author.last or author.collective) for author in ours.authors],
        "suffixes": [str(a.get("Suffix", "")) for a in authors] == [author.suffix for author in ours.authors],
        "affiliations": places == [plain(place) for author in ours.authors for place in author.affiliations],
        "mesh": [(str(m["DescriptorName"]), [str(q) for q in m["QualifierName"]]) for m in citation.get("MeshHeadingList", [])]
        == [(m.name, [q.name for q in m.qualifiers]) for m in ours.mesh],
        "types": [str(term) for term in article["PublicationTypeList"]] == [t.name for t in ours.publication_types],
        "languages": [str(language) for language in article["Language"]] == list(ours.languages),
        "journal": plain(article["Journal"].get("Title", "")) == plain(ours.journal.title),
        "year": year == str(ours.published.year),
        "doi": not listed or listed[0] == ours.doi,
        "pmcid": [number.partition(".")[0] for number in pmc[:1]] == [ours.pmcid] * bool(pmc),
        "links": [link for link in links if link[0] != "Cites"] == [(link.type, link.pmid) for link in ours.corrections],
        "references": references + sum(kind == "Cites" for kind, _ in links) == len(ours.references),
        "grants": len(article.get("GrantList", [])) == len(ours.grants),
        "chemicals": [str(c["NameOfSubstance"]) for c in citation.get("ChemicalList", [])] == [c.name for c in ours.chemicals],
        "keywords": list(dict.fromkeys(keywords)) == [plain(word) for word in ours.keywords],
        "registrations": [str(n) for bank in article.get("DataBankList", []) for n in bank["AccessionNumberList"]]
        == [registration.number for registration in ours.registrations],
        "other abstracts": len(citation["OtherAbstract"]) == len(ours.other_abstracts),
        "status": citation.attributes["Status"] == ours.citation_status,
    }  # fmt: skip
    return [field for field, same in checks.items() if not same]


def offline(*_, **__):
    raise OSError("no network in tests")


def test_agrees_with_bio_entrez(tmp_path, monkeypatch):
    """Field by field on every recorded file that Bio.Entrez can read."""
    monkeypatch.setattr(Entrez, "local_cache", str(tmp_path), raising=False)  # else it makes a folder in HOME
    parser = importlib.import_module("Bio.Entrez.Parser")
    monkeypatch.setattr(parser, "urlopen", offline)  # else it fetches DTDs that it does not hold
    files = records = 0
    differences = []
    for path, group, _ in recorded():
        if group != "pubmed_xml":
            continue
        body = path.read_bytes()
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        try:
            theirs = Entrez.read(io.BytesIO(body))
        except (ValueError, RuntimeError, parser.NotXMLError, parser.CorruptedXMLError):
            continue  # needs a DTD it has not, or an http one
        ours = {(record.pmid, record.version): record for record in iter_pubmed(body, problems=[])}
        files += 1
        for article in theirs["PubmedArticle"]:
            pmid = article["MedlineCitation"]["PMID"]
            records += 1
            differences += [
                (str(pmid), field) for field in compare(article, ours[str(pmid), int(pmid.attributes["Version"])])
            ]
    print(f"\nBio.Entrez reads {files} files; {records} records compared, {len(differences)} differences {differences}")
    assert records > 1000
    assert differences == []
