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
}
"""By the word that programs use. A word that is missing is shown as it is."""
