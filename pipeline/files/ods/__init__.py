"""OpenDocument .ods workbooks: all sheets in one part of XML, cells without addresses, repeated by counts.

In: the content of the document. Out: the facts of each sheet that the reader of its cells would hide, and the
content as it can read it. No count is believed beyond the limits.
"""
