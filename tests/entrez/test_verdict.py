"""Questions: is every kind of answer told apart, is a cut never missed, and does the reason give nothing away?"""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.entrez.verdict import Reply, Verdict, judge, public

from ..shared import SHARED, needs_shared
from .loopback import SET

KEY = "0123456789abcdef0123456789abcdef0f0e"
PROLOG = SET[: SET.index(b"<PubmedArticleSet>")]
ERROR = b"<eFetchResult><ERROR>%s</ERROR></eFetchResult>"
SEARCH = b"<eSearchResult><Count>%s</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/>%s</eSearchResult>"
SUMMARY = b'<eSummaryResult><DocumentSummarySet status="OK">%s</DocumentSummarySet></eSummaryResult>'
PMC = b'<?xml version="1.0"?><!DOCTYPE pmc-articleset PUBLIC "x" "https://dtd.nlm.nih.gov/ncbi/pmc/articleset/nlm-articleset-2.0.dtd"><pmc-articleset>%s</pmc-articleset>'


def judged(body, endpoint="efetch", status=200, **headers):
    return judge(Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body), endpoint)


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        ("efetch", SET),
        ("efetch", b"\xef\xbb\xbf" + SET),
        ("efetch", b"\n \n" + SET),
        ("efetch", SET.replace(PROLOG, b"")),
        ("efetch", SET.replace(PROLOG, b'<?xml version="1.0" encoding="ISO-8859-1"?>').replace(b">2<", b">2\xe9<")),
        ("efetch", SET.replace(b"https://dtd", b"http://dtd")),
        ("efetch", SET.replace(b"<MedlineCitation>", b'<MedlineCitation New="1"><BrandNew/>')),
        ("efetch", SET + b"<!-- end --> \n"),
        ("efetch", b'<PubmedArticleSet><DeleteCitation><PMID Version="1">3</PMID></DeleteCitation></PubmedArticleSet>'),
        ("efetch", PMC % b"<article><body><p>API key invalid, blocked</p></body></article>"),
        ("efetch", PMC % b"<article><!--The publisher of this article does not allow downloading.--></article>"),
        ("efetch", PMC % b"<article><p><![CDATA[<ERROR>in a listing of code</ERROR>]]></p></article>"),
        ("efetch", PMC % b'<error id="9">The following PMCID is not available: 9</error>'),
        ("esearch", SEARCH % (b"2", b"<ErrorList><FieldNotFound>NoSuchField</FieldNotFound></ErrorList>")),
        (
            "esummary",
            SUMMARY % b'<DocumentSummary uid="9"><error>cannot get document summary</error></DocumentSummary>',
        ),
        ("esummary", b"<eSummaryResult><DocSum><Id>1</Id></DocSum></eSummaryResult>"),
        ("espell", b"<eSpellResult><Query>x</Query><CorrectedQuery></CorrectedQuery><ERROR/></eSpellResult>"),
        ("espell", b"<eSpellResult><Query>x</Query><ERROR></ERROR></eSpellResult>"),
        ("einfo", b"<eInfoResult><DbInfo><DbName>pubmed</DbName></DbInfo></eInfoResult>"),
        ("epost", b"<ePostResult><QueryKey>1</QueryKey><WebEnv>x</WebEnv></ePostResult>"),
        ("elink", b"<eLinkResult><LinkSet/></eLinkResult>"),
        ("esearch", b'{"header":{},"esearchresult":{"count":"1","idlist":["1"]}}'),
        ("esummary", b'{"header":{},"result":{"uids":["1"],"1":{"error":"cannot get document summary"}}}'),
        ("idconv", b'{"status":"ok","records":[{"pmid":9,"status":"error","errmsg":"Identifier not found in PMC"}]}'),
    ],
)
def test_ok(endpoint, body):
    judgement = judged(body, endpoint)
    assert (judgement.verdict, judgement.reason, judgement.notes) == (Verdict.OK, "", ())


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        ("efetch", PROLOG + b"<PubmedArticleSet></PubmedArticleSet>"),
        ("efetch", b"<PubmedArticleSet/>"),
        ("efetch", PMC % b""),
        ("esearch", SEARCH % (b"0", b"")),
        (
            "esearch",
            SEARCH
            % (
                b" 0 ",
                b"<ErrorList><PhraseNotFound>ketaminee</PhraseNotFound></ErrorList>"
                b"<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>",
            ),
        ),
        ("esummary", SUMMARY % b""),
        ("elink", b"<eLinkResult></eLinkResult>"),
        ("esearch", b'{"header":{},"esearchresult":{"count":"0","idlist":[]}}'),
        ("esummary", b'{"header":{},"result":{"uids":[]}}'),
        ("idconv", b'{"status":"ok","records":[]}'),
    ],
)
def test_empty(endpoint, body):
    assert judged(body, endpoint).verdict is Verdict.EMPTY


LIMITED = f'{{"error":"API rate limit exceeded","api-key":"{KEY}","count":"4","limit":"3"}}'.encode()
INVALID = f'{{"error":"API key invalid","api-key":"{KEY}","type":"x","status":"unknown"}}'.encode()


@pytest.mark.parametrize(
    ("verdict", "status", "endpoint", "body"),
    [
        (Verdict.RATE_LIMITED, 429, "efetch", LIMITED),
        (Verdict.RATE_LIMITED, 429, "efetch", b""),
        (Verdict.RATE_LIMITED, 200, "efetch", LIMITED),
        (Verdict.RATE_LIMITED, 200, "esearch", LIMITED[:60]),
        (Verdict.BAD_KEY, 400, "efetch", INVALID),
        (Verdict.BAD_KEY, 200, "efetch", INVALID),
        # their own trouble
        *((Verdict.TRANSIENT, status, "efetch", b"<html>x</html>") for status in (500, 502, 503, 504)),
        (Verdict.TRANSIENT, 500, "efetch", b""),
        (Verdict.TRANSIENT, 503, "esearch", SEARCH % (b"0", b"")),
        (Verdict.TRANSIENT, 408, "efetch", b""),
        (Verdict.TRANSIENT, 400, "efetch", b"proxy_stream()\n<html><title>502 Bad Gateway</title></html>"),
        (Verdict.TRANSIENT, 400, "efetch", ERROR % b"Failed to connect to PubOne service: invalid value"),
        (Verdict.TRANSIENT, 200, "efetch", b""),
        (Verdict.TRANSIENT, 200, "esearch", b" \n\n "),
        (Verdict.TRANSIENT, 200, "efetch", PROLOG),
        (Verdict.TRANSIENT, 200, "efetch", b'<?xml version="1.0"?>'),
        (Verdict.TRANSIENT, 200, "efetch", ERROR % b" Error: External viewer error: Empty Response. Bytes read: 0"),
        (Verdict.TRANSIENT, 200, "esearch", SEARCH % (b"0", b"<ERROR>Search Backend failed: x</ERROR>")),
        (Verdict.TRANSIENT, 200, "elink", b"<eLinkResult><LinkSet><ERROR>Couldn't resolve #exLinkSrv2, the address table is empty.</ERROR></LinkSet></eLinkResult>"),
        (Verdict.TRANSIENT, 200, "efetch", b"<PubmedArticleSet><PubmedArticle/><ERROR>something new</ERROR></PubmedArticleSet>"),
        (Verdict.TRANSIENT, 200, "esummary", SUMMARY % b"<!-- backend failed -->"),
        (Verdict.TRANSIENT, 200, "efetch", b"<PubmedArticleSet><!-- backend failed --></PubmedArticleSet>"),
        (Verdict.TRANSIENT, 200, "efetch", ERROR % b""),
        (Verdict.TRANSIENT, 200, "efetch", b"<PubmedArticleSet><ERROR/></PubmedArticleSet>"),
        (Verdict.TRANSIENT, 200, "esearch", b"<eSearchResult><ERROR></ERROR></eSearchResult>"),
        (Verdict.TRANSIENT, 200, "esearch", b"<eSearchResult></eSearchResult>"),
        (Verdict.TRANSIENT, 200, "einfo", b"<eInfoResult/>"),
        (Verdict.TRANSIENT, 200, "elink", b"NCBI C++ Exception: TXCLIENT(CException::eUnknown) readAll EOF"),
        (Verdict.TRANSIENT, 200, "esearch", b'{"header":{},"esearchresult":{"ERROR":"Search Backend failed: x"}}'),
        # the asker's fault
        (Verdict.BAD_REQUEST, 400, "efetch", ERROR % b"ID list is empty! Possibly it has no correct IDs."),
        (Verdict.BAD_REQUEST, 200, "efetch", ERROR % b"ID list is empty! Possibly it has no correct IDs."),
        (Verdict.BAD_REQUEST, 400, "efetch", b"ID+list+is+empty!+Possibly+it+has+no+correct+IDs."),
        (Verdict.BAD_REQUEST, 200, "esearch", b"<eSearchResult><ERROR>Search Backend failed: Exception:\n'retstart' cannot be larger than 9998.</ERROR></eSearchResult>"),
        (Verdict.BAD_REQUEST, 200, "esearch", b'{"esearchresult":{"ERROR":"Search Backend failed: Exception:\n\'retstart\' cannot be larger than 9998."}}'),
        (Verdict.BAD_REQUEST, 200, "esearch", b'{"esearchresult":{"ERROR":"Invalid db name specified: nonsense_db"}}'),
        (Verdict.BAD_REQUEST, 200, "esummary", b'{"esummaryresult":["Invalid uid abc at position=0"]}'),
        (Verdict.BAD_REQUEST, 200, "esearch", b"<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>"),
        (Verdict.BAD_REQUEST, 200, "efetch", ERROR % b"Unable to obtain query #1"),
        (Verdict.BAD_REQUEST, 200, "epost", b"<ePostResult><ERROR>Some IDs have invalid value and were omitted.</ERROR></ePostResult>"),
        (Verdict.BAD_REQUEST, 400, "idconv", b'{"status":"error","message":"the ids are of several types"}'),
        (Verdict.BAD_REQUEST, 400, "efetch", b"no such thing"),
        (Verdict.BAD_REQUEST, 400, "efetch", b""),
        (Verdict.BAD_REQUEST, 414, "efetch", b"<html><title>414 Request-URI Too Long</title></html>"),
        (Verdict.BAD_REQUEST, 413, "efetch", b""),
        # web pages
        (Verdict.BLOCKED, 200, "efetch", b"<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head></html>"),
        (Verdict.BLOCKED, 403, "efetch", b"<html><title>403 Forbidden</title></html>"),
        (Verdict.BLOCKED, 403, "efetch", b""),
        (Verdict.BLOCKED, 200, "efetch", b"<!DOCTYPE HTML><TITLE>NCBI</TITLE><p>Your access <b>has been</b> blocked"),
        (Verdict.NOT_XML, 200, "efetch", b"<html><title>WWW Error 500 Diagnostic</title></html>"),
        (Verdict.NOT_XML, 200, "esearch", b"<!DOCTYPE html><html><title>Sign in</title></html>"),
        (Verdict.NOT_XML, 404, "efetch", b"<html><title>Not Found</title></html>"),
        (Verdict.NOT_XML, 200, "efetch", b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Error</title></head></html>'),
        (Verdict.NOT_XML, 511, "efetch", b""),
        (Verdict.NOT_XML, 407, "efetch", b""),
        (Verdict.NOT_XML, 302, "efetch", b"<html>Moved</html>"),
        # neither
        (Verdict.NOT_XML, 200, "efetch", b"id: 5 Error occurred: The following PMID is not available: 5"),
        (Verdict.NOT_XML, 200, "efetch", b"\x1f\x8b\x08\x00\x00"),
        (Verdict.NOT_XML, 200, "efetch", b'<?xml version="1.0" encoding="no-such-thing"?><PubmedArticleSet/>'),
        (Verdict.NOT_XML, 200, "efetch", b'<?xml version="1.0" encoding="shift_jis"?><PubmedArticleSet/>'),
        (Verdict.NOT_XML, 200, "efetch", b'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&x;</PubmedArticleSet>'),
        (Verdict.NOT_XML, 200, "efetch", b'<!DOCTYPE PubmedArticleSet [<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;]><PubmedArticleSet/>'),
        (Verdict.NOT_XML, 200, "efetch", b"<PubmedArticleSet>" + b"<a>" * 1_000_000),
        (Verdict.NOT_XML, 200, "esearch", b"[" * 1_000_000),
        # half
        (Verdict.INCOMPLETE, 200, "efetch", SET[:-40]),
        (Verdict.INCOMPLETE, 200, "efetch", SET[: SET.rindex(b"</PubmedArticleSet>")]),
        (Verdict.INCOMPLETE, 200, "efetch", SET[: SET.index(b"<PubmedArticle>")]),
        (Verdict.INCOMPLETE, 200, "efetch", SET[:60]),
        (Verdict.INCOMPLETE, 200, "efetch", SET + SET),
        (Verdict.INCOMPLETE, 200, "efetch", SET + b"<ERROR"),
        (Verdict.INCOMPLETE, 200, "efetch", b"<PubmedArticleSet>\x01</PubmedArticleSet>"),
        (Verdict.INCOMPLETE, 200, "esearch", (SEARCH % (b"0", b""))[:-5]),
        (Verdict.INCOMPLETE, 200, "esearch", SEARCH % (b"1", b"<QueryTranslation>\xff</QueryTranslation>")),
        (Verdict.INCOMPLETE, 200, "esearch", b'{"header":{},"esearchresult":{"count":"1",'),
        (Verdict.INCOMPLETE, 200, "idconv", b'{"records":[]}{"records":[]}'),
        # unknown
        (Verdict.DRIFT, 200, "efetch", b"<NewArticleSet/>"),
        (Verdict.DRIFT, 200, "efetch", SEARCH % (b"1", b"")),
        (Verdict.DRIFT, 200, "esearch", b"<eSearchResult><IdList/></eSearchResult>"),
        (Verdict.DRIFT, 200, "esearch", SEARCH % (b"many", b"")),
        (Verdict.DRIFT, 200, "esearch", b'{"header":{"type":"esearch"}}'),
        (Verdict.DRIFT, 200, "efetch", b'{"result":{}}'),
        (Verdict.DRIFT, 200, "idconv", b"[1]"),
        (Verdict.DRIFT, 200, "idconv", SET),
        (Verdict.DRIFT, 410, "efetch", b""),
    ],
)  # fmt: skip
def test_everything_else(verdict, status, endpoint, body):
    judgement = judged(body, endpoint, status)
    assert judgement.verdict is verdict, judgement
    assert judgement.reason
    assert KEY not in judgement.reason
    assert "192.0.2" not in judgement.reason
    assert len(judgement.reason) < 450


# --- cuts ------------------------------------------------------------------------------------------------------------


def test_no_cut_anywhere_is_taken_for_an_answer():
    body = SET.strip()
    for end in range(len(body)):
        assert judged(body[:end]).verdict in {Verdict.INCOMPLETE, Verdict.TRANSIENT, Verdict.NOT_XML}, body[:end]
    assert judged(body).verdict is Verdict.OK


@pytest.mark.parametrize(
    "damage",
    [b"\xff\xfe", b"\x01", b"<i>", b"</i>", b"&nosuchthing;", b"a & b", b"a < b", b'<x y="1" y="2"/>'],
)
def test_damage_inside_a_record_is_a_note_and_keeps_its_neighbours(damage):
    body = SET.replace(PROLOG, b"").replace(b">1</PMID>", b">1</PMID><ArticleTitle>" + damage + b"</ArticleTitle>")
    judgement = judged(body)
    assert judgement.verdict is Verdict.OK
    assert "a record is damaged" in judgement.notes[0]
    for end in (body.index(damage) + len(damage), len(body) - 25):
        assert judged(body[:end]).verdict is Verdict.INCOMPLETE
    assert judged(body + body).verdict is Verdict.INCOMPLETE


def test_an_error_behind_damage_is_still_seen():
    body = SET.replace(b">1</PMID>", b">1</PMID>\x01").replace(
        b"</PubmedArticleSet>", b"<ERROR>Search Backend failed</ERROR></PubmedArticleSet>"
    )
    assert judged(body).verdict is Verdict.TRANSIENT


# --- what is told ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "note"),
    [
        (b"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_270101.dtd", "the answer follows a newer DTD, 270101, than"),
        (b"https://example.org/ncbi/pubmed/out/pubmed_250101.dtd", "the answer names a DTD at example.org, which was"),
        (b"https://evilnlm.nih.gov.example.org/pubmed_250101.dtd", "evilnlm.nih.gov.example.org"),
    ],
)
def test_another_dtd_is_a_note(system, note):
    judgement = judged(re.sub(rb'"https://[^"]+"', b'"' + system + b'"', SET))
    assert judgement.verdict is Verdict.OK
    assert len(judgement.notes) == 1
    assert note in judgement.notes[0]


def test_a_redirection_is_told_by_its_host_only():
    reason = judged(b"", status=302, location=f"https://login.example.org/x?api_key={KEY}&u=me@example.org").reason
    assert "https://login.example.org" in reason
    assert KEY not in reason
    assert judged(b"", status=301, location="http://[").verdict is Verdict.NOT_XML
    assert judged(b"", status=301).verdict is Verdict.NOT_XML


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "2"}, 2),
        ({"retry_after": "0"}, 0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "86400"}, 86400),
        ({"retry_after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30),
        ({"retry_after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
        ({"retry_after": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "abc"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "9" * 400}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert judged(b"", status=429, **headers).retry_after == seconds
    assert judged(b"", status=503, **headers).retry_after == seconds
    assert judged(SET, **headers).retry_after is None


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        "192.0.2.17",
        "me.and+you@mail.example.org",
        "me%40example.org",
        "2001:db8::8a2e:370:7334",
        "::ffff:c000:221",
    ],
)
def test_reasons_hold_no_secret(secret):
    for body in (ERROR % f"strange: {secret} was seen".encode(), f"<html><title>Blocked {secret}</title>".encode()):
        for status in (200, 400, 503):
            assert secret not in judged(body, status=status).reason


def test_a_secret_at_the_end_of_a_long_text_is_not_cut_in_half():
    assert KEY[:6] not in public("192.0.2.1 " * 196 + "x " * 15 + KEY)


def test_words_of_others_are_harmless_on_a_terminal():
    reason = judged(b"<html><title>a\x1b]0;owned\x07b\xe2\x80\xae\n\n&lt;c&gt;</title></html>").reason
    assert "“ab <c>”" in reason
    assert public("at 12:34:56, line 3") == "at 12:34:56, line 3"


def test_nothing_private_is_in_the_repr():
    assert KEY not in repr(Reply(400, {"set-cookie": KEY}, INVALID))


# --- anything at all -------------------------------------------------------------------------------------------------

PARTS = st.sampled_from(
    [
        PROLOG, SET, b"<PubmedArticleSet>", b"</PubmedArticleSet>", b"<PubmedArticle>", b"</PubmedArticle>", b"<ERROR>",
        b"</ERROR>", b"<!--", b"-->", b"<!DOCTYPE x [", b"]>", b"<![CDATA[", b"]]>", b'{"', b'":', b"}", b"[", b"\xff", b"\0",
        b"<html>", b"<title>", b"&x;", b"<eSearchResult>", b"<Count>0</Count>", b"</eSearchResult>", b"text", b"\n",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    body=st.lists(PARTS | st.binary(max_size=5), max_size=12).map(b"".join),
    status=st.sampled_from([200, 200, 200, 400, 429, 500, 302]),
    endpoint=st.sampled_from(["efetch", "esearch", "idconv", "esummary"]),
    header=st.text(max_size=20),
)
def test_no_answer_breaks_it_and_nothing_unclosed_is_accepted(body, status, endpoint, header):
    judgement = judged(body, endpoint, status, retry_after=header, date=header, location=header)
    if judgement.verdict in {Verdict.OK, Verdict.EMPTY} and endpoint != "idconv":
        assert status == 200
        assert re.search(rb"(</(PubmedArticleSet|eSearchResult)\s*>(\s|<!--.*?-->)*|\})\s*\Z", body, re.DOTALL)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<script>" * 200_000,
        b"<html>" + b"<!--" * 200_000,
        b"<html><title>" + b"a" * 1_000_000,
        b"<PubmedArticleSet><a>" + b"<ERROR" * 200_000,
        SET.replace(b">1<", b">1\x01<") + b"<!-- -->" * 100_000 + b"x",
        ERROR % (b"a@" * 500_000),
        b"a" * 1_000_000,
        b"1:" * 500_000,
    ],
)
def test_hostile_answers_take_no_long_time(body):
    for status in (200, 400):
        began = time.process_time()
        judged(body, status=status)
        assert time.process_time() - began < 2


@needs_shared
def test_recorded_answers_are_what_they_are():
    files = [*(SHARED / "recorded" / "eutils").rglob("e*.xml"), *(SHARED / "recorded" / "pubmed_xml").rglob("*.xml")]
    verdicts = {}
    for path in files:
        endpoint = next(
            (
                name
                for name in ("einfo", "elink", "epost", "esearch", "espell", "esummary")
                if path.name.startswith(name)
            ),
            "efetch",
        )
        judgement = judged(path.read_bytes(), endpoint)
        verdicts[path.name] = judgement.verdict
        if endpoint == "efetch" and judgement.verdict is Verdict.OK:
            assert b"<PubmedArticle" in path.read_bytes() or b"DeleteCitation" in path.read_bytes()
    assert sum(verdict is Verdict.OK for verdict in verdicts.values()) > 150
    assert verdicts["esearch8.xml"] is Verdict.EMPTY
    assert verdicts["epost2.xml"] is verdicts["esummary8.xml"] is Verdict.BAD_REQUEST
