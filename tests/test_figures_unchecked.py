"""Figures are built unchecked where readers wait, and come out as Plotly would have made them."""

from __future__ import annotations

import orjson
import pytest

from app import lettering
from app.lettering import Caption, drawn, frame

DRAWN = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS


@pytest.fixture(params=[False, True])
def checked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(lettering, "CHECKED", request.param)
    return bool(request.param)


def test_what_plotly_does_not_know_is_refused_where_figures_are_looked_over(checked: bool) -> None:
    layout = frame(Caption("甲", "乙", "丙"), 200, left=0, right=0)
    if checked:
        with pytest.raises(ValueError, match="colour"):
            drawn([{"type": "bar", "marker": {"colour": "red"}}], layout)
    else:
        assert drawn([{"type": "bar", "marker": {"color": "red"}}], layout).data[0].type == "bar"


def test_a_figure_not_looked_over_is_the_same_to_the_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layout = frame(Caption("甲", "乙", "丙", sample=True), 200, left=0, right=0)
    traces = [{"type": "bar", "x": [1, None, 3.5], "y0": 0, "customdata": [["440523"]] * 3}]
    monkeypatch.setattr(lettering, "CHECKED", True)
    looked_over = drawn(traces, layout).to_plotly_json()
    monkeypatch.setattr(lettering, "CHECKED", False)
    assert orjson.dumps(drawn(traces, layout).to_plotly_json(), option=DRAWN) == orjson.dumps(
        looked_over, option=DRAWN
    )
    assert looked_over["layout"]["template"]["layout"]["showlegend"] is False
