"""One file per sentence a customer or a member of staff would say."""
