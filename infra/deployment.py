"""Who may deploy? The pipeline's role, and what CloudFormation may do in its name.

``python -m infra.deployment --repository OWNER/NAME PLANT...`` prints a CloudFormation template for
an administrator to deploy once (docs/deploying.md); ``make roles`` does so too. It has, for plants
of one account and region,

- a role for each plant that only its GitHub environment can take. It may take the two roles of the
  CDK's bootstrap that a deployment takes, and ask what ``punchclock deploy`` asks; nothing else;
- the policy that the bootstrap gives CloudFormation. It is made of the resource types of the
  plants' own templates: see ``grants``;
- with ``--bounded``, a boundary around the roles that CloudFormation makes: whatever a template
  gives them, they may do what the functions of today do and nothing else.

All of them have a path, so that no name in them is one that they apply to.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import DefaultStackSynthesizer

from infra.grants import HERE, OURS, granted, places
from infra.synth import synthesize
from plantfile.problems import InvalidFile
from plantfile.reader import read_all
from punchclock.plants import Plant

PATH = "/deployment/"
"""Where the roles and policies lie that deploy: no policy here reaches them."""

BOUNDARY = "punchclock-${AWS::Region}"
"""The name of the boundary. IAM knows no regions."""

BOUNDARY_CONTEXT = {"@aws-cdk/core:permissionsBoundary": {"name": f"{PATH[1:]}{BOUNDARY}"}}
"""What makes the CDK put every role within the boundary, in the context of ``cdk.json``."""

GITHUB = "token.actions.githubusercontent.com"
"""Who says for GitHub where a job runs."""

_BOUNDED = frozenset({"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"})
"""What can give a role more than it had. A boundary that is there can not be taken away: that is
left out of all grants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployable:
    """A plant that a pipeline deploys."""

    plant: str
    environment: str
    """The GitHub environment of the job that deploys it, named after the plant's file."""
    template: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """A bootstrap of the CDK in an account and region."""

    qualifier: str

    def role(self, name: str) -> str:
        """Return the ARN of one of its roles, to be substituted."""
        return name.replace("${Qualifier}", self.qualifier)

    @property
    def taken(self) -> Sequence[str]:
        """The roles that a deployment takes: one deploys, one publishes.

        The one for lookups could read the whole account. Without it the CDK warns, and reads what
        it needs of the stack as the one who deploys.
        """
        return [
            self.role(DefaultStackSynthesizer.DEFAULT_DEPLOY_ROLE_ARN),
            self.role(DefaultStackSynthesizer.DEFAULT_FILE_ASSET_PUBLISHING_ROLE_ARN),
        ]

    @property
    def bucket(self) -> str:
        """The bucket from which Lambda is given the asset."""
        return f"cdk-{self.qualifier}-assets-${{AWS::AccountId}}-${{AWS::Region}}"


def template(
    plants: Sequence[Deployable], repository: str, bootstrap: Bootstrap, *, bounded: bool = False
) -> Mapping[str, Any]:
    """Return the CloudFormation template of all who deploy some plants."""
    types = {
        resource["Type"] for each in plants for resource in each.template["Resources"].values()
    }
    execution = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Path": PATH,
            "Description": "What CloudFormation may do to deploy Punchclock",
            "PolicyDocument": _policy(execution_statements(types, bootstrap, bounded=bounded)),
        },
    }
    boundary = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Path": PATH,
            "ManagedPolicyName": _sub(BOUNDARY),
            "Description": "The most that any role of Punchclock may do",
            "PolicyDocument": _policy([_allow("Most", sorted(set(_used(plants))), ["*"])]),
        },
    }
    roles = {
        f"Deploy{_identifier(each.plant)}": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "Path": PATH,
                "Description": f"Deploys the plant {each.plant}",
                # A deployment watches the heartbeat for ten minutes of it.
                "MaxSessionDuration": 3600,
                "AssumeRolePolicyDocument": _policy([trust(each.environment, repository)]),
                "Policies": [
                    {
                        "PolicyName": "Deploy",
                        "PolicyDocument": _policy(deployment_statements(each.plant, bootstrap)),
                    }
                ],
            },
        }
        for each in plants
    }
    outputs = {
        "ExecutionPolicy": {"Value": {"Ref": "Execution"}},
        **{f"{key}Role": {"Value": {"Fn::GetAtt": [key, "Arn"]}} for key in roles},
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Who may deploy Punchclock: generated by python -m infra.deployment",
        "Resources": {
            "Execution": execution,
            **({"Boundary": boundary} if bounded else {}),
            **roles,
        },
        "Outputs": outputs,
    }


def _used(plants: Iterable[Deployable]) -> Iterator[str]:
    """Yield the actions of all roles in the plants' templates, some more than once."""
    for plant in plants:
        for resource in plant.template["Resources"].values():
            properties = resource.get("Properties", {})
            policies = {
                "AWS::IAM::Role": properties.get("Policies", ()),
                "AWS::IAM::Policy": (properties,),
            }.get(resource["Type"], ())
            for policy in policies:
                for statement in policy["PolicyDocument"]["Statement"]:
                    said = statement["Action"]
                    yield from [said] if isinstance(said, str) else said


def trust(environment: str, repository: str) -> Mapping[str, Any]:
    """Return who may take a plant's role: the jobs of an environment of a repository."""
    provider = f"iam::${{AWS::AccountId}}:oidc-provider/{GITHUB}"
    return {
        "Effect": "Allow",
        "Principal": {"Federated": _arn(provider)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:sub": f"repo:{repository}:environment:{environment}",
            }
        },
    }


def deployment_statements(plant: str, bootstrap: Bootstrap) -> list[Mapping[str, Any]]:
    """Return what the role of a plant may do: what ``punchclock deploy`` does, and CI after it."""
    own = f"punchclock-{plant}-"
    stacks = f"cloudformation:{HERE}:stack/punchclock-*/*"
    return [
        _allow("TakeBootstrapRoles", ["sts:AssumeRole"], [_sub(each) for each in bootstrap.taken]),
        # All stacks are asked whether a model is another plant's, and whether one is an orphan.
        _allow("FindStacks", ["cloudformation:DescribeStacks"], ["*"]),
        _allow(
            "ReadStacks",
            ["cloudformation:GetTemplate", "cloudformation:GetTemplateSummary"],
            [_arn(stacks)],
        ),
        _allow(
            "SeeHeartbeat",
            ["cloudwatch:DescribeAlarms"],
            [_arn(f"cloudwatch:{HERE}:alarm:{own}*")],
        ),
        _allow(
            "AskSweep",
            ["lambda:InvokeFunction"],
            [_arn(f"lambda:{HERE}:function:{own}FunctionsSweep*")],
        ),
    ]


def execution_statements(
    types: Iterable[str], bootstrap: Bootstrap, *, bounded: bool = False
) -> list[Mapping[str, Any]]:
    """Return what CloudFormation may do. Raises ``LookupError`` for a type that is not known."""
    allowed: dict[str, set[str]] = {}
    limited = _BOUNDED if bounded else frozenset()
    for kind in sorted(each for each in types if not each.startswith("Custom::")):
        for action in granted(kind):
            for place in places(kind, action) if action not in limited else ():
                allowed.setdefault(place, set()).add(action)
    return [
        *(
            _allow(f"Own{number}", sorted(actions), [_anywhere_or(place)])
            for number, (place, actions) in enumerate(sorted(allowed.items()))
        ),
        *([_within_boundary()] if bounded else []),
        *_beside(bootstrap),
    ]


def _within_boundary() -> Mapping[str, Any]:
    """Let roles be made, and given permissions, within the boundary alone."""
    boundary = _arn(f"iam::${{AWS::AccountId}}:policy{PATH}{BOUNDARY}")
    roles = [_arn(f"iam::${{AWS::AccountId}}:role/{OURS}")]
    return {
        **_allow("WithinBoundary", sorted(_BOUNDED), roles),
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}},
    }


def _beside(bootstrap: Bootstrap) -> Iterator[Mapping[str, Any]]:
    """Yield what no type's own service does."""
    roles = [_arn(f"iam::${{AWS::AccountId}}:role/{OURS}")]
    yield {
        **_allow("GiveRoles", ["iam:PassRole"], roles),
        "Condition": {
            "StringEquals": {
                "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]
            }
        },
    }
    yield _allow("ReadAsset", ["s3:GetObject"], [_arn(f"s3:::{bootstrap.bucket}/*")])
    # The custom resource that stops what was started when the stack is destroyed.
    closer = f"lambda:{HERE}:function:{OURS}"
    yield _allow("AskToClose", ["lambda:InvokeFunction"], [_arn(closer)])
    version = f"ssm:{HERE}:parameter/cdk-bootstrap/{bootstrap.qualifier}/version"
    yield _allow("ReadBootstrapVersion", ["ssm:GetParameters"], [_arn(version)])


def _allow(sid: str, actions: Sequence[str], resources: Sequence[Any]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _policy(statements: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _arn(rest: str) -> Mapping[str, str]:
    return _sub(f"arn:${{AWS::Partition}}:{rest}")


def _anywhere_or(place: str) -> object:
    return place if place == "*" else _arn(place)


def _sub(text: str) -> Mapping[str, str]:
    return {"Fn::Sub": text}


def _identifier(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace("_", "-").split("-"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the template; return 1, after saying why, where a file does not hold."""
    asked = argparse.ArgumentParser(description="print who may deploy, as CloudFormation template")
    asked.add_argument("--repository", metavar="OWNER/NAME", required=True, help="on GitHub")
    asked.add_argument("--qualifier", default=DefaultStackSynthesizer.DEFAULT_QUALIFIER)
    asked.add_argument("--bounded", action="store_true", help="put all roles within a boundary")
    asked.add_argument("files", metavar="PLANT", type=Path, nargs="+")
    options = asked.parse_args(arguments)
    try:
        plants = read_all(options.files)
    except InvalidFile as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a program
        return 1
    places = sorted({_place(plant) for plant in plants})
    if len(places) > 1:
        print(f"one account and region at a time, not {', '.join(places)}", file=sys.stderr)  # noqa: T201 - likewise
        return 1
    found = [
        Deployable(plant=plant.name, environment=file.stem, template=synthesize(plant).template)
        for file, plant in zip(options.files, plants, strict=True)
    ]
    bootstrap = Bootstrap(qualifier=options.qualifier)
    made = template(found, options.repository, bootstrap, bounded=options.bounded)
    print(json.dumps(made, indent=2))  # noqa: T201 - likewise
    return 0


def _place(plant: Plant) -> str:
    return f"{plant.account or 'any account'} in {plant.region}"


if __name__ == "__main__":
    sys.exit(main())
