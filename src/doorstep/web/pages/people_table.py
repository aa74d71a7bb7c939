"""The pages of people: signing in, joining, one's account, the staff, keys, the audit trail."""

from doorstep.access.model.permissions import Permission
from doorstep.web.pages import account, audit, joining, keys, second_factor, sign_in, staff
from doorstep.web.pages.page import Page, Who

_ANYBODY, _SIGNING_IN = Who.ANYBODY, Who.SIGNING_IN
_STAFF, _KEYS, _AUDIT = Permission.STAFF_MANAGE, Permission.KEYS_MANAGE, Permission.AUDIT_READ

SIGNING_IN = (
    Page(method="GET", path="/sign-in", run=sign_in.ask, who=_ANYBODY),
    Page(
        method="POST",
        path="/sign-in",
        run=sign_in.enter,
        who=_ANYBODY,
        form=sign_in.SignInForm,
        again=sign_in.ask_again,
    ),
    Page(method="GET", path="/second-factor", run=sign_in.ask_code, who=_SIGNING_IN),
    Page(
        method="POST",
        path="/second-factor",
        run=sign_in.enter_code,
        who=_SIGNING_IN,
        form=sign_in.CodeForm,
        again=sign_in.ask_code_again,
    ),
    Page(method="POST", path="/sign-out", run=sign_in.leave, who=_SIGNING_IN),
)

JOINING = (
    Page(method="GET", path="/set-up/{name}", run=joining.set_up, who=_ANYBODY),
    Page(
        method="POST",
        path="/set-up/{name}",
        run=joining.become_owner,
        who=_ANYBODY,
        form=joining.NewcomerForm,
        again=joining.set_up_again,
    ),
    Page(method="GET", path="/invitation/{name}", run=joining.invitation, who=_ANYBODY),
    Page(
        method="POST",
        path="/invitation/{name}",
        run=joining.accept,
        who=_ANYBODY,
        form=joining.NewcomerForm,
        again=joining.invitation_again,
    ),
    Page(method="GET", path="/reset", run=joining.forgotten, who=_ANYBODY),
    Page(
        method="POST",
        path="/reset",
        run=joining.ask_reset,
        who=_ANYBODY,
        form=joining.ResetForm,
        again=joining.forgotten_again,
    ),
    Page(method="GET", path="/reset/{name}", run=joining.reset, who=_ANYBODY),
    Page(
        method="POST",
        path="/reset/{name}",
        run=joining.choose_password,
        who=_ANYBODY,
        form=joining.PasswordForm,
        again=joining.reset_again,
    ),
)

_MINE = "/console/account"
_FACTOR = sign_in.ENROLMENT

ACCOUNT = (
    Page(method="GET", path=_MINE, run=account.account),
    Page(method="POST", path=_MINE, run=account.describe, form=account.MeForm, again=account.account_again),
    Page(
        method="POST",
        path=f"{_MINE}/password",
        run=account.change_password,
        form=account.ChangePasswordForm,
        again=account.account_again,
    ),
    Page(
        method="POST",
        path=f"{_MINE}/sessions/end",
        run=account.end_session,
        form=account.SessionForm,
        again=account.account_again,
    ),
    Page(method="POST", path=f"{_MINE}/sessions/end-others", run=account.end_other_sessions),
    Page(method="GET", path="/console/confirm", run=account.confirm, who=_SIGNING_IN),
    Page(
        method="POST",
        path="/console/confirm",
        run=account.confirmed,
        who=_SIGNING_IN,
        form=account.ConfirmForm,
        again=account.confirm_again,
    ),
    Page(method="GET", path=_FACTOR, run=second_factor.enrolment, who=_SIGNING_IN),
    Page(method="POST", path=_FACTOR, run=second_factor.begin, who=_SIGNING_IN, is_dangerous=True),
    Page(
        method="POST",
        path=f"{_FACTOR}/proof",
        run=second_factor.prove,
        who=_SIGNING_IN,
        form=second_factor.ProofForm,
        again=second_factor.enrolment_again,
        is_dangerous=True,
        stands_at=_FACTOR,
    ),
    Page(
        method="POST",
        path=f"{_FACTOR}/removal",
        run=second_factor.remove,
        again=account.account_again,
        is_dangerous=True,
        stands_at=_MINE,
    ),
    Page(
        method="POST",
        path=f"{_FACTOR}/recovery-codes",
        run=second_factor.more_codes,
        again=account.account_again,
        is_dangerous=True,
        stands_at=_MINE,
    ),
)

_PERSON = "/console/staff/{name}"


STAFF = (
    Page(method="GET", path="/console/staff", run=staff.everyone, needs=_STAFF),
    Page(method="GET", path="/console/staff/invitation", run=staff.invite, needs=_STAFF, is_dangerous=True),
    Page(
        method="POST",
        path="/console/staff/invitation",
        run=staff.invited,
        needs=_STAFF,
        form=staff.InvitationForm,
        again=staff.invite_again,
        is_dangerous=True,
    ),
    Page(method="GET", path=_PERSON, run=staff.person, needs=_STAFF),
    Page(
        method="POST",
        path=f"{_PERSON}/role",
        run=staff.change_role,
        needs=_STAFF,
        form=staff.RoleForm,
        again=staff.person_again,
        is_dangerous=True,
        stands_at=_PERSON,
    ),
    Page(
        method="POST",
        path=f"{_PERSON}/disable",
        run=staff.disable,
        needs=_STAFF,
        form=staff.ReasonForm,
        again=staff.person_again,
    ),
    Page(
        method="POST",
        path=f"{_PERSON}/enable",
        run=staff.enable,
        needs=_STAFF,
        again=staff.person_again,
        is_dangerous=True,
        stands_at=_PERSON,
    ),
    Page(
        method="POST",
        path=f"{_PERSON}/second-factor-removal",
        run=staff.drop_second_factor,
        needs=_STAFF,
        again=staff.person_again,
        is_dangerous=True,
        stands_at=_PERSON,
    ),
    Page(method="POST", path=f"{_PERSON}/mail", run=staff.mail_again, needs=_STAFF, again=staff.person_again),
    Page(
        method="POST",
        path=f"{_PERSON}/link",
        run=staff.show_link,
        needs=_STAFF,
        again=staff.person_again,
        is_dangerous=True,
        stands_at=_PERSON,
    ),
    Page(
        method="POST",
        path=f"{_PERSON}/sessions",
        run=staff.end_sessions,
        needs=_STAFF,
        form=staff.SessionForm,
        again=staff.person_again,
    ),
)

KEYS = (
    Page(method="GET", path="/console/keys", run=keys.keys, needs=_KEYS),
    Page(method="GET", path="/console/keys/making", run=keys.make, needs=_KEYS, is_dangerous=True),
    Page(
        method="POST",
        path="/console/keys/making",
        run=keys.made,
        needs=_KEYS,
        form=keys.KeyForm,
        again=keys.make_again,
        is_dangerous=True,
    ),
    Page(
        method="POST",
        path="/console/keys/{name}/revoke",
        run=keys.revoke,
        needs=_KEYS,
        form=keys.RevocationForm,
        again=keys.keys_again,
    ),
)

AUDIT = (
    Page(method="GET", path="/console/audit", run=audit.trail, needs=_AUDIT),
    Page(method="GET", path="/console/audit.csv", run=audit.download, needs=_AUDIT),
)

PEOPLE: tuple[Page, ...] = (*SIGNING_IN, *JOINING, *ACCOUNT, *STAFF, *KEYS, *AUDIT)
"""All of them."""
