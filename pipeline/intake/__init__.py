"""Folder to forms: gather the files, look before opening, read, find the tables, say whose they are. Changes nothing."""
