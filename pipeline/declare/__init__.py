"""The facts in `schemas/`, loaded once and asked many questions: form, plan, register, catalogue, labels.

In: files of declarations. Out: frozen values that refuse contradictions when they are loaded. Nothing of a unit's file
is known here.
"""
