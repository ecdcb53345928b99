"""From a notice that was read to a plan to check: the outline, its corrections, and how it compares with last year's plan.

Pure: no Django, nothing of the database. The outline that is shown is what the parser found (frozen) with every correction made since
applied in order; undoing one leaves it out. What becomes of an outline is the business of `workplan.services.intake`.
"""
