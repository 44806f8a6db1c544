"""Where on its sheets a form stands, counted from zero: above, its titles and lines."""

KEY_ROW = 3  # hidden, right above the header row
HEADER_ROW = 4
FIRST_ROW = 5
CARD_FIRST_ROW = 3
