"""The models that a model's variants use."""

from __future__ import annotations

from workbench.document import Document
from workbench.model import AnyRule, Model, parse_model


def used_models(model: Model) -> tuple[Model | None, ...]:
    """For each variant the model that it uses, if it uses one."""
    found = (variant.get("model") for variant in model.plain()["variants"])
    return tuple(None if data is None else parse_model(Document("used", data, {}, "")) for data in found)


def placed_rules(model: Model) -> tuple[dict[str, tuple[AnyRule, str]], ...]:
    """The rules as their authors wrote them and their paths, by id: of the model itself, then of each variant."""
    own = {rule.id: (rule, f"rules.{rule.id}") for rule in model.rules}
    found = [own]
    for number, (variant, used) in enumerate(zip(model.variants, used_models(model), strict=True)):
        path = f"variants[{number}]"
        if used is not None:
            found.append({rule.id: (rule, f"{path}.model.rules.{rule.id}") for rule in used.rules})
            continue
        changed = {
            rule.id: (rule, f"{path}.{key}.{rule.id}") for key in ("override", "add") for rule in getattr(variant, key)
        }
        found.append({name: rule for name, rule in (own | changed).items() if name not in variant.drop})
    return tuple(found)
