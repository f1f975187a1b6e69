"""Reads FLV: tags from bytes as they come, AMF0 values, and a clip's frames."""

import hashlib
import struct

AUDIO, VIDEO, SCRIPT = 8, 9, 18


def u24(data, at):
    return int.from_bytes(data[at:at + 3], "big")


class Reader:
    """Bytes in, (type, timestamp, body) out, however the bytes are cut."""

    def __init__(self):
        self.rest = bytearray()
        self.has_header = False

    def feed(self, data):
        self.rest += data
        tags, at = [], 0
        if not self.has_header:
            if len(self.rest) < 13:
                return tags
            if self.rest[:3] != b"FLV":
                raise ValueError(f"this is no FLV: {bytes(self.rest[:13])!r}")
            self.has_header, at = True, 13
        while len(self.rest) - at >= 11:
            size = u24(self.rest, at + 1)
            if len(self.rest) - at < 11 + size + 4:
                break
            time = u24(self.rest, at + 4) | self.rest[at + 7] << 24
            tags.append((self.rest[at], time, bytes(self.rest[at + 11:at + 11 + size])))
            at += 11 + size + 4
        del self.rest[:at]
        return tags


def is_frame(body):
    """A legacy AVC tag that holds a picture, not a header."""
    return len(body) > 5 and body[0] & 15 == 7 and body[1] == 1


def composition_ms(body):
    value = u24(body, 2)
    return value - (1 << 24) if value >> 23 else value


def digest(body):
    return hashlib.sha1(body).digest()


def script(body):
    """(name, value) of a script tag, or None."""
    try:
        name, at = amf0(body, 0)
        return name, amf0(body, at)[0]
    except (IndexError, struct.error, UnicodeDecodeError):
        return None


def amf0(data, at):
    """One value, and where the next begins."""
    kind, at = data[at], at + 1
    if kind == 0:
        return struct.unpack_from(">d", data, at)[0], at + 8
    if kind == 1:
        return data[at] != 0, at + 1
    if kind == 2:
        return text(data, at)
    if kind == 10:
        count, at, items = struct.unpack_from(">I", data, at)[0], at + 4, []
        for _ in range(count):
            item, at = amf0(data, at)
            items.append(item)
        return items, at
    at, members = at + (4 if kind == 8 else 0), {}
    while data[at:at + 3] != b"\0\0\x09":
        key, at = text(data, at)
        members[key], at = amf0(data, at)
    return members, at + 3


def text(data, at):
    end = at + 2 + struct.unpack_from(">H", data, at)[0]
    return data[at + 2:end].decode(), end
