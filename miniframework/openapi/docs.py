"""The pages that show an OpenAPI document, Swagger UI and ReDoc, with FastAPI's names.

What they load by default is served by the application itself. Google's fonts are the one exception, and the
built-in page goes without.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from miniframework.http.response import HTMLResponse
from miniframework.openapi.merging import make_jsonable
from miniframework.openapi.redirect_page import REDIRECT_PAGE

# Where an application with the usual `docs_url` serves them.
SWAGGER_JS_URL = "/docs/assets/swagger-ui-bundle.js"
SWAGGER_CSS_URL = "/docs/assets/swagger-ui.css"
REDOC_JS_URL = "/docs/assets/redoc.standalone.js"
# An empty picture, so that the browser does not ask for /favicon.ico.
_NO_ICON = "data:,"

swagger_ui_default_parameters: Mapping[str, Any] = {
    "dom_id": "#swagger-ui",
    "layout": "BaseLayout",
    "deepLinking": True,
    "showExtensions": True,
    "showCommonExtensions": True,
}


def get_swagger_ui_html(
    *,
    openapi_url: str,
    title: str,
    swagger_js_url: str = SWAGGER_JS_URL,
    swagger_css_url: str = SWAGGER_CSS_URL,
    swagger_favicon_url: str = _NO_ICON,
    oauth2_redirect_url: str | None = None,
    init_oauth: Mapping[str, Any] | None = None,
    swagger_ui_parameters: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    """Make the page of Swagger UI for the document at `openapi_url`.

    `swagger_ui_parameters` are laid over the defaults. Source: Swagger UI, "Configuration".
    """
    parameters = {**swagger_ui_default_parameters, **(swagger_ui_parameters or {})}
    lines = [f"url: {_quote(openapi_url)},"]
    lines += [f"{_script_json(name)}: {_script_json(value)}," for name, value in parameters.items()]
    if oauth2_redirect_url:
        lines.append(f"oauth2RedirectUrl: window.location.origin + {_quote(oauth2_redirect_url)},")
    oauth = f"\nui.initOAuth({_script_json(init_oauth)})" if init_oauth else ""
    settings = "\n    ".join(lines)
    return HTMLResponse(f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="{escape(swagger_css_url)}">
<link rel="shortcut icon" href="{escape(swagger_favicon_url)}">
<title>{escape(title)}</title>
</head>
<body>
<div id="swagger-ui"></div>
<!-- swagger-ui-dist -->
<script src="{escape(swagger_js_url)}"></script>
<script>
const ui = SwaggerUIBundle({{
    {settings}
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
}}){oauth}
</script>
</body>
</html>
""")


def get_redoc_html(
    *,
    openapi_url: str,
    title: str,
    redoc_js_url: str = REDOC_JS_URL,
    redoc_favicon_url: str = _NO_ICON,
    with_google_fonts: bool = True,
) -> HTMLResponse:
    """Make the page of ReDoc for the document at `openapi_url`, with Google's fonts unless told otherwise."""
    fonts = (
        '<link href="https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700" '
        'rel="stylesheet">\n'
        if with_google_fonts
        else ""
    )
    return HTMLResponse(f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{fonts}<link rel="shortcut icon" href="{escape(redoc_favicon_url)}">
<title>{escape(title)}</title>
<style>body {{ margin: 0; padding: 0; }}</style>
</head>
<body>
<noscript>ReDoc requires JavaScript. Enable it to read this documentation.</noscript>
<redoc spec-url="{escape(openapi_url)}"></redoc>
<!-- redoc@2 -->
<script src="{escape(redoc_js_url)}"></script>
</body>
</html>
""")


def get_swagger_ui_oauth2_redirect_html() -> HTMLResponse:
    """Make the page to which an authorization server sends the browser back, and which tells Swagger UI."""
    return HTMLResponse(REDIRECT_PAGE)


def _script_json(value: Any) -> str:
    """Write JSON that cannot end the script it stands in. Source: HTML standard, 4.12.1.3."""
    text = json.dumps(make_jsonable(value))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _quote(text: str) -> str:
    """Write a text as JavaScript's, in single quotes."""
    return "'" + _script_json(text)[1:-1].replace("'", "\\u0027") + "'"
