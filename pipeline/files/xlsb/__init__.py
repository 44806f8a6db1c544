"""Binary .xlsb workbooks: a package like that of .xlsx, with records instead of XML in the parts that hold cells.

In: the parts of the package. Out: the facts of each sheet that the reader of its cells would hide, and the parts as
it can read them. No length or number in a record is trusted: what makes no sense is a `RefusedError`.
"""
