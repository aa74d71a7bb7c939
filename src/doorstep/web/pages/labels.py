"""What people read in place of the words that programs use: stages, states, roles, acts."""

from collections.abc import Mapping


def marked(text: str) -> str:
    """A text that is translated where it is shown: the mark by which it is found for the catalogs."""
    return text


LABELS: Mapping[str, str] = {
    # stages of an order
    "paying": marked("Paying"),
    "buyer_action": marked("Buyer's turn"),
    "declined": marked("Declined"),
    "accepting": marked("Accepting"),
    "held": marked("On hold"),
    "confirmed": marked("Confirmed"),
    "picking": marked("Picking"),
    "packing": marked("Packing"),
    "shipping": marked("To hand over"),
    "underway": marked("On its way"),
    "returning": marked("Coming back"),
    "trouble": marked("Trouble"),
    "delivered": marked("Delivered"),
    "returned": marked("Returned"),
    "lost": marked("Lost"),
    "canceled": marked("Canceled"),
    "lapsed": marked("Lapsed"),
    "rejected": marked("Rejected"),
    # payments
    "pending": marked("Pending"),
    "action_required": marked("Buyer must act"),
    "authorized": marked("Authorized"),
    "captured": marked("Captured"),
    "refunded": marked("Refunded"),
    "voided": marked("Voided"),
    # roles
    "owner": marked("Owner"),
    "operations": marked("Operations"),
    "picker": marked("Picker"),
    "packer": marked("Packer"),
    "care": marked("Customer care"),
    "finance": marked("Finance"),
    "viewer": marked("Viewer"),
    # people
    "invited": marked("Invited"),
    "active": marked("Active"),
    "disabled": marked("Disabled"),
    # permissions
    "orders:read": marked("See orders"),
    "orders:write": marked("Change and cancel orders"),
    "orders:export": marked("Export orders"),
    "holds:decide": marked("Decide about orders on hold"),
    "cases:work": marked("Work on cases and questions"),
    "picks:report": marked("Report picks"),
    "parcels:report": marked("Report parcels"),
    "returns:decide": marked("Decide about returns"),
    "returns:receive": marked("Receive returns"),
    "stock:read": marked("See stock"),
    "stock:write": marked("Change stock"),
    "numbers:read": marked("See numbers"),
    "system:read": marked("See the system"),
    "jobs:decide": marked("Retry jobs or give them up"),
    "audit:read": marked("Read the audit trail"),
    "staff:manage": marked("Manage the staff"),
    "keys:manage": marked("Manage API keys"),
    # what audit entries are about
    "order": marked("Order"),
    "item": marked("Item"),
    "staff": marked("Person"),
    "key": marked("API key"),
    "job": marked("Job"),
    "settings": marked("Settings"),
    # what was done to people and keys
    "staff.set_up": marked("set the store up"),
    "staff.add": marked("added a person"),
    "staff.invite": marked("invited a person"),
    "staff.invite_again": marked("invited a person again"),
    "staff.accept": marked("accepted the invitation"),
    "staff.describe": marked("changed their name or language"),
    "staff.role": marked("changed a role"),
    "staff.disable": marked("disabled a person"),
    "staff.enable": marked("enabled a person"),
    "staff.reset_link": marked("made a link for another password"),
    "staff.password.change": marked("changed their password"),
    "staff.password.reset": marked("chose another password"),
    "staff.second_factor.set": marked("set a second factor up"),
    "staff.second_factor.drop": marked("removed a second factor"),
    "staff.recovery_codes.renew": marked("renewed their recovery codes"),
    "staff.recovery_code.use": marked("used a recovery code"),
    "session.revoke": marked("ended a session"),
    "session.revoke_all": marked("ended all sessions"),
    "key.issue": marked("made a key"),
    "key.revoke": marked("revoked a key"),
}
"""By the word that programs use. A word that is missing is shown as it is."""
