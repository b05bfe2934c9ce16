"""审计: who did what and when, to be searched and taken out."""

from app import choices
from app.access import audit_page

audit_page.show(choices.language())
