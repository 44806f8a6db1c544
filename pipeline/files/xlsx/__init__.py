"""Workbooks as packages of XML, .xlsx and .xlsm: looked at part by part before the reader sees them.

In: the parts of the package. Out: the facts of each sheet that the reader of its cells would hide, and the parts as it
can read them. A part that contradicts another, or reaches too far, is a `RefusedError`.
"""
