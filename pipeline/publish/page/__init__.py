"""The leader's page: one HTML file without a network, described as elements so that no text can become markup.

In: the report, and which files lie beside. Out: the text of one page. It must not ask the network for anything, and
knows neither workbook nor papers.
"""
