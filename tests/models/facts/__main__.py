"""`python -m tests.models.facts` writes docs/mechanism-facts.md."""

from .page import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
