"""What can go wrong on the way, each fault by a name: recorded bodies and statuses, damaged bytes, and bad lines."""

from __future__ import annotations

import functools
import json
import re
import struct
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from .answers import HTML, JSON, NO_IDS, PMC_HEAD, ROOTS, TEXT, Answer, Asked, error, head
from .corpus import View


@dataclass(slots=True)
class Fault:
    """A fault and when it strikes.

    Attributes:
        name: one of `FAULTS`.
        endpoint: "efetch", "esearch", … or "" for all.
        nth: numbers of the requests to that endpoint that it strikes, the first being 1; None for all.
        ids: strikes only requests that ask for one of these.
        times: strikes at most so often; None for ever.
        value: what the fault takes: seconds for `429` (Retry-After), `slow_drip` (per byte) and `delay`, megabytes for
            `gzip_bomb`, how many for `missing_ids`, `extra_id`, `count_drift`, levels for `deep_nesting`, the address
            for `redirect`, the text for `error_elem`. None for the usual.
    """

    name: str
    endpoint: str = ""
    nth: Collection[int] | None = None
    ids: Collection[str] = ()
    times: int | None = None
    value: str | float | None = None
    struck: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.name not in FAULTS:
            raise ValueError(f"no fault is called {self.name}; there are: {', '.join(sorted(FAULTS))}")

    def strikes(self, asked: Asked, nth: int) -> bool:
        """Whether it strikes this request, the nth of its endpoint."""
        return (
            self.endpoint in ("", asked.endpoint)
            and (self.nth is None or nth in self.nth)
            and (not self.ids or not set(map(_plain, self.ids)).isdisjoint(map(_plain, asked.ids)))
            and (self.times is None or self.struck < self.times)
        )


def _plain(identifier: str) -> str:
    return identifier.strip().lower().removeprefix("pmc")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault knows: the request, the true answer, its own value, who asks, and the server's address."""

    asked: Asked
    answer: Answer
    value: str | float | None
    caller: str
    url: str
    view: View

    def number(self, usual: float) -> float:
        return usual if self.value is None else float(self.value)


FAULTS: dict[str, Callable[[Scene], Answer]] = {}


def fault(name: str) -> Callable[[Callable[[Scene], Answer]], Callable[[Scene], Answer]]:
    def enter(make: Callable[[Scene], Answer]) -> Callable[[Scene], Answer]:
        FAULTS[name] = make
        return make

    return enter


def page(title: str, text: str) -> bytes:
    return (
        f"<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1>\n<p>{text}</p></body>\n</html>\n".encode()
    )


def limited(caller: str, limit: int, count: int, retry_after: str = "2", status: int = 429) -> Answer:
    """The answer to a request that came too early; it names the caller's address or key, as the real one does."""
    body = {"error": "API rate limit exceeded", "api-key": caller, "count": str(count), "limit": str(limit)}
    return Answer(json.dumps(body, separators=(",", ":")).encode(), status, JSON, (("Retry-After", retry_after),))


def bad_key(key: str) -> Answer:
    """The answer to a key that does not exist, which it repeats."""
    body = {"error": "API key invalid", "api-key": key, "type": "api-key", "status": "unknown"}
    return Answer(json.dumps(body, separators=(",", ":")).encode(), 400, JSON)


# Answers that take the place of the true one -----------------------------------------------------------------------


def _limited(scene: Scene, retry_after: str, status: int = 429) -> Answer:
    return limited(scene.caller, 10 if scene.asked.get("api_key") else 3, 4, retry_after, status)


@fault("429")
def _429(scene: Scene) -> Answer:
    return _limited(scene, "2" if scene.value is None else str(scene.value))


@fault("429_200")
def _429_200(scene: Scene) -> Answer:
    return _limited(scene, "2" if scene.value is None else str(scene.value), 200)


FAULTS |= {
    "retry_after_date": lambda scene: _limited(
        scene, formatdate(scene.number(4_102_444_800), usegmt=True)
    ),  # year 2100
    "retry_after_past": lambda scene: _limited(scene, formatdate(0, usegmt=True)),
    "retry_after_negative": lambda scene: _limited(scene, "-5"),
    "retry_after_abc": lambda scene: _limited(scene, "abc"),
    "retry_after_day": lambda scene: _limited(scene, "86400"),
    "retry_after_none": lambda scene: replace(_limited(scene, ""), headers=()),
    "400_key": lambda scene: bad_key(scene.asked.get("api_key") or scene.caller),
    "400_ids": lambda scene: error(replace_endpoint(scene.asked, "efetch"), NO_IDS, 400),
    "400_proxy": lambda scene: Answer(
        b"proxy_stream(): upstream answered\n"
        + page("502 Bad Gateway", "The proxy server received an invalid response."),
        400,
        HTML,
    ),
    "400_pubone": lambda scene: error(scene.asked, "Failed to connect to PubOne service", 400),
    "414": lambda scene: Answer(
        page("414 Request-URI Too Long", "The requested URL's length exceeds the capacity limit."), 414, HTML
    ),
    "500": lambda scene: Answer(page("500 Internal Server Error", "Please try again later."), 500, HTML),
    "502": lambda scene: Answer(page("502 Bad Gateway", "The proxy server received an invalid response."), 502, HTML),
    "503": lambda scene: Answer(page("503 Service Unavailable", "The server is temporarily busy."), 503, HTML),
    "html200": lambda scene: Answer(
        page("WWW Error 500 Diagnostic", "An error occurred. Please try again."), kind=HTML
    ),
    "html200_blocked": lambda scene: Answer(
        page(
            "WWW Error Blocked Diagnostic",
            f"Access Denied: your address {scene.caller} has been blocked for possible misuse.",
        ),
        kind=HTML,
    ),
    "html200_maintenance": lambda scene: Answer(
        page("NCBI: down for maintenance", "The site is under maintenance."), kind=HTML
    ),
    "captive_portal": lambda scene: Answer(
        b"<!DOCTYPE html>\n<html><head><title>Guest network</title></head><body><form method='post'>Please log in to use "
        b"this network. <input name='room'></form></body></html>\n",
        kind=HTML,
    ),
    "xhtml200": lambda scene: Answer(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        b'"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        b"<title>Error</title></head><body><p>An error occurred.</p></body></html>\n",
    ),
    "empty_body": lambda scene: replace(scene.answer, body=b""),
    "whitespace_body": lambda scene: replace(scene.answer, body=b" \n\n "),
    "prolog_only": lambda scene: replace(scene.answer, body=_prolog(scene.answer.body)),
    "empty_set": lambda scene: replace(
        scene.answer, body=_prolog(scene.answer.body) + _emptied(scene.answer.body), status=200
    ),
    "webenv_gone": lambda scene: error(scene.asked, "Unable to obtain query #1"),
    "error_elem": lambda scene: error(
        scene.asked, str(scene.value or "Search Backend failed: Database is not supported: pubmed")
    ),
    "error_elem_empty": lambda scene: Answer(_whole(scene.asked, "<ERROR></ERROR>")),
    "empty_response": lambda scene: error(
        scene.asked, " Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"
    ),
    "txclient": lambda scene: error(
        scene.asked, "NCBI C++ Exception:\n    Error: TXCLIENT(CException::eUnknown) readAll EOF"
    ),
    "exlinksrv": lambda scene: error(scene.asked, "Couldn't resolve #exLinkSrv2, the address table is empty."),
    "lower_error": lambda scene: Answer(
        PMC_HEAD.encode()
        + b"".join(
            f'<error id="{each}">The following PMCID is not available: {each}</error>'.encode()
            for each in scene.asked.ids
        )
        + b"</pmc-articleset>\n"
    ),
    "docsum_comment": lambda scene: Answer(
        head("esummary").encode()
        + b'<eSummaryResult>\n<DocumentSummarySet status="OK">\n<!-- error: cannot reach the back end -->\n'
        b"</DocumentSummarySet>\n</eSummaryResult>\n"
    ),
    "raw_newline_json": lambda scene: Answer(
        b'{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"Search Backend failed: Exception:\n'
        b"'retstart' cannot be larger than 9998.\"}}",
        kind=JSON,
    ),
    "json": lambda scene: Answer(b'{"header":{"type":"esearch","version":"0.3"}}', kind=JSON),
    "plain_text": lambda scene: Answer(b"Service busy\n", kind=TEXT),
}


def replace_endpoint(asked: Asked, endpoint: str) -> Asked:
    return replace(asked, endpoint=endpoint, parameters={k: v for k, v in asked.parameters.items() if k != "retmode"})


def _whole(asked: Asked, inside: str) -> bytes:
    endpoint = asked.endpoint if asked.endpoint in ROOTS else "efetch"
    return f"{head(endpoint)}<{ROOTS[endpoint][0]}>{inside}</{ROOTS[endpoint][0]}>\n".encode()


_ROOT = re.compile(rb"<([A-Za-z][\w-]*)[\s>/]")


def _prolog(body: bytes) -> bytes:
    """Declaration and DOCTYPE, without the root."""
    match = _ROOT.search(body)
    return body[: match.start()] if match else b'<?xml version="1.0" ?>\n'


def _emptied(body: bytes) -> bytes:
    match = _ROOT.search(body)
    name = match[1] if match else b"PubmedArticleSet"
    return b"<" + name + b"></" + name + b">\n"


# The true answer with other bytes ----------------------------------------------------------------------------------

_ARTICLE = re.compile(rb"<(PubmedArticle|PubmedBookArticle)>.*?</\1>\s*|<(article|error)\b.*?</\2>\s*", re.DOTALL)
_ID = re.compile(rb"<Id>(\d+)</Id>\n?")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>\s*")


def _listed(body: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    """A search in JSON with other ids."""
    whole = json.loads(body, strict=False)
    result = whole.get("esearchresult", {})
    if "idlist" in result:
        result["idlist"] = change(result["idlist"])
    return json.dumps(whole, separators=(",", ":")).encode()


def body_fault(name: str) -> Callable[[Callable[[bytes, Scene], bytes]], Callable[[bytes, Scene], bytes]]:
    """A fault that changes the bytes of the true answer."""

    def enter(change: Callable[[bytes, Scene], bytes]) -> Callable[[bytes, Scene], bytes]:
        FAULTS[name] = lambda scene: replace(scene.answer, body=change(scene.answer.body, scene))
        return change

    return enter


@body_fault("missing_ids")
def _missing(body: bytes, scene: Scene) -> bytes:
    """The last record, or so many, or the last ids of a search, are not there."""
    if scene.answer.kind == JSON:
        return _listed(body, lambda ids: ids[: -int(scene.number(1))])
    for _ in range(int(scene.number(1))):
        found = list((_ARTICLE if scene.asked.endpoint == "efetch" else _ID).finditer(body))
        if found:
            body = body[: found[-1].start()] + body[found[-1].end() :]
    return body


@body_fault("extra_id")
def _extra(body: bytes, scene: Scene) -> bytes:
    """A record, or an id, that nobody asked for: the first once more under another number."""
    if scene.answer.kind == JSON:
        return _listed(body, lambda ids: ["97000001", *ids])
    if scene.asked.endpoint == "esearch":
        return body.replace(b"<IdList>", b"<IdList>\n<Id>97000001</Id>", 1)
    match = _ARTICLE.search(body)
    if not match:
        return body
    other = re.sub(rb"(<PMID[^>]*>)\d+", rb"\g<1>97000001", match[0], count=1)
    other = re.sub(rb'(<ArticleId IdType="pubmed">)\d+', rb"\g<1>97000001", other)
    return body[: match.end()] + other + body[match.end() :]


@body_fault("all_versions")
def _all_versions(body: bytes, scene: Scene) -> bytes:
    """Every version of each record, not the highest only."""
    for pmid in scene.asked.ids:
        for older in scene.view.versions.get(pmid, ())[:-1]:
            body = body.replace(b"</PubmedArticleSet>", older.content + b"</PubmedArticleSet>")
    return body


@body_fault("count_drift")
def _drift(body: bytes, scene: Scene) -> bytes:
    """The count of a search is another one than its ids, as if records came in between."""
    more = int(scene.number(1))
    return re.sub(rb'(<Count>|"count":")(\d+)', lambda m: m[1] + str(int(m[2]) + more).encode(), body, count=1)


@body_fault("delete_citation")
def _deleted(body: bytes, scene: Scene) -> bytes:
    """The first id asked for (or `value`) stands in a DeleteCitation and not as a record."""
    pmid = str(scene.value or (scene.asked.ids[0].strip() if scene.asked.ids else ""))
    kept = _ARTICLE.sub(
        lambda m: b"" if re.search(rb"<PMID[^>]*>0*" + pmid.encode() + rb"<", m[0][:2000]) else m[0], body
    )
    return kept.replace(
        b"</PubmedArticleSet>",
        f'<DeleteCitation><PMID Version="1">{pmid}</PMID></DeleteCitation></PubmedArticleSet>'.encode(),
    )


def _doctype(body: bytes, new: bytes) -> bytes:
    return _DOCTYPE.sub(lambda _: new, body, count=1)


_PUBMED = b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January %s//EN" "%s">\n'


@body_fault("new_dtd")
def _new_dtd(body: bytes, scene: Scene) -> bytes:
    return body.replace(b"1st January 2025", b"1st January 2027").replace(b"_250101.dtd", b"_270101.dtd")


@body_fault("http_dtd")
def _http_dtd(body: bytes, scene: Scene) -> bytes:
    return body.replace(b"https://dtd.nlm", b"http://dtd.nlm", 1).replace(
        b"https://eutils.ncbi", b"http://eutils.ncbi", 1
    )


@body_fault("evil_dtd")
def _evil_dtd(body: bytes, scene: Scene) -> bytes:
    """A DTD on another host: the stand-in itself, so that its log shows whether somebody went there."""
    return _doctype(body, _PUBMED % (b"2025", f"{scene.url}elsewhere/pubmed_250101.dtd".encode()))


@body_fault("no_doctype")
def _no_doctype(body: bytes, scene: Scene) -> bytes:
    return _doctype(body, b"")


def _root(body: bytes) -> bytes:
    match = _ROOT.search(body)
    return match[1] if match else b"PubmedArticleSet"


def _entity_in_title(body: bytes, entity: bytes) -> bytes:
    return re.sub(rb"(<ArticleTitle>|<QueryTranslation>)", rb"\g<1>&" + entity + rb"; ", body, count=1)


@body_fault("xxe")
def _xxe(body: bytes, scene: Scene) -> bytes:
    """An entity that reads a file and one that calls the stand-in, both used in the first title."""
    inside = f'<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY far SYSTEM "{scene.url}elsewhere/entity">'.encode()
    return _entity_in_title(_doctype(body, b"<!DOCTYPE " + _root(body) + b" [" + inside + b"]>\n"), b"file;&far")


@body_fault("billion_laughs")
def _laughs(body: bytes, scene: Scene) -> bytes:
    entities = b'<!ENTITY l0 "ha">' + b"".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">'.encode() for n in range(1, 10))
    return _entity_in_title(_doctype(body, b"<!DOCTYPE " + _root(body) + b" [" + entities + b"]>\n"), b"l9")


@body_fault("deep_nesting")
def _deep(body: bytes, scene: Scene) -> bytes:
    levels = int(scene.number(1_000_000))
    root = _root(body)
    return _prolog(body) + b"<" + root + b">" + b"<b>" * levels + b"</b>" * levels + b"</" + root + b">\n"


@body_fault("unknown_element")
def _unknown(body: bytes, scene: Scene) -> bytes:
    return re.sub(rb"<Article PubModel", b'<BrandNew way="new">thing</BrandNew><Article Novel="1" PubModel', body)


@body_fault("bad_utf8")
def _bad_utf8(body: bytes, scene: Scene) -> bytes:
    return re.sub(rb"(<ArticleTitle>|<QueryTranslation>)", rb"\g<1>" + b"\xff\xfe", body, count=1)


@body_fault("ctrl_char")
def _ctrl_char(body: bytes, scene: Scene) -> bytes:
    return re.sub(rb"(<ArticleTitle>|<QueryTranslation>)", rb"\g<1>" + b"\x01", body, count=1)


@body_fault("latin1")
def _latin1(body: bytes, scene: Scene) -> bytes:
    """Declared and written as ISO-8859-1."""
    declared = re.sub(rb"<\?xml[^>]*\?>", b'<?xml version="1.0" encoding="ISO-8859-1"?>', body, count=1)
    return declared.decode().encode("iso-8859-1", "xmlcharrefreplace")


@body_fault("two_docs")
def _two_docs(body: bytes, scene: Scene) -> bytes:
    return body + body


@body_fault("bom")
def _bom(body: bytes, scene: Scene) -> bytes:
    return b"\xef\xbb\xbf" + body


@body_fault("leading_newline")
def _newline(body: bytes, scene: Scene) -> bytes:
    return b"\n" + body


@body_fault("trunc_between")
def _between(body: bytes, scene: Scene) -> bytes:
    """Cut exactly behind a record in the middle, and ended as if that were all."""
    found = list(_ARTICLE.finditer(body)) or list(_ID.finditer(body))
    return body[: found[(len(found) - 1) // 2].end()] if found else body[: len(body) // 2]


@body_fault("trunc_root")
def _trunc_root(body: bytes, scene: Scene) -> bytes:
    """Everything but the closing tag of the root."""
    return re.sub(rb"</[\w-]+>\s*$", b"", body)


@body_fault("trunc_quiet")
def _trunc_quiet(body: bytes, scene: Scene) -> bytes:
    """Cut in the middle of a record, and ended as if that were all."""
    return _half(body)


def _half(body: bytes) -> bytes:
    return body[: max(1, len(body) * 2 // 3)]


# The true answer over a bad line -----------------------------------------------------------------------------------


def _other_name(url: str) -> str:
    """The stand-in under another host name: a client that follows is seen in the log."""
    return url.replace("127.0.0.1", "localhost")


def gzipped(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


@functools.cache
def _bomb(megabytes: int) -> bytes:
    """A few hundred kilobytes that unpack to so many megabytes of spaces inside a set.

    After a full flush the same megabyte packs to the same bytes, so it is packed once only.
    """
    first, spaces, last = b'<?xml version="1.0" ?>\n<PubmedArticleSet>', b" " * (1 << 20), b"</PubmedArticleSet>"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head, block = (packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH) for part in (first, spaces))
    tail = packer.compress(last) + packer.flush()
    check = zlib.crc32(first)
    for _ in range(megabytes):
        check = zlib.crc32(spaces, check)
    size = len(first) + megabytes * len(spaces) + len(last)
    trailer = struct.pack("<II", zlib.crc32(last, check), size & 0xFFFFFFFF)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + head + block * megabytes + tail + trailer


def _line(wire: str, usual: float | None = None, gzip: bool | None = None) -> Callable[[Scene], Answer]:
    """The true answer over a line that does `wire`; `usual` seconds where the fault gives none."""

    def make(scene: Scene) -> Answer:
        return replace(scene.answer, wire=wire, gzip=gzip, value=None if usual is None else scene.number(usual))

    return make


FAULTS |= {
    "trunc_cl": _line("trunc_cl", gzip=False),  # fewer bytes than Content-Length says
    "trunc_close": _line("trunc_close", gzip=False),  # no length; closed in the middle
    "trunc_chunk": _line("trunc_chunk", gzip=False),  # closed in the middle of a chunk
    "hang": _line("hang"),
    "hang_body": _line("hang_body", gzip=False),  # two thirds of the body, then silence
    "disconnect": _line("disconnect"),
    "reset": _line("reset"),
    "bad_status": _line("bad_status"),
    "slow_drip": _line("slow_drip", 1.0, gzip=False),
    "delay": _line("delay", 1.0),
    "length": _line("length"),  # no fault: Content-Length instead of chunks
    "close": _line("close"),  # no fault: ended by closing
    "gzip": _line("chunked", gzip=True),
    "plain": _line("chunked", gzip=False),
    "gzip_bomb": lambda scene: replace(
        scene.answer, body=_bomb(int(scene.number(256))), gzip=None, headers=(("Content-Encoding", "gzip"),)
    ),
    "gzip_broken": lambda scene: replace(
        scene.answer, body=_half(gzipped(scene.answer.body)), gzip=None, headers=(("Content-Encoding", "gzip"),)
    ),
    "redirect": lambda scene: Answer(
        page("302 Found", "Moved."),
        302,
        HTML,
        (("Location", str(scene.value or f"{_other_name(scene.url)}elsewhere/")),),
    ),
    "redirect_loop": lambda scene: Answer(
        page("302 Found", "Moved."), 302, HTML, (("Location", f"{scene.url}entrez/eutils/{scene.asked.endpoint}.fcgi"),)
    ),
}
