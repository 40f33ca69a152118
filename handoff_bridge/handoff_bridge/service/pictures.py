"""Pictures: read within bounds of pixels, and written anew without their metadata."""

import io
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from handoff_bridge.errors import NotAnImage, UploadTooLarge

# Measured at these: 93 MB for a JPEG as cameras write it, 431 MB for the worst one
# (progressive, four colours), 248 MB for PNG, some 280 MB for WebP, 32 MB for GIF.
MAX_PIXELS = {
    "JPEG": 50_000_000,
    "PNG": 25_000_000,
    "WEBP": 16_000_000,
    "GIF": 25_000_000,
}
LONGEST_SIDE = 2048
FORMATS = tuple(MAX_PIXELS)
TOO_MANY_PIXELS = "The photo has too many pixels."


def reencode(content: IO[bytes]) -> tuple[bytes, str, tuple[int, int]]:
    """Our own encoding of the picture: nothing of the sender's bytes is served.

    Turned upright and without metadata, since photos carry the place they were
    taken at. Raises NotAnImage, UploadTooLarge.
    """
    try:
        with Image.open(content, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS[str(image.format)]:
                raise UploadTooLarge(TOO_MANY_PIXELS)
            # Made smaller first, a JPEG even while it is read, so that no copy of the
            # whole is needed.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            ImageOps.exif_transpose(image, in_place=True)
            return _encoded(image)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAnImage from error
    except Image.DecompressionBombError as error:
        raise UploadTooLarge(TOO_MANY_PIXELS) from error


def _encoded(image: Image.Image) -> tuple[bytes, str, tuple[int, int]]:
    clear = image.mode in ("RGBA", "LA", "PA", "P")
    plain = _of_8_bits(image).convert("RGBA" if clear else "RGB")
    # Comments and the like would be written out again.
    plain.info.clear()
    buffer = io.BytesIO()
    if clear:
        plain.save(buffer, "PNG")
        return buffer.getvalue(), "image/png", plain.size
    plain.save(buffer, "JPEG", quality=88)
    return buffer.getvalue(), "image/jpeg", plain.size


def _of_8_bits(image: Image.Image) -> Image.Image:
    """Pillow cuts grey of 16 bits off at 255, so that nearly all of it is white."""
    if not image.mode.startswith("I"):
        return image
    return image.point(lambda value: value / 256).convert("L")
