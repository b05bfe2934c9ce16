"""Why a figure changed: which counties made the change, and what was corrected since."""
