"""Read PMC full texts (JATS XML): front matter, paragraphs with stable locators, and tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from ..errors import InputError
from .answers import Format, identify, ncbi_error, root_of
from .cutting import Source, chunks_of, cut, name_of, recoded
from .dates import date_in, date_of
from .ids import clean_doi, clean_orcid, clean_pmcid, one_doi
from .model import (
    Author,
    Correction,
    Date,
    FullText,
    Grant,
    Journal,
    OtherAbstract,
    Paragraph,
    Record,
    Reference,
    Section,
    Table,
)
from .problems import Kind, Problem, report
from .tables import grid_of
from .xml import Unreadable, markup_of, name, parse, squeeze, text_of

_Element = etree._Element
_NOT_OPEN = b"does not allow downloading of the full text"
_REFUSED = re.compile(rb"<error\b[^>]*?\bid=[\"']([^\"']*)[\"'][^>]*>(.*?)</error>", re.DOTALL)
_REPLY = re.compile(rb"<Reply\b[^>]*?\bId=[\"']([^\"']*)[\"'][^>]*?\berror=[\"']([^\"']*)[\"']", re.IGNORECASE)
_XLINK = "{http://www.w3.org/1999/xlink}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# JATS 1.3, attribute related-article-type, in the words of NLM's RefType.
_RELATED = {
    "corrected-article": "ErratumFor",
    "correction-forward": "ErratumIn",
    "retracted-article": "RetractionOf",
    "retraction-forward": "RetractionIn",
    "partial-retraction": "ErratumIn",
    "object-of-concern": "ExpressionOfConcernFor",
    "concern-forward": "ExpressionOfConcernIn",
    "expression-of-concern": "ExpressionOfConcernIn",
    "commentary-article": "CommentOn",
    "commentary": "CommentIn",
    "updated-article": "UpdateOf",
    "update": "UpdateIn",
    "republished-article": "RepublishedFrom",
    "companion": "AssociatedPublication",
}
_NOTICES = {"correction": "ErratumFor", "retraction": "RetractionOf", "expression-of-concern": "ExpressionOfConcernFor"}
_SECTION_TYPES = (
    ("methods", r"method|materials|subjects|participants|study design|experimental"),
    ("results", r"result|findings"),
    ("discussion", r"discussion|comment"),
    ("conclusions", r"conclusion"),
    ("introduction", r"intro|background|rationale"),
)


def read_jats(source: Source, *, problems: list[Problem] | None = None) -> list[Record]:
    """Records of JATS XML: one article or a pmc-articleset.

    An article whose body the publisher keeps closed has `full_text` None and a note that says so. Articles
    inside an article (sub-article, response: reviews, answers, translations) are left to themselves.

    Args:
        source: a path, an open binary file or bytes; plain or gzip.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: the input is an error answer or not JATS; or, without `problems`, at a loss.

    >>> meta = b"<article-id pub-id-type='pmid'>1</article-id><volume>7</volume>"
    >>> xml = b"<article><front><article-meta>" + meta + b"</article-meta></front></article>"
    >>> [(record.pmid, record.volume, record.full_text) for record in read_jats(xml)]
    [('1', '7', None)]
    """
    return list(iter_jats(source, problems=problems))


def iter_jats(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """As `read_jats`, one record after another, holding one article at a time."""
    file = name_of(source)
    encoding, chunks = recoded(chunks_of(source), file)
    head = b""
    number = unavailable = 0
    opened = closed = 0

    for piece in cut(chunks, ("article",)):
        place = f"{file}, article {number + 1}" if file else f"article {number + 1}"
        if piece.kind == "between":
            if not number:
                head = (head + piece.raw)[:100_000]
                _check(head, file, whole=False)
            for identifier, message in (*_REFUSED.findall(piece.raw), *_REPLY.findall(piece.raw)):
                unavailable += 1
                reason = f"PMC does not give out {_text(identifier)}: {_text(message)}"
                report(Problem(file or "input", reason, Kind.UNAVAILABLE), problems)
            if message_text := ncbi_error(piece.raw):
                if not number:
                    raise InputError(
                        f"NCBI answered with an error: {message_text}", where=file, next_step="Fetch again"
                    )
                report(Problem(file or "input", f"NCBI reports an error: {message_text}"), problems)
            opened += piece.raw.count(b"<pmc-articleset")
            closed += piece.raw.count(b"</pmc-articleset") + piece.raw.count(b"<pmc-articleset/>")
        elif piece.kind == "end":
            report(Problem(file or "input", piece.note, Kind.TRUNCATED), problems)
        elif piece.kind == "fragment":
            number += 1
            kind = Kind.TRUNCATED if "end of the input" in piece.note else Kind.QUARANTINED
            report(Problem(place, piece.note, kind), problems)
        else:
            _check(head + piece.raw[:100], file, whole=False)
            number += 1
            try:
                record = _article(parse(piece.raw, encoding), piece.raw)
                if not record.identifiers:
                    raise Unreadable("it has no PMID, PMCID or DOI to go by")
            except Unreadable as error:
                report(Problem(place, str(error)), problems)
            else:
                yield record
    if not number and not unavailable:
        _check(head, file, whole=True)
        report(Problem(file or "input", "a valid set without any article", Kind.EMPTY), problems)
    if opened > closed:
        report(Problem(file or "input", "the set is not closed: more may be missing", Kind.TRUNCATED), problems)


def _check(head: bytes, file: str, *, whole: bool) -> None:
    """Raise if the beginning shows another format; a beginning that has not come to its root yet may pass."""
    if not whole and not root_of(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return
    if identify(head, file) is not Format.JATS:
        raise InputError("the file holds records, but not JATS XML", where=file, expected="JATS XML")
    if whole and root_of(head) == "article":
        raise InputError("the article is cut off at its beginning", where=file, next_step="Fetch it again")


def _text(raw: bytes) -> str:
    return squeeze(re.sub(r"<[^>]*>", " ", raw.decode("utf-8", "replace")))


def _article(root: _Element, raw: bytes) -> Record:
    _plain_names(root)
    front = root.find("front")
    meta = None if front is None else front.find("article-meta")
    if meta is None:
        raise Unreadable("it has no front matter (article-meta)")
    ids = [(item.get("pub-id-type", ""), squeeze(item.text or "")) for item in meta.iterchildren("article-id")]
    doi, other_dois, notes = one_doi((text, True) for kind, text in ids if kind == "doi")
    title, title_markup = _title(meta)
    article_type = root.get("article-type", "")
    full_text = _full_text(root, meta)
    language = root.get(_LANG, "")
    abstract, other_abstracts = _abstracts(meta, language)
    published, published_online = _dates(meta)
    return Record(
        source="pmc",
        pmid=next((text for kind, text in ids if kind == "pmid" and text.isdecimal()), ""),
        pmcid=next((found for kind, text in ids if kind in ("pmc", "pmcid") and (found := clean_pmcid(text))), ""),
        doi=doi,
        other_dois=other_dois,
        pii=next((text for kind, text in ids if kind in ("pii", "publisher-id", "publisher-manuscript")), ""),
        title=title,
        title_markup=title_markup,
        vernacular_title=text_of(meta.find("title-group/trans-title-group/trans-title")),
        abstract=abstract,
        other_abstracts=other_abstracts,
        authors=_authors(meta),
        journal=_journal(front.find("journal-meta") if front is not None else None),
        published=published,
        published_online=published_online,
        volume=text_of(meta.find("volume")),
        issue=text_of(meta.find("issue")),
        pages=_pages(meta),
        keywords=_keywords(meta),
        grants=_grants(meta),
        languages=(language,) if language else (),
        corrections=_corrections(meta, article_type),
        references=_references(root),
        full_text=full_text,
        article_type=article_type,
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=notes + (() if full_text else (_why_no_text(root, raw),)),
    )


def _plain_names(root: _Element) -> None:
    """Drop the namespace of elements (JATS in OAI answers has one); MathML and attributes keep theirs."""
    if root.tag.startswith("{"):
        own = root.tag.partition("}")[0] + "}"
        for element in root.iter():
            if element.tag.startswith(own):
                element.tag = name(element)


def _why_no_text(root: _Element, raw: bytes) -> str:
    if _NOT_OPEN in raw or b"<restricted-by" in raw:
        return "full text not open: the publisher does not allow downloading it from PMC"
    return "the file holds no full text" if root.find("body") is None else "the body of the file is empty"


def _title(meta: _Element) -> tuple[str, str]:
    node = meta.find("title-group/article-title")
    if node is None:
        return "", ""
    _drop_footnotes(node)
    subtitle = meta.find("title-group/subtitle")
    title, markup = text_of(node), markup_of(node)
    if (more := text_of(subtitle)) and not title.endswith(more):
        markup = f"{markup or title}: {markup_of(subtitle) or more}" if markup or markup_of(subtitle) else ""
        title = f"{title.rstrip(':')}: {more}"
    return title, markup


def _drop_footnotes(node: _Element) -> None:
    """Take footnote marks out of a title; what follows them stays."""
    for mark in [child for child in node.iter("xref", "fn") if child is not node]:
        parent, tail = mark.getparent(), mark.tail or ""
        if parent is None:
            continue
        previous = mark.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
        parent.remove(mark)


def _abstracts(meta: _Element, language: str) -> tuple[tuple[Section, ...], tuple[OtherAbstract, ...]]:
    """The abstract proper (the first without a type), and the others: lay summaries, translations."""
    found = [(node.get("abstract-type", ""), node) for node in meta.iterchildren("abstract")]
    plain = [node for kind, node in found if not kind]
    typed = [node for kind, node in found if kind not in ("graphical", "teaser", "toc", "editor")]
    main = next(iter(plain or typed), None)
    others = []
    for node in meta.iterchildren("abstract", "trans-abstract"):
        if node is not main and (sections := tuple(_abstract_sections(node))):
            tongue = node.get(_LANG, "" if node.tag == "trans-abstract" else language)
            others.append(OtherAbstract(language=tongue, type=node.get("abstract-type", ""), sections=sections))
    return (() if main is None else tuple(_abstract_sections(main))), tuple(others)


def _abstract_sections(node: _Element, label: str = "") -> Iterator[Section]:
    own: list[str] = []
    for child in node:
        tag = name(child)
        if tag == "sec":
            inner = text_of(child.find("title")).rstrip(":. ")
            yield from _abstract_sections(child, inner or label)
        elif tag not in ("title", "label", "object-id", "fig", "table-wrap") and (text := text_of(child)):
            own.append(text)
    if own and label:
        yield Section(text=" ".join(own), label=label)
    else:
        yield from (Section(text=text) for text in own)


def _authors(meta: _Element) -> tuple[Author, ...]:
    places = {node.get("id"): _affiliation(node) for node in meta.iter("aff") if node.get("id")}
    found = []
    for contrib in meta.iterfind("contrib-group/contrib"):
        if contrib.get("contrib-type", "author") not in ("author", "collab", "group"):
            continue
        own = [_affiliation(node) for node in contrib.iterchildren("aff")]
        linked = [places.get(rid, "") for x in contrib.iter("xref") for rid in (x.get("rid") or "").split()]
        affiliations = tuple(dict.fromkeys(place for place in (*linked, *own) if place))
        orcid = next(
            (clean_orcid(i.text or "") for i in contrib.iter("contrib-id") if i.get("contrib-id-type") == "orcid"), ""
        )
        person = contrib.find("name")
        if person is None:
            person = contrib.find("name-alternatives/name")
        collab = contrib.find("collab")
        if collab is None:
            collab = contrib.find("collab-alternatives/collab")
        if person is not None:
            given = text_of(person.find("given-names"))
            initials = person.find("given-names")
            found.append(
                Author(
                    last=text_of(person.find("surname")),
                    fore=given,
                    initials=(None if initials is None else initials.get("initials")) or _initials(given),
                    suffix=text_of(person.find("suffix")).rstrip("."),
                    orcid=orcid,
                    affiliations=affiliations,
                )
            )
        elif collab is not None:
            inner = "".join(_outside(collab, ("contrib-group", "aff", "xref")))
            found.append(Author(collective=squeeze(inner), orcid=orcid, affiliations=affiliations))
        elif text := text_of(contrib.find("string-name")):
            last, _, fore = text.rpartition(" ")[::-1]
            found.append(Author(last=last, fore=fore, initials=_initials(fore), orcid=orcid, affiliations=affiliations))
    return tuple(found)


def _initials(given: str) -> str:
    """Initials of given names: "Mary-Ann J." is "MAJ"; letters set without spaces ("MJ") are initials already."""
    if given.isupper() and given.isalpha() and len(given) <= 3:
        return given
    return "".join(word[0].upper() for word in re.split(r"[\s.-]+", given) if word)


def _affiliation(node: _Element) -> str:
    return squeeze("".join(_outside(node, ("label", "sup")))).strip(" ,;")


def _outside(node: _Element, left_out: tuple[str, ...]) -> Iterator[str]:
    """Text of a node without that of some kinds of descendants."""
    yield node.text or ""
    for child in node:
        if name(child) not in left_out:
            yield from _outside(child, left_out)
        yield child.tail or ""


def _journal(node: _Element | None) -> Journal:
    if node is None:
        return Journal()
    ids = {item.get("journal-id-type", ""): text_of(item) for item in node.iterchildren("journal-id")}
    return Journal(
        title=text_of(_first(node, "journal-title-group/journal-title", "journal-title")),
        abbreviation=ids.get("nlm-ta")
        or ids.get("iso-abbrev")
        or text_of(_first(node, "journal-title-group/abbrev-journal-title", "abbrev-journal-title")),
        issn=text_of(node.find("issn")),
        nlm_id=ids.get("nlm-journal-id") or ids.get("nlm_journal_id") or "",
    )


def _first(node: _Element, *paths: str) -> _Element | None:
    return next((found for path in paths if (found := node.find(path)) is not None), None)


def _dates(meta: _Element) -> tuple[Date, Date]:
    """Date of the issue (print, collection) and of the electronic article, whatever the age of the tags."""
    found: dict[str, Date] = {}
    for node in meta.iterchildren("pub-date"):
        kind = node.get("pub-type") or " ".join(
            part for part in (node.get("date-type"), node.get("publication-format")) if part
        )
        part = {name(child): text_of(child) for child in node}
        whole = part.get("string-date") or node.get("iso-8601-date") or ""
        date = (
            date_of(part["year"], part.get("month", ""), part.get("day", ""), part.get("season", ""))
            if "year" in part
            else date_in(whole)
        )
        found.setdefault(kind, date)
    pick = [found[kind] for kind in ("ppub", "pub print", "collection", "epub-ppub", "pub ppub") if kind in found]
    online = [found[kind] for kind in ("epub", "pub electronic", "epub electronic", "pub epub") if kind in found]
    rest = [date for kind, date in found.items() if "pmc" not in kind and "release" not in kind]
    return (pick or online or rest or [Date()])[0], (online or [Date()])[0]


def _pages(meta: _Element) -> str:
    first, last = text_of(meta.find("fpage")), text_of(meta.find("lpage"))
    if first:
        return f"{first}-{last}" if last and last != first else first
    return text_of(meta.find("elocation-id"))


def _keywords(meta: _Element) -> tuple[str, ...]:
    words = (text_of(word) for word in meta.iterfind("kwd-group//kwd"))
    return tuple(dict.fromkeys(word for word in words if word))


def _grants(meta: _Element) -> tuple[Grant, ...]:
    found = []
    for award in meta.iterfind("funding-group/award-group"):
        source = award.find("funding-source")
        institution = None if source is None else source.find(".//institution")
        agency = text_of(source if institution is None else institution)
        ids = [text_of(item) for item in award.iterchildren("award-id")] or [""]
        found += [Grant(id=number, agency=agency) for number in ids]
    return tuple(found)


def _corrections(meta: _Element, article_type: str) -> tuple[Correction, ...]:
    """Links that decide the status. A notice is one by its article type, even where its link is missing."""
    found = []
    for node in meta.iterchildren("related-article"):
        kind = node.get("related-article-type", "")
        target = node.get(f"{_XLINK}href") or text_of(node)
        is_pmid = node.get("ext-link-type") in ("pubmed", "pmid") and target.isdecimal()
        citation = text_of(node) or ("" if is_pmid else target)
        found.append(Correction(type=_RELATED.get(kind, kind), citation=citation, pmid=target if is_pmid else ""))
    notice = _NOTICES.get(article_type)
    if notice and not any(link.type == notice for link in found):
        found.append(Correction(type=notice))
    return tuple(found)


def _references(root: _Element) -> tuple[Reference, ...]:
    found = []
    for node in root.iterfind("back//ref-list/ref"):
        for citation in node:
            if name(citation) not in ("mixed-citation", "element-citation", "citation", "nlm-citation"):
                continue
            ids = {item.get("pub-id-type", ""): squeeze(item.text or "") for item in citation.iter("pub-id")}
            for link in citation.iter("ext-link"):
                target = link.get(f"{_XLINK}href", "")
                if "doi" not in ids and (doi := clean_doi(target)):
                    ids["doi"] = doi
            found.append(
                Reference(
                    citation=_citation(citation),
                    pmid=ids.get("pmid", ""),
                    pmcid=clean_pmcid(ids.get("pmcid") or ids.get("pmc") or ""),
                    doi=clean_doi(ids.get("doi", "")),
                )
            )
    return tuple(found)


def _citation(node: _Element) -> str:
    """The printed reference; of one that is only data, its parts in the usual order."""
    if squeeze("".join(child.tail or "" for child in node) + (node.text or "")):
        return squeeze("".join(_outside(node, ("pub-id",))))
    people = [
        squeeze(f"{text_of(person.find('surname'))} {text_of(person.find('given-names'))}")
        for person in node.iter("name")
    ]
    people += [text_of(group) for group in node.iter("collab")]
    title, source = (text_of(node.find(tag)) for tag in ("article-title", "source"))
    year, volume, first, last = (text_of(node.find(tag)) for tag in ("year", "volume", "fpage", "lpage"))
    where = f"{year};{volume}:{first}{'-' + last if last else ''}" if volume and first else year
    known = [text.rstrip(".") for text in (", ".join(people), title, f"{source} {where}".strip()) if text]
    return f"{'. '.join(known)}." if known else text_of(node)


class _Place(NamedTuple):
    """Where in the body we are: section numbers, heading path, type of the outermost section."""

    numbers: str = ""
    path: str = ""
    type: str = ""


def _full_text(root: _Element, meta: _Element) -> FullText | None:
    """Paragraphs of the body in order; tables of the whole article (body, floats, appendices)."""
    body = root.find("body")
    paragraphs = () if body is None else tuple(_paragraphs(body, _Place()))
    parts = [part for tag in ("body", "floats-group", "back") for part in root.iterchildren(tag)]
    tables = tuple(_tables(node for part in parts for node in part.iter("table-wrap")))
    if not paragraphs and not tables:
        return None
    return FullText(paragraphs=paragraphs, tables=tables, licence=_licence(meta))


def _paragraphs(node: _Element, place: _Place) -> Iterator[Paragraph]:
    """Paragraphs below a node. Locator: numbers of the sections by position, then of the paragraph ("sec2.1.p3")."""
    sections = count = 0
    prefix = f"sec{place.numbers}" if place.numbers else "body"

    def walk(parent: _Element) -> Iterator[Paragraph]:
        nonlocal sections, count
        for child in parent:
            tag = name(child)
            if tag == "sec":
                sections += 1
                heading = squeeze(f"{text_of(child.find('label'))} {text_of(child.find('title'))}")
                numbers = f"{place.numbers}.{sections}" if place.numbers else str(sections)
                path = " > ".join(part for part in (place.path, heading) if part)
                kind = place.type or _section_type(child.get("sec-type", ""), heading)
                yield from _paragraphs(child, _Place(numbers, path, kind))
            elif tag == "p":
                if text := text_of(child):
                    count += 1
                    yield Paragraph(
                        text=text, locator=f"{prefix}.p{count}", section=place.path, section_type=place.type
                    )
            elif tag not in (
                "title",
                "label",
                "table-wrap",
                "table-wrap-group",
                "fig",
                "fig-group",
                "sec-meta",
                "ref-list",
            ):
                yield from walk(child)

    yield from walk(node)


def _section_type(declared: str, heading: str) -> str:
    """introduction, methods, results, discussion or conclusions, by JATS sec-type or else by the heading."""
    for text in (declared.lower(), heading.lower()):
        for kind, pattern in _SECTION_TYPES:
            if text and re.search(pattern, text):
                return kind
    return ""


def _tables(wraps: Iterable[_Element]) -> Iterator[Table]:
    """Tables in order ("table1", …). One that is only a picture has an empty grid; its caption is kept."""
    for number, wrap in enumerate(wraps, start=1):
        inner = [node for node in wrap.iter() if name(node) in ("table", "tgroup") and not _nested(node, wrap)]
        grids = [grid_of(node) for node in inner] or [((), 0)]
        caption = wrap.find("caption")
        group = wrap.getparent()
        if caption is None and group is not None and name(group) == "table-wrap-group":
            caption = group.find("caption")
        notes = tuple(text for foot in wrap.iterchildren("table-wrap-foot") for item in foot if (text := _note(item)))
        xml = _xml(wrap)
        for part, (grid, header_rows) in enumerate(grids, start=1):
            yield Table(
                locator=f"table{number}" if part == 1 else f"table{number}.{part}",
                label=text_of(wrap.find("label")).rstrip(".:"),
                caption=text_of(caption),
                footnotes=notes,
                grid=grid,
                header_rows=header_rows,
                xml=xml if part == 1 else _xml(inner[part - 1]),
            )


def _xml(node: _Element) -> str:
    return etree.tostring(node, encoding="unicode", with_tail=False)


def _note(node: _Element) -> str:
    """A footnote of a table with its mark."""
    if name(node) in ("fn", "fn-group"):
        return squeeze(" ".join(text_of(child) for child in node.iter("label", "p", "title")))
    return text_of(node)


def _nested(node: _Element, wrap: _Element) -> bool:
    """Whether a table lies inside another table, or holds its rows in a tgroup of its own."""
    if name(node) == "table" and any(name(child) == "tgroup" for child in node):
        return True
    parent = node.getparent()
    while parent is not None and parent is not wrap:
        if name(parent) in ("td", "th", "entry"):
            return True
        parent = parent.getparent()
    return False


def _licence(meta: _Element) -> str:
    """Address of the licence, failing that its words."""
    for node in meta.iterfind("permissions/license"):
        address = node.get(f"{_XLINK}href") or next(
            (squeeze(item.text or "") for item in node.iter() if name(item) == "license_ref"), ""
        )
        return address or text_of(node)
    return ""
