"""指标解释: what each indicator and measure means, where its target is from, all in one file."""

from app import choices
from app.dictionary import page

page.page(choices.language())
