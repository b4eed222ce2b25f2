"""``python -m tests.contract.schemas``: write the schemas as the code has them now."""

import json

from tests.contract.schemas import DIRECTORY, current_schemas

if __name__ == "__main__":
    for name, schema in current_schemas().items():
        text = json.dumps(schema, indent=2, sort_keys=True)
        (DIRECTORY / f"{name}.json").write_text(f"{text}\n")
