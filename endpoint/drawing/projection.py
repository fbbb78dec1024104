"""Web Mercator (EPSG:3857) on a picture of a fixed size: places, degrees, distances, tiles."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

WIDTH, HEIGHT = 800, 520
_MARGIN = 40
_TILE = 256
_DEEPEST = 16
NORTHMOST = 85.0
"""Web Mercator ends there."""
_METRES = 40_075_016.7
"""Length of the equator."""

Pair: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GridLine:
    """A meridian or a parallel, and what it is called."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """An image of the background."""

    x: float
    y: float
    size: float
    url: str


def _mercator(pair: Pair) -> Pair:
    """Where a place is on a world that is 1 wide, from the upper left."""
    latitude = math.radians(pair[1])
    return pair[0] / 360 + 0.5, 0.5 - math.asinh(math.tan(latitude)) / (2 * math.pi)


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh((0.5 - y) * 2 * math.pi)))


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that a picture shows: its upper left corner, and units per world."""

    left: float
    top: float
    world: float

    def place(self, pair: Pair) -> Pair:
        """Where longitude and latitude are in the picture."""
        x, y = _mercator(pair)
        return (x - self.left) * self.world, (y - self.top) * self.world


def frame_of(places: list[Pair]) -> Frame:
    """The part of the world that holds all the places; raises ValueError for none."""
    points = [_mercator(pair) for pair in places]
    least_x, most_x = min(x for x, _ in points), max(x for x, _ in points)
    least_y, most_y = min(y for _, y in points), max(y for _, y in points)
    world = min(
        (WIDTH - 2 * _MARGIN) / max(most_x - least_x, 1e-9),
        (HEIGHT - 2 * _MARGIN) / max(most_y - least_y, 1e-9),
        _TILE * 2.0**_DEEPEST,
    )
    middle_x, middle_y = (least_x + most_x) / 2, (least_y + most_y) / 2
    return Frame(middle_x - WIDTH / world / 2, middle_y - HEIGHT / world / 2, world)


def _step(span: float) -> float:
    """A round number of degrees, of which four to ten fit into the picture."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    return next(power * times for times in (5, 2, 1) if power * times <= span / 4 or times == 1)


def _degrees(value: float, step: float) -> str:
    digits = max(0, -math.floor(math.log10(step)))
    return f"{value:.{digits}f}°"


def _between(least: float, most: float) -> Iterator[tuple[float, str]]:
    step = _step(most - least)
    for number in range(math.ceil(least / step), math.floor(most / step) + 1):
        yield number * step, _degrees(number * step, step)


def meridians(frame: Frame) -> list[GridLine]:
    """Lines of round longitudes."""
    least, most = (frame.left - 0.5) * 360, (frame.left + WIDTH / frame.world - 0.5) * 360
    lines = _between(max(least, -180), min(most, 180))
    return [GridLine(round(frame.place((value, 0))[0], 1), text) for value, text in lines]


def parallels(frame: Frame) -> list[GridLine]:
    """Lines of round latitudes."""
    most, least = _latitude(frame.top), _latitude(frame.top + HEIGHT / frame.world)
    lines = _between(max(least, -NORTHMOST), min(most, NORTHMOST))
    return [GridLine(round(frame.place((0, value))[1], 1), text) for value, text in lines]


def scale(frame: Frame) -> tuple[float, str]:
    """A round distance in the middle of the picture: its length there, and its name."""
    middle = _latitude(frame.top + HEIGHT / frame.world / 2)
    unit = _METRES * math.cos(math.radians(middle)) / frame.world
    metres = 10.0 ** math.floor(math.log10(unit * 200))
    metres *= next(times for times in (5, 2, 1) if metres * times <= unit * 200 or times == 1)
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return round(metres / unit, 1), text


def tiles_of(frame: Frame, url: str) -> Iterator[Tile]:
    """The images that lie behind the picture, of the zoom level whose size fits best."""
    zoom = max(0, min(_DEEPEST, math.floor(math.log2(frame.world / _TILE) + 0.5)))
    across = 2**zoom
    size = frame.world / across
    rows = range(
        max(0, math.floor(frame.top * across)),
        min(across, math.ceil((frame.top + HEIGHT / frame.world) * across)),
    )
    columns = range(
        math.floor(frame.left * across),
        math.ceil((frame.left + WIDTH / frame.world) * across),
    )
    for row in rows:
        for column in columns:
            address = url.replace("{z}", str(zoom)).replace("{x}", str(column % across))
            yield Tile(
                round((column / across - frame.left) * frame.world, 2),
                round((row / across - frame.top) * frame.world, 2),
                round(size, 2),
                address.replace("{y}", str(row)),
            )
