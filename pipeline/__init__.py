"""Quarterly reporting on communicating administrative reform: forms in, one consolidated workbook out."""

__version__ = "1.0.0"
