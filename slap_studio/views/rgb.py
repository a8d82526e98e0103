"""A theme's colours as numbers, which OpenGL and arrays take."""


def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1 of #rrggbb."""
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return red, green, blue


def rgba(colour: str, opacity: float = 1.0) -> tuple[float, float, float, float]:
    """The same with an opacity from 0 to 1."""
    return (*rgb(colour), opacity)
