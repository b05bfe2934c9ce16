"""Makes an installation ready: boundaries, static files, and sample data in an empty store."""

from __future__ import annotations

from collections.abc import Callable

from app import assets, catalogue, geography, lake
from app.errors import UploadRejected
from app.i18n import t
from app.intake import ledger, read, submit
from app.samples import workbooks
from app.settings import Settings


def setup(settings: Settings, *, with_sample: bool, say: Callable[[str], None], lang: str) -> None:
    """Build what is missing; a second run finds everything in place and takes no time.

    Raises GeographyInvalid, CatalogueInvalid, or any error of the intake.
    """
    known = catalogue.load()
    if not geography.is_built(settings):
        say(t("setup.boundaries", lang))
        geography.build(settings)
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
    for number, path in enumerate(files, start=1):
        say(t("setup.sample", lang, number=number, count=len(files), file=path.name))
        outcome = submit.submit(
            settings,
            read.read(path, known, None, lang),
            known,
            by=t("sample.mark", lang),
            note=t("setup.note", lang),
            explanation=t("setup.explanation", lang),
            lang=lang,
        )
        if outcome.assessment.errors:
            reason = outcome.assessment.errors[0].message
            raise UploadRejected("setup.refused", file=path.name, reason=reason)
