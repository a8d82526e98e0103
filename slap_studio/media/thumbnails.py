"""Small pictures of frames, kept as JPEG."""

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 96
_QUALITY = 85


def thumbnail(image: NDArray[np.uint8]) -> bytes:
    """JPEG bytes of an RGB image [H, W, 3], 96 pixels high."""
    height, width = image.shape[:2]
    size = (max(1, min(4 * HEIGHT, round(width * HEIGHT / height))), HEIGHT)
    return jpeg(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def jpeg(image: NDArray[np.uint8]) -> bytes:
    """JPEG bytes of an RGB image [H, W, 3]."""
    encoded, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not encoded:
        raise RuntimeError("OpenCV could not encode an image as JPEG")
    return bytes(data)
