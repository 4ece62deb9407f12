"""ketalit: find, read, tabulate and teach the evidence on ketamine for chronic pain."""

__version__ = "0.1.0"
