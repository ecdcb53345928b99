"""Records of registers that are about somebody."""

from django.db import models

from workplan import clock
from workplan.models import Record

from ..purposes import Purpose
from .persons import Person


class PersonRecord(Record):
    """A record about a person. A register names `person` among its columns and fields; pages, files and search follow.

    purpose: why the register keeps what it keeps about people (see `people.purposes`); fields may say more in PURPOSES.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="服务对象")

    purpose: Purpose

    class Meta(Record.Meta):
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name} {self.person}"

    @property
    def person_id_number(self) -> str:
        """Return the masked document number."""
        return self.person.masked_id

    person_id_number.fget.short_description = "证件号码"

    @property
    def person_phone(self) -> str:
        """Return the masked telephone number."""
        return self.person.masked_phone

    person_phone.fget.short_description = "联系电话"

    @property
    def person_sex(self) -> str:
        return self.person.get_sex_display()

    person_sex.fget.short_description = "性别"

    @property
    def person_age(self) -> int | None:
        """Return the age today in full years."""
        return self.person.age_on(clock.today())

    person_age.fget.short_description = "年龄"
