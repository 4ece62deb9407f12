"""Questions: is NCBI asked with manners, does every failure end in a clear word, and does nothing secret get out?"""

import gzip
import io
import socket
import ssl
import subprocess
import threading
import time
import traceback
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from email.utils import formatdate

import pytest
from Bio import Entrez

from ketalit.entrez import Settings, Transport
from ketalit.entrez import transport as module
from ketalit.errors import InputError, NcbiError, OfflineError

from .loopback import SET, Drip, Hang, Loopback, chunked, packed, reply

KEY = "0123456789abcdef0123456789abcdef0f0e"
EMAIL = "reviewer@example.org"
HTML = b"<!DOCTYPE html><html><head><title>Sign in to the hospital network</title></head><body>Sign in</body></html>"


def at(server, tmp_path, **changes):
    given = {"connect_timeout": 60, "read_timeout": 60, "total_timeout": 60, "backoff": 0.01, "longest_pause": 0.5}
    given |= {"api_key": KEY, "email": EMAIL, "state": tmp_path} | changes
    idconv = f"{server.url}tools/idconv/api/v1/articles/"
    return Settings(base_url=f"{server.url}entrez/eutils/", idconv_url=idconv, **given)


@pytest.fixture
def ask(tmp_path):
    """Ask a server for two records with these scripts; gives answer or error, the server, and what was said."""

    def asking(*scripts, endpoint="efetch", parameters=None, ids=("1", "2"), post=False, **changes):
        said = []
        for kind, limit in ((Hang, "read_timeout"), (Drip, "total_timeout")):
            if any(isinstance(script, kind) for script in scripts):  # else a busy machine has all the time it needs
                changes = {limit: 1} | changes
        with Loopback(*scripts) as server:
            transport = Transport(at(server, tmp_path, **changes), say=said.append)
            parameters = {"db": "pubmed", "retmode": "xml"} if parameters is None else parameters
            try:
                outcome = transport.ask(endpoint, parameters, ids=ids, post=post)
            except (InputError, NcbiError, OfflineError) as error:
                outcome = error
        assert transport.requests == len(server.asked)
        shown = f"{outcome!r} {outcome} {said} {transport.settings!r}"
        if isinstance(outcome, Exception):
            shown += "".join(traceback.format_exception(outcome))
            assert outcome.__cause__ is None
            assert outcome.__context__ is None
        assert KEY not in shown
        assert EMAIL not in shown
        return outcome, server, said

    return asking


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_question_names_tool_email_and_key_and_is_answered(ask):
    answer, server, said = ask(
        reply("200 OK", SET, "NCBI-PHID: 322C7E4A8C1F2B850000396E0B3A5BAD.1.1.m_5", "X-RateLimit-Limit: 10"),
        parameters={"db": "pubmed", "term": ""},
    )
    assert answer.body == SET
    assert (answer.empty, answer.requests, answer.phid, answer.endpoint) == (
        False,
        1,
        "322C7E4A8C1F2B850000396E0B3A5BAD.1.1.m_5",
        "efetch",
    )
    assert answer.at.endswith("+00:00")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/entrez/eutils/efetch.fcgi")
    # “term” is empty, so it is not sent.
    assert asked.parameters == {
        "db": ["pubmed"], "id": ["1,2"], "tool": ["ketalit"], "email": [EMAIL], "api_key": [KEY],
    }  # fmt: skip
    assert asked.headers["accept-encoding"] == "gzip"
    assert not said


def test_neither_email_nor_key_are_sent_or_warned_of_when_there_are_none(ask, monkeypatch):
    monkeypatch.setattr(Entrez, "email", "somebody-else@example.org")
    monkeypatch.setattr(Entrez, "api_key", "of somebody else")
    _, server, _ = ask(api_key="", email="")
    assert set(server.asked[0].parameters) == {"db", "retmode", "id", "tool"}


@pytest.mark.parametrize(
    ("ids", "post", "method"),
    [
        (["1"] * 150, False, "GET"),
        (["1"] * 151, False, "POST"),
        (["1"], True, "POST"),
        (["12345678"] * 149, False, "POST"),
    ],
)
def test_long_questions_are_posted(ask, ids, post, method):
    _, server, _ = ask(ids=ids, post=post)
    assert server.asked[0].method == method
    assert server.asked[0].parameters["id"] == [",".join(ids)]
    assert server.asked[0].parameters["api_key"] == [KEY]


def test_elink_keeps_its_sources_apart(ask):
    body = b"<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom></LinkSet></eLinkResult>"
    _, server, _ = ask(reply("200 OK", body), endpoint="elink", parameters={"dbfrom": "pubmed", "db": "pmc"})
    assert server.asked[0].parameters["id"] == ["1", "2"]


def test_the_id_converter_is_asked_at_its_own_address_without_the_key(ask):
    body = b'{"status":"ok","records":[{"pmid":1,"pmcid":"PMC1"}]}'
    answer, server, _ = ask(reply("200 OK", body), endpoint="idconv", parameters={"format": "json"})
    assert answer.body == body
    assert server.asked[0].path == "/tools/idconv/api/v1/articles/"
    assert server.asked[0].parameters == {"format": ["json"], "ids": ["1,2"], "tool": ["ketalit"], "email": [EMAIL]}


def test_everybody_elses_use_of_bio_entrez_goes_where_it_always_went(ask):
    ask()
    gone = []

    class Elsewhere(urllib.request.HTTPSHandler):
        def https_open(self, req):
            gone.append(req.full_url)
            response = urllib.request.addinfourl(io.BytesIO(b"<x/>"), Message(), req.full_url, 200)
            response.msg = "OK"
            return response

    urllib.request.install_opener(urllib.request.build_opener(Elsewhere()))
    try:
        Entrez.einfo(db="pubmed", email=EMAIL, tool="other").close()
    finally:
        urllib.request.install_opener(None)
    assert gone == [
        f"https://eutils.ncbi.nlm.nih.gov/entrez/eutils/einfo.fcgi?db=pubmed&email={EMAIL.replace('@', '%40')}&tool=other"
    ]


# --- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        chunked(SET),
        packed(),
        packed(announce=False),
        reply("200 OK", gzip.compress(SET[:100]) + gzip.compress(SET[100:]), "Content-Encoding: gzip"),
        reply("200 OK", gzip.compress(gzip.compress(SET)), "Content-Encoding: gzip"),
        reply("200 OK", SET, "Content-Encoding: gzip"),
        reply("200 OK", SET, "Content-Type: text/plain"),
        reply("200 OK", SET, length=False),
    ],
)
def test_however_it_is_sent_the_body_is_the_same(ask, script):
    answer, server, _ = ask(script)
    assert answer.body == SET
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"GARBAGE\r\n\r\n",
        ConnectionResetError,
        Hang(),
        Hang(reply()[:-20]),
        reply("500 Internal Server Error", b"<html><title>Error</title></html>"),
        reply("502 Bad Gateway", b""),
        reply("503 Service Unavailable", HTML),
        reply("400 Bad Request", b"Error occurred: proxy_stream() 502 Bad Gateway"),
        reply("400 Bad Request", b"<eFetchResult><ERROR>Failed to connect to PubOne service</ERROR></eFetchResult>"),
        reply("429 Too Many Requests", b'{"error":"API rate limit exceeded"}'),
        reply("200 OK", b'{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4","limit":"3"}'),
        reply("200 OK", b""),
        reply("200 OK", b" \n \n"),
        reply("200 OK", SET[: SET.index(b"<PubmedArticleSet>")]),
        reply("200 OK", SET, length=len(SET) + 10),
        reply("200 OK", SET[:-60]),
        reply("200 OK", SET[: SET.rindex(b"</PubmedArticleSet>")]),
        chunked(SET, cut=30),
        chunked(SET, end=b""),
        packed()[:-12],
        reply("200 OK", gzip.compress(SET)[:60], "Content-Encoding: gzip"),
        reply("200 OK", b"\x1f\x8b\x08\x00rubbish", "Content-Encoding: gzip"),
        reply("200 OK", b"<html><title>WWW Error 500 Diagnostic</title></html>"),
        reply("200 OK", SET + SET),
    ],
)
def test_a_passing_failure_is_got_over(ask, bad):
    answer, server, said = ask(bad, reply())
    assert answer.body == SET
    assert answer.requests == len(server.asked) == 2
    assert any(line.startswith("attempt 2 of") for line in said)


def test_three_failures_in_a_row_are_got_over(ask):
    answer, server, _ = ask(*[reply("500 Internal Server Error", b"")] * 3, reply())
    assert (answer.requests, len(server.asked)) == (4, 4)


@pytest.mark.parametrize(
    ("script", "verdict", "words", "requests"),
    [
        (reply("503 Service Unavailable", b""), "transient", "HTTP 503", 5),
        (reply("429 Too Many Requests", b""), "rate limited", "too many requests", 5),
        (reply("200 OK", b" "), "transient", "the answer is empty", 5),
        (reply("200 OK", SET[:-30]), "incomplete", "before </PubmedArticleSet>", 5),
        (reply("200 OK", HTML), "not XML", "“Sign in to the hospital network”", 3),
        (reply("200 OK", b"<html><title>NCBI - WWW Error Blocked Diagnostic</title></html>"), "blocked", "Blocked", 1),
        (reply("200 OK", b"<somethingNew/>"), "drift", "<somethingNew>", 1),
        (reply("302 Found", b"", "Location: https://elsewhere.example/x?api_key=" + KEY), "not XML", "elsewhere", 1),
        (Drip(reply()), "transient", "not complete after 1 s", 2),
        (Drip(chunked(SET)), "transient", "not complete after 1 s", 2),
        (Hang(), "transient", "no byte came", 5),
    ],
)
def test_a_lasting_failure_ends_in_a_clear_word(ask, script, verdict, words, requests):
    error, server, _ = ask(script)
    assert isinstance(error, NcbiError)
    assert (error.verdict, error.exit_code) == (verdict, 3)
    assert words in str(error)
    assert len(server.asked) == requests


def test_a_redirection_within_the_host_is_followed_and_a_circle_is_not(tmp_path):
    with Loopback() as server:
        to = f"Location: {server.url}entrez/eutils/efetch.fcgi?moved=1"
        server.scripts = [reply("302 Found", b"", to), reply()]
        assert Transport(at(server, tmp_path)).ask("efetch", {"db": "pubmed"}, ids=["1"]).body == SET
        server.scripts = [reply("302 Found", b"", to)]
        server.asked.clear()
        transport = Transport(at(server, tmp_path))
        with pytest.raises(NcbiError, match="in a circle"):
            transport.ask("efetch", {"db": "pubmed"}, ids=["1"])
        times = [asked.at for asked in server.asked]
        assert transport.requests == len(times) <= 6
        assert times[-1] - times[0] > 0.05 * (len(times) - 1)  # each has waited its turn
        with pytest.raises(NcbiError, match="not followed"):  # a POST would lose its ids on the way
            Transport(at(server, tmp_path)).ask("efetch", {"db": "pubmed"}, ids=["1"], post=True)


@pytest.mark.parametrize("location", ["http://[", "file:///etc/passwd", "//[::1", "http://127.0.0.1:x/", "gopher://x"])
def test_a_redirection_to_nonsense_is_not_followed(ask, location):
    error, server, _ = ask(reply("302 Found", b"", f"Location: {location}"))
    assert isinstance(error, NcbiError)
    assert error.verdict == "not XML"
    assert len(server.asked) == 1


def test_a_redirection_elsewhere_is_not_followed(tmp_path):
    with Loopback() as other, Loopback(reply("302 Found", b"", f"Location: {other.url}")) as server:
        with pytest.raises(NcbiError, match="redirection"):
            Transport(at(server, tmp_path)).ask("efetch", {"db": "pubmed"}, ids=["1"])
        assert not other.asked


def test_a_bomb_does_not_fill_the_memory(ask):
    error, server, _ = ask(packed(b" " * (30 << 20)), largest_answer=1 << 20)
    assert isinstance(error, NcbiError)
    assert "larger than 1 MB" in str(error)
    assert len(server.asked) == 1
    error, _, _ = ask(reply("200 OK", b" " * (2 << 20)), largest_answer=1 << 20)
    assert "larger than 1 MB" in str(error)


def test_a_bad_key_is_told_by_its_last_four_and_not_tried_again(ask):
    body = f'{{"error":"API key invalid","api-key":"{KEY}","type":"x","status":"unknown"}}'.encode()
    error, server, _ = ask(reply("400 Bad Request", body))
    assert isinstance(error, InputError)
    assert str(error).startswith("NCBI_API_KEY: NCBI does not accept the API key …0f0e")
    assert len(server.asked) == 1


def test_a_bad_request_carries_ncbis_words_and_is_not_tried_again(ask):
    body = b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
    error, server, _ = ask(reply("400 Bad Request", body))
    assert isinstance(error, InputError)
    assert "ID list is empty! Possibly it has no correct IDs" in str(error)
    assert len(server.asked) == 1


def test_secrets_echoed_in_an_error_are_not_repeated(ask):
    body = f"<eFetchResult><ERROR>strange: {KEY} {EMAIL} 198.51.100.7</ERROR></eFetchResult>".encode()
    error, _, said = ask(reply("200 OK", body), attempts=2)
    assert "strange: … … …" in str(error)
    assert "strange: … … …" in said[0]
    error, _, _ = ask(reply("200 OK", b"<x>my secret</x>".replace(b"x", b"mysecret")), api_key="mysecret")
    assert "mysecret" not in str(error)


def test_a_newer_dtd_is_noted_once(tmp_path):
    said = []
    with Loopback(reply("200 OK", SET.replace(b"pubmed_250101", b"pubmed_270101"))) as server:
        transport = Transport(at(server, tmp_path), say=said.append)
        notes = [transport.ask("efetch", {"db": "pubmed"}, ids=["1"]).notes for _ in range(2)]
    assert notes[0] == notes[1]
    assert "270101" in notes[0][0]
    assert len(said) == 1


# --- pauses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "least"),
    [
        ("0.4", 0.4),
        ("86400", 0.5),  # not longer than the longest pause
        ("-5", 0.0),
        ("abc", 0.0),
        ("0", 0.0),
        (3600, 0.5),  # as a date
        (-3600, 0.0),
    ],
)
def test_the_pause_that_is_asked_for_is_made_within_reason(ask, value, least):
    if isinstance(value, int):
        value = formatdate(time.time() + value, usegmt=True)
    headers = f"Retry-After: {value}", f"Date: {formatdate(usegmt=True)}"
    _, server, _ = ask(reply("429 Too Many Requests", b"", *headers), reply())
    first, second = (asked.at for asked in server.asked)
    assert least <= second - first < 30  # far from the day or the hour that is asked for, on a busy machine too


def test_the_pause_is_everybodys(tmp_path, monkeypatch):
    paused, pause = threading.Event(), module.Limiter.pause
    monkeypatch.setattr(module.Limiter, "pause", lambda *given: (pause(*given), paused.set()))
    with Loopback(reply("429 Too Many Requests", b"", "Retry-After: 1"), reply()) as server:
        settings = at(server, tmp_path, longest_pause=60)
        one, other = Transport(settings), Transport(settings)
        with ThreadPoolExecutor() as pool:
            first = pool.submit(one.ask, "efetch", {"db": "pubmed"}, ids=["1"])
            assert paused.wait(60)
            other.ask("efetch", {"db": "pubmed"}, ids=["2"])
            first.result()
        assert min(asked.at for asked in server.asked[1:]) - server.asked[0].at >= 0.95


def test_long_waits_are_said(ask):
    _, _, said = ask(reply("429 Too Many Requests", b"", "Retry-After: 2"), reply(), longest_pause=60)
    assert said == ["attempt 2 of 5: too many requests a second", "waiting 2 s: NCBI asks for a pause"]


def test_threads_share_the_pace(tmp_path):
    with Loopback() as server:
        transport = Transport(at(server, tmp_path))
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda pmid: transport.ask("efetch", {"db": "pubmed"}, ids=[pmid]), "123456789abc"))
    assert len(answers) == transport.requests == 12
    times = sorted(asked.at for asked in server.asked)
    assert times[10] - times[0] >= 0.7  # 11 starts take a second; the first may have been slow on its way
    assert {"".join(asked.parameters["id"]) for asked in server.asked} == set("123456789abc")


# --- no connection ---------------------------------------------------------------------------------------------------


@pytest.fixture
def nowhere():
    """An address on this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    class Nowhere:
        url = f"http://127.0.0.1:{port}/"

    return Nowhere


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (None, "the connection was refused"),
        (socket.gaierror(-2, "Name or service not known"), "its name cannot be looked up"),
        (OSError(101, "Network is unreachable"), "network is unreachable"),
        (TimeoutError("timed out"), "no connection within the time limit"),
        (OSError("Tunnel connection failed: 407 Proxy Authentication Required"), "Tunnel connection failed: 407"),
    ],
)
def test_no_network_is_said_soon_and_calmly(nowhere, tmp_path, monkeypatch, failure, words):
    if failure:

        def fail(*_args, **_kwargs):
            raise failure

        monkeypatch.setattr(socket, "create_connection", fail)
    transport = Transport(at(nowhere, tmp_path))
    with pytest.raises(OfflineError, match="(?i)" + words) as caught:
        transport.ask("einfo", {"db": "pubmed"})
    assert "still works" in str(caught.value)
    assert caught.value.exit_code == 3
    assert transport.requests == 2


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*command, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl cannot make a certificate here")
    return key, cert


class Secure(Loopback):
    def __init__(self, key, cert, *scripts):
        super().__init__(*scripts)
        self.url = self.url.replace("http://127.0.0.1", "https://localhost")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(cert, key)

    def _serve(self, connection):
        try:
            secured = self._context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
        else:
            super()._serve(secured)


def test_a_certificate_nobody_vouches_for_is_refused_at_once(certificate, tmp_path):
    with Secure(*certificate) as server:
        with pytest.raises(NcbiError, match="certificate is not to be trusted") as caught:
            Transport(at(server, tmp_path)).ask("einfo", {"db": "pubmed"})
        assert not server.asked
    assert "self-signed" in str(caught.value).replace("self signed", "self-signed")


def test_tls_works_with_a_certificate_that_is_trusted(certificate, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    with Secure(*certificate, packed()) as server:
        assert Transport(at(server, tmp_path)).ask("efetch", {"db": "pubmed"}, ids=["1"]).body == SET


# --- the rest --------------------------------------------------------------------------------------------------------


def test_an_interruption_passes(tmp_path):
    with Loopback() as server:
        transport = Transport(at(server, tmp_path))

        def interrupted(*_args):
            raise KeyboardInterrupt

        transport._exchange = interrupted
        with pytest.raises(KeyboardInterrupt):
            transport.ask("efetch", {"db": "pubmed"}, ids=["1"])
        assert module._SEND.get() is None


def test_a_replaced_urlopen_is_noticed(tmp_path, monkeypatch):
    def other(_request):
        return module._Handle()

    with Loopback() as server:
        other.ketalit = True
        monkeypatch.setattr(Entrez, "urlopen", other)
        with pytest.raises(NcbiError, match="taken the place"):
            Transport(at(server, tmp_path)).ask("efetch", {"db": "pubmed"}, ids=["1"])


def test_an_unknown_endpoint_is_a_mistake_of_the_programmer(tmp_path, nowhere):
    with pytest.raises(ValueError, match="egquery"):
        Transport(at(nowhere, tmp_path)).ask("egquery", {})


def test_making_one_writes_nothing_and_starts_nothing(tmp_path, nowhere):
    before = threading.active_count()
    Transport(at(nowhere, tmp_path / "state"))
    assert not (tmp_path / "state").exists()
    assert threading.active_count() == before
