"""Do the tests notice when the code is wrong? ``make mutation``; see docs/mutation.md."""
