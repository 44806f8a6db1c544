"""Quarterly reporting on communicating administrative reform: forms in, one consolidated workbook out."""

__version__ = "1.1.0"
