"""Colours are told apart by everyone, on paper too."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from app import palette

# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB
VISION = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


def linear(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    red, green, blue = (min(max(c, 0), 1) for c in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, vision: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    return lab([sum(a * b for a, b in zip(row, rgb, strict=True)) for row in VISION[vision]])


def distance(one: str, other: str, vision: str) -> float:
    pairs = zip(seen(one, vision), seen(other, vision), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def lightness(colour: str) -> float:
    return seen(colour, "normal")[0]


def test_contrast_is_that_of_the_standard() -> None:
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert palette.contrast("#FFFFFF", "#FFFFFF") == 1
    assert palette.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ink", [palette.INK, palette.MUTED])
def test_text_reads_on_paper(ink: str) -> None:
    assert palette.contrast(ink, palette.PAPER) >= 4.5


@pytest.mark.parametrize("name", palette.STATUSES)
def test_text_of_a_target_status_reads_on_paper(name: str) -> None:
    assert palette.contrast(palette.STATUSES[name].ink, palette.PAPER) >= 4.5


@pytest.mark.parametrize("colour", [*palette.REGIONS.values(), *palette.SEQUENTIAL])
def test_text_in_or_on_a_colour_reads(colour: str) -> None:
    assert palette.contrast(palette.ink_of(colour), palette.PAPER) >= 4.5
    assert palette.contrast(palette.on(colour), colour) >= 4.5


@pytest.mark.parametrize("vision", VISION)
def test_regions_are_told_apart(vision: str) -> None:
    for one, other in combinations(palette.REGIONS.values(), 2):
        assert distance(one, other, vision) > 15


def test_regions_are_told_apart_in_black_and_white() -> None:
    steps = sorted(map(lightness, palette.REGIONS.values()))
    assert all(b - a > 6 for a, b in pairwise(steps))


@pytest.mark.parametrize("vision", VISION)
def test_target_statuses_are_told_apart(vision: str) -> None:
    fills = [palette.STATUSES[s].fill for s in ("met", "near", "missed")]
    for one, other in combinations(fills, 2):
        assert distance(one, other, vision) > 15


def test_a_worse_target_status_is_darker_and_has_its_own_sign() -> None:
    steps = [lightness(palette.STATUSES[s].fill) for s in ("met", "near", "missed")]
    assert all(a - b > 10 for a, b in pairwise(steps))
    signs = [palette.STATUSES[s].sign for s in ("met", "near", "missed", "not_due")]
    assert signs == ["✓", "◐", "✗", "○"]


def test_levels_darken_step_by_step() -> None:
    assert all(lightness(a) - lightness(b) > 10 for a, b in pairwise(palette.SEQUENTIAL))
    assert palette.levels(5) == list(palette.SEQUENTIAL)
    assert palette.levels(2) == [palette.SEQUENTIAL[0], palette.SEQUENTIAL[-1]]
    with pytest.raises(ValueError):
        palette.levels(6)


def test_changes_are_palest_in_the_middle() -> None:
    steps = [lightness(c) for c in palette.DIVERGING]
    assert steps.index(max(steps)) == len(steps) // 2
    assert steps[:4] == sorted(steps[:4]) and steps[3:] == sorted(steps[3:], reverse=True)


@pytest.mark.parametrize("name", ["粤北", "pilot_粤北", "north", "Northern Guangdong"])
def test_a_region_keeps_its_colour_under_every_name(name: str) -> None:
    assert palette.region_colour(name) == "#0072B2"


def test_what_is_no_region_has_no_region_colour() -> None:
    assert palette.region_colour("广东省") is None


def test_not_applicable_is_paler_than_every_class_in_black_and_white() -> None:
    fills = [palette.SEQUENTIAL[0], *(s.fill for s in palette.STATUSES.values())]
    assert lightness(palette.NOT_APPLICABLE) - max(map(lightness, fills)) > 6
    assert lightness(palette.OUTSIDE) - lightness(palette.NOT_APPLICABLE) > 5
