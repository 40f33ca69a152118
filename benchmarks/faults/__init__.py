"""`make faults`: conversations go on while what they need dies, freezes and is cut."""
