"""A client for the local E-utilities that does not wait: pace and pauses have tests of their own."""

from pathlib import Path

from ketalit.entrez import Ncbi, Settings, Transport


class NoPace:
    """In the place of the limiter."""

    def wait(self) -> float:
        return 0.0

    def pause(self, seconds: float) -> None:
        pass


def ncbi(server, most: int = 9_999, **settings) -> Ncbi:
    """NCBI as the server plays it. Two attempts at each request, one second of patience."""
    root = server if isinstance(server, str) else server.url
    chosen = {
        "attempts": 2,
        "backoff": 0,
        "read_timeout": 1,
        "total_timeout": 2,
        "state": Path("/nonexistent"),
        **settings,
    }
    transport = Transport(
        Settings(base_url=f"{root}entrez/eutils/", idconv_url=f"{root}tools/idconv/api/v1/articles/", **chosen)
    )
    transport._limiter = NoPace()
    return Ncbi(transport, most=most)
