"""Is a page read as people see it, from wherever it comes, and is everything else refused in one sentence?"""

import contextlib
import hashlib
import http.server
import io
import threading
import time
from types import SimpleNamespace

import pytest

from ketalit import page as page_module
from ketalit import web
from ketalit.errors import InputError, OfflineError
from ketalit.page import PageKind, open_page, page_of_text


def test_plain_text_keeps_every_character_but_line_ends():
    page = page_of_text("\ufeffPain  <fell>\r\nagain\t.")
    assert (page.text, page.kind) == ("Pain  <fell>\nagain\t.", PageKind.TEXT)


def test_html_reads_as_seen():
    html = """<html><head><title>no</title><style>.no{}</style></head><body><script>no()</script><p>One
    <b>two</b>three<br>four<ol start=3><li><p>a</p><li value=7>b</ol><ul><li>c</ul><template>no</template>
    <p hidden>no</p><table><tr><td>d<td>e</table>&amp; more</body>"""
    assert page_of_text(html).text == "One twothree\nfour\n3. a\n7. b\n- c\nd\ne\n& more"


def test_links_and_superscripts_point_into_the_text():
    page = page_of_text(
        '<p>See <a href="/x"> this\n link</a>.<sup>1</sup><a href="y"><img></a></p>', source="https://h.example/d/"
    )
    assert [(page.text[link.start : link.end], link.href) for link in page.links] == [
        ("this link", "https://h.example/x"),
        ("", "https://h.example/d/y"),
    ]
    assert [page.text[start:end] for start, end in page.raised] == ["1"]


def test_markdown_footnotes_stay_paragraphs():
    page = page_of_text("A[^1] [b](https://h.example/b).\n\n[^1]: C\n[^2]: D\n")
    assert page.kind is PageKind.MARKDOWN
    assert page.text == "A[^1] b.\n[^1]: C\n[^2]: D"


@pytest.mark.parametrize(
    "html", ["", "<!-- -->", "<script>x</script>", "<?xml version='1.0' encoding='latin-1'?><html/>"]
)
def test_html_without_text_is_an_empty_page(html):
    assert page_of_text(html, kind=PageKind.HTML).text == ""


def test_a_page_of_which_the_end_would_be_lost_is_refused():
    deep = "<p>Pain fell.</p>" + "<b>" * 5000 + "All of it [1]." + "</b>" * 5000
    with pytest.raises(InputError, match="nested too deeply"):
        page_of_text(deep)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Größe\n".encode(), "Größe\n"),
        ("Größe\n".encode("utf-8-sig"), "Größe\n"),
        ("Größe\n".encode("utf-16"), "Größe\n"),
        ('<html><meta charset="iso-8859-1"><p>Größe “x”</html>'.encode("cp1252"), "Größe “x”"),
    ],
)
def test_encodings(tmp_path, raw, text):
    path = tmp_path / "page"
    path.write_bytes(raw)
    page = open_page(str(path))
    assert page.text == text
    assert page.sha256 == hashlib.sha256(raw).hexdigest()
    assert page.source == str(path)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "nothing in it"),
        (b" \n\t", "nothing in it"),
        (b"<html><script>x</script></html>", "no readable text"),
        (b"%PDF-1.7 ...", "PDF file.*Copy its text"),
        (b"PK\x03\x04...", "zip or Office"),
        (b"ab\x00cd", "binary file"),
        (b"Gr\xf6\xdfe", "cannot be read as utf-8.*saved as UTF-8"),
        (b'<html><meta charset="klingon">x', "cannot be read as klingon"),
        (b"<?xml version='1.0'?><PubmedArticleSet/>", "XML file.*ketalit read"),
    ],
)
def test_what_is_no_page_is_refused(tmp_path, raw, says):
    path = tmp_path / "page"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=f"(?s){says}"):
        open_page(str(path))


def test_folders_missing_files_and_other_schemes_are_refused(tmp_path):
    for source, says in [
        (str(tmp_path), "folder"),
        (str(tmp_path / "missing.txt"), "no such file"),
        ("ftp://h.example/x", "only http and https"),
        ("file:///etc/hosts", "only http and https"),
        ("a\x00b", "cannot be read"),
    ]:
        with pytest.raises(InputError, match=says):
            open_page(source)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "MAX_BYTES", 10)
    path = tmp_path / "page.txt"
    path.write_text("x" * 11)
    with pytest.raises(InputError, match="larger than"):
        open_page(str(path))


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Pain fell.")))
    page = open_page("-")
    assert (page.text, page.source) == ("Pain fell.", "-")


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "/to?" in self.path:
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()
            return
        if self.path == "/drip":  # a header that does not end, a byte at a time
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.02)
            return
        found = self.path != "/missing"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/pdf" if self.path == "/pdf" else "text/html; charset=iso-8859-1")
        self.end_headers()
        self.wfile.write("<p>Größe <a href='x'>y</a></p>".encode("latin-1"))

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


def test_an_address(server):
    page = open_page(f"{server}/d/page")
    assert (page.text, page.kind) == ("Größe y", PageKind.HTML)
    assert page.links[0].href == f"{server}/d/x"


@pytest.mark.parametrize(("path", "says"), [("/missing", "404"), ("/pdf", "application/pdf")])
def test_an_address_that_gives_no_page(server, path, says):
    with pytest.raises(InputError, match=says):
        open_page(server + path)


def test_an_address_that_cannot_be_reached(server):
    host, port = server.rsplit(":", 1)
    del port
    with pytest.raises(OfflineError, match="cannot be reached") as caught:
        open_page(f"{host}:1/page")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("file:///etc/hosts", "302"),
        ("ftp://example.org/a", "leads on to a ftp address"),
        ("//example.org@evil.example/", "holds a name or a password"),
        ("http://192.168.1.1/", "leads on to an address of this machine or its network"),
        ("http://[::1]/", "leads on to an address of this machine or its network"),
        ("http://169.254.169.254/latest/meta-data/", "leads on to an address of this machine or its network"),
        ("http://localhost:631/", "leads on to an address of this machine or its network"),
        ("http://2130706433:PORT/", "leads on to an address of this machine or its network"),
    ],
)
def test_no_page_of_the_web_leads_on_to_another_place(server, monkeypatch, target, says):
    target = target.replace("PORT", server.rpartition(":")[2])  # a name of 127.0.0.1 that only a look-up knows
    ours, is_local = f"{server}/to?{target}", web._is_local
    # The server here stands for one on the web: what is asked of it first is not told to be local.
    told = iter([False, False])
    monkeypatch.setattr(web, "_is_local", lambda host: next(told, None) is None and is_local(host))
    with pytest.raises(InputError, match=says):
        open_page(ours)


def test_a_page_of_this_network_may_lead_on_to_another(server):
    assert open_page(f"{server}/to?/to?/d/page").text == "Größe y"


def test_an_answer_that_never_ends_is_left(server, monkeypatch):
    monkeypatch.setattr(page_module, "TIME_LIMIT", 0.2)
    with pytest.raises(OfflineError, match="no complete answer"):
        open_page(f"{server}/drip")


def test_passwords_in_an_address_are_neither_sent_nor_told():
    with pytest.raises(InputError, match="holds a name or a password") as caught:
        open_page("https://jane:s3cret@clinic.example/page")
    assert "s3cret" not in str(caught.value)
    assert "jane" not in str(caught.value)


def test_a_wrong_address_is_refused():
    with pytest.raises((InputError, OfflineError)):
        open_page("http://[")
