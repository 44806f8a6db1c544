"""One raw cell in, a typed value or a problem out. Pure: no file, no clock, no guess that enters a total."""
