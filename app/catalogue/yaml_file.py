"""A YAML file of the catalogue that knows the line of each of its entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.errors import CatalogueInvalid

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]  # the way to an entry of a file: keys and positions


class _UniqueKeys(yaml.CSafeLoader):
    """A loader that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a name", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class File:
    """A YAML file that knows the line of each of its entries."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text("utf-8")
            self.data = yaml.load(self.text, _UniqueKeys) or {}
        except FileNotFoundError as error:
            raise CatalogueInvalid(f"{path.name}: no such file") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CatalogueInvalid(f"{path.name}, line {line}: {error.problem}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CatalogueInvalid(f"{path.name}: not YAML in UTF-8: {error}") from error
        if not isinstance(self.data, dict):
            raise CatalogueInvalid(f"{path.name}, line 1: keys and values are wanted")

    def model(self, model: type[M], data: object, place: Place) -> M:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = place + self._steps(data, first["loc"])
            raise self.error(where, f"{'.'.join(map(str, where))}: {first['msg']}") from error

    def _steps(self, data: Any, loc: Place) -> Place:
        """The steps to an entry without those that name the kind that was tried there.

        That is in brackets for one of several types, and what `kind` says for a view.
        """
        steps: list[str | int] = []
        for step in loc:
            if "[" in str(step):
                continue
            if isinstance(data, dict):
                if step not in data and step == data.get("kind"):
                    continue
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int):
                data = data[step]
            steps.append(step)
        return tuple(steps)

    def error(self, place: Place, problem: str) -> CatalogueInvalid:
        return CatalogueInvalid(f"{self.path.name}, line {self.line(place)}: {problem}")

    def line(self, place: Place) -> int:
        node = yaml.compose(self.text, yaml.CSafeLoader)
        line = 1
        for step in place:
            child = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == step:
                        line, child = key.start_mark.line + 1, value
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                if step < len(node.value):
                    child = node.value[step]
                    line = child.start_mark.line + 1
            if child is None:
                break
            node = child
        return line
