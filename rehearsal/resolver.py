"""What do a template's intrinsic functions stand for, once it is deployed?"""

from collections.abc import Iterator, Mapping
from typing import Any

PARTITION = "aws"


class Resolver:
    """Intrinsic functions, for the names that a stack gives its resources."""

    def __init__(self, resources: Mapping[str, Any], stack: str, region: str, account: str) -> None:
        """Name the resources of a template as a stack in an account and region would."""
        self._resources = resources
        self._stack = stack
        self._region = region
        self._account = account
        self._pseudo = {
            "AWS::Region": region,
            "AWS::AccountId": account,
            "AWS::Partition": PARTITION,
            "AWS::StackName": stack,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackId": f"arn:aws:cloudformation:{region}:{account}:stack/{stack}/0",
            "AWS::NoValue": "",
        }

    def of(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Yield logical ids and resolved properties of all resources of a type."""
        for key, resource in self._resources.items():
            if resource["Type"] == kind:
                yield key, self.value(resource.get("Properties", {}))

    def value(self, value: Any) -> Any:
        """Resolve every intrinsic function within a value."""
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in self._intrinsics:
                return self._intrinsics[name](self, argument)
        return {key: self.value(each) for key, each in value.items()}

    def ref(self, key: str) -> str:
        """Return what ``Ref`` gives: a pseudo parameter, a name, an ARN or a URL."""
        if key in self._pseudo:
            return self._pseudo[key]
        kind = self._resources[key]["Type"]
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{self._region}.amazonaws.com/{self._account}/{self._name(key)}"
        if kind in {"AWS::SNS::Topic", "AWS::IAM::ManagedPolicy"}:
            return self.arn(key)
        return self._name(key)

    def arn(self, key: str) -> str:
        """Return the ARN of a resource."""
        kind = self._resources[key]["Type"]
        name = self._name(key)
        where = f"{self._region}:{self._account}"
        formats = {
            "AWS::Lambda::Function": f"lambda:{where}:function:{name}",
            "AWS::DynamoDB::Table": f"dynamodb:{where}:table/{name}",
            "AWS::SQS::Queue": f"sqs:{where}:{name}",
            "AWS::SNS::Topic": f"sns:{where}:{name}",
            "AWS::IAM::Role": f"iam::{self._account}:role/{name}",
            "AWS::IAM::ManagedPolicy": f"iam::{self._account}:policy/{name}",
            "AWS::CloudWatch::Alarm": f"cloudwatch:{where}:alarm:{name}",
            "AWS::Logs::LogGroup": f"logs:{where}:log-group:{name}:*",
            "AWS::Scheduler::ScheduleGroup": f"scheduler:{where}:schedule-group/{name}",
        }
        return f"arn:{PARTITION}:{formats[kind]}"

    def _name(self, key: str) -> str:
        resource = self._resources[key]
        properties = resource.get("Properties", {})
        field_name = _NAMES.get(resource["Type"])
        if field_name in properties:
            return str(self.value(properties[field_name]))
        return f"{self._stack}-{key}"

    def _get_att(self, argument: Any) -> str:
        key, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        if attribute == "Arn":
            return self.arn(key)
        return f"{self._name(key)}.{attribute}"

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        return str(separator).join(str(self.value(part)) for part in parts)

    def _sub(self, argument: Any) -> str:
        text, names = argument if isinstance(argument, list) else (argument, {})
        known = {name: self.value(value) for name, value in names.items()}
        for piece in text.split("${")[1:]:
            name = piece.split("}", 1)[0]
            found = known.get(name)
            if found is None:
                found = self._get_att(name) if "." in name else self.ref(name)
            text = text.replace(f"${{{name}}}", str(found))
        return str(text)

    _intrinsics = {  # noqa: RUF012 - a table of this class's own methods
        "Ref": ref,
        "Fn::GetAtt": _get_att,
        "Fn::Join": _join,
        "Fn::Sub": _sub,
    }


_NAMES = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Scheduler::Schedule": "Name",
}
