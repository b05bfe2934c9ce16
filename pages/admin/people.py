"""用户: who may sign in, what each may do, and where."""

from app import choices
from app.access import people_page

people_page.show(choices.language())
