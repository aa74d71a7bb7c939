"""Hard bounds on what is accepted, so that no input is unbounded. Each is far above what a real store needs."""

MINOR_UNITS_MAX = 10**15
QUANTITY_MAX = 1_000_000
LINES_MAX = 2_000
TEXT_CHARS_MAX = 300
SKU_CHARS_MAX = 64
EMAIL_CHARS_MAX = 254  # RFC 5321, section 4.5.3.1.3
KEY_CHARS_MAX = 128
BODY_BYTES_MAX = 1_000_000
