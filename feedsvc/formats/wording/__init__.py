"""How newspapers and wires word what stands around a text: credits, datelines, buttons, sign-offs."""
