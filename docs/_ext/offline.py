"""Pages that need no other host: equations as MathML, and no script that would fetch one to run code."""

from docutils import nodes
from latex2mathml.converter import convert


def _show(display):
    def visit(translator, node):
        translator.body.append(convert(node.astext().strip(), display=display))
        raise nodes.SkipNode

    return visit


def _without_thebe(app, page, template, context, doctree):
    """Jupyter Book always adds thebe, which comes from a CDN."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe" not in str(script).lower() and "THEBE" not in getattr(script, "attributes", {}).get("body", "")
    ]


def setup(app):
    """Register both with Sphinx; browsers draw MathML and read it aloud by themselves."""
    app.add_html_math_renderer("mathml", (_show("inline"), None), (_show("block"), None))
    app.connect("html-page-context", _without_thebe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
