"""The facts in `schemas/`, loaded once and asked many questions: form, plan, register, catalogue, labels."""
