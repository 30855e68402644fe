"""What may a plant file say as a whole? One definition, for the reader and for editors.

``python -m plantfile.schema`` prints the JSON Schema that is committed beside the plant files.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, SkipJsonSchema
from pydantic_core import core_schema

from functions.services.catalog import SPECS
from functions.services.spec import Key, Spec
from plantfile.entries import (
    Budget,
    Defaults,
    Entry,
    ManualRuns,
    ModelEntry,
    QuotaEntry,
)
from plantfile.faults import fault
from plantfile.names import AccountId, Name, PlantName, Region, ServiceName, Zone, around
from plantfile.problems import shown
from plantfile.times import CalendarEntry, ShiftEntry
from plantfile.words import Amount, Email

UNKNOWN_SERVICE = "=unknown"
"""Tag of a model whose service is not known; its other keys are checked all the same."""


class PlantFile(Entry):
    """One plant: its shifts, its models, and when they work."""

    plant: PlantName
    """The plant's name: 1 to 40 of a-z, 0-9 and -, beginning with a letter. It names the stack."""
    timezone: Zone
    """The zone of the plant's clocks, from the IANA list, for example Europe/Berlin."""
    region: Region
    """The AWS region, for example eu-central-1."""
    account: AccountId | None = None
    """The 12 digits of the AWS account, in quotes: pins where the plant may be deployed."""
    mode: Literal["act", "watch"] = "act"
    """watch: alerts and costs, but no permission to start or stop."""
    defaults: Defaults = Defaults()
    """What holds for models that do not say it themselves."""
    rates: BaseModel | None = None
    """USD per unit-hour, by service."""
    quotas: BaseModel | None = None
    """What the account may run at once, by service."""
    budget: Budget | None = None
    """What the models may cost."""
    notify: list[Email] = Field(default=[])
    """E-mail addresses that are told."""
    manual_runs: ManualRuns | None = None
    """What becomes of runs that a person began."""
    on_destroy: Literal["stop", "leave"] = "stop"
    """Whether destroying the stack stops what it started."""
    calendars: dict[Name, CalendarEntry] = Field(default={})
    """Holidays and closures, by name."""
    shifts: dict[Name, ShiftEntry] = Field(default={})
    """Hours on certain days, by name."""
    models: Mapping[Name, ModelEntry]
    """Hosted models and the shifts they work, by name."""


@cache
def plant_file(specs: tuple[Spec, ...]) -> type[PlantFile]:
    """Return the definition of a plant file whose models these services host."""
    model: Any = _models(specs)
    fields: dict[str, Any] = {
        "rates": (_by_service("Rates", specs, Amount) | None, None),
        "quotas": (_by_service("Quotas", specs, QuotaEntry) | None, None),
        "models": (dict[Name, model], ...),
    }
    described: dict[str, Any] = {
        name: (kind, Field(default, description=PlantFile.model_fields[name].description))
        for name, (kind, default) in fields.items()
    }
    return create_model("PlantFile", __base__=PlantFile, **described)


def json_schema(specs: Mapping[str, Spec] = SPECS) -> str:
    """Return the JSON Schema (draft 2020-12) of plant files."""
    definition = plant_file(tuple(specs.values()))
    schema = definition.model_json_schema(schema_generator=_Plain)
    schema = {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "Plant file"}
    return json.dumps(schema, indent=2) + "\n"


def _models(specs: tuple[Spec, ...]) -> Any:  # noqa: ANN401 - a type, made at run time
    """Return the type of a model: of one of the services, or of one that is not known."""
    names = {spec.name for spec in specs}

    def tag(entry: object) -> str:
        service = entry.get("service") if isinstance(entry, dict) else None
        known = isinstance(service, str) and service in names
        return f"={service}" if known else UNKNOWN_SERVICE

    kinds: list[Any] = [Annotated[_model(spec), Tag(f"={spec.name}")] for spec in specs]
    skipped: Any = SkipJsonSchema
    kinds.append(Annotated[skipped[_unknown(specs)], Tag(UNKNOWN_SERVICE)])
    return Annotated[Union[tuple(kinds)], Discriminator(tag)]  # noqa: UP007 - of a tuple


def _model(spec: Spec) -> type[ModelEntry]:
    name: Any = Literal[spec.name]
    keys: dict[str, Any] = {
        key.name: (_key_type(key), Field(description=key.hint)) for key in spec.keys
    }
    keys["service"] = (name, Field(description=f"The service that hosts it: {spec.name}."))
    title = f"Model of {spec.name}"
    return create_model(title, __base__=ModelEntry, __doc__=spec.warning or title, **keys)


def _unknown(specs: tuple[Spec, ...]) -> type[ModelEntry]:
    """Return a model of a service that is not known: any service's keys may be its own."""
    keys: dict[str, Any] = {key.name: (Any, None) for spec in specs for key in spec.keys}
    keys["service"] = (ServiceName, ...)
    return create_model("Model", __base__=ModelEntry, **keys)


def _by_service(name: str, specs: tuple[Spec, ...], kind: Any) -> type[BaseModel]:  # noqa: ANN401 - a type, with its annotations
    fields: dict[str, Any] = {spec.name: (kind | None, None) for spec in specs}
    return create_model(name, __base__=Entry, **fields)


def _key_type(key: Key) -> Any:  # noqa: ANN401 - a type, with its annotations
    text = {"type": "string", "pattern": f"^(?:{key.pattern.pattern})$"}
    number = {"type": "integer", "minimum": 0}
    plain = text if not key.pattern.fullmatch("1") else {"anyOf": [text, number]}
    return Annotated[str, BeforeValidator(_reader(key)), WithJsonSchema(plain)]


def _reader(key: Key) -> Callable[[object, ValidationInfo], str]:
    def read(value: object, info: ValidationInfo) -> str:
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or not key.pattern.fullmatch(text):
            message = f"{shown(value)} does not do: {key.hint}"
            raise fault(message)
        _check_home(text, info)
        return text

    return read


def _check_home(arn: str, info: ValidationInfo) -> None:
    """Refuse the ARN of another region or account than the plant's."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":  # noqa: PLR2004 - arn:partition:service:region:account:resource
        return
    surroundings = around(info)
    for what, theirs, ours in (
        ("region", parts[3], surroundings.region),
        ("account", parts[4], surroundings.account),
    ):
        if ours is not None and theirs != ours:
            message = f"lies in {what} {shown(theirs)}, the plant in {what} {shown(ours)}"
            raise fault(message)


class _Plain(GenerateJsonSchema):
    """JSON Schema without nulls: a key that says nothing is left out of a plant file."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", ...) in (None, [], {}):
            made.pop("default", None)
        return made


if __name__ == "__main__":
    sys.stdout.write(json_schema())
