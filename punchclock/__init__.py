"""The domain: shifts become windows, windows become runs, runs become decisions and timecards.

Pure Python. No AWS, no clock, no input or output: everything that happens here is a value that is
computed from other values. Read it in this order: ``plants`` (what a plant file says), ``shifts``,
``timetables`` (the law of time), ``decisions`` (the law of action), ``timecards`` and ``costs``
(the law of money), ``ports`` (what the outside must offer).
"""
