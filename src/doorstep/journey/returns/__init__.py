"""Returns: units canceled before they left or coming back after; inspection, restocking, write-off."""
