"""运行情况: how this server does, how long its pages take, and what failed."""

from app import choices
from app.monitor import page

page.show(choices.language())
