"""What the forms amount to: valid rows, versions in force, answers that do not fit together, completeness by task."""
