"""The model services and their metric, embedded, and spoken to in their own wire protocols.

Read ``hosting`` for what a hosted model does and bills, ``wire`` for what travels, ``emulator`` for
how a request finds its service. Each service is one file here, and one line in ``emulator``.
"""
