"""Pictures and PDFs made for the tests."""

import io
import struct
import zlib

from PIL import Image
from pypdf import PdfWriter

GPS = 0x8825
ORIENTATION = 0x0112
QUARTER_TURN = 6  # "rotate by 90 degrees to the right to see it upright"


def photo(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """A picture with one corner of another colour."""
    image = Image.new(mode, size)
    image.paste(255, (0, 0, size[0] // 4, size[1] // 4))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def photo_from_a_phone() -> bytes:
    """A JPEG that lies on its side and tells where it was taken."""
    image = Image.new("RGB", (40, 20), "navy")
    exif = Image.Exif()
    exif[ORIENTATION] = QUARTER_TURN
    exif[0x010F] = "Whiskers Phones"
    gps = exif.get_ifd(GPS)
    gps[1], gps[2] = "N", (54.0, 19.0, 30.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=b"Whiskers at home")
    return buffer.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG file that claims to be a huge picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 10_000)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
