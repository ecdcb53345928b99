"""Expressions that the engines spell differently; nothing else in the portal names an engine."""

from django.db.models import DateField, Func


class YearsLater(Func):
    """The day `years` after a day; of 29 February the 28th or 1 March, as the engine has it."""

    output_field = DateField()
    arity = 1

    def __init__(self, day, *, years: int):
        super().__init__(day)
        self.years = int(years)

    def as_postgresql(self, compiler, connection, **extra):
        template = f"(%(expressions)s + interval '{self.years} years')::date"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=f"date(%(expressions)s, '+{self.years} years')", **extra)
