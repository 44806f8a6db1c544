"""What was sent: outputs sealed into packages that nobody changes, a book of them, and the proof that both hold.

In: parts by name, and what was said of the sending. Out: a package, its line in the book; later the newest package as
one value (`pipeline.values.sent.Sent`), and a sentence for everything that is not as it was sealed. Knows zips and the
book, nothing of what the parts mean. A package that lies there must not be changed.
"""
