"""Everything that leaves: blank forms, the consolidated workbook, tables, messages. The only place that writes files."""
