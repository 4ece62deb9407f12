"""What each endpoint answers, as the documentation and recorded answers show it. No network and no faults here."""

from __future__ import annotations

import datetime
import difflib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Any
from urllib.parse import quote_plus

from .corpus import Entry, View, first_and_last
from .facts import Facts
from .query import FIELDS, Found, Search, Unsupported, dated

XML, TEXT, HTML = (f"text/{kind}; charset=UTF-8" for kind in ("xml", "plain", "html"))
JSON = "application/json; charset=UTF-8"
DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
DATABASES = {"pubmed": ("PubMed", "PubMed bibliographic record"), "pmc": ("PMC", "PubMed Central")}
ROOTS = {
    "einfo": ("eInfoResult", f'"-//NLM//DTD einfo 20190110//EN" "{DTD}/20190110/einfo.dtd"'),
    "esearch": ("eSearchResult", f'"-//NLM//DTD esearch 20060628//EN" "{DTD}/20060628/esearch.dtd"'),
    "epost": ("ePostResult", f'"-//NLM//DTD epost 20090526//EN" "{DTD}/20090526/epost.dtd"'),
    "esummary": ("eSummaryResult", f'"-//NLM//DTD esummary v1 20041029//EN" "{DTD}/20041029/esummary-v1.dtd"'),
    "efetch": ("eFetchResult", f'"-//NLM//DTD efetch 20131226//EN" "{DTD}/20131226/efetch.dtd"'),
    "elink": ("eLinkResult", f'"-//NLM//DTD elink 20101123//EN" "{DTD}/20101123/elink.dtd"'),
    "espell": (
        "eSpellResult",
        '"-//NLM//DTD eSpellResult, 23 November 2004//EN" "https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd"',
    ),
}
PUBMED_HEAD = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""  # fmt: skip
PMC_HEAD = """<?xml version="1.0" ?>
<!DOCTYPE pmc-articleset PUBLIC "-//NLM//DTD ARTICLE SET 2.0//EN" "https://dtd.nlm.nih.gov/ncbi/pmc/articleset/nlm-articleset-2.0.dtd">
<pmc-articleset>"""  # fmt: skip
CLOSED = b"<!--The publisher of this article does not allow downloading of the full text in XML form.-->"
NO_IDS = "ID list is empty! Possibly it has no correct IDs."
LARGEST_ID = 18446744073709551615


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as an endpoint sees it.

    Attributes:
        ids: of all `id` (`ids` of the converter) parameters, split at commas.
        groups: the same, one tuple per parameter; elink keeps them apart.
    """

    endpoint: str
    method: str
    parameters: Mapping[str, str]
    ids: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.parameters.get(name, default)

    @property
    def json(self) -> bool:
        return self.get("retmode").lower() == "json" or self.get("format").lower() == "json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `wire` says how it goes over the line: "chunked" as it should, or a fault's name."""

    body: bytes
    status: int = 200
    kind: str = XML
    headers: tuple[tuple[str, str], ...] = ()
    wire: str = "chunked"
    value: float | None = None  # seconds per byte of a slow answer
    gzip: bool | None = None  # whether compressed; None = if asked for


class History:
    """The history server: sets of ids under a WebEnv and a query key, forgotten after a while."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.sets: dict[str, list[tuple[str, list[str]]]] = {}
        self.born: dict[str, float] = {}
        self.numbers = count(1)

    def put(self, database: str, ids: list[str], webenv: str = "") -> tuple[str, int]:
        if webenv not in self.sets:
            webenv = f"MCID_{next(self.numbers):024x}"
            self.sets[webenv], self.born[webenv] = [], time.monotonic()
        self.sets[webenv].append((database, ids))
        return webenv, len(self.sets[webenv])

    def get(self, webenv: str, key: str) -> list[str] | None:
        """The ids, or None when the set is unknown or too old."""
        sets = self.sets.get(webenv, [])
        if not key.isdigit() or not 1 <= int(key) <= len(sets):
            return None
        return None if time.monotonic() - self.born[webenv] > self.seconds else sets[int(key) - 1][1]

    def expire(self) -> None:
        self.sets.clear()


@dataclass(frozen=True, slots=True)
class Desk:
    """What an endpoint may use: the databases on the server's day, the cap of PubMed, the history."""

    view: View
    cap: int
    history: History


def head(endpoint: str) -> str:
    name, public = ROOTS[endpoint]
    declaration = '<?xml version="1.0"?>' if endpoint == "espell" else '<?xml version="1.0" encoding="UTF-8" ?>'
    return f"{declaration}\n<!DOCTYPE {name} PUBLIC {public}>\n"


def xml(endpoint: str, inside: str, status: int = 200) -> Answer:
    name = ROOTS[endpoint][0]
    return Answer(f"{head(endpoint)}<{name}>{inside}</{name}>\n".encode(), status)


def as_json(endpoint: str, rest: dict[str, Any], status: int = 200) -> Answer:
    text = json.dumps(
        {"header": {"type": endpoint, "version": "0.3"}} | rest, separators=(",", ":"), ensure_ascii=False
    )
    return Answer(text.encode(), status, JSON)


def error(asked: Asked, text: str, status: int = 200) -> Answer:
    """`<ERROR>` in the root of the endpoint; in JSON esearch writes line ends as they are, which is not valid JSON."""
    if asked.json and asked.endpoint == "esearch":
        said = text.replace('"', '"')
        body = f'{{"header":{{"type":"esearch","version":"0.3"}},"esearchresult":{{"ERROR":"{said}"}}}}'
        return Answer(body.encode(), status, JSON)
    if asked.json:
        return as_json(asked.endpoint, {"error": text}, status)
    if asked.endpoint == "idconv":
        return Answer(json.dumps({"status": "error", "message": text}).encode(), status, JSON)
    return xml(asked.endpoint, f"\n\t<ERROR>{escape(text, quote=False)}</ERROR>\n", status)


def refusal(what: str) -> Answer:
    """What the stand-in does not imitate is refused, so that nobody takes a guess for the service."""
    return Answer(f"stand-in cannot do this: {what}\n".encode(), 400, TEXT)


def answer(asked: Asked, desk: Desk) -> Answer:
    """The answer of the endpoint."""
    endpoint = ENDPOINTS.get(asked.endpoint)
    if endpoint is None:
        return Answer(b"<html><head><title>404 Not Found</title></head><body>Not Found</body></html>", 404, HTML)
    database = asked.get("dbfrom", "pubmed") if asked.endpoint == "elink" else asked.get("db", "pubmed")
    if asked.endpoint not in ("einfo", "idconv") and database not in DATABASES:
        return error(asked, f"Invalid db name specified: {database}")
    try:
        return endpoint(asked, desk)
    except Unsupported as refused:
        return refusal(str(refused))


# einfo ------------------------------------------------------------------------------------------------------------


def einfo(asked: Asked, desk: Desk) -> Answer:
    name = asked.get("db")
    if not name:
        if asked.json:
            return as_json("einfo", {"einforesult": {"dblist": list(DATABASES)}})
        names = "".join(f"\n\t<DbName>{each}</DbName>" for each in DATABASES)
        return xml("einfo", f"\n<DbList>\n{names}\n</DbList>\n\n")
    if name not in DATABASES:
        return error(asked, f"Can not retrieve DbInfo for db={name}")
    day = desk.view.today
    texts = {
        "DbName": name,
        "MenuName": DATABASES[name][0],
        "Description": DATABASES[name][1],
        "DbBuild": f"Build-{day.replace('-', '.')}.02.36",
        "Count": str(len(desk.view.database(name))),
        "LastUpdate": f"{day.replace('-', '/')} 02:36",
    }
    keys = ("Name", "FullName", "Description", "TermCount", "IsDate", "IsNumerical", "SingleToken", "Hierarchy", "IsHidden")  # fmt: skip
    fields = [dict(zip(keys, (row[0], row[1], row[1], "", *row[2:]), strict=True)) for row in FIELDS]
    link = {"Name": f"{name}_{name}", "Menu": "Similar articles", "Description": "Similar articles", "DbTo": name}
    if asked.json:
        low = {key.lower(): value for key, value in texts.items()}
        low |= {"fieldlist": [{k.lower(): v for k, v in each.items()} for each in fields]}  # type: ignore[dict-item]
        low |= {"linklist": [{k.lower(): v for k, v in link.items()}]}  # type: ignore[dict-item]
        return as_json("einfo", {"einforesult": {"dbinfo": [low]}})
    inside = "".join(f"\n\t\t<{key}>{value}</{key}>" for key, value in texts.items())
    inside += f"\n\t\t<FieldList>{''.join(_list(each, 'Field') for each in fields)}\n\t\t</FieldList>"
    inside += f"\n\t\t<LinkList>{_list(link, 'Link')}\n\t\t</LinkList>"
    return xml("einfo", f"\n\t<DbInfo>{inside}\n\t</DbInfo>\n\n")


def _list(values: Mapping[str, str], name: str) -> str:
    inside = "".join(
        f"\n\t\t\t\t<{key}>{escape(value)}</{key}>" if value else f"\n\t\t\t\t<{key}/>" for key, value in values.items()
    )
    return f"\n\t\t\t<{name}>{inside}\n\t\t\t</{name}>"


# esearch ----------------------------------------------------------------------------------------------------------


def too_far(cap: int) -> str:
    return (
        f"Search Backend failed: Exception:\n'retstart' cannot be larger than {cap - 1}. For PubMed, ESearch can only "
        f"retrieve the first {cap:,} records matching the query. To obtain more than {cap:,} PubMed records, consider "
        "using EDirect that contains additional logic to batch PubMed search results automatically so that an "
        "arbitrary number can be retrieved."
    )


def number(asked: Asked, name: str, default: int) -> int:
    text = asked.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise Unsupported(f"{name}={text}")
    return int(text)


def esearch(asked: Asked, desk: Desk) -> Answer:
    database, term = asked.get("db", "pubmed"), asked.get("term").strip()
    if asked.get("query_key"):
        raise Unsupported("a search within an earlier one")
    if not term:
        return error(asked, "Empty term and query_key - nothing todo")
    if asked.get("field"):
        raise Unsupported("the parameter field")
    records = desk.view.database(database)
    found = Search(database, records).find(term)
    found.ids &= within_dates(asked, desk.view, database)
    ids = in_order(found.ids, records, asked.get("sort"))
    start, most = number(asked, "retstart", 0), number(asked, "retmax", 20)
    if database == "pubmed":
        if start > desk.cap - 1:
            return error(asked, too_far(desk.cap))
        most = min(most, desk.cap - start)
    else:
        most = min(most, 10_000)
    key, webenv = 0, ""
    if asked.get("usehistory").lower() == "y":
        webenv, key = desk.history.put(database, ids, asked.get("WebEnv"))
    if asked.get("rettype").lower() == "count":
        if asked.json:
            return as_json("esearch", {"esearchresult": {"count": str(len(ids))}})
        return xml("esearch", f"\n\t<Count>{len(ids)}</Count>\n")
    if asked.get("rettype").lower() not in ("", "uilist"):
        raise Unsupported(f"rettype={asked.get('rettype')}")
    page = ids[start : start + most]
    return (search_json if asked.json else search_xml)(found, len(ids), start, page, key, webenv)


def within_dates(asked: Asked, view: View, database: str) -> set[str]:
    """Ids that mindate and maxdate, or reldate, leave over. One of the two dates alone is ignored without a word."""
    records = view.database(database)
    kind = asked.get("datetype", "edat").lower()
    code = {"pdat": "PDAT", "edat": "EDAT", "mdat": "MDAT", "crdt": "CRDT"}.get(kind)
    both = "mindate" in asked.parameters and "maxdate" in asked.parameters
    if not both and not asked.get("reldate"):
        return set(records)
    if code is None or (database == "pmc" and code != "PDAT"):
        raise Unsupported(f"datetype={kind}")
    if asked.get("reldate"):
        last = datetime.date.fromisoformat(view.today)
        since = last - datetime.timedelta(days=number(asked, "reldate", 0))
        test = dated(code, since.isoformat(), last.isoformat())
    else:
        first, end = asked.get("mindate"), asked.get("maxdate")
        if not first or not end:
            return set()
        low, high = first_and_last(first), first_and_last(end)
        if not low or not high:
            raise Unsupported(f"mindate={first}&maxdate={end}")
        test = dated(code, low[0], high[1])
    return {each.id for each in records.values() if test(each)}


def in_order(ids: Iterable[str], records: Mapping[str, Entry], sort: str) -> list[str]:
    newest = sorted(ids, key=int, reverse=True)
    match sort.lower():
        case "" | "relevance" | "most recent":
            return newest
        case "pub_date" | "pub date" | "pub+date":
            return sorted(newest, key=lambda each: max(records[each].facts.published, default=""), reverse=True)
        case "author":
            return sorted(newest, key=lambda each: [a[0].lower() for a in records[each].facts.authors[:1]])
        case "journalname" | "journal":
            return sorted(newest, key=lambda each: records[each].facts.journal[0].lower())
    raise Unsupported(f"sort={sort}")


def search_xml(found: Found, total: int, start: int, ids: list[str], key: int, webenv: str) -> Answer:
    inside = f"<Count>{total}</Count><RetMax>{len(ids)}</RetMax><RetStart>{start}</RetStart>"
    if webenv:
        inside += f"<QueryKey>{key}</QueryKey><WebEnv>{webenv}</WebEnv>"
    listed = "\n".join(f"<Id>{each}</Id>" for each in ids)
    inside += f"<IdList>\n{listed}\n</IdList>" if ids else "<IdList/>"
    mapped = "".join(
        f"<Translation>     <From>{escape(a, quote=False)}</From>     <To>{escape(b, quote=False)}</To>    </Translation>"
        for a, b in found.translations
    )
    inside += f"<TranslationSet>{mapped}</TranslationSet>" if mapped else "<TranslationSet/>"
    inside += f"<QueryTranslation>{escape(found.translation, quote=False)}</QueryTranslation>"
    errors = _notes("PhraseNotFound", found.phrases_not_found) + _notes("FieldNotFound", found.fields_not_found)
    warnings = _notes("PhraseIgnored", found.phrases_ignored) + _notes("QuotedPhraseNotFound", found.quoted_not_found)
    warnings += _notes("OutputMessage", ["No items found."] if not total else [])
    inside += f"<ErrorList>{errors}</ErrorList>" if errors else ""
    inside += f"<WarningList>{warnings}</WarningList>" if warnings else ""
    return xml("esearch", inside)


def _notes(name: str, texts: list[str]) -> str:
    return "".join(f"<{name}>{escape(text, quote=False)}</{name}>" for text in texts)


def search_json(found: Found, total: int, start: int, ids: list[str], key: int, webenv: str) -> Answer:
    result: dict[str, Any] = {"count": str(total), "retmax": str(len(ids)), "retstart": str(start)}
    if webenv:
        result |= {"querykey": str(key), "webenv": webenv}
    result |= {"idlist": ids, "translationset": [{"from": a, "to": b} for a, b in found.translations]}
    result |= {"querytranslation": found.translation}
    if found.phrases_not_found or found.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": found.phrases_not_found, "fieldsnotfound": found.fields_not_found}
    if found.phrases_ignored or found.quoted_not_found or not total:
        result["warninglist"] = {
            "phrasesignored": found.phrases_ignored,
            "quotedphrasesnotfound": found.quoted_not_found,
            "outputmessages": [] if total else ["No items found."],
        }
    return as_json("esearch", {"esearchresult": result})


# ids --------------------------------------------------------------------------------------------------------------


def asked_ids(asked: Asked, desk: Desk) -> list[str] | Answer:
    """The ids of the request or of the history, numbers only, each once; or the answer that says there are none."""
    webenv, key = asked.get("WebEnv"), asked.get("query_key")
    if webenv or key:
        kept = desk.history.get(webenv, key)
        if kept is None:
            return error(asked, f"Unable to obtain query #{key or 1}")
        start = number(asked, "retstart", 0)
        if asked.get("db", "pubmed") == "pubmed" and start > desk.cap - 1:
            return error(asked, too_far(desk.cap), 400)
        return kept[start : min(start + number(asked, "retmax", desk.cap), desk.cap)]
    pmc = asked.get("db", "pubmed") == "pmc"
    numbers: dict[str, None] = {}
    for text in asked.ids:
        plain = text.strip()
        plain = re.sub(r"(?i)^pmc", "", plain) if pmc else plain
        if plain.isascii() and plain.isdigit() and 0 < int(plain) <= LARGEST_ID:
            numbers[str(int(plain))] = None
    start = number(asked, "retstart", 0)
    return list(numbers)[start : start + number(asked, "retmax", len(numbers))]


def epost(asked: Asked, desk: Desk) -> Answer:
    ids = asked_ids(asked, desk)
    if isinstance(ids, Answer):
        return ids
    wrong = [text for text in asked.ids if not text.strip().isdigit() or int(text) > LARGEST_ID]
    said = "\n\t<ERROR>Empty ID list; Nothing to store</ERROR>" if not ids else ""
    if wrong:
        said += f"\n\t<ERROR>Some IDs have invalid value and were omitted. Maximum ID value {LARGEST_ID}</ERROR>"
    if not ids:
        return xml("epost", said)
    webenv, key = desk.history.put(asked.get("db", "pubmed"), ids, asked.get("WebEnv"))
    return xml("epost", f"{said}\n\t<QueryKey>{key}</QueryKey>\n\t<WebEnv>{webenv}</WebEnv>\n")


# efetch -----------------------------------------------------------------------------------------------------------


def efetch(asked: Asked, desk: Desk) -> Answer:
    ids = asked_ids(asked, desk)
    if isinstance(ids, Answer):
        return ids
    style, mode = asked.get("rettype").lower(), asked.get("retmode", "xml").lower()
    if not ids:
        if mode == "text":
            return Answer(quote_plus(NO_IDS).encode(), 400, TEXT)
        return error(asked, NO_IDS, 400)
    if asked.get("db", "pubmed") == "pmc":
        if mode != "xml" or style not in ("", "full", "xml"):
            raise Unsupported(f"rettype={style}&retmode={mode} of pmc")
        return Answer(PMC_HEAD.encode() + b"".join(pmc_article(each, desk.view) for each in ids) + b"</pmc-articleset>")
    records = desk.view.pubmed
    held = sorted((each for each in ids if each in records), key=int, reverse=True)  # no order is promised
    match style, mode:
        case ("" | "xml" | "full" | "abstract" | "medline", "xml"):
            articles = b"\n".join(records[each].content for each in held)
            return Answer((PUBMED_HEAD if held else PUBMED_HEAD.rstrip()).encode() + articles + b"</PubmedArticleSet>")
        case ("medline", "text"):
            texts = [
                medline(records[each]) if each in records
                else f"\nid: {each} Error occurred: The following PMID is not available: {each}\n"
                for each in ids
            ]  # fmt: skip
            return Answer("\n".join(texts).encode(), kind=TEXT)
        case ("uilist", "text"):
            return Answer("".join(f"{each}\n" for each in held).encode(), kind=TEXT)
        case ("uilist", "xml"):
            listed = "\n".join(f"<Id>{each}</Id>" for each in held)
            return Answer(f'<?xml version="1.0" ?>\n<IdList>\n{listed}\n</IdList>\n'.encode())
    raise Unsupported(f"rettype={style}&retmode={mode}")


def pmc_article(identifier: str, view: View) -> bytes:
    held = view.pmc.get(identifier)
    if held is None:
        return f'<error id="{identifier}">The following PMCID is not available: {identifier}</error>'.encode()
    if held.open:
        return held.content
    before, body, rest = held.content.partition(b"<body")
    after = rest.partition(b"</body>")[2] if body else b""
    return before.replace(b"<front", CLOSED + b"<front", 1) + after


_TAGS = {  # RefType: tag of the MEDLINE format
    "CommentIn": "CIN", "CommentOn": "CON", "ErratumIn": "EIN", "ErratumFor": "EFR", "RetractionIn": "RIN",
    "RetractionOf": "ROF", "UpdateIn": "UIN", "UpdateOf": "UOF", "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF", "RepublishedIn": "RPI", "RepublishedFrom": "RPF",
    "CorrectedandRepublishedIn": "CRI", "CorrectedandRepublishedFrom": "CRF",
    "RetractedandRepublishedIn": "RRI", "RetractedandRepublishedFrom": "RRF", "AssociatedDataset": "DDIN",
}  # fmt: skip


def medline(entry: Entry) -> str:
    """The record in the MEDLINE text format."""
    facts = entry.facts
    rows = [
        ("PMID", facts.id),
        ("OWN", "NLM"),
        ("STAT", facts.status or "Publisher"),
        ("LR", entry.lr.replace("-", "")),
    ]
    rows += [("IS", facts.issn), ("VI", facts.volume), ("IP", facts.issue), ("DP", facts.pubdate), ("TI", facts.title)]
    rows += [("PG", facts.pages), ("LID", f"{facts.identifier('doi')} [doi]" if facts.identifier("doi") else "")]
    rows += [("AB", facts.abstract.replace(" | ", " "))]
    for last, initials, fore in facts.authors:
        rows += [("FAU", f"{last}, {fore}"), ("AU", f"{last} {initials}")] if initials else [("CN", last)]
    rows += [("LA", each) for each in facts.languages] + [("PT", each) for each in facts.types]
    rows += [("TA", facts.journal[0]), ("JT", facts.journal[1]), ("JID", facts.nlm_id)]
    rows += [("RN", each) for each in facts.substances]
    rows += [
        (_TAGS[kind], f"{source}. PMID: {pmid}" if pmid else source)
        for kind, source, pmid in facts.comments
        if kind in _TAGS
    ]
    rows += [("MH", f"*{name}" if major else name) for name, major in facts.headings]
    rows += [("OT", each) for each in facts.keywords]
    rows += [("EDAT", f"{entry.edat.replace('-', '/')} 06:00"), ("CRDT", f"{entry.crdt.replace('-', '/')} 06:00")]
    rows += [("PMC", facts.identifier("pmc"))]
    rows += [("AID", f"{value} [{kind}]") for kind, value in facts.identifiers if kind in ("doi", "pii")]
    rows += [("SO", f"{facts.journal[0]}. {citation(facts)}.")]
    return "".join(f"\n{tag:4}- {_folded(text)}" for tag, text in rows if text) + "\n"


def _folded(text: str) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) > 79:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return "\n      ".join([*lines, line])


def citation(facts: Facts) -> str:
    """Date, volume, issue and pages in a row: `2009 Nov;7(2):1-9`."""
    issue = f"({facts.issue})" if facts.issue else ""
    return f"{facts.pubdate};{facts.volume}{issue}" + (f":{facts.pages}" if facts.pages else "")


# esummary ---------------------------------------------------------------------------------------------------------


def esummary(asked: Asked, desk: Desk) -> Answer:
    database = asked.get("db", "pubmed")
    if database != "pubmed":
        raise Unsupported(f"esummary of {database}")
    ids = asked_ids(asked, desk)
    if isinstance(ids, Answer):
        return ids
    if not ids:
        return error(asked, "Neither query_key nor id specified" if not asked.ids else "Empty id list - nothing todo")
    records = desk.view.pubmed
    if asked.json:
        result: dict[str, Any] = {"uids": ids}
        for each in ids:
            result[each] = (
                {"uid": each} | {key.lower(): value for key, value in summary(records[each]).items()}
                if each in records
                else {"uid": each, "error": "cannot get document summary"}
            )
        return as_json("esummary", {"result": result})
    if asked.get("version") == "2.0":
        inside = "".join(_summary_2(each, records.get(each)) for each in ids)
        return Answer(
            b'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD esummary pubmed '
            b'20160808//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20160808/esummary_pubmed.dtd">\n'
            + f'<eSummaryResult>\n<DocumentSummarySet status="OK">\n{inside}</DocumentSummarySet>\n</eSummaryResult>\n'.encode()
        )
    inside = "".join(
        _summary_1(records[each]) if each in records else f"<ERROR>UID={each}: cannot get document summary</ERROR>\n"
        for each in ids
    )
    return xml("esummary", f"\n{inside}")


def summary(entry: Entry) -> dict[str, Any]:
    """The fields of a document summary, in the spelling of version 2.0; without what nobody here reads."""
    facts = entry.facts
    authors = [
        {"name": f"{last} {initials}".strip(), "authtype": "Author" if initials else "CollectiveName", "clusterid": ""}
        for last, initials, _ in facts.authors
    ]
    return {
        "PubDate": facts.pubdate,
        "EPubDate": "",
        "Source": facts.journal[0],
        "Authors": authors,
        "LastAuthor": authors[-1]["name"] if authors else "",
        "Title": facts.title,
        "SortTitle": facts.title.lower().rstrip("."),
        "Volume": facts.volume,
        "Issue": facts.issue,
        "Pages": facts.pages,
        "Lang": list(facts.languages),
        "NLMUniqueID": facts.nlm_id,
        "ISSN": facts.issn,
        "ESSN": "",
        "PubType": list(facts.types),
        "RecordStatus": "PubMed - indexed for MEDLINE" if facts.status == "MEDLINE" else "PubMed",
        "PubStatus": "4",
        "ArticleIds": [{"idtype": kind, "idtypen": 1, "value": value} for kind, value in facts.identifiers],
        "History": [{"pubstatus": "entrez", "date": f"{entry.crdt.replace('-', '/')} 06:00"}],
        "References": [
            {"refsource": source, "reftype": kind, "pmid": pmid, "note": ""} for kind, source, pmid in facts.comments
        ],
        "Attributes": ["Has Abstract"] if facts.abstract else [],
        "PmcRefCount": "",
        "FullJournalName": facts.journal[1],
        "ELocationID": f"doi: {facts.identifier('doi')}" if facts.identifier("doi") else "",
        "DocType": "book" if facts.book else "citation",
        "SortPubDate": f"{max(facts.published, default='1').replace('-', '/')} 00:00",
        "SortFirstAuthor": authors[0]["name"] if authors else "",
    }


_ITEMS = {"Authors": "Author", "Lang": "string", "PubType": "flag", "ArticleIds": "ArticleId", "History": "PubMedPubDate", "References": "Reference", "Attributes": "flag"}  # fmt: skip
_INNER = {
    "name": "Name", "authtype": "AuthType", "clusterid": "ClusterID", "idtype": "IdType", "idtypen": "IdTypeN",
    "value": "Value", "pubstatus": "PubStatus", "date": "Date", "refsource": "RefSource", "reftype": "RefType",
    "pmid": "PMID", "note": "Note",
}  # fmt: skip


def _summary_2(identifier: str, entry: Entry | None) -> str:
    if entry is None:
        return (
            f'<DocumentSummary uid="{identifier}">\n\t<error>cannot get document summary</error>\n</DocumentSummary>\n'
        )
    lines = []
    for name, value in summary(entry).items():
        if isinstance(value, list):
            lines.append(f"\t<{name}>{''.join(_inner(_ITEMS[name], each) for each in value)}</{name}>\n")
        else:
            lines.append(f"\t<{name}>{escape(value, quote=False)}</{name}>\n")
    return f'<DocumentSummary uid="{identifier}">\n{"".join(lines)}</DocumentSummary>\n\n'


def _inner(name: str, value: str | Mapping[str, object]) -> str:
    if isinstance(value, str):
        return f"<{name}>{escape(value, quote=False)}</{name}>"
    inside = "".join(f"<{_INNER[k]}>{escape(str(v), quote=False)}</{_INNER[k]}>" for k, v in value.items())
    return f"<{name}>{inside}</{name}>"


def _summary_1(entry: Entry) -> str:
    facts = entry.facts

    def item(name: str, kind: str, text: str) -> str:
        return f'\t<Item Name="{name}" Type="{kind}">{escape(text, quote=False)}</Item>\n'

    def several(name: str, parts: Iterable[tuple[str, str, str]]) -> str:
        inside = "".join(f"\t{item(*part)}" for part in parts)
        inside = f"\n{inside}\t" if inside else ""
        return f'\t<Item Name="{name}" Type="List">{inside}</Item>\n'

    names = [f"{last} {initials}".strip() for last, initials, _ in facts.authors]
    doi = facts.identifier("doi")
    day = f"{entry.crdt.replace('-', '/')} 06:00"
    return (
        f"<DocSum>\n\t<Id>{facts.id}</Id>\n"
        + item("PubDate", "Date", facts.pubdate)
        + item("EPubDate", "Date", "")
        + item("Source", "String", facts.journal[0])
        + several("AuthorList", (("Author", "String", name) for name in names))
        + item("LastAuthor", "String", names[-1] if names else "")
        + item("Title", "String", facts.title)
        + item("Volume", "String", facts.volume)
        + item("Issue", "String", facts.issue)
        + item("Pages", "String", facts.pages)
        + several("LangList", (("Lang", "String", each) for each in facts.languages))
        + item("NlmUniqueID", "String", facts.nlm_id)
        + item("ISSN", "String", facts.issn)
        + item("ESSN", "String", "")
        + several("PubTypeList", (("PubType", "String", each) for each in facts.types))
        + item("RecordStatus", "String", summary(entry)["RecordStatus"])
        + item("PubStatus", "String", "ppublish")
        + several("ArticleIds", ((kind, "String", value) for kind, value in facts.identifiers))
        + (item("DOI", "String", doi) if doi else "")
        + several("History", (("pubmed", "Date", day), ("entrez", "Date", day)))
        + several("References", ())
        + item("HasAbstract", "Integer", "1" if facts.abstract else "0")
        + item("PmcRefCount", "Integer", "0")
        + item("FullJournalName", "String", facts.journal[1])
        + item("ELocationID", "String", f"doi: {doi}" if doi else "")
        + item("SO", "String", citation(facts))
        + "</DocSum>\n\n"
    )


# elink ------------------------------------------------------------------------------------------------------------


def elink(asked: Asked, desk: Desk) -> Answer:
    origin, target = asked.get("dbfrom", "pubmed"), asked.get("db", "pubmed")
    name = asked.get("linkname") or {("pubmed", "pmc"): "pubmed_pmc", ("pmc", "pubmed"): "pmc_pubmed"}.get((origin, target), "")  # fmt: skip
    if asked.get("cmd", "neighbor") != "neighbor" or name not in LINKS:
        raise Unsupported(f"cmd={asked.get('cmd', 'neighbor')}&dbfrom={origin}&db={target}&linkname={name}")
    groups = [[str(int(each)) for each in group if each.strip().isdigit()] for group in asked.groups]
    groups = [group for group in groups if group]
    if not groups:
        return error(asked, "Empty id list - nothing todo")
    sets = [
        (group, sorted({link for each in group for link in LINKS[name](each, desk.view)}, key=int)) for group in groups
    ]
    to = name.split("_")[1]
    if asked.json:
        linksets = []
        for group, links in sets:
            one: dict[str, Any] = {"dbfrom": origin, "ids": group}
            if links:
                one["linksetdbs"] = [{"dbto": to, "linkname": name, "links": links}]
            linksets.append(one)
        return as_json("elink", {"linksets": linksets})
    inside = ""
    for group, links in sets:
        listed = "".join(f"\n      <Id>{each}</Id>" for each in group)
        inside += f"\n\n  <LinkSet>\n    <DbFrom>{origin}</DbFrom>\n    <IdList>{listed}\n    </IdList>"
        if links:
            inside += f"\n    <LinkSetDb>\n      <DbTo>{to}</DbTo>\n      <LinkName>{name}</LinkName>\n"
            inside += "".join(f"\n        <Link>\n\t\t\t\t<Id>{each}</Id>\n\t\t\t</Link>" for each in links)
            inside += "\n    </LinkSetDb>"
        inside += "\n  </LinkSet>"
    return xml("elink", f"{inside}\n")


def _pmc(pmid: str, view: View) -> list[str]:
    held = view.pubmed.get(pmid)
    number = held.facts.identifier("pmc").upper().removeprefix("PMC") if held else ""
    return [number] if number in view.pmc else []


LINKS: dict[str, Callable[[str, View], list[str]]] = {
    "pubmed_pmc": _pmc,
    "pmc_pubmed": lambda number, view: [
        e.id for e in view.pubmed.values() if e.facts.identifier("pmc") == f"PMC{number}"
    ],
    "pubmed_pubmed_refs": lambda pmid, view: list(view.pubmed[pmid].facts.references) if _pmc(pmid, view) else [],
    "pubmed_pubmed_citedin": lambda pmid, view: [e.id for e in view.pubmed.values() if pmid in e.facts.references],
}


# espell -----------------------------------------------------------------------------------------------------------


def espell(asked: Asked, desk: Desk) -> Answer:
    term = asked.get("term")
    if not term:
        return error(asked, "Empty term and query_key - nothing todo")
    known = {word for each in desk.view.pubmed.values() for word in each.facts.words("TIAB").split()}
    known |= {"and", "or", "not"}
    parts = []  # the tag of each part, and what it reads
    for part in re.findall(r"\w+|\W+", term):
        wrong = part[0].isalpha() and part.lower() not in known
        close = difflib.get_close_matches(part.lower(), known, 1) if wrong else []
        parts.append(("Replaced", close[0]) if close else ("Original", part))
    changed = any(tag == "Replaced" for tag, _ in parts)
    corrected = "".join(part for _, part in parts)
    spelled = "".join(f"<{tag}>{escape(part, quote=False)}</{tag}>" for tag, part in parts)
    spelled = spelled.replace("</Original><Original>", "")
    inside = f"\n\t<Database>{asked.get('db', 'pubmed')}</Database>\n\t<Query>{escape(term, quote=False)}</Query>"
    inside += f"\n\t<CorrectedQuery>{escape(corrected if changed else '', quote=False)}</CorrectedQuery>"
    inside += f"\n\t<SpelledQuery>{spelled if changed else ''}</SpelledQuery>\n\t<ERROR/>\n"
    return xml("espell", inside)


# ID converter -----------------------------------------------------------------------------------------------------

_KINDS = {
    "pmcid": re.compile(r"(?i)PMC\d+(\.\d+)?"),
    "pmid": re.compile(r"\d+"),
    "doi": re.compile(r"10\.\d{4,9}/\S+"),
}


def idconv(asked: Asked, desk: Desk) -> Answer:
    if asked.method != "GET":
        raise Unsupported("a POST to the converter")
    ids = [each.strip() for each in asked.ids if each.strip()]
    if not ids or len(ids) > 200:
        return error(asked, "No ids given" if not ids else f"{len(ids)} ids: at most 200 are allowed", 400)
    kinds = {next((kind for kind, shape in _KINDS.items() if shape.fullmatch(each)), "") for each in ids}
    wanted = asked.get("idtype")
    kinds = {wanted} if wanted == "pmcid" and kinds <= {"pmcid", "pmid"} else kinds
    if len(kinds) > 1 or "" in kinds or (wanted and kinds != {wanted}):
        return error(asked, "Invalid identifiers: all have to be valid and of one type", 400)
    kind = kinds.pop()
    records = [_converted(each, kind, desk.view) for each in ids]
    if asked.get("format", "xml").lower() == "json":
        request = {"tool": asked.get("tool"), "email": asked.get("email"), "format": "json", "idtype": kind, "ids": ids}
        whole = {"status": "ok", "response-date": f"{desk.view.today} 00:00:00", "request": request, "records": records}
        return Answer(json.dumps(whole, separators=(",", ":")).encode(), kind=JSON)
    if asked.get("format", "xml").lower() != "xml":
        raise Unsupported(f"format={asked.get('format')}")
    listed = "".join(
        "<record " + " ".join(f'{k}="{escape(str(v))}"' for k, v in each.items()) + "/>\n" for each in records
    )
    return Answer(
        f'<pmcids status="ok">\n<request idtype="{kind}" versions="no" showaiid="no"/>\n{listed}</pmcids>\n'.encode()
    )


def _converted(requested: str, kind: str, view: View) -> dict[str, str | int]:
    """One line of the converter. PMIDs come as number or as string, and ids in the case they were sent, as recorded."""
    value = {
        "pmid": lambda: str(int(requested)),
        "pmcid": lambda: "pmc" + requested.lower().removeprefix("pmc").partition(".")[0],
        "doi": requested.lower,
    }[kind]()
    held = view.in_pmc.get((kind, value))
    if held:
        doi, pmid = held.facts.identifier("doi"), int(held.id) if int(held.id) % 2 else held.id
        found: dict[str, str | int] = {"doi": doi} if doi else {}
        found |= {"pmcid": held.facts.identifier("pmc"), "pmid": pmid}
        return found | ({kind: requested} if kind != "pmid" else {}) | {"requested-id": requested}
    missing = int(requested) if kind == "pmid" else requested
    return {kind: missing, "requested-id": requested, "status": "error", "errmsg": "Identifier not found in PMC"}


ENDPOINTS: dict[str, Callable[[Asked, Desk], Answer]] = {
    "einfo": einfo,
    "esearch": esearch,
    "epost": epost,
    "esummary": esummary,
    "efetch": efetch,
    "elink": elink,
    "espell": espell,
    "idconv": idconv,
}
