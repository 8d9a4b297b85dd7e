"""A certificate that cannot be used is refused before anything starts, with its reason."""

from pathlib import Path

import pytest

from tests.inspector.cli.recordings import run


@pytest.mark.parametrize("with_key", [True, False], ids=["certificate and key", "both in one file"])
def test_what_is_no_certificate_is_refused_by_its_name(tmp_path: Path, with_key: bool) -> None:
    (tmp_path / "cert.pem").write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    (tmp_path / "key.pem").write_text("no key")
    files = ["--ssl-certfile", str(tmp_path / "cert.pem")]
    files += ["--ssl-keyfile", str(tmp_path / "key.pem")] if with_key else []
    refused = run("run", "shop:app", *files)
    assert refused.exit_code == 2
    assert f"--ssl-certfile: ssl_certfile '{tmp_path / 'cert.pem'}' and the key in " in refused.stderr
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
