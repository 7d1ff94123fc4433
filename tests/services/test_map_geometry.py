"""Outlines, distances and the projection of the sketch map."""

import pytest

from services import geo


def test_shapes__of_the_file__are_the_seven_districts_with_their_centres_inside():
    shapes = geo.shapes()
    assert set(shapes) == {"320205", "320206", "320211", "320213", "320214", "320281", "320282"}
    for shape in shapes.values():
        longitude, latitude = shape.center
        assert shape.contains(latitude, longitude), shape.name


def test_place__in_one_district__is_in_no_other():
    longitude, latitude = geo.shapes()["320213"].center
    assert [s.name for s in geo.shapes().values() if s.contains(latitude, longitude)] == ["梁溪区"]


def test_distance__from_jiangyin_to_yixing__is_about_seventy_kilometres():
    jiangyin, yixing = geo.shapes()["320281"].center, geo.shapes()["320282"].center
    kilometres = geo.distance_km(jiangyin[1], jiangyin[0], yixing[1], yixing[0])
    assert kilometres == pytest.approx(74, abs=3)


def test_sketch__of_all_districts__keeps_every_point_on_the_sheet_and_north_up():
    shapes = list(geo.shapes().values())
    sketch = geo.Sketch(shapes)
    for shape in shapes:
        for ring in shape.rings:
            for longitude, latitude in ring:
                x, y = sketch.point(latitude, longitude)
                assert 0 <= x <= sketch.width
                assert 0 <= y <= sketch.height
    assert sketch.point(31.9, 120)[1] < sketch.point(31.2, 120)[1]
