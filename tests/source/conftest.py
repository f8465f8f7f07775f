"""Every test of reading runs twice: as shipped, and as where PyYAML has no libyaml."""

import pytest
import yaml

from policyengine import source


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "python":
        monkeypatch.setattr(source, "FAST_PARSER", None)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    return str(request.param)
