"""What is deployed: a stack composes constructs, constructs own resources."""

from infra import node

node.provide()
