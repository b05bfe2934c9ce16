"""Which area a row is about: every way of writing one that is understood, and what is not."""

from __future__ import annotations

import pytest

from app import areas
from app.intake import places
from app.intake.places import Place

CHAOYANG = "440513"  # 潮阳区，汕头市


def found(
    code: object = None,
    name: str | None = None,
    city: str | None = None,
    context: str | None = None,
) -> Place:
    """The place of a row with these key cells."""
    return places.find(code, name, city, context, {})  # type: ignore[arg-type]


def names(place: Place) -> list[str]:
    """The names of the areas proposed for an unknown one."""
    return [areas.load()[code].name for code in place.candidates]


@pytest.mark.parametrize(
    "code",
    [
        "440513", 440513, " 440513 ", "４４０５１３", "440513000000", "440513000", "'440513",
        "440513.0",
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_was_typed(code: object) -> None:
    assert (found(code).kind, found(code).code) == ("area", CHAOYANG)


@pytest.mark.parametrize(
    "name",
    [
        "潮阳区", "潮阳", "潮 阳 区", "　潮阳区", "汕头市潮阳区", "汕头潮阳", "广东省汕头市潮阳区",
        "广东汕头潮阳", "潮阳区（汕头市）", "1.潮阳区", "其中：潮阳区", "潮阳市",
        "Chaoyang District", "chaoyang", "Shantou Chaoyang", "Chaoyang District, Shantou",
    ],
)  # fmt: skip
def test_a_name_is_read_however_it_was_written(name: str) -> None:
    assert (found(name=name).kind, found(name=name).code) == ("area", CHAOYANG)
    assert found(name).code == CHAOYANG  # in the column of the codes
    assert found(CHAOYANG, name).code == CHAOYANG  # beside its code


@pytest.mark.parametrize("area", areas.load().values(), ids=lambda area: area.code)
def test_every_area_is_found_by_its_names_with_its_city(area: areas.Area) -> None:
    short = area.city.removesuffix("市")
    for name in (area.city + area.name, short + area.name, f"{area.name_en}, {area.city_en}"):
        assert found(name=name).code == area.code
    assert found(name=area.name, city=area.city).code == area.code
    assert found(name=area.name, context=area.city_code).code == area.code
    if area.name != "城区":
        assert found(name=area.name).code == found(name=area.name_en).code == area.code


def test_the_urban_district_of_shanwei_needs_its_city() -> None:
    assert found(name="城区").kind == "unknown"
    assert names(found(name="城区"))[0] == "城区"
    assert found(name="城区", city="汕尾市").code == "441502"
    assert found(name="城区", context="441500").code == "441502"
    assert found("441502", "城区").code == "441502"
    elsewhere = found(name="城区", city="清远市")
    assert (elsewhere.kind, names(elsewhere)[0]) == ("unknown", "清城区")


def test_two_counties_of_one_spelling_are_not_guessed() -> None:
    # 郁南县 is Yunan, 云安区 is Yun'an, and both lie in Yunfu
    assert found(name="Yunan").kind == "unknown"
    assert set(names(found(name="Yunan"))) >= {"郁南县", "云安区"}
    assert found(name="Yun'an District").code == "445303"
    assert found(name="Yunan County").code == "445322"


@pytest.mark.parametrize(("name", "code"), [("东莞", "441900"), ("中山市", "442000")])
def test_a_city_without_counties_is_one_unit(name: str, code: str) -> None:
    assert found(name=name).code == found(city=name).code == found(code).code == code


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ({"code": "440500"}, "440500"),
        ({"name": "汕头市"}, "440500"),
        ({"city": "汕头"}, "440500"),
        ({"name": "汕头市合计"}, "440500"),
        ({"name": "小 计", "city": "汕头市"}, "440500"),
        ({"name": "粤东地区"}, "粤东"),
        ({"code": "440000"}, None),
        ({"name": "广东省"}, None),
        ({"code": "合计"}, None),
        ({"name": "全 省"}, None),
    ],
)
def test_a_total_is_no_area(key: dict[str, str], group: str | None) -> None:
    place = found(**key)
    assert (place.kind, place.group) == ("total", group)


@pytest.mark.parametrize(
    ("code", "name", "city", "wrong"),
    [
        (CHAOYANG, "仁化县", None, "area_name"),
        (CHAOYANG, "不知道", None, "area_name"),
        (CHAOYANG, "合计", None, "area_name"),
        (CHAOYANG, "潮阳区", "韶关市", "city_name"),
        (None, "潮阳区", "韶关市", "city_name"),
    ],
)
def test_code_name_and_city_must_agree(
    code: str | None, name: str, city: str | None, wrong: str
) -> None:
    place = found(code, name, city)
    assert (place.kind, place.wrong, place.code) == ("mismatch", wrong, CHAOYANG)


def test_an_unknown_name_is_proposed_with_what_is_most_like_it() -> None:
    assert names(found(name="朝阳区"))[0] == "潮阳区"
    assert len(names(found(name="朝阳区"))) == 5
    of_the_city = found(name="某区", city="汕头市")
    assert {areas.load()[code].city for code in of_the_city.candidates} == {"汕头市"}
    assert names(found("999999", "潮阳区"))[0] == "潮阳区"
    assert found("440514", "潮阳区").kind == "mismatch"


def test_a_city_row_with_a_countys_name_is_not_left_out_as_a_total() -> None:
    place = found("440500", "潮阳区")
    assert (place.kind, names(place)[0]) == ("unknown", "潮阳区")


def test_a_pick_holds_for_the_name_alone_and_with_its_city() -> None:
    key = found(name="某 区", city="汕头市").written
    assert key == places.written("汕头市某区")
    picks = {key: CHAOYANG, places.written("另一区"): CHAOYANG}
    with_city = places.find(None, "某区", "汕头市", None, picks)
    assert (with_city.code, with_city.used) == (CHAOYANG, key)
    assert places.find(None, "某区", "韶关市", None, picks).kind == "unknown"
    assert places.find(None, "另一区", "汕头市", None, picks).code == CHAOYANG
    assert places.find(None, "另一区", "韶关市", None, picks).kind == "unknown"  # not in Shantou
    assert places.find(None, "某区", "汕头市", None, {key: "999999"}).kind == "unknown"


def test_what_stands_before_a_name_does_not_change_a_pick() -> None:
    assert places.written(" 1.某区 ") == places.written("其中：某 区") == "某区"
    assert places.written("440599") == "440599"
