"""YAML as a form for people: plain values only.

A key given twice, an anchor or an alias is an error, so that nothing written in a file
is silently dropped, and a small file cannot grow large when it is read.
"""

from typing import TypeAlias

import yaml

_Loader: TypeAlias = yaml.CSafeLoader | yaml.CBaseLoader


class NotPlainYamlError(Exception):
    """The text is not plain YAML; the message says where and why."""


def read_yaml(text: bytes) -> object:
    """Return the values written in *text*.

    Raises:
        NotPlainYamlError: not UTF-8, not YAML, or more than plain values.
    """
    return _read(text, yaml.CSafeLoader)


def read_yaml_as_written(text: bytes) -> object:
    """Return the values written in *text*, each a text: ``0123`` stays what it is.

    Raises:
        NotPlainYamlError: not UTF-8, not YAML, or more than plain values.
    """
    return _read(text, yaml.CBaseLoader)


def _read(text: bytes, loader: type[_Loader]) -> object:
    try:
        decoded = text.decode("utf-8-sig")
        reader = loader(decoded)
        try:
            node = reader.get_single_node()
            _refuse_repeats(node, set())
            return None if node is None else reader.construct_document(node)
        finally:
            reader.dispose()
    except UnicodeDecodeError as error:
        message = "it is not saved as UTF-8 text"
        raise NotPlainYamlError(message) from error
    except yaml.MarkedYAMLError as error:
        message = f"{_line(error.problem_mark)}: {error.problem or 'not valid YAML'}"
        raise NotPlainYamlError(message) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = "a value in it is not text, a number or a possible date"
        raise NotPlainYamlError(message) from error


def _refuse_repeats(node: yaml.Node | None, seen: set[int]) -> None:
    """Refuse a key given twice, and a value that stands in two places."""
    if node is None:
        return
    if id(node) in seen:
        message = f"{_line(node.start_mark)}: an anchor and alias (& and *)"
        raise NotPlainYamlError(message)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeats(item, seen)
    if isinstance(node, yaml.MappingNode):
        _refuse_repeated_keys(node)
        for _, value in node.value:
            _refuse_repeats(value, seen)


def _refuse_repeated_keys(node: yaml.MappingNode) -> None:
    keys: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in keys:
            message = f"{_line(key.start_mark)}: the field {name!r} is there twice"
            raise NotPlainYamlError(message)
        keys.add(name)


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return f"line {line + 1}" if isinstance(line, int) else "somewhere"
