"""How what lasts is written: one at a time, beside first, whole or not at all. Knows files, nothing of forms."""
