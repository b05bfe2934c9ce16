"""From what was asked for to a file: build, draw the pictures, write, enter in the ledger."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from app import figures, periods, pictures, reads, settings, view
from app.access import audit, rights
from app.access.people import Person
from app.audience import PUBLIC
from app.briefing import content, ledger, marking, office, slides, word, workbook
from app.briefing.ledger import Recorded
from app.briefing.parts import Briefing, Chart, Request
from app.errors import BadRequest, DashboardError
from app.i18n import t
from app.intake import kept_files
from app.serving import Serving

SUFFIXES = (".docx", ".pdf", ".pptx", ".xlsx")
AT_ONCE = 2  # briefings of a batch in work: one is written while another's pictures are drawn
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """A briefing as a file; `lacking` says in words which of its pictures could not be drawn."""

    name: str
    content: bytes
    briefing: Briefing
    recorded: str  # its id in the ledger
    lacking: tuple[str, ...] = ()


Again = Callable[[Recorded, str], Made]


@dataclass(frozen=True)
class Failed:
    """A briefing of a batch that could not be made, and why."""

    request: Request
    reason: str


def one(request: Request, suffix: str, as_of: str = "", by: str = "") -> Made:
    """One briefing as a file, from the latest vintage or a past one, entered in the ledger.

    Raises BadRequest for a kind of file that is not there or a quarter that is not public yet,
    UnknownName for what can't be found, SuppressionRefused for a public one of a past vintage.
    """
    _check(suffix)
    person = rights.require("brief")
    source, stamp = view.current(as_of, request.audience)
    return _entered(request, suffix, source, stamp, by, person)


def several(
    requests: Sequence[Request], suffix: str, as_of: str = "", by: str = ""
) -> Generator[Made | Failed]:
    """Briefings one after the other, in the order asked for; one that fails does not stop others.

    Closing the iterator ends the batch: what has begun is finished, the rest is not begun. All are
    made from one vintage, whatever is submitted meanwhile.
    """
    _check(suffix)
    person = rights.require("brief")
    sources = {each: view.current(as_of, each) for each in {r.audience for r in requests}}
    begun: deque[tuple[Request, Future[Made]]] = deque()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="briefing")
    try:
        for request in requests:
            begun.append(
                (
                    request,
                    pool.submit(_entered, request, suffix, *sources[request.audience], by, person),
                )
            )
            if len(begun) > AT_ONCE:  # no more are begun than are taken
                yield _outcome(*begun.popleft())
        while begun:
            yield _outcome(*begun.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def again(recorded: Recorded, suffix: str) -> Made:
    """A briefing of the ledger word for word, its pictures drawn from its own vintage.

    Of one for publication there is the latest vintage alone: its pictures are drawn while that is
    its own, and named as lacking afterwards.
    """
    _check(suffix)
    rights.require("brief")
    briefing = recorded.briefing
    if briefing.request.audience != PUBLIC:
        source, stamp = view.current(str(briefing.vintage))
        return _file(briefing, suffix, source, stamp, recorded.id)
    source, stamp = view.current(audience=PUBLIC)
    same = (source.vintage, source.hidden_below) == (briefing.vintage, briefing.hidden_below)
    return _file(briefing, suffix, source, stamp, recorded.id, with_pictures=same)


def updated(recorded: Recorded, suffix: str) -> Made:
    """A briefing of the ledger from the latest vintage, with what has changed marked.

    What it says now is entered in the ledger as a briefing of its own.
    """
    _check(suffix)
    rights.require("brief")
    source, stamp = view.current(audience=recorded.briefing.request.audience)
    now = _built(recorded.briefing.request, source, stamp)
    marked = marking.marked(recorded.briefing, now)
    entered = ledger.record(settings.load(), now, recorded.by)
    return _file(marked, suffix, source, stamp, entered)


def file_name(briefing: Briefing, suffix: str) -> str:
    """The name of a briefing's file: its title."""
    return kept_files.clean_name(briefing.title + suffix)


def _outcome(request: Request, future: Future[Made]) -> Made | Failed:
    try:
        return future.result()
    except DashboardError as error:
        return Failed(request, error.text(request.lang))
    except Exception as error:  # a fault of ours in one must not lose the others
        _log.exception("a briefing of a batch failed: %s", request)
        return Failed(request, t("make.unexpected", request.lang, reason=error))


def _entered(
    request: Request, suffix: str, source: Serving, stamp: str, by: str, person: Person
) -> Made:
    briefing = _built(request, source, stamp)
    made = _file(briefing, suffix, source, stamp, "")
    entered = ledger.record(settings.load(), briefing, by)  # only what was really made
    audit.record("brief", person, briefing=entered, file=made.name)
    return Made(made.name, made.content, briefing, entered, made.lacking)


def _built(request: Request, source: Serving, stamp: str) -> Briefing:
    periods.parse(request.period)
    if source.outside and request.period not in reads.available_periods(source):
        raise BadRequest(
            "error.not_public_yet", period=lambda lang: periods.label(request.period, lang)
        )
    return content.build(request, source, stamp)


def _file(
    briefing: Briefing, suffix: str, source: Serving, stamp: str, entered: str, *,
    with_pictures: bool = True,
) -> Made:  # fmt: skip
    lang = briefing.request.lang
    wanted = [
        chart for chart in briefing.charts()
        # those that have a native chart need no picture in slides and workbooks
        if suffix in (".docx", ".pdf") or chart.form is None
    ]  # fmt: skip
    drawn: dict[Chart, bytes] = {}
    lacking: list[str] = []
    for chart in wanted:
        try:
            if not with_pictures:
                raise BadRequest("error.public_picture_gone")
            figure = figures.drawn(chart.kind, source, stamp, chart.choices)
            drawn[chart] = pictures.png(figure)
        except DashboardError as error:
            reason = error.text(lang)
            lacking.append(t("make.no_picture", lang, caption=chart.caption, reason=reason))
    if suffix == ".pptx":
        file = slides.presentation(briefing, drawn)
    elif suffix == ".xlsx":
        file = workbook.made(briefing, drawn)
    else:
        file = word.document(briefing, drawn)
        if suffix == ".pdf":
            file = office.pdf(file)
    return Made(file_name(briefing, suffix), file, briefing, entered, tuple(lacking))


def _check(suffix: str) -> None:
    if suffix not in SUFFIXES:
        raise BadRequest("error.briefing_file", suffix=suffix, names=", ".join(SUFFIXES))
