"""The HTTP side: sockets, headers, the limiter, the faults, the log. What is answered is decided in `answers`."""

from __future__ import annotations

import collections
import contextlib
import http.server
import itertools
import logging
import re
import socket
import struct
import sys
import threading
import time
import urllib.parse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from types import TracebackType

from .answers import Answer, Asked, Desk, History, answer
from .corpus import Corpus, View
from .faults import FAULTS, Fault, Scene, bad_key, gzipped, limited

LONGEST_URL = 8_000  # characters; the real limit is not documented, a few hundred ids in a GET exceed it
LARGEST_BODY = 32 << 20
_log = logging.getLogger("tests.eutils")
_PATHS = re.compile(r"/entrez/eutils/(\w+)\.fcgi/?|/tools/(idconv)/api/v1/articles/?")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in. The parameters may hold a key and an address and are not shown.

    Attributes:
        at: seconds of the monotonic clock when its head had been read.
        number: how many requests to this endpoint there have been, this one included.
        endpoint: "efetch", …, "idconv", or "elsewhere".
        keyed: whether a key was sent.
        fault: name of the fault that struck, "" for none.
        size: bytes of the body before compression; 0 when nothing was sent.
    """

    at: float
    method: str
    endpoint: str
    number: int
    ids: tuple[str, ...] = field(repr=False)
    status: int = 200
    fault: str = ""
    keyed: bool = False
    size: int = 0
    parameters: Mapping[str, str] = field(repr=False, default_factory=dict)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    path: str = field(repr=False, default="")


class Limiter:
    """So many requests in any second for each address or key."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.starts: dict[str, collections.deque[float]] = collections.defaultdict(collections.deque)

    def admit(self, who: str, limit: int) -> tuple[bool, int]:
        """Whether the request may pass, and how many there were in the last second, this one included."""
        with self.lock:
            now, starts = time.monotonic(), self.starts[who]
            while starts and now - starts[0] >= 1.0:
                starts.popleft()
            if len(starts) >= limit:
                return False, len(starts) + 1
            starts.append(now)
            return True, len(starts)


class Server:
    """The stand-in; a context manager. Everything public may be changed while it runs.

    Attributes:
        url: "http://127.0.0.1:PORT/", the value for KETALIT_EUTILS.
        log: every request so far, in the order in which they were answered.
        today: ISO day on which the databases are shown.
        faults: the plan; the first that strikes counts.
        cap: how many ids of a PubMed search can be had (9,999 at NCBI).
        limit: whether the limiter works: 3 a second, 10 with a key.
        keys: the keys that exist; None for any that is not blank.
    """

    def __init__(
        self,
        corpus: Corpus | None = None,
        *,
        today: str = "2026-11-01",
        cap: int = 9_999,
        limit: bool = True,
        faults: Sequence[Fault] = (),
        keys: Collection[str] | None = None,
        port: int = 0,
        history_seconds: float = 3600.0,
    ) -> None:
        self.corpus = Corpus.synthetic() if corpus is None else corpus
        self.today, self.cap, self.limit, self.keys = today, cap, limit, keys
        self.faults: list[Fault] = list(faults)
        self.history = History(history_seconds)
        self.log: list[Request] = []
        self.mistakes: list[BaseException] = []
        self.limiter = Limiter()
        self.closing = threading.Event()
        self._counts: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._views: dict[str, tuple[Corpus, View]] = {}
        self._sockets: set[socket.socket] = set()
        self._numbers = itertools.count(1)
        self._http = _HTTP(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="eutils", daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self.mistakes and error is None:
            raise RuntimeError("the stand-in made a mistake") from self.mistakes[0]

    def close(self) -> None:
        """Stop: ends open connections and requests that hang, and waits for their threads."""
        if self.closing.is_set():
            return
        self.closing.set()
        if self._thread.is_alive():
            self._http.shutdown()
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self._http.server_close()
        if self._thread.ident:
            self._thread.join()

    @property
    def view(self) -> View:
        """The databases on the server's day."""
        known = self._views.get(self.today)
        if known is None or known[0] is not self.corpus:
            known = self._views[self.today] = self.corpus, self.corpus.on(self.today)
        return known[1]

    def asked(self, endpoint: str = "") -> list[Request]:
        """The requests so far to one endpoint, or all."""
        return [each for each in list(self.log) if endpoint in ("", each.endpoint)]

    def busiest_second(self) -> int:
        """Most requests that came within any one second."""
        times = sorted(each.at for each in list(self.log))
        return max((sum(1 for t in times[n:] if t - start < 1.0) for n, start in enumerate(times)), default=0)

    def forget(self) -> None:
        """Start the log, the numbers of requests, and what faults have struck anew."""
        with self._lock:
            self.log.clear()
            self._counts.clear()
        for each in self.faults:
            each.struck = 0

    # Between HTTP and answers

    def respond(self, asked: Asked, caller: str, *, headers: Mapping[str, str], path: str) -> tuple[Answer, int, int]:
        """The answer with its fault, the limit, and what is left of it; the request is in the log afterwards."""
        at = time.monotonic()
        key = asked.parameters.get("api_key")
        with self._lock:
            self._counts[asked.endpoint] += 1
            nth = self._counts[asked.endpoint]
            struck = next((each for each in self.faults if each.strikes(asked, nth)), None)
            if struck:
                struck.struck += 1
        limit, view = 10 if key else 3, self.view
        passed, number = self.limiter.admit(key or caller, limit) if self.limit else (True, 1)
        if not passed:
            reply = limited(key or caller, limit, number)
        elif key is not None and (not key.strip() or (self.keys is not None and key not in self.keys)):
            reply = bad_key(key)
        elif asked.method == "GET" and len(path) > LONGEST_URL:
            reply = FAULTS["414"](Scene(asked, Answer(b""), None, caller, self.url, view))
        else:
            reply = answer(asked, Desk(view, self.cap, self.history))
        if struck:
            reply = FAULTS[struck.name](Scene(asked, reply, struck.value, key or caller, self.url, view))
        request = Request(
            at, asked.method, asked.endpoint, nth, asked.ids, reply.status, struck.name if struck else "",
            key is not None, len(reply.body), dict(asked.parameters), dict(headers), path,
        )  # fmt: skip
        with self._lock:
            self.log.append(request)
        size = f"{len(asked.ids)} ids, " if asked.ids else ""
        told = f"  fault {struck.name}" if struck else ""
        _log.info("%s %s  %s%s  %d bytes%s", asked.method, asked.endpoint, size, reply.status, len(reply.body), told)
        return reply, limit, max(0, limit - number)

    def phid(self) -> str:
        """A number for the answer, as NCBI-PHID carries one."""
        return f"{next(self._numbers):032X}.1.1.m_1"


class _HTTP(http.server.ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the threads; they all end with their sockets
    block_on_close = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the tests; anything else is a mistake of the stand-in."""
        error = sys.exception()
        if error and not isinstance(error, OSError):
            self.owner.mistakes.append(error)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Finatra", ""
    disable_nagle_algorithm = True
    server: _HTTP

    def setup(self) -> None:
        super().setup()
        owner = self.server.owner
        with owner._lock:
            owner._sockets.add(self.connection)
        if owner.closing.is_set():
            self.close_connection = True

    def finish(self) -> None:
        with self.server.owner._lock:
            self.server.owner._sockets.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what base class prints holds the address with the key."""

    def do_GET(self) -> None:
        self._reply("")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST_BODY:
            self.close_connection = True
            return
        self._reply(self.rfile.read(length).decode("utf-8", "replace"))

    def _reply(self, form: str) -> None:
        parts = urllib.parse.urlsplit(self.path)
        match = _PATHS.fullmatch(parts.path)
        endpoint = (match[1] or match[2]) if match else "elsewhere"
        pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        pairs += urllib.parse.parse_qsl(form, keep_blank_values=True, max_num_fields=1_000_000)
        groups = tuple(tuple(value.split(",")) for name, value in pairs if name in ("id", "ids") and value)
        asked = Asked(
            endpoint,
            self.command,
            dict(reversed([pair for pair in pairs if pair[0] not in ("id", "ids")])),
            tuple(each for group in groups for each in group),
            groups,
        )
        caller = str(self.client_address[0])
        reply, limit, left = self.server.owner.respond(
            asked, caller, headers=dict(self.headers.items()), path=self.path
        )
        asks_gzip = "gzip" in self.headers.get("Accept-Encoding", "").lower()
        compressed = reply.gzip if reply.gzip is not None else asks_gzip and bool(reply.body) and not reply.headers
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Server", "Finatra"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
            ("Content-Security-Policy", "upgrade-insecure-requests"),
            ("Referrer-Policy", "origin-when-cross-origin"),
            ("NCBI-SID", "0000000000000000_0000SID"),
            ("NCBI-PHID", self.server.owner.phid()),
            ("Content-Type", reply.kind),
            ("Cache-Control", "private"),
            *([("Content-Encoding", "gzip")] if compressed else []),
            ("X-RateLimit-Limit", str(limit)),
            ("X-RateLimit-Remaining", str(left)),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "X-RateLimit-Limit,X-RateLimit-Remaining"),
            (
                "Set-Cookie",
                "ncbi_sid=0000000000000000_0000SID; domain=.nih.gov; path=/; expires=Fri, 01 Jan 2038 00:00:00 GMT",
            ),
            ("X-UA-Compatible", "IE=Edge"),
            ("X-XSS-Protection", "1; mode=block"),
            *reply.headers,
        ]
        self._send(reply, headers, gzipped(reply.body) if compressed else reply.body)

    def _send(self, reply: Answer, headers: list[tuple[str, str]], body: bytes) -> None:
        closing = self.server.owner.closing
        match reply.wire:
            case "hang":
                closing.wait()
                self.close_connection = True
                return
            case "disconnect":
                self.close_connection = True
                return
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            case "bad_status":
                self.connection.sendall(b"GARBAGE\r\n\r\n")
                self.close_connection = True
                return
            case "delay":
                closing.wait(reply.value)
        self.send_response_only(reply.status)
        for name, value in headers:
            self.send_header(name, value)
        half = body[: max(1, len(body) * 2 // 3)]
        match reply.wire:
            case "length":
                self._finish_head(("Content-Length", str(len(body))))
                self.wfile.write(body)
            case "close":
                self._finish_head(("Connection", "close"))
                self.wfile.write(body)
            case "trunc_cl":
                self._finish_head(("Content-Length", str(len(body))), ("Connection", "close"))
                self.wfile.write(half)
            case "trunc_close":
                self._finish_head(("Connection", "close"))
                self.wfile.write(half)
            case "trunc_chunk":
                self._finish_head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
                self.wfile.write(b"%x\r\n" % len(body) + half)
            case "hang_body":
                self._finish_head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
                self.wfile.write(b"%x\r\n" % len(body) + half)
                closing.wait()
            case "slow_drip":
                self._finish_head(("Transfer-Encoding", "chunked"), ("Connection", "close"))
                for byte in body:
                    self.wfile.write(b"1\r\n%c\r\n" % byte)
                    if closing.wait(reply.value):
                        return
                self.wfile.write(b"0\r\n\r\n")
            case _:
                self._finish_head(("Transfer-Encoding", "chunked"))
                for start in range(0, len(body), 1 << 16):
                    chunk = body[start : start + (1 << 16)]
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                self.wfile.write(b"0\r\n\r\n")

    def _finish_head(self, *headers: tuple[str, str]) -> None:
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = self.close_connection or ("Connection", "close") in headers
