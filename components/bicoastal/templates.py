"""Text that another program reads: template files beside the component that they belong to."""

import json
from functools import cache

import jinja2


def render(package: str, template: str, **values: object) -> str:
    """The text of `templates/<template>` in `package`; a value that the template lacks is an error."""
    return _environment(package).get_template(template).render(**values)


@cache
def _environment(package: str) -> jinja2.Environment:
    """One for each package: it keeps what it has compiled."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=jinja2.select_autoescape(["html.j2"], default=False),
    )
    environment.filters["milliseconds"] = lambda seconds: f"{round(seconds * 1000)}ms"
    # As JSON writes texts and lists of them, which Alloy reads the same.
    environment.filters["quoted"] = json.dumps
    return environment
