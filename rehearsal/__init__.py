"""The embedded stand-in for AWS: the synthesized template is stood up and a day is fired at it."""
