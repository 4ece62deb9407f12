"""The bytes behind an http(s) address, within limits of size, time and place.

urllib's timeouts are between two bytes, and it follows redirections anywhere; here, all of the answer has to come in
time, and no page on the web can send us on to an address of this machine or its network.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from . import __version__
from .errors import InputError, OfflineError


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered with: its bytes, its content type, and its character set where one was declared."""

    body: bytes
    content_type: str
    charset: str


def get(url: str, *, seconds: float, most: int) -> Answer:
    """What an address answers with, redirections followed.

    Args:
        url: http or https; of this machine or its network too, for whoever typed it wants that.
        seconds: for everything, from the connection to the last byte.
        most: bytes of the body; one more is read, so that a longer body can be told.

    Raises:
        InputError: it is no address, holds a password, leads to a place that is not opened, or the server refused.
        OfflineError: it could not be reached, or there was no whole answer in time.
    """
    _refuse_password(url)
    visit = _Visit(url, time.monotonic() + seconds, _is_local(urlsplit(url).hostname or ""))
    try:
        request = urllib.request.Request(
            url, headers={"User-Agent": f"ketalit/{__version__}", "Accept": "text/html, text/*"}
        )
        with _opener(visit).open(request, timeout=seconds) as answer:
            body = b""
            while len(body) <= most and (chunk := answer.read1(65536)):
                body += chunk
            return Answer(body, answer.headers.get_content_type(), answer.headers.get_content_charset() or "")
    except urllib.error.HTTPError as error:
        with error:
            raise InputError(f"the server answered {error.code} {error.reason}", where=url) from None
    except TimeoutError as error:
        raise OfflineError(f"no complete answer within {seconds:.0f} seconds", where=url) from error
    except urllib.error.URLError as error:
        next_step = "Without a network, save the page and give the file"
        raise OfflineError(f"it cannot be reached ({error.reason})", where=url, next_step=next_step) from error
    except (ValueError, http.client.InvalidURL) as error:
        raise InputError(f"this is not an address ({error})", where=url) from error
    except (OSError, http.client.HTTPException) as error:
        raise OfflineError(f"the connection failed ({error or type(error).__name__})", where=url) from error


def _refuse_password(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"this is not an address ({error})", where=url) from None
    if "@" in parts.netloc:  # it would be shown, and kept as the source of what the page says
        where = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        what = "the address holds a name or a password"
        raise InputError(what, where=where, next_step="Log in with a browser, save the page and give the file")


@dataclass(slots=True)
class _Visit:
    """What is known of the way to an answer: where it began, when it has to end, whether it began on this network."""

    url: str
    deadline: float
    local: bool = False

    def left(self) -> float:
        """Seconds until the end.

        Raises:
            TimeoutError: there are none.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def arrived(self, address: str, *, redirected: bool) -> None:
        """Note where a connection leads.

        Raises:
            InputError: the way began elsewhere, and leads to this machine or its network.
        """
        if not _is_local(address):
            return
        if not redirected:
            self.local = True
        elif not self.local:
            what = f"it leads on to an address of this machine or its network ({address})"
            raise InputError(what, where=self.url, expected="a page on the web")


def _is_local(host: str) -> bool:
    """Whether an address or name is not one of the public web.

    >>> [_is_local(host) for host in ("127.0.0.1", "::ffff:10.0.0.1", "169.254.169.254", "localhost", "pubmed.gov")]
    [True, True, True, True, False]
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.rstrip(".").lower().rpartition(".")[2] in {"localhost", "local", "internal"}
    return not (getattr(address, "ipv4_mapped", None) or address).is_global


class Timed(io.RawIOBase):
    """The receiving end of a socket, with a limit on every read: of headers, sizes of chunks, and the body.

    `left` gives the seconds that a read may take, or raises TimeoutError.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, left: Callable[[], float]):
        self._raw, self._sock, self._left = raw, sock, left

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read within the seconds that are left."""
        self._sock.settimeout(self._left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close what it reads from, too."""
        self._raw.close()
        super().close()


class _OneVisit:
    """A connection that belongs to a visit. `proxied`: it leads to a proxy, which looks up names by itself."""

    sock: Any

    def __init__(self, host: str, *, visit: _Visit, redirected: bool, proxied: bool, **more: Any):
        super().__init__(host, **{**more, "timeout": visit.left()})  # type: ignore[call-arg]
        self._visit, self._redirected, self._proxied = visit, redirected, proxied
        self.__dict__["response_class"] = self._response  # each knows its visit

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        if not self._proxied:  # the address itself, whatever its name said before
            self._visit.arrived(self.sock.getpeername()[0], redirected=self._redirected)

    def _response(self, sock: socket.socket, *args: Any, **more: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(sock, *args, **more)
        fp: Any = response.fp
        response.fp = io.BufferedReader(Timed(fp.detach(), sock, self._visit.left))
        return response


class _Plain(_OneVisit, http.client.HTTPConnection):
    pass


class _Secure(_OneVisit, http.client.HTTPSConnection):
    pass


class _PlainHandler(urllib.request.HTTPHandler):
    def __init__(self, visit: _Visit):
        super().__init__()
        self._visit = visit

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_connection(_Plain, req, self._visit), req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, visit: _Visit):
        super().__init__()
        self._visit = visit

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_connection(_Secure, req, self._visit), req)


def _connection(kind: type[_Plain | _Secure], request: urllib.request.Request, visit: _Visit) -> Any:
    # urllib calls a request that nobody typed "unverifiable" (RFC 2965); a tunnel is a proxy's way to https.
    proxied = request.has_proxy() or bool(getattr(request, "_tunnel_host", None))
    return partial(kind, visit=visit, redirected=request.unverifiable, proxied=proxied)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, visit: _Visit):
        self._visit = visit

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        new = urlsplit(newurl)
        if new.scheme not in {"http", "https"}:
            raise InputError(f"it leads on to a {new.scheme} address", where=self._visit.url, expected="http or https")
        _refuse_password(newurl)
        if new.hostname:  # before anything is sent; all that can be known behind a proxy
            self._visit.arrived(new.hostname, redirected=True)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(visit: _Visit) -> urllib.request.OpenerDirector:
    """Opens only http and https: no file:, ftp: or data: handlers."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        _PlainHandler(visit),
        _SecureHandler(visit),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(visit),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
