"""A frame's number as blocks of black and white along the picture's upper edge.

Twenty blocks: sixteen bits of the number, scrambled so that neighbours differ in many blocks, and
four of a checksum. They are a twentieth of the picture wide and a tenth of it high, so they survive
any encoder and any scaling. `probe.js` reads the same.
"""

BLOCKS = 20
NUMBERS = 1 << 16
SCRAMBLE, OFFSET = 40503, 12345  # odd: a bijection of 16 bits
UNSCRAMBLE = pow(SCRAMBLE, -1, NUMBERS)


def checksum(code):
    return (code >> 12 ^ code >> 8 ^ code >> 4 ^ code ^ 0b1010) & 15


def bits(number):
    """The blocks of a number from left to right, each 0 or 1."""
    code = (number * SCRAMBLE + OFFSET) % NUMBERS
    word = code << 4 | checksum(code)
    return [word >> (BLOCKS - 1 - place) & 1 for place in range(BLOCKS)]


def number(blocks):
    """The number that blocks say, or None if the checksum doesn't hold."""
    word = 0
    for block in blocks:
        word = word << 1 | block
    code = word >> 4
    if word & 15 != checksum(code):
        return None
    return (code - OFFSET) * UNSCRAMBLE % NUMBERS


def frame(value, width, height):
    """A grey picture with the number on it, and something that moves below, 8 bits a pixel."""
    block = width // BLOCKS
    row = b"".join(bytes([235 if bit else 16]) * block for bit in bits(value))
    row += bytes([128]) * (width - len(row))
    high = height // 10
    rows = [row * high]
    at = value * 4 % (width - 40)
    bar = bytes([96]) * at + bytes([200]) * 40 + bytes([96]) * (width - 40 - at)
    rows.append(bar * (height // 10))
    rows.append(bytes([96]) * width * (height - high - height // 10))
    return b"".join(rows)
