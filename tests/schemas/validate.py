"""Holds a file against a schema: `validate.py SCHEMA FILE`; JSON Schema or XSD by the ending of its name."""

import json
import sys

schema, path = sys.argv[1:]
if schema.endswith(".xsd"):
    from lxml import etree

    validator = etree.XMLSchema(etree.parse(schema))
    faults = [] if validator.validate(etree.parse(path)) else [str(validator.error_log)]
else:
    import jsonschema

    with open(schema, encoding="utf-8") as text:
        schema = json.load(text)
    with open(path, encoding="utf-8") as text:
        document = json.load(text)
    # A schema without its formats would let any text pass for an address.
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
for fault in faults:
    print(fault, file=sys.stderr)
sys.exit(1 if faults else 0)
