"""Workbooks as packages of XML: the parts are looked at before the reader sees them, and trimmed to what it needs."""
