"""The real engine under a simulated clock: recorded orders (replay), and actors who do what people would."""
