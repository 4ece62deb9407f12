"""Send questions to NCBI with patience and manners, and hand back only answers that are answers.

Bio.Entrez builds the requests. Sending is ours: urllib has no deadline, follows redirections anywhere and unpacks
nothing; Bio.Entrez retries at once and paces one thread of one process.
"""

from __future__ import annotations

import errno
import http.client
import io
import random
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

from ..errors import InputError, KetalitError, NcbiError, OfflineError
from ..escaping import one_line
from ..telling import Say, silent
from ..web import Timed
from .limiter import Limiter
from .settings import EUTILS, Settings, is_local
from .verdict import Judgement, Reply, Verdict, judge, public

MOST_IDS_IN_ADDRESS = 150
LONGEST_ADDRESS = 1500  # bytes of parameters; longer ones are posted
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
_ENDPOINTS = {"einfo", "esearch", "epost", "esummary", "efetch", "elink", "espell", "idconv"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer worth storing.

    Attributes:
        endpoint: the E-utility that gave it.
        body: as NCBI sent it, unpacked.
        empty: whether it says that there is nothing.
        notes: what is worth knowing about it.
        at: when it came, UTC, ISO to the second.
        requests: how often it was asked for.
        phid: NCBI's own number of the request, which its support asks for.
    """

    endpoint: str
    body: bytes = field(repr=False)
    empty: bool
    notes: tuple[str, ...]
    at: str
    requests: int
    phid: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of sending once; `reply` is None when no whole answer came."""

    judgement: Judgement
    reply: Reply | None = None
    offline: bool = False
    most: int = 1000  # attempts after which this kind of failure will not get better


class Transport:
    """Asks NCBI; may be used by several threads.

    Args:
        settings: who asks, where, how patiently.
        say: told in one line what is being waited for.

    >>> from ketalit.entrez.settings import Settings
    >>> Transport(Settings()).requests
    0
    """

    def __init__(self, settings: Settings, *, say: Say = silent):
        self.settings = settings
        self._tell = say
        self._limiter: Limiter | None = None
        self._opener: urllib.request.OpenerDirector | None = None
        self._lock = threading.Lock()
        self._requests = 0
        self._noted: set[str] = set()

    @property
    def requests(self) -> int:
        """Requests sent so far, retries included."""
        return self._requests

    def ask(
        self, endpoint: str, parameters: Mapping[str, str], *, ids: Sequence[str] = (), post: bool = False
    ) -> Answer:
        """Ask until there is an answer, or until it is clear that there will be none.

        Args:
            endpoint: einfo, esearch, epost, esummary, efetch, elink, espell or idconv.
            parameters: of the E-utility, without ids, tool, e-mail and key; empty ones are not sent.
            ids: what is asked about. More than 150, or more than 1,500 bytes of parameters, are posted
                (idconv takes no more than 200 and no POST).
            post: whether to POST in any case.

        Raises:
            OfflineError: no connection can be made.
            NcbiError: the attempts are used up, or the answer is a web page, blocked, refused or of an unknown form.
            InputError: NCBI refuses the API key, or the request; the message carries its words.
        """
        if endpoint not in _ENDPOINTS:
            raise ValueError(f"no such E-utility: {endpoint}")
        try:
            "".join([*parameters.values(), *ids]).encode()
        except UnicodeEncodeError:
            raise InputError("the question holds characters that are no text", where=endpoint) from None
        for attempt in range(1, self.settings.attempts + 1):
            outcome = self._attempt(endpoint, parameters, ids, post)
            judgement = outcome.judgement
            if outcome.reply and judgement.verdict in {Verdict.OK, Verdict.EMPTY}:
                return self._answer(endpoint, outcome.reply, judgement, attempt)
            last = attempt >= min(self.settings.attempts, outcome.most)
            if last or judgement.verdict not in _WORTH_REPEATING:
                raise self._error(endpoint, outcome, attempt)
            self._say(f"attempt {attempt + 1} of {min(self.settings.attempts, outcome.most)}: {judgement.reason}")
            self._rest(judgement, attempt)
        raise InputError("not one attempt is allowed", where="settings", expected="attempts ≥ 1")

    def _say(self, line: str) -> None:
        self._tell(self._redacted(line))

    # --- one attempt --------------------------------------------------------------------------------------------------

    def _attempt(self, endpoint: str, parameters: Mapping[str, str], ids: Sequence[str], post: bool) -> _Outcome:
        outcomes: list[_Outcome] = []

        def send(request: urllib.request.Request) -> _Handle:
            # All that takes time comes before the wait, also the pause Bio.Entrez may make: it would move the start.
            request = self._addressed(request, endpoint, len(ids), post)
            self._ready_opener()
            self._start()
            outcomes.append(self._send(request, endpoint))
            return _Handle()

        token = _SEND.set(send)
        try:
            _build_and_send(endpoint, self._identified(parameters), ids, self.settings.idconv_url)
        finally:
            _SEND.reset(token)
        if not outcomes:
            raise NcbiError("something else has taken the place of Bio.Entrez.urlopen", where=endpoint)
        return outcomes[-1]

    def _start(self) -> None:
        """Wait for this request's turn, and count it."""
        self._pace().wait()
        with self._lock:
            self._requests += 1

    def _identified(self, parameters: Mapping[str, str]) -> dict[str, str]:
        # Passed even when empty: Bio.Entrez would otherwise take its own, or warn. Empty ones are dropped later.
        me = {"tool": self.settings.tool, "email": self.settings.email, "api_key": self.settings.api_key}
        return {**parameters, **me}

    def _addressed(
        self, request: urllib.request.Request, endpoint: str, ids: int, post: bool
    ) -> urllib.request.Request:
        """The request for the place that is asked, by GET or POST as its size demands, without empty parameters."""
        address, _, query = request.full_url.partition("?")
        if request.data is not None:
            query = bytes(request.data).decode("ascii")  # type: ignore[arg-type]  # Bio.Entrez encodes it
        query = urlencode([(name, value) for name, value in parse_qsl(query) if value])
        headers = {"User-Agent": f"{self.settings.tool} (Bio.Entrez)", "Accept-Encoding": "gzip"}
        address = address.replace(EUTILS, self.settings.base_url)
        long = request.data is not None or ids > MOST_IDS_IN_ADDRESS or len(query) > LONGEST_ADDRESS
        if endpoint != "idconv" and (post or long):
            return urllib.request.Request(address, data=query.encode("ascii"), headers=headers, method="POST")
        return urllib.request.Request(f"{address}?{query}" if query else address, headers=headers, method="GET")

    def _send(self, request: urllib.request.Request, endpoint: str) -> _Outcome:
        settings = self.settings
        deadline = time.monotonic() + settings.total_timeout
        token = _LIMITS.set(_Limits(settings.connect_timeout, settings.read_timeout, deadline, self._start))
        try:
            reply = self._exchange(request)
        except urllib.error.HTTPError as error:  # every status is let through; only bad redirections are left
            error.close()
            where = "in a circle" if "infinite loop" in error.msg else "to no web address"
            return _Outcome(Judgement(Verdict.NOT_XML, f"the answer is a redirection {where}"), most=1)
        except urllib.error.URLError as error:  # not connected, or not able to send
            return _unconnected(error.reason)
        except TimeoutError:
            if time.monotonic() >= deadline:
                reason = f"the answer was not complete after {settings.total_timeout:g} s"
                return _Outcome(Judgement(Verdict.TRANSIENT, reason), most=2)
            return _Outcome(Judgement(Verdict.TRANSIENT, f"no byte came for {settings.read_timeout:g} s"))
        except http.client.IncompleteRead:
            return _Outcome(Judgement(Verdict.INCOMPLETE, "the connection ended before the answer did"))
        except EOFError:
            return _Outcome(Judgement(Verdict.INCOMPLETE, "the packed answer ends early"))
        except zlib.error:
            return _Outcome(Judgement(Verdict.INCOMPLETE, "the packed answer is damaged"))
        except _TooLargeError:
            reason = f"the answer is larger than {settings.largest_answer // (1 << 20)} MB"
            return _Outcome(Judgement(Verdict.NOT_XML, reason), most=1)
        except ValueError:
            return _Outcome(Judgement(Verdict.NOT_XML, "the answer is a redirection to no valid address"), most=1)
        except (OSError, http.client.HTTPException) as error:
            return _Outcome(Judgement(Verdict.TRANSIENT, f"the connection failed ({_named(error)})"))
        finally:
            _LIMITS.reset(token)
        judgement = judge(reply, endpoint)
        if judgement.verdict is not Verdict.NOT_XML:
            return _Outcome(judgement, reply)
        # The login page of a network stays what it is, as does a redirection; NCBI's own pages come in bursts.
        return _Outcome(judgement, reply, most=1 if 300 <= reply.status < 400 else 3)

    def _exchange(self, request: urllib.request.Request) -> Reply:
        with self._ready_opener().open(request) as response:
            raw = _read(response, self.settings.largest_answer)
            headers = {name.lower(): value for name, value in response.headers.items()}
            status = response.status
        for _ in range(2):  # packed for the way, and perhaps packed as a file
            if raw.startswith(_GZIP):
                raw = _gunzip(raw, self.settings.largest_answer)
        return Reply(status, headers, raw)

    # --- between attempts ---------------------------------------------------------------------------------------------

    def _rest(self, judgement: Judgement, attempt: int) -> None:
        """Wait before the next attempt: as long as NCBI asks, else exponentially with full jitter."""
        longest = self.settings.longest_pause
        bound = min(self.settings.backoff * 2 ** (attempt - 1), longest)
        if judgement.retry_after is not None or judgement.verdict is Verdict.RATE_LIMITED:
            asked = bound if judgement.retry_after is None else judgement.retry_after
            self._pace().pause(min(asked, longest))  # everybody's, in every process
        # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        if not judgement.retry_after:
            time.sleep(random.uniform(0, bound))

    def _pace(self) -> Limiter:
        with self._lock:
            if self._limiter is None:
                settings = self.settings
                host = urlsplit(settings.base_url).netloc
                self._limiter = Limiter(settings.state, f"{host} {settings.rate}/s", settings.rate, say=self._say)
            return self._limiter

    def _ready_opener(self) -> urllib.request.OpenerDirector:
        with self._lock:
            if self._opener is None:
                handlers: list[urllib.request.BaseHandler] = [_Plain(), _Secure(), _SamePlace(), _AnyStatus()]
                if is_local(self.settings.base_url):
                    handlers.append(urllib.request.ProxyHandler({}))  # a proxy would look for it on its own machine
                self._opener = urllib.request.build_opener(*handlers)
            return self._opener

    # --- what comes of it ---------------------------------------------------------------------------------------------

    def _answer(self, endpoint: str, reply: Reply, judgement: Judgement, attempts: int) -> Answer:
        for note in judgement.notes:
            if note not in self._noted:
                self._noted.add(note)
                self._say(f"note: {note}")
        return Answer(
            endpoint=endpoint,
            body=reply.body,
            empty=judgement.verdict is Verdict.EMPTY,
            notes=judgement.notes,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            requests=attempts,
            phid=one_line(reply.headers.get("ncbi-phid", ""))[:100],
        )

    def _error(self, endpoint: str, outcome: _Outcome, attempts: int) -> KetalitError:
        verdict, reason = outcome.judgement.verdict, self._redacted(outcome.judgement.reason).rstrip(".")
        place = self.settings.idconv_url if endpoint == "idconv" else self.settings.base_url
        host = urlsplit(place).hostname or place
        if outcome.offline:
            next_step = "Everything already in the library still works; try again when there is a network"
            return OfflineError(f"NCBI cannot be reached ({reason})", where=host, next_step=next_step)
        if verdict is Verdict.BAD_KEY:
            key = self.settings.api_key
            shown = f"…{key[-4:]}" if len(key) >= 12 else "…"
            next_step = "Correct it there or in the config file, or remove it: without a key NCBI answers more slowly"
            return InputError(f"NCBI does not accept the API key {shown}", where="NCBI_API_KEY", next_step=next_step)
        if verdict is Verdict.BAD_REQUEST:
            return InputError(f"NCBI refuses the request: {reason}", where=endpoint)
        tried = f" in {attempts} attempts" if attempts > 1 else ""
        what = f"no usable answer from NCBI{tried}: {reason}"
        return NcbiError(what, where=endpoint, next_step=_NEXT_STEP.get(verdict, ""), verdict=str(verdict))

    def _redacted(self, text: str) -> str:
        for secret in (self.settings.api_key, self.settings.email):
            if secret:
                for form in (secret, quote(secret), quote_plus(secret)):
                    text = text.replace(form, "…")
        return text


_WORTH_REPEATING = {Verdict.RATE_LIMITED, Verdict.TRANSIENT, Verdict.NOT_XML, Verdict.INCOMPLETE}
_LATER = "Nothing was changed; try again later"
_NEXT_STEP = {
    Verdict.RATE_LIMITED: "Other programs at this address may be asking too; try again later",
    Verdict.TRANSIENT: _LATER,
    Verdict.INCOMPLETE: _LATER,
    Verdict.BLOCKED: "Stop asking. If the page is NCBI's, write to eutilities@ncbi.nlm.nih.gov",
    Verdict.NOT_XML: "Is there a login page, a proxy or a filter between here and NCBI?",
    Verdict.DRIFT: "NCBI may have changed its service; look for a newer ketalit",
}


def _unconnected(reason: object) -> _Outcome:
    """Why no connection was made, and whether that means being offline."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        told = f"its certificate is not to be trusted ({reason.verify_message}); there is no way round that"
        return _Outcome(Judgement(Verdict.NOT_XML, told), most=1)
    if isinstance(reason, ssl.SSLError | ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return _Outcome(Judgement(Verdict.TRANSIENT, f"the connection failed ({_named(reason)})"))
    if isinstance(reason, socket.gaierror):
        told = "its name cannot be looked up"
    elif isinstance(reason, TimeoutError):
        told = "no connection within the time limit"
    elif isinstance(reason, OSError) and reason.errno == errno.ECONNREFUSED:
        told = "the connection was refused"
    else:
        told = public(_named(reason) if isinstance(reason, BaseException) else str(reason))
    return _Outcome(Judgement(Verdict.TRANSIENT, told), offline=True, most=2)


def _named(error: BaseException) -> str:
    """What failed, without the addresses that messages of the socket and HTTP layers may hold."""
    text = getattr(error, "strerror", None) or getattr(error, "reason", None)
    if not text and isinstance(error, OSError):
        text = str(error)
    return public(str(text)) if text else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


# --- Bio.Entrez ------------------------------------------------------------------------------------------------------


class _Handle:
    """What Bio.Entrez gets back in place of an HTTP response, and hands on untouched."""

    def __init__(self) -> None:
        self.headers = Message()
        self.headers["Content-Type"] = "application/octet-stream"  # text/plain would be wrapped


_SEND: ContextVar[Callable[[urllib.request.Request], _Handle] | None] = ContextVar("_SEND", default=None)
_install_lock = threading.Lock()


def _build_and_send(endpoint: str, parameters: dict[str, str], ids: Sequence[str], idconv_url: str) -> None:
    """Let Bio.Entrez build a request and hand it to `_SEND`; it knows nothing of the ID converter."""
    if endpoint == "idconv":
        del parameters["api_key"]  # not a parameter of that service
        send = _SEND.get()
        assert send is not None
        send(urllib.request.Request(f"{idconv_url}?{urlencode({**parameters, 'ids': ','.join(ids)})}"))
        return
    entrez = _entrez()
    entrez._open.previous = 0  # its own pacing, which knows one thread of one process
    arguments: dict[str, Any] = dict(parameters)
    if ids:
        arguments["id"] = list(ids)
    getattr(entrez, endpoint)(**arguments)


def _entrez() -> Any:
    """Bio.Entrez, made to hand requests of ours to us, and those of anybody else to where they always went."""
    entrez: Any = import_module("Bio.Entrez")
    with _install_lock:
        if not hasattr(entrez.urlopen, "ketalit"):
            original = entrez.urlopen

            def urlopen(request: Any, *args: Any, **kwargs: Any) -> Any:
                send = _SEND.get()
                return original(request, *args, **kwargs) if send is None else send(request)

            urlopen.ketalit = True  # type: ignore[attr-defined]
            entrez.urlopen = urlopen
    return entrez


# --- HTTP with deadlines ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limits:
    """Seconds to connect, seconds without a byte, the monotonic moment at which all ends, and how to start again."""

    connecting: float
    silence: float
    deadline: float
    start: Callable[[], None]

    def left(self) -> float:
        """Seconds that the next read may take.

        Raises:
            TimeoutError: there are none.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(self.silence, left)


_LIMITS: ContextVar[_Limits] = ContextVar("_LIMITS")


class _TooLargeError(Exception):
    """More bytes than an answer may have."""


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
        super().__init__(sock, *args, **kwargs)
        self.fp: Any = io.BufferedReader(Timed(self.fp.detach(), sock, _LIMITS.get().left))


class _PlainConnection(http.client.HTTPConnection):
    response_class = _Response

    def connect(self) -> None:
        self.timeout = _LIMITS.get().connecting
        super().connect()
        self.sock.settimeout(_LIMITS.get().silence)


class _SecureConnection(http.client.HTTPSConnection):
    response_class = _Response

    def connect(self) -> None:
        self.timeout = _LIMITS.get().connecting
        super().connect()
        self.sock.settimeout(_LIMITS.get().silence)


def _await_turn(req: urllib.request.Request) -> None:
    """Pace requests that a redirection made, which urllib marks as "unverifiable"; the first one has waited already."""
    if req.unverifiable:
        _LIMITS.get().start()


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        _await_turn(req)
        return self.do_open(_PlainConnection, req)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self) -> None:
        self._verified = ssl.create_default_context()
        super().__init__(context=self._verified)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        _await_turn(req)
        return self.do_open(_SecureConnection, req, context=self._verified)


class _SamePlace(urllib.request.HTTPRedirectHandler):
    """Follows redirections only within the host and scheme that were asked, and never with a POST, which would lose
    its ids on the way."""

    max_redirections = 3

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc) or req.data is not None:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _AnyStatus(urllib.request.HTTPDefaultErrorHandler):
    """Hands out answers of every status: what they are is judged elsewhere."""

    def http_error_default(self, req: urllib.request.Request, fp: Any, code: int, msg: str, hdrs: Any) -> Any:
        return fp


def _read(response: http.client.HTTPResponse, largest: int) -> bytes:
    """All bytes of a body.

    Raises:
        http.client.IncompleteRead: fewer came than were announced.
    """
    parts, size = [], 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise _TooLargeError
        parts.append(chunk)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)


def _gunzip(raw: bytes, largest: int) -> bytes:
    """Unpack all members of a gzip stream, no further than the limit.

    Raises:
        EOFError: the stream ends early.
        zlib.error: it is damaged.
    """
    parts, size = [], 0
    while raw:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            part = member.decompress(raw, 1 << 20)
            raw = member.unused_data if member.eof else member.unconsumed_tail
            if not part and not raw and not member.eof:
                raise EOFError
            size += len(part)
            if size > largest:
                raise _TooLargeError
            parts.append(part)
        raw = raw.lstrip(b"\0")
    return b"".join(parts)
