"""A server on this machine that says, byte for byte, what it is told to say; then hangs up."""

import gzip
import socket
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs

SET = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
    b'<PubmedArticle><MedlineCitation><PMID Version="1">1</PMID></MedlineCitation></PubmedArticle>\n'
    b'<PubmedArticle><MedlineCitation><PMID Version="1">2</PMID></MedlineCitation></PubmedArticle>\n'
    b"</PubmedArticleSet>\n"
)


def reply(status="200 OK", body=SET, *headers, length=None):
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if length is not False:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, *, end=b"0\r\n\r\n", cut=0):
    """The same, chunked as NCBI sends it; `cut` bytes of the chunk are left out."""
    head = reply("200 OK", b"", "Transfer-Encoding: chunked", length=False)
    chunk = body[: len(body) - cut] if cut else body
    return head + f"{len(body):x}\r\n".encode() + chunk + (b"" if cut else b"\r\n" + end)


def packed(body=SET, announce=True):
    return reply("200 OK", gzip.compress(body), *(["Content-Encoding: gzip"] if announce else []))


class Drip(bytes):
    """Bytes to be sent one at a time, 0.05 s apart."""


class Hang(bytes):
    """Bytes to be sent before nothing more comes."""


@dataclass
class Asked:
    at: float
    method: str
    path: str
    headers: dict
    parameters: dict = field(default_factory=dict)


class Loopback:
    """Answers the nth request with the nth script, and all later ones with the last."""

    def __init__(self, *scripts):
        self.scripts = list(scripts) or [reply()]
        self.asked = []
        self._stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._threads = []
        self._lock = threading.Lock()

    def __enter__(self):
        self._run(self._accept)
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _run(self, target, *args):
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._run(self._serve, connection)

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                method, path, _ = stream.readline().decode().split()
                headers = {}
                while line := stream.readline().decode().strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                body = stream.read(int(headers.get("content-length", 0))).decode()
                path, _, query = path.partition("?")
                parameters = parse_qs(body or query, keep_blank_values=True)
                with self._lock:
                    self.asked.append(Asked(time.monotonic(), method, path, headers, parameters))
                    script = self.scripts[min(len(self.asked), len(self.scripts)) - 1]
                self._say(connection, script)
            except (OSError, ValueError):
                return

    def _say(self, connection, script):
        if isinstance(script, Drip):
            for byte in script:
                connection.sendall(bytes([byte]))
                if self._stop.wait(0.05):
                    return
        elif isinstance(script, Hang):
            connection.sendall(script)
            self._stop.wait(30)
        elif script is ConnectionResetError:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        else:
            connection.sendall(script)
