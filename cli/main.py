"""The ``punchclock`` command."""

import typer

from cli import (
    checkup,
    deploy,
    diff,
    emulate,
    explain,
    orphans,
    overrides,
    overtime,
    plan,
    plants,
    rehearse,
    report,
    skip,
    status,
    validate,
)

app = typer.Typer(
    name="punchclock",
    help="Clock vision-inspection models in before a shift and out after it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(validate.validate)
app.command()(plan.plan)
app.command()(diff.diff)
app.command()(explain.explain)
app.command()(rehearse.rehearse)
app.command()(status.status)
app.command()(overtime.overtime)
app.command()(skip.skip)
app.command()(overtime.hold)
app.command()(overrides.overrides)
app.command()(overrides.cancel)
app.command()(report.report)
app.command()(emulate.emulate)
app.command()(plants.plants)
app.command()(deploy.deploy)
app.command()(checkup.checkup)
app.command()(orphans.orphans)


def main() -> None:
    """Run the command. Exit codes: 0 fine, 1 the answer is no, 2 wrong usage or no such file."""
    app()
