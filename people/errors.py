"""Refusals about people."""

from accounts.errors import Refused


class PersonRefused(Refused):
    """What is wrong with a person, by field of `PersonInput` (and `residence`, `household_code`, `relation`, `reason`).

    `errors` maps the field to a Chinese sentence that repeats nothing of what was typed or stored.
    """

    code = "person_refused"

    def __init__(self, errors: dict[str, str]):
        super().__init__("；".join(errors.values()))
        self.errors = errors


class StalePerson(Refused):
    """Somebody else changed the person since the page was opened."""

    code = "stale"

    def __init__(self):
        super().__init__("该服务对象刚被他人修改，您的修改尚未写入，请核对后重新保存。")
