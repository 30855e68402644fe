"""The ``punchclock`` command."""

import typer

from cli.checks import doctor
from cli.deploying import checkup, deploy, orphans, plants
from cli.desk import overrides, overtime, skip, status
from cli.diffing import diff
from cli.examples import epilog
from cli.planning import explain, plan, validate
from cli.rehearsing import emulate, rehearse
from cli.reporting import report

app = typer.Typer(
    name="punchclock",
    help="Clock vision-inspection models in before a shift and out after it.",
    epilog="Exit codes: 0 fine; 1 the answer is no; 2 wrong usage, no such file, or AWS cannot be"
    " asked. --install-completion completes commands, options, models and shifts.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for each in (
    validate.validate,
    plan.plan,
    diff.diff,
    explain.explain,
    rehearse.rehearse,
    status.status,
    overtime.overtime,
    skip.skip,
    overtime.hold,
    overrides.overrides,
    overrides.cancel,
    report.report,
    emulate.emulate,
    plants.plants,
    deploy.deploy,
    checkup.checkup,
    doctor.doctor,
    orphans.orphans,
):
    app.command(epilog=epilog(each.__name__))(each)


def main() -> None:
    """Run the command. Exit codes: 0 fine, 1 the answer is no, 2 wrong usage or no such file."""
    app()
