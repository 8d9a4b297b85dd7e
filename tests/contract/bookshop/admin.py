"""The back office, mounted below /admin."""

from miniframework import App, HTMLResponse

admin = App(openapi_url=None)


@admin.get("/")
def admin_home() -> HTMLResponse:
    return HTMLResponse("<h1>Back office</h1>")


@admin.get("/reports/{year:int}")
def year_report(year: int) -> HTMLResponse:
    return HTMLResponse(f"<h1>Report {year}</h1>")


@admin.post("/reports")
def create_report(report: dict[str, int]) -> dict[str, int]:
    return report
