"""Everything that leaves: blank forms, the consolidated workbook, papers, the page, replies, tables.

The only place that writes outputs. In: a `Report`, which carries the judged period whole. Out: files with the same
bytes for the same report. It computes no figure of its own, except the second sum of `Đối chiếu`.
"""
