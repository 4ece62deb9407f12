"""The websocket between page and kernel, for the servers that `ketalit lab` and `ketalit present` start."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class Prompt(ZMQChannelsWebsocketConnection):
    """It sends every message at once.

    A kernel says "busy" before it answers. With Nagle's algorithm (RFC 896) the answer would wait until that word was
    acknowledged, which a browser with nothing to send puts off for up to 40 ms ("delayed ACK", RFC 1122).
    """

    def connect(self) -> Any:
        """Connect to the kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
