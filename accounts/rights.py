"""Which rights each role carries. This table is the whole rule; everything else asks it."""

from .enums import Right, Role

# What those may do who work with the people in the registers: the section's office and the township itself.
CASEWORK = frozenset({Right.PERSONS, Right.SENSITIVE, Right.REVEAL})

ROLE_RIGHTS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Right.VIEW,
            Right.PLAN_EDIT,
            Right.PLAN_AMEND,
            Right.UNLOCK,
            Right.EXPORT,
            Right.USER_MANAGE,
            Right.AUDIT_READ,
            Right.OVERVIEW,
        }
    ),
    Role.STAFF: CASEWORK
    | {
        Right.VIEW,
        Right.REPORT_WRITE,
        Right.PLAN_EDIT,
        Right.EXPORT,
        Right.RECORD_WRITE,
        Right.RECORD_VERIFY,
        Right.ORDER_DRAFT,
        Right.ROLLUP_MAKE,
    },
    Role.HEAD: CASEWORK
    | {
        Right.VIEW,
        Right.REPORT_REVIEW,
        Right.PLAN_EDIT,
        Right.PLAN_AMEND,
        Right.UNLOCK,
        Right.EXPORT,
        Right.RECORD_VERIFY,
        Right.SUPERVISE,
        Right.ORDER_DRAFT,
        Right.ROLLUP_MAKE,
        Right.ROLLUP_PUBLISH,
    },
    Role.LIAISON: CASEWORK | {Right.VIEW, Right.REPORT_WRITE, Right.EXPORT, Right.RECORD_WRITE},
    # Answers in the township for what its liaison officer hands in: is told when it is overdue, and reads along.
    Role.SUPERVISOR: frozenset({Right.VIEW, Right.EXPORT, Right.OVERSEE}),
    # Leaders drill down to records about adults, numbers masked; of children and patients they see counts only.
    Role.LEADER: frozenset(
        {
            Right.VIEW,
            Right.EXPORT,
            Right.OVERVIEW,
            Right.PERSONS,
            Right.SUPERVISE,
            Right.ORDER_DRAFT,
            Right.REMARK,
            Right.ROLLUP_MAKE,
            Right.ROLLUP_PUBLISH,
        }
    ),
    Role.AUDITOR: frozenset({Right.VIEW, Right.AUDIT_READ, Right.EXPORT, Right.OVERVIEW}),
}

# Roles whose memberships reach every section below their unit. An office role reaches, besides its own
# unit's rows, only the sections that its office runs (`Remit`), but those in the whole bureau.
OFFICE_ROLES = frozenset({Role.STAFF, Role.HEAD})

# What an office may do with the rows that belong to it as a unit (it reports there like any other unit).
OWN_UNIT_RIGHTS = frozenset({Right.VIEW, Right.REPORT_WRITE, Right.EXPORT})
