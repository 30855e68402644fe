"""What must a person know about a valid plant before it is deployed?

Read it in this order: ``survey`` (all of it), ``outlook`` (the time that is looked at), and one
module for each kind of advice: ``idle`` (what never works), ``clocks`` (edges around clock
changes), ``joints`` (what becomes one run), ``days_off`` (holidays and closures) and
``crowds`` (quotas).
"""
