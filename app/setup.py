"""Makes an installation ready: boundaries, static files, and sample data in an empty store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from app import assets, catalogue, geography, lake
from app.catalogue import Catalogue
from app.errors import UploadRejected
from app.i18n import t
from app.intake import ledger, read, submit
from app.intake.upload import Upload
from app.samples import workbooks
from app.settings import Settings


def setup(settings: Settings, *, with_sample: bool, say: Callable[[str], None], lang: str) -> None:
    """Build what is missing; a second run finds everything in place and takes no time.

    Raises GeographyInvalid, CatalogueInvalid, or any error of the intake.
    """
    known = catalogue.load()
    if not geography.is_built(settings):
        from app.geography import building  # a second of imports, and all is built mostly

        say(t("setup.boundaries", lang))
        building.build(settings)
    if not assets.is_built():
        assets.build()
    if not with_sample:
        with lake.session(settings, write=True):  # an empty store, ready for the first upload
            return
    held = ledger.history(settings)
    if any(not row["sample"] for row in held):
        return
    loaded = {row["file_name"] for row in held}  # an interrupted setup goes on where it stopped
    files = [path for path in workbooks.files() if path.name not in loaded]
    for number, (path, upload) in enumerate(read_ahead(files, known, lang), start=1):
        say(t("setup.sample", lang, number=number, count=len(files), file=path.name))
        outcome = submit.submit(
            settings,
            upload,
            known,
            by=t("sample.mark", lang),
            note=t("setup.note", lang),
            explanation=t("setup.explanation", lang),
            lang=lang,
            reviewed=True,
        )
        if outcome.assessment.errors:
            reason = outcome.assessment.errors[0].message
            raise UploadRejected("setup.refused", file=path.name, reason=reason)


def read_ahead(files: Sequence[Path], known: Catalogue, lang: str) -> Iterator[tuple[Path, Upload]]:
    """The files as they are read, the next one while its forerunner is being stored."""
    coming: deque[tuple[Path, Future[Upload]]] = deque()
    with ThreadPoolExecutor(1) as reader:
        for path in files:
            coming.append((path, reader.submit(read.read, path, known, None, lang)))
            if len(coming) > 1:
                first, upload = coming.popleft()
                yield first, upload.result()
        for last, upload in coming:
            yield last, upload.result()
