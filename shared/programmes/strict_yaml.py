"""YAML as a form for people: plain values only.

A key given twice, an anchor or an alias is an error, so that nothing written in a file
is silently dropped, and a small file cannot grow large when it is read.
"""

import yaml


class NotPlainYamlError(Exception):
    """The text is not plain YAML; the message says where and why."""


def read_yaml(text: bytes) -> object:
    """Return the values written in *text*.

    Raises:
        NotPlainYamlError: not UTF-8, not YAML, or more than plain values.
    """
    try:
        decoded = text.decode("utf-8-sig")
        _refuse_anchors(decoded)
        _refuse_repeated_keys(yaml.compose(decoded, yaml.SafeLoader))
        return yaml.safe_load(decoded)
    except UnicodeDecodeError as error:
        message = "it is not saved as UTF-8 text"
        raise NotPlainYamlError(message) from error
    except yaml.MarkedYAMLError as error:
        message = f"{_line(error.problem_mark)}: {error.problem or 'not valid YAML'}"
        raise NotPlainYamlError(message) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = "a value in it is not text, a number or a possible date"
        raise NotPlainYamlError(message) from error


def _refuse_anchors(text: str) -> None:
    for event in yaml.parse(text, yaml.SafeLoader):
        if getattr(event, "anchor", None) is not None:
            message = f"{_line(event.start_mark)}: an anchor or alias (& or *)"
            raise NotPlainYamlError(message)


def _refuse_repeated_keys(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                message = f"{_line(key.start_mark)}: the field {name!r} is there twice"
                raise NotPlainYamlError(message)
            seen.add(name)
            _refuse_repeated_keys(value)


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return f"line {line + 1}" if isinstance(line, int) else "somewhere"
