"""Plant files: read with the place of every word, checked all at once, compiled for Lambda.

Read it in this order: ``reader`` (what others call), ``source`` and ``nodes`` (text to words with
places), ``schema`` with ``words`` and ``names`` (what may be written), ``messages`` (what is said
about mistakes), ``crosschecks`` (values that stand together), ``build`` (the domain's values),
``compile`` (those as JSON).
"""
