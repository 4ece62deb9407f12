"""Say what kind of answer an answer is, before anything reads it.

What NCBI sends with status 200 may be a web page, a relayed failure, half an answer or nothing; what it sends with 400
may be a fault of its own. Only the envelope is judged here: damage inside one record is for the reader of records.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit
from xml.parsers import expat

from ..escaping import one_line
from ..telling import cut

HEAD = 20_000  # bytes of a message that are looked at
NEWEST_DTD = 250101  # of PubMed; the one ketalit was written for
DEEPEST = 1000  # nested elements; real records stay below 100

_BOM = b"\xef\xbb\xbf"
_RECORDS = {"PubmedArticleSet", "pmc-articleset"}  # roots whose children are records, each to be judged by its reader
_ROOTS = {
    "einfo": {"eInfoResult"},
    "esearch": {"eSearchResult"},
    "epost": {"ePostResult"},
    "esummary": {"eSummaryResult"},
    "efetch": {"eFetchResult", *_RECORDS},
    "elink": {"eLinkResult"},
    "espell": {"eSpellResult"},
    "idconv": set[str](),
}
_JSON_KEY = {
    "einfo": "einforesult",
    "esearch": "esearchresult",
    "esummary": "result",
    "elink": "linksets",
    "idconv": "records",
}


class Verdict(StrEnum):
    """What kind of answer it is; only the first two may be stored."""

    OK = "ok"
    EMPTY = "empty"
    RATE_LIMITED = "rate limited"
    TRANSIENT = "transient"
    BAD_REQUEST = "bad request"
    BAD_KEY = "bad key"
    BLOCKED = "blocked"
    NOT_XML = "not XML"
    INCOMPLETE = "incomplete"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came.

    Attributes:
        status: of HTTP.
        headers: names in lower case.
        body: decompressed.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)  # cookies
    body: bytes = field(repr=False)  # may echo the key or the caller's address


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer is, and why.

    Attributes:
        verdict: the kind.
        reason: for people; "" when there is nothing to explain. Never holds a key, an e-mail or an IP address.
        retry_after: seconds NCBI asks to wait, as it said them, not limited; None when it did not say.
        notes: what is worth knowing about a good answer.
    """

    verdict: Verdict
    reason: str = ""
    retry_after: float | None = None
    notes: tuple[str, ...] = ()


def judge(reply: Reply, endpoint: str) -> Judgement:
    """What kind of answer a reply is.

    Args:
        reply: the answer.
        endpoint: the E-utility that was asked ("efetch", …) or "idconv".

    >>> judge(Reply(200, {}, b"<PubmedArticleSet></PubmedArticleSet>"), "efetch").verdict
    <Verdict.EMPTY: 'empty'>
    >>> judge(Reply(200, {}, b"<PubmedArticleSet><PubmedArticle></PubmedArticle>"), "efetch").reason
    'the answer ends before </PubmedArticleSet>'
    """
    body = reply.body.removeprefix(_BOM).strip()
    if reply.status == 429:
        judgement = Judgement(Verdict.RATE_LIMITED, "too many requests a second")
    elif 300 <= reply.status < 400:
        judgement = _judge_redirect(reply)
    elif _is_web_page(body):
        judgement = _judge_web_page(reply.status, body)
    elif reply.status >= 400:
        judgement = _judge_error_status(reply.status, body)
    elif not body:
        judgement = Judgement(Verdict.TRANSIENT, "the answer is empty")
    elif body[:1] in b"{[":
        judgement = _judge_json(body, endpoint)
    else:
        judgement = _judge_xml(body, endpoint)
    if judgement.verdict in {Verdict.RATE_LIMITED, Verdict.TRANSIENT}:
        return Judgement(judgement.verdict, judgement.reason, _retry_after(reply.headers))
    return judgement


# --- by status -------------------------------------------------------------------------------------------------------


def _judge_redirect(reply: Reply) -> Judgement:
    try:
        parts = urlsplit(reply.headers.get("location", ""))
        target = f"{parts.scheme}://{parts.hostname}" if parts.scheme and parts.hostname else "the same place"
    except ValueError:
        target = "no valid address"
    return Judgement(Verdict.NOT_XML, f"the answer is a redirection to {public(target)}, which is not followed")


def _judge_error_status(status: int, body: bytes) -> Judgement:
    if status in {407, 511}:
        return Judgement(Verdict.NOT_XML, f"the network asks for a login first (HTTP {status})")
    message = _message(body)
    known = _judge_message(message, None)
    if status >= 500 or status == 408:
        told = f"HTTP {status}: {public(message)}" if known and message else f"HTTP {status}"
        return Judgement(Verdict.TRANSIENT, f"NCBI has trouble of its own ({told})")
    if known:
        return known
    if status == 403:
        return Judgement(Verdict.BLOCKED, "NCBI refuses to answer (HTTP 403)")
    if status in {404, 410}:
        return Judgement(Verdict.DRIFT, f"there is nothing at this address any more (HTTP {status})")
    reason = {413: "the request is too large", 414: "the request is too long for an address"}.get(status)
    return Judgement(Verdict.BAD_REQUEST, reason or public(message) or f"HTTP {status} without an explanation")


def _message(body: bytes) -> str:
    """What the body of an error says: the <ERROR> of XML, a text of JSON, else its own beginning."""
    if found := _ERROR.search(body[:HEAD]):
        return _unmarked(found[1])
    if body[:1] in b"{[":
        try:
            content = json.loads(body, strict=False)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict) and (text := _json_error(content)):
            return text
    return _unmarked(body)


_ERROR = re.compile(rb"<ERROR\b[^<>]*>([^<]+)</ERROR>")


def _judge_message(message: str, otherwise: Verdict | None) -> Judgement | None:
    """The kind of failure that NCBI's own words describe; None when nobody has met them and `otherwise` is None."""
    text = message.replace("+", " ")
    for verdict, pattern, reason in _MESSAGES:
        if pattern.search(text):
            return Judgement(verdict, reason or public(message))
    return Judgement(otherwise, public(message)) if otherwise else None


# The first that matches wins: "Search Backend failed: … cannot be larger than 9998" is the asker's fault, while a
# relayed failure may name anything.
_MESSAGES = [
    (verdict, re.compile(pattern, re.IGNORECASE), reason)
    for verdict, pattern, reason in (
        (Verdict.RATE_LIMITED, r"rate limit exceeded|too many requests", "too many requests a second"),
        (Verdict.BAD_KEY, r"api[ _-]?key (?:is )?(?:invalid|not valid|unknown|expired)", "the API key is not valid"),
        (Verdict.TRANSIENT, r"proxy_stream|PubOne|empty response|address table is empty|couldn't resolve", ""),
        (
            Verdict.BAD_REQUEST,
            r"cannot be larger than|ID list is empty|empty (?:ID list|term)|invalid (?:db|database|uid|value)"
            r"|nothing (?:to|todo)|neither query_key nor id|have invalid value|unable to obtain query"
            r"|unsupported|not supported by|wrong (?:parameter|value)|(?:missing|invalid|unknown) (?:parameter|field)",
            "",
        ),
        (
            Verdict.TRANSIENT,
            r"search backend failed|external viewer|C\+\+ exception|readAll|\bEOF\b|time[d -]?out|temporar|try again"
            r"|bad gateway|unavailable|\bbusy\b|internal (?:server )?error|failed to connect|upstream connect",
            "",
        ),
    )
]


# --- web pages -------------------------------------------------------------------------------------------------------


def _is_web_page(body: bytes) -> bool:
    head = body[:2000].lower()
    return b"<!doctype html" in head or re.search(rb"<(?:[a-z]+:)?html[\s>]", head) is not None


def _judge_web_page(status: int, body: bytes) -> Judgement:
    title = re.search(rb"<title[^<>]*>([^<]*)</title>", body[:HEAD], re.IGNORECASE)
    text = _unmarked(body)
    name = public(_unmarked(title[1]) if title else text)[:100] or "without a title"
    reason = f"NCBI sent a web page, “{name}”, instead of data"
    if re.search(r"\bblocked\b|access denied", name, re.IGNORECASE) or re.search(
        r"(?:has been|have been|is|are|temporarily) blocked", text, re.IGNORECASE
    ):
        return Judgement(Verdict.BLOCKED, reason)
    if status >= 500 or re.search(r"proxy_stream|PubOne", text):
        return Judgement(Verdict.TRANSIENT, f"{reason} (HTTP {status})")
    if status == 403:
        return Judgement(Verdict.BLOCKED, reason)
    if status in {413, 414}:
        return Judgement(Verdict.BAD_REQUEST, f"{reason} (HTTP {status})")
    return Judgement(Verdict.NOT_XML, reason)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _judge_json(body: bytes, endpoint: str) -> Judgement:
    try:
        content = json.loads(body, strict=False)  # NCBI leaves raw line feeds in strings
    except RecursionError:
        return Judgement(Verdict.NOT_XML, "the answer is JSON nested deeper than any real one")
    except ValueError:
        if early := _judge_message(_unmarked(body), None):
            return early
        return Judgement(Verdict.INCOMPLETE, "the answer is JSON that ends early or is damaged")
    if isinstance(content, dict):
        if content.keys() & (set(_JSON_KEY.values()) - {_JSON_KEY.get(endpoint)}):
            return Judgement(Verdict.DRIFT, f"the answer of {endpoint} is that of another service")
        if error := _json_error(content):
            return _judge_message(error, Verdict.TRANSIENT) or Judgement(Verdict.TRANSIENT, public(error))
        if isinstance(result := content.get(_JSON_KEY.get(endpoint, "")), dict | list):
            none = not result or (isinstance(result, dict) and result.get("uids", result.get("count")) in ("0", 0, []))
            return Judgement(Verdict.EMPTY if none else Verdict.OK)
    return Judgement(Verdict.DRIFT, f"the answer is JSON of a form unknown for {endpoint}")


def _json_error(content: Mapping[str, object]) -> str:
    """The failure that JSON tells of, wherever NCBI's services put it; "" when none. An id not found is no failure."""
    inner = content.get("esearchresult")
    for place, names in ((content, ("error", "ERROR", "esummaryresult")), (inner, ("ERROR", "error"))):
        if isinstance(place, dict):
            for name in names:
                value = place.get(name)
                if value and isinstance(value, str | list):
                    return value if isinstance(value, str) else "; ".join(map(str, value))
    if content.get("status") == "error":
        return str(content.get("message") or content.get("errmsg") or "an error without an explanation")
    return ""


# --- XML -------------------------------------------------------------------------------------------------------------


def _judge_xml(body: bytes, endpoint: str) -> Judgement:
    seen = _Envelope()
    fault = seen.read(body)
    if seen.refused:
        return Judgement(Verdict.NOT_XML, f"the answer is refused: {seen.refused}")
    if not seen.root:
        return _judge_rootless(body, fault)
    if seen.root.rpartition(":")[2].lower() == "html":
        return _judge_web_page(200, body)
    error = "; ".join(filter(None, map(_collapsed, seen.errors)))
    if fault and not error:  # it may stand behind the damage
        error = "; ".join(filter(None, map(_unmarked, _ERROR.findall(body))))
    if error:
        return _judge_message(error, Verdict.TRANSIENT) or Judgement(Verdict.TRANSIENT, public(error))
    if seen.root not in _ROOTS.get(endpoint, set()):
        reason = f"the answer of {endpoint} is a <{public(seen.root)}>, which ketalit cannot read"
        return Judgement(Verdict.DRIFT, reason)
    notes = seen.notes()
    if fault:
        if incomplete := _judge_end(body, seen.root):
            return incomplete
        if seen.root not in _RECORDS or not seen.children:
            return Judgement(Verdict.INCOMPLETE, f"the answer is damaged ({fault})")
        notes += (f"a record is damaged ({fault})",)
    verdict, reason = _judge_content(seen)
    return Judgement(verdict, reason, None, notes)


def _judge_rootless(body: bytes, fault: str) -> Judgement:
    if re.match(rb"<[?!]", body):
        if fault.startswith("no element found"):
            return Judgement(Verdict.TRANSIENT, "the answer ends after its first lines, before any data")
        if fault.startswith("unclosed"):
            return Judgement(Verdict.INCOMPLETE, f"the answer ends in its first lines ({fault})")
        return Judgement(Verdict.NOT_XML, f"the answer is damaged before any data ({fault})")
    text = _unmarked(body)
    shown = public(text)[:100]
    return _judge_message(text, None) or Judgement(
        Verdict.NOT_XML, f"the answer is not XML; it begins “{shown}”" if shown else "the answer is not XML"
    )


def _judge_end(body: bytes, root: str) -> Judgement | None:
    """Whether a damaged answer was closed, once, by its root; None when it was."""
    close = re.compile(rb"</" + re.escape(root.encode()) + rb"\s*>")
    first = close.search(body)
    if not first:
        return Judgement(Verdict.INCOMPLETE, f"the answer ends before </{root}>")
    if not re.fullmatch(rb"(?:\s|(?><!--.*?-->))*+", body[first.end() :], re.DOTALL):
        return Judgement(Verdict.INCOMPLETE, f"something stands behind </{root}>")
    return None


def _judge_content(seen: _Envelope) -> tuple[Verdict, str]:
    """Whether a whole answer holds something, nothing, or only looks like an answer."""
    if seen.root == "eSearchResult":
        if seen.count.strip().isdecimal():
            return (Verdict.OK, "") if seen.count.strip(" \t\r\n0") else (Verdict.EMPTY, "")
        if seen.errors or not seen.children:
            return Verdict.TRANSIENT, "the search result is empty"
        return Verdict.DRIFT, "the search result holds no count"
    if seen.root == "eSpellResult":
        return Verdict.OK, ""
    holds = sum(seen.children.values()) - seen.children["ERROR"]
    if seen.root == "eSummaryResult" and "DocumentSummarySet" in seen.children:
        holds = seen.summaries
    if holds:
        return Verdict.OK, ""
    if seen.comments and seen.root != "pmc-articleset":
        return Verdict.TRANSIENT, f"the answer holds only a remark: {public(seen.comments[0])[:200]}"
    if seen.errors or seen.root in {"eFetchResult", "eInfoResult", "ePostResult"}:
        return Verdict.TRANSIENT, f"the <{seen.root}> holds nothing"
    return Verdict.EMPTY, ""


class _RefusedError(Exception):
    """Reading on would be dangerous."""


class _Envelope:
    """What stands in the two outermost levels of an answer. Expat checks the form, loads nothing and keeps nothing."""

    def __init__(self) -> None:
        self.root = self.count = self.refused = ""
        self.children: Counter[str] = Counter()
        self.summaries = 0
        self.errors: list[str] = []
        self.comments: list[str] = []
        self._system = ""
        self._depth = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CommentHandler = self._comment

    def read(self, body: bytes) -> str:
        """Look at all of it; returns what is wrong with its form, "" when nothing is."""
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            return f"{expat.ErrorString(error.code)}, line {error.lineno}"
        except (ValueError, LookupError):
            return "unknown encoding"
        except _RefusedError as refused:
            self.refused = str(refused)
        return ""

    def notes(self) -> tuple[str, ...]:
        """What the document type declaration tells."""
        try:
            host = urlsplit(self._system).hostname or ""
        except ValueError:
            host = "an invalid address"
        notes = []
        if host and not f".{host}".endswith((".nlm.nih.gov", ".ncbi.nlm.nih.gov")):
            notes.append(f"the answer names a DTD at {public(host)}, which was not loaded")
        dated = re.search(r"pubmed_(\d{2})(\d{4})\.dtd$", self._system)
        if dated and int(dated[1] + dated[2]) > NEWEST_DTD:
            notes.append(
                f"the answer follows a newer DTD, {dated[1]}{dated[2]}, than ketalit was written for ({NEWEST_DTD})"
            )
        return tuple(notes)

    def _doctype(self, name: str, system: str | None, public_id: str | None, internal: int) -> None:
        self._system = system or ""

    def _entity(self, *declaration: object) -> None:
        raise _RefusedError("it declares entities of its own")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == 2:
            self.children[name] += 1
            if name == "Count":
                self._parser.CharacterDataHandler = self._count_text
        elif depth == 1:
            self.root = name
        elif depth > DEEPEST:
            raise _RefusedError(f"it is nested more than {DEEPEST} deep")
        elif depth == 3 and name == "DocumentSummary":
            self.summaries += 1
        if name == "ERROR":
            self.errors.append("")
            self._parser.CharacterDataHandler = self._error_text

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name in ("ERROR", "Count"):
            self._parser.CharacterDataHandler = None

    def _comment(self, text: str) -> None:
        if self._depth <= 2:
            self.comments.append(text)

    def _count_text(self, text: str) -> None:
        self.count += text

    def _error_text(self, text: str) -> None:
        if len(self.errors[-1]) < HEAD:
            self.errors[-1] += text


# --- words -----------------------------------------------------------------------------------------------------------

_PRIVATE = re.compile(
    r"[\w.+%-]+(?:@|%40)[\w.-]+"  # e-mail
    r"|(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)"  # IPv4
    r"|(?<![\w:])(?!\d\d?:\d\d:\d\d(?!:))[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?!\w)"  # IPv6, not a time of day
    r"|\b[0-9a-f]{32,40}\b"  # NCBI's keys are 36 hexadecimal digits
    r"|(?<=api_key=)[^\s&\"']+|(?<=api-key=)[^\s&\"']+",
    re.IGNORECASE,
)


def public(text: str) -> str:
    """NCBI's words for people: one harmless line, at most 300 characters, without keys, e-mails and IP addresses.

    >>> public("caller 192.0.2.7 with api_key=abc&x=1 (somebody@example.org)\\n failed")
    'caller … with api_key=…&x=1 (…) failed'
    """
    if len(text) > 2000:
        text = text[:2000].rpartition(" ")[0]  # not half a secret at the end
    return cut(_collapsed(one_line(_PRIVATE.sub("…", text))), 300)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _unmarked(body: bytes) -> str:
    """The text of the beginning of HTML or XML, roughly: for messages only."""
    text = body[:HEAD].decode("utf-8", "replace")
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", " ", text)
    return _collapsed(html.unescape(text))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date; None when absent or senseless.

    A date is held against the server's own `Date`, since the clock here may be wrong.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value):
        return float(value)
    try:
        seconds = (parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):  # TypeError: only one of them has a time zone
        return None
    return seconds if seconds >= 0 and math.isfinite(seconds) else None
