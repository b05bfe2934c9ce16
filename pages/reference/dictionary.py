"""指标解释: what indicators and reported items mean, to search, link to and take away."""

from app import choices
from app.dictionary import page

lang = choices.language()
page.heading(lang)
page.choose(lang)
entry = page.opened(lang)
if entry is not None:
    page.detail(entry, lang)
else:
    page.downloads(lang)
    page.listing(lang)
