"""Everything that Punchclock raises, in one tree, split by what the caller does about it.

PunchclockError
├── ComeAgain              nothing is wrong that time will not mend: the next sweep is the retry
│   ├── Throttled          the account's request rate is used up
│   ├── NotYet             the model is in a state that does not take the call
│   ├── ServiceSilent      the service did not answer: ask it nothing more in this invocation
│   └── LedgerConflict     somebody else wrote the record first
├── TellAPerson            no repetition will help until a person acts
│   ├── Refused            the service will not do it: permission, argument, account
│   ├── QuotaReached       the account's quota is used up
│   └── Unforeseen         Punchclock itself has a mistake: nobody has thought of that
└── FixTheFile             the plant file, or a question about it, does not hold
    ├── InvalidPlant       what a plant file says is impossible
    ├── InvalidOverride    what a person says at the desk is impossible
    └── OutOfRange         the instant lies outside the years that are known

Adapters translate the words of AWS into these at their boundary and raise them ``from`` the
original.
"""


class PunchclockError(Exception):
    """The root of the tree."""


class ComeAgain(PunchclockError):
    """Time will mend it; the next sweep tries again."""


class Throttled(ComeAgain):
    """The account's request rate for this operation is used up."""


class NotYet(ComeAgain):
    """The model is in a state that does not take the call."""


class ServiceSilent(ComeAgain):
    """The service did not answer, so nothing more is asked of it in this invocation."""


class LedgerConflict(ComeAgain):
    """The record changed between reading and writing."""


class TellAPerson(PunchclockError):
    """No repetition helps until a person acts."""


class Refused(TellAPerson):
    """The service refused: permission, argument or account."""


class QuotaReached(TellAPerson):
    """A quota of the account is used up."""


class Unforeseen(TellAPerson):
    """Something failed in a way that nobody has thought of."""


class FixTheFile(PunchclockError):
    """The plant file, or a question about it, does not hold."""


class InvalidPlant(FixTheFile, ValueError):
    """A value of the plant is impossible: the message names it and what would do."""


class InvalidOverride(FixTheFile, ValueError):
    """A value of an override is impossible: the message names it and what would do."""


class OutOfRange(FixTheFile):
    """The instant lies outside the years that are known."""
