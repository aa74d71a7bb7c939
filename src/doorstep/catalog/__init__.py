"""Items as operations needs them: SKU, name, price, weight, barcode."""
